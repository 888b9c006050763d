"""What was logged, in one line: the same on every screen and page."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Set

    from reconnect.model.habit import Entry, FieldValue, Habit
    from reconnect.model.rule import Rule


def number(value: float) -> str:
    """A number without a needless .0."""
    return f"{value:g}" if value % 1 else f"{value:.0f}"


def of_one(unit: str) -> str:
    """The unit of a single one: "day", "memory"."""
    if unit.endswith("ies"):
        return f"{unit[:-3]}y"
    return unit.removesuffix("s") if unit.isalpha() else unit


def field_text(name: str, value: FieldValue, habit: Habit) -> str:
    """One answer in words: "20 min", "phone away", "soft start: no", "heard 80"."""
    label = name.replace("_", " ").replace("-", " ")
    if value is True:
        return label
    if value is False:
        return f"{label}: no"
    if isinstance(value, tuple):
        return f"{label}: {', '.join(value)}"
    if isinstance(value, str):
        return f"{label}: {value}"
    if name == habit.amount and habit.unit:
        return f"{number(value)} {of_one(habit.unit) if value == 1 else habit.unit}"
    return f"{label} {number(value)}"


def private_answers(entry: Entry, rule: Rule | None) -> set[str]:
    """The answers that are shown only when notes are asked for.

    Where the rule is gone nothing says what is private: then every answer is.
    """
    if rule is None:
        return set(entry.fields)
    return {field.id for field in rule.fields if field.private} & entry.fields.keys()


def describe_entry(entry: Entry, habit: Habit, private: Set[str]) -> str:
    """What was logged, in one line; the note and private answers are only said to be there."""
    parts = [
        f"with {name.replace('_', ' ').replace('-', ' ')}"
        if name in private
        else field_text(name, value, habit)
        for name, value in entry.fields.items()
    ]
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
