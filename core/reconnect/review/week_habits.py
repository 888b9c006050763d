"""What became of each habit in a week: kept, landed warm, lapsed with its way back, due next."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from reconnect.habits.progress import progress_of
from reconnect.habits.saying import kept_text, rebound_text, streak_text
from reconnect.habits.streaks import Kept, Rebound, current, kept_lately
from reconnect.habits.telling import field_text, private_answers
from reconnect.review.charts.wording import with_unit
from reconnect.review.gathering import due_between, strength_figure, year_figure
from reconnect.review.weekly import Ahead, HabitWeek, Warm, WayBack, since
from reconnect.textfit import counted

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Mapping, Sequence

    from reconnect.habits.progress import Progress
    from reconnect.habits.spans import Span
    from reconnect.model.habit import Entry, FieldValue, Habit, Tally
    from reconnect.model.rule import Rule
    from reconnect.model.week import Week

_DAY = timedelta(days=1)


def of_that_week(known: Sequence[Habit], logged: Sequence[Entry], week: Week) -> list[Habit]:
    """The habits that a review of the week shows: those kept now, and those logged in it."""
    used = {entry.habit_id for entry in logged}
    return [
        habit
        for habit in known
        if habit.id in used or (habit.archived is None and habit.begun <= week.sunday)
    ]


def habit_weeks(
    db: sqlite3.Connection,
    person_id: int,
    habits: Sequence[Habit],
    rules: Mapping[str, Rule],
    week: Week,
    today: date,
) -> tuple[HabitWeek, ...]:
    """Each habit's week; one that asked for nothing, and of which nothing was logged, is left out.

    Args:
        db: the open database.
        person_id: whose habits.
        habits: which ones.
        rules: the running rules, by id.
        week: the week.
        today: the person's day, which is still going on.
    """
    # A week that is over is judged as it looks from the day after: nothing in it is open any more.
    seen = min(today, week.sunday + _DAY)
    unstreaked = {rule.id for rule in rules.values() if not rule.streaks}
    grown = progress_of(db, person_id, habits, seen, unstreaked=unstreaked)
    made = (_habit_week(grown[habit.id], week, seen, unstreaked) for habit in habits)
    return tuple(one for one in made if one is not None)


def warm(
    habits: Sequence[Habit], rules: Mapping[str, Rule], logged: Sequence[Entry], *, private: bool
) -> tuple[Warm, ...]:
    """What was logged as having landed warm, in the order of the days."""
    by_id = {habit.id: habit for habit in habits}
    found = []
    for entry in logged:
        if entry.landed != "warm":
            continue
        habit = by_id[entry.habit_id]
        hidden = set() if private else _hidden(entry, rules.get(habit.rule))
        parts = [
            _answer(name, value, habit)
            for name, value in entry.fields.items()
            if name not in hidden and value is not False
        ]
        note = entry.note if private else None
        found.append(Warm(day=entry.day, title=habit.title, said=", ".join(parts), note=note))
    return tuple(found)


def ways_back(
    habits: Sequence[Habit], rules: Mapping[str, Rule], logged: Sequence[Entry]
) -> tuple[WayBack, ...]:
    """Each kind of lapse once, however often it happened, with the way back from it."""
    by_id = {habit.id: habit for habit in habits}
    last: dict[tuple[int, str], Entry] = {}
    for entry in logged:
        if entry.kind == "lapse":
            last[entry.habit_id, entry.lapse or ""] = entry
    found = []
    for (habit_id, lapse), slip in last.items():
        habit = by_id[habit_id]
        rule = rules.get(habit.rule)
        kind = next((one for one in rule.lapses if one.id == lapse), None) if rule else None
        again = (
            entry.day
            for entry in logged
            if entry.habit_id == habit_id and entry.kind == "done" and entry.at > slip.at
        )
        found.append(
            WayBack(
                title=habit.title,
                lapse=kind.title if kind else lapse.replace("-", " "),
                next_act=kind.next_act if kind else None,
                back=next(again, None),
            )
        )
    return tuple(found)


def ahead(habits: Sequence[Habit], week: Week) -> Ahead:
    """What is due in a week that is to come, by the habits' titles."""
    due = [(habit.title, due_between(habit, week.monday, week.sunday)) for habit in habits]
    single = [(title, days) for title, days in due if len(days) < len(week.days)]
    by_day = ((day, tuple(title for title, days in single if day in days)) for day in week.days)
    return Ahead(
        week=week,
        every=tuple(title for title, days in due if len(days) == len(week.days)),
        days=tuple((day, titles) for day, titles in by_day if titles),
    )


def _hidden(entry: Entry, rule: Rule | None) -> set[str]:
    """The answers that are not for a page: private ones, and those that private metrics measure."""
    measured = {metric.field for metric in rule.metrics if metric.private} if rule else set()
    return private_answers(entry, rule) | {name for name in entry.fields if name in measured}


