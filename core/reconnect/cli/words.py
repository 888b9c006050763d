"""How entries, days and instants are worded on the screen and in JSON: in one place."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from reconnect.clock import zone
from reconnect.habits.telling import describe_entry as describe_entry
from reconnect.habits.telling import field_text as field_text
from reconnect.habits.telling import number as number
from reconnect.habits.telling import private_answers as private_answers
from reconnect.model.habit import STATE_MARKS

if TYPE_CHECKING:
    from collections.abc import Set
    from datetime import date, datetime

    from reconnect.habits.outlook import Outlook
    from reconnect.habits.progress import Progress
    from reconnect.habits.streaks import Streak
    from reconnect.model.habit import DayState, Entry, Habit, State
    from reconnect.model.rule import Field, Rule

COLORS = {"yes": "green", "partly": "yellow", "no": "magenta", "skip": "blue"}
_NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven")


def mark(state: State) -> str:
    """One character for a day's state."""
    return STATE_MARKS[state]


def day(day: date, today: date) -> str:
    """A day in words: "today", "yesterday", "Mon 23 November 2026"."""
    if day == today:
        return "today"
    return "yesterday" if (today - day).days == 1 else f"{day:%a} {day.day} {day:%B %Y}"


def long_day(day: date, room: int | None = None) -> str:
    """A day as a heading: "Monday, 23 November 2026", or "Mon 23 Nov 2026" in little room."""
    text = f"{day:%A}, {day.day} {day:%B %Y}"
    return text if room is None or len(text) <= room else f"{day:%a} {day.day} {day:%b %Y}"


def time_of(entry: Entry) -> str:
    """When it was, by the clock of the place; "--:--" for a past day, which has no moment."""
    wall = entry.at.astimezone(zone(entry.tzid))
    later = entry.recorded is not None and entry.recorded != entry.at
    if later and (wall.hour, wall.minute, wall.second, wall.microsecond) == (12, 0, 0, 0):
        return "--:--"
    return f"{wall:%H:%M}"


def day_summary(habit: Habit, state: DayState, today: date) -> str:
    """What the day came to: "today 20 of 8 min"."""
    when = day(state.day, today)
    target = habit.terms_on(state.day).target
    if state.amount is not None and target is not None:
        unit = f" {habit.unit}" if habit.unit else ""
        return f"{when}: {number(state.amount)} of {number(target)}{unit}"
    if state.entries > 1:
        # A slip is no act: counted as one, it would read as if more had been done.
        acts = state.entries - state.lapses
        counted = [_several(acts, "entry", "entries"), _several(state.lapses, "slip", "slips")]
        return f"{when}: {', '.join(filter(None, counted))}"
    return "" if state.day == today else f"counts for {when}"


def _several(count: int, one: str, many: str) -> str:
    return f"{count} {one if count == 1 else many}" if count else ""


def moment(instant: datetime, tzid: str, today: date) -> str:
    """An instant in a person's zone: "19:30", "tomorrow 19:30", "Wed 19:30", "2026-12-24 19:30"."""
    wall = instant.astimezone(zone(tzid))
    days = (wall.date() - today).days
    clock = wall.strftime("%H:%M")
    if days == 0:
        return clock
    if days in (1, -1):
        return f"{'tomorrow' if days == 1 else 'yesterday'} {clock}"
    return f"{wall:%a} {clock}" if 0 < days < 7 else f"{wall:%Y-%m-%d} {clock}"


def countdown(outlook: Outlook, today: date) -> str:
    """How long there is still time: "today", "once by Sunday", "two more by Sunday".

    Empty where nothing can break. It counts down, and never judges. What is kept comes again:
    "again tomorrow", "again by 6 December".
    """
    span, left = outlook.span, outlook.days_left
    if span is None or left is None:
        return ""
    wanted = span.asked - span.done - span.skips
    if wanted <= 0:
        at = _by(today + timedelta(days=left), today)
        return f"again {at}" if span.unit == "day" else f"again by {at}"
    by = _by(span.last, today)
    if left > 0:
        # "One more" of what was not begun would read as if something had been done.
        return (
            f"{_count(wanted)} more by {by}"
            if span.done or outlook.state == "partly"
            else f"{_times(wanted)} by {by}"
        )
    return "today" if wanted == 1 else f"today, then {_count(wanted - 1)} more by {by}"


def _by(day: date, today: date) -> str:
    days = (day - today).days
    if days < 2:
        return "tomorrow" if days else "today"
    if days < 7:
        return f"{day:%A}"
    return f"{day.day} {day:%B}" + (f" {day.year}" if day.year != today.year else "")


