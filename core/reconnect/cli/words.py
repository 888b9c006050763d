"""How entries, days and instants are worded on the screen and in JSON: in one place."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from reconnect.clock import zone

if TYPE_CHECKING:
    from datetime import date, datetime

    from reconnect.model.habit import DayState, Entry, FieldValue, Habit

COLORS = {"yes": "green", "partly": "yellow", "no": "magenta", "skip": "blue"}
_MARKS = {"yes": "+", "partly": "~", "no": "-", "skip": "s", "unknown": "."}


def mark(state: str) -> str:
    """One character for a day's state."""
    return _MARKS[state]


def number(value: float) -> str:
    """A number without a needless .0."""
    return f"{value:g}" if value % 1 else f"{value:.0f}"


def field_text(name: str, value: FieldValue, habit: Habit) -> str:
    """One answer in words: "20 min", "phone away", "heard 80"."""
    label = name.replace("_", " ").replace("-", " ")
    if value is True:
        return label
    if value is False:
        return f"not {label}"
    if isinstance(value, tuple):
        return f"{label}: {', '.join(value)}"
    if isinstance(value, str):
        return f"{label}: {value}"
    if name == habit.amount and habit.unit:
        return f"{number(value)} {habit.unit}"
    return f"{label} {number(value)}"


def describe_entry(entry: Entry, habit: Habit) -> str:
    """What was logged, in one line; the note itself is not shown."""
    parts = [field_text(name, value, habit) for name, value in entry.fields.items()]
    if entry.kind == "lapse":
        parts.insert(0, f"slip: {(entry.lapse or '').replace('-', ' ')}")
    elif entry.kind == "skip":
        parts.insert(0, "rests")
    elif entry.kind == "no":
        parts.insert(0, "not this time")
    if entry.landed:
        parts.append(f"landed {entry.landed}")
    if entry.note:
        parts.append("with a note")
    return ", ".join(parts) or "done"


def day_summary(habit: Habit, state: DayState, today: date) -> str:
    """What the day came to: "today 20 of 8 min"."""
    when = "today" if state.day == today else state.day.isoformat()
    if state.amount is not None and habit.target is not None:
        unit = f" {habit.unit}" if habit.unit else ""
        return f"{when}: {number(state.amount)} of {number(habit.target)}{unit}"
    if state.entries > 1:
        return f"{when}: {state.entries} entries"
    return "" if state.day == today else f"counts for {when}"


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


def entry_json(entry: Entry, habit: Habit) -> dict[str, Any]:
    """An entry for programs."""
    return {
        "id": entry.id,
        "uid": entry.uid,
        "habit": habit.name,
        "rule": habit.rule,
        "kind": entry.kind,
        "day": entry.day.isoformat(),
        "at": entry.at.isoformat(),
        "zone": entry.tzid,
        "fields": entry.fields,
        "lapse": entry.lapse,
        "landed": entry.landed,
        "note": entry.note,
        "external_id": entry.external_id,
    }