def _answer(name: str, value: FieldValue, habit: Habit) -> str:
    """An answer in words; what is text already needs no label."""
    if isinstance(value, str):
        return " ".join(value.split())
    return ", ".join(value) if isinstance(value, tuple) else field_text(name, value, habit)


def _habit_week(
    progress: Progress, week: Week, seen: date, unstreaked: set[str]
) -> HabitWeek | None:
    habit = progress.habit
    until = min(seen, week.sunday)
    spans = [span for span in progress.spans if span.first <= until]
    here = [span for span in spans if span.last >= week.monday]
    streaked = habit.rule not in unstreaked
    begin = since(week)
    # Ten years of a habit are some thousand days; the half-year is picked out once.
    days = [begin + _DAY * number for number in range((seen - begin).days + 1)]
    recent = {day: progress.tallies[day] for day in days if day in progress.tallies}
    logged = [recent[day] for day in week.days if day <= until and day in recent]
    logged = [tally for tally in logged if tally.done]
    amount, on_days = _amount(habit, logged), _on_days(len(logged))
    said = _kept(here, until, amount, on_days) if streaked and here else _joined(amount, on_days)
    if not said:
        return None
    strengths = progress.strengths
    now = strengths.on(until) if strengths else None
    before = strengths.on(week.monday - _DAY) if strengths else None
    year = year_figure(habit, recent, begin, until, seen)
    back = _came_back(here, spans)
    streak = current(spans) if streaked and spans else None
    lately = kept_lately(spans) if streaked else None
    return HabitWeek(
        name=habit.name,
        rule=habit.rule,
        title=habit.title,
        days=tuple(
            year.days[(day - year.first).days] if year.first <= day <= until else None
            for day in week.days
        ),
        kept=said,
        back=rebound_text(back) if back and streaked else None,
        lately=_lately(lately, said),
        streak=streak_text(streak) if streak and streak.length > 1 else None,
        strength=now,
        change=None if now is None or before is None else now - before,
        year=year,
        line=strength_figure(habit, strengths, begin, until) if strengths else None,
    )


def _kept(here: Sequence[Span], until: date, amount: str, on_days: str) -> str:
    """How the week's days, or the week or longer span that it lies in, were kept; or nothing."""
    span = here[-1]
    if span.unit == "week" and any(one.unit == "day" for one in here):
        # Its days changed within the week: what of it was asked for, no single number tells.
        return _joined(amount, on_days) or "open"
    in_all = f"{amount} in all" if amount else ""
    if span.unit == "day":
        days = [one for one in here if one.unit == "day"]
        rested = sum(one.verdict == "rested" for one in days)
        judged = [one for one in days if one.verdict in ("kept", "missed")]
        rest = f"{counted(rested, 'day')} rested" if rested else ""
        if not judged:
            return rest or _joined(amount, on_days) or "open"
        kept = Kept(sum(one.verdict == "kept" for one in judged), len(judged), "day")
        if not kept.kept:
            return ", ".join(filter(None, (_joined(amount, on_days) or "nothing logged", rest)))
        return ", ".join(filter(None, (kept_text(kept), rest, in_all)))
    if span.verdict == "rested":
        return f"rested this {span.unit}" if span.skips else _joined(amount, on_days)
    if span.verdict == "kept":
        times = f"{span.done} times" if span.asked > 1 else ""
        return ", ".join(filter(None, (f"kept this {span.unit}", times, in_all)))
    done = _joined(amount, on_days)
    if span.done and span.asked > 1:
        done = f"{span.done} of {span.asked} times"
    last = span.last
    if span.verdict == "missed" and last <= until:
        return done or f"not this {span.unit}"
    still = "open today" if last == until else f"open until {last.day} {last:%B}"
    return ", ".join(filter(None, (done, still)))


def _lately(kept: Kept | None, said: str) -> str | None:
    """How it was kept lately, where that is more than what was said of the week."""
    text = kept_text(kept) if kept and kept.of > 1 else ""
    return text if text and not said.startswith(text) else None


def _amount(habit: Habit, logged: Sequence[Tally]) -> str:
    """What was done in all: "96 minutes"; empty where nothing is counted."""
    amounts = [tally.amount for tally in logged if tally.amount is not None]
    if not amounts or not habit.unit or habit.goal == "at-most":
        return ""
    return with_unit(sum(amounts), habit.unit)


def _on_days(count: int) -> str:
    return f"on {counted(count, 'day')}" if count else ""


def _joined(amount: str, on_days: str) -> str:
    return f"{amount} {on_days}".strip()


def _came_back(here: Sequence[Span], spans: Sequence[Span]) -> Rebound | None:
    """The last time in the week that something was kept again, and how long it had been missed."""
    for span in reversed(here):
        if span.verdict != "kept":
            continue
        missed = 0
        for earlier in reversed(spans[: spans.index(span)]):
            if earlier.verdict == "kept" or earlier.unit != span.unit:
                break
            missed += earlier.verdict == "missed"
        else:
            # Missed from the beginning: that is a start, and no return.
            continue
        if missed:
            return Rebound(missed, span.unit)
    return None