def _times(number: int) -> str:
    return ("once", "twice")[number - 1] if number < 3 else f"{_count(number)} times"


def _count(number: int) -> str:
    return _NUMBERS[number] if number < len(_NUMBERS) else str(number)


def entry_json(
    entry: Entry, habit: Habit, private: Set[str], *, notes: bool = False
) -> dict[str, Any]:
    """An entry for programs; its note and its private answers only where notes are asked for."""
    fields = {name: value for name, value in entry.fields.items() if notes or name not in private}
    found = {
        "id": entry.id,
        "uid": entry.uid,
        "habit": habit.name,
        "rule": habit.rule,
        "kind": entry.kind,
        "day": entry.day.isoformat(),
        "at": entry.at.isoformat(),
        "zone": entry.tzid,
        "fields": fields,
        "private_fields": sorted(private),
        "lapse": entry.lapse,
        "landed": entry.landed,
        "has_note": entry.note is not None,
        "external_id": entry.external_id,
    }
    return found | {"note": entry.note} if notes else found


def state_json(habit: Habit, state: DayState) -> dict[str, Any]:
    """What a habit's day came to, for programs."""
    return {
        "habit": habit.name,
        "rule": habit.rule,
        "title": habit.title,
        "state": state.state,
        "amount": state.amount,
        "target": habit.terms_on(state.day).target,
        "unit": habit.unit,
        "entries": state.entries,
        "lapses": state.lapses,
    }


def span_json(outlook: Outlook) -> dict[str, Any] | None:
    """The day, week, month or year that goes on, for programs; None where nothing is ever due."""
    span = outlook.span
    if span is None:
        return None
    return {
        "first": span.first.isoformat(),
        "last": span.last.isoformat(),
        "unit": span.unit,
        "verdict": span.verdict,
        "kept": span.done,
        "asked": span.asked,
        "skips": span.skips,
    }


def habit_json(habit: Habit, next_due: datetime | None) -> dict[str, Any]:
    """A habit for programs."""
    from reconnect.recurrence import describe

    return {
        "name": habit.name,
        "rule": habit.rule,
        "template": habit.template,
        "title": habit.title,
        "goal": habit.goal,
        "amount": habit.amount,
        "target": habit.target,
        "unit": habit.unit,
        "cue": habit.cue,
        "rrule": habit.rrule,
        "recurrence": describe(habit.rrule),
        "since": habit.since.isoformat(),
        "begun": habit.begun.isoformat(),
        "archived": habit.archived.isoformat() if habit.archived else None,
        "next_reminder": next_due.isoformat() if next_due else None,
    }


def progress_json(progress: Progress) -> dict[str, Any]:
    """How far a habit has come, for programs; `strength` runs from 0 to 1."""

    def streak(one: Streak | None) -> dict[str, Any] | None:
        if one is None:
            return None
        first, last = one.first.isoformat(), one.last.isoformat()
        return {"length": one.length, "unit": one.unit, "first": first, "last": last}

    kept, back, strength = progress.kept, progress.rebound, progress.strength
    return {
        "strength": None if strength is None else round(strength, 4),
        "streak": streak(progress.streak),
        "best_streak": streak(progress.best),
        "kept": kept and {"kept": kept.kept, "of": kept.of, "unit": kept.unit},
        "rebound": back and {"missed": back.missed, "unit": back.unit},
    }


def log_example(habit: Habit, rule: Rule) -> str:
    """How this habit is logged, with a value that it takes: "reconnect log listen 8"."""
    from reconnect.habits.record import asked_fields

    defining = next((field for field in asked_fields(rule, habit) if field.defines), None)
    if defining is None:
        return f"reconnect log {habit.name}"
    target = habit.target if defining.id == habit.amount else None
    return f"reconnect log {habit.name} {_example(defining, target)}"


def _example(field: Field, target: float | None) -> str:
    if field.choices:
        chosen = field.choices[0]
        return chosen if chosen.replace("-", "").isalnum() else f'"{chosen}"'
    if field.type == "boolean":
        return "yes"
    if field.type == "date":
        return "2026-12-24"
    if field.type in ("text", "choice", "choices"):
        return '"a few words"'
    low, high = field.bounds
    if target is None:
        # The best of a short scale; of anything that is counted a few.
        target = high if high is not None and high <= 10 else 3.0
    target = target if low is None else max(target, low)
    return number(target if high is None else min(target, high))
