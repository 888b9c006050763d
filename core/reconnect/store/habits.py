"""Habits and the recurrences they had over time."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from reconnect.clock import from_ms
from reconnect.model.habit import Habit

if TYPE_CHECKING:
    import sqlite3

_SELECT = """
SELECT h.id, h.person_id, h.name, h.rule, h.template, h.title, h.goal, h.amount, h.target, h.unit,
       h.cue, h.archived, r.rrule, r.since
FROM habit AS h
JOIN habit_recurrence AS r ON r.habit_id = h.id AND r.since =
    (SELECT max(since) FROM habit_recurrence WHERE habit_id = h.id)
"""


def insert(db: sqlite3.Connection, habit: Habit, now_ms: int) -> Habit:
    """Store a new habit with its first recurrence; the answer carries its number."""
    cursor = db.execute(
        "INSERT INTO habit (person_id, name, rule, template, title, goal, amount, target, unit, "
        "cue, created) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            habit.person_id, habit.name, habit.rule, habit.template, habit.title, habit.goal,
            habit.amount, habit.target, habit.unit, habit.cue, now_ms,
        ),
    )  # fmt: skip
    habit_id = int(cursor.lastrowid or 0)
    set_recurrence(db, habit_id, habit.person_id, habit.since, habit.rrule)
    return get(db, habit_id)


def set_recurrence(
    db: sqlite3.Connection, habit_id: int, person_id: int, since: date, rrule: str
) -> None:
    """Let a recurrence hold from a day on; what held before stays as it was."""
    db.execute(
        "INSERT INTO habit_recurrence (habit_id, person_id, since, rrule) VALUES (?, ?, ?, ?) "
        "ON CONFLICT (habit_id, since) DO UPDATE SET rrule = excluded.rrule",
        (habit_id, person_id, since.isoformat(), rrule),
    )


def recurrences(db: sqlite3.Connection, habit_id: int) -> list[tuple[date, str]]:
    """Every recurrence the habit had: the day it holds from, and its RRULE; oldest first."""
    rows = db.execute(
        "SELECT since, rrule FROM habit_recurrence WHERE habit_id = ? ORDER BY since", (habit_id,)
    )
    return [(date.fromisoformat(since), rrule) for since, rrule in rows]


def recurrences_of(db: sqlite3.Connection, person_id: int) -> dict[int, list[tuple[date, str]]]:
    """Every recurrence of all the person's habits, by habit, oldest first."""
    held: dict[int, list[tuple[date, str]]] = {}
    for habit_id, since, rrule in db.execute(
        "SELECT habit_id, since, rrule FROM habit_recurrence WHERE person_id = ? "
        "ORDER BY habit_id, since",
        (person_id,),
    ):
        held.setdefault(habit_id, []).append((date.fromisoformat(since), rrule))
    return held


def get(db: sqlite3.Connection, habit_id: int) -> Habit:
    """The habit with that number. A LookupError means a broken reference."""
    row = db.execute(f"{_SELECT} WHERE h.id = ?", (habit_id,)).fetchone()
    if row is None:
        raise LookupError(f"no habit {habit_id}")
    return _habit(row)


def listed(db: sqlite3.Connection, person_id: int, *, archived: bool = False) -> list[Habit]:
    """The person's habits in the order of their adoption; archived ones only when asked for."""
    rows = db.execute(
        f"{_SELECT} WHERE h.person_id = ? AND (h.archived IS NULL OR ?) ORDER BY h.id",
        (person_id, archived),
    )
    return [_habit(row) for row in rows]


def update(
    db: sqlite3.Connection, habit_id: int, *, title: str, cue: str | None, target: float | None
) -> None:
    """Change what a habit is called, hangs on, and aims at."""
    db.execute(
        "UPDATE habit SET title = ?, cue = ?, target = ? WHERE id = ?",
        (title, cue, target, habit_id),
    )


def set_archived(db: sqlite3.Connection, habit_id: int, at_ms: int | None) -> None:
    """Put a habit away, or (None) take it out again. Its entries stay."""
    db.execute("UPDATE habit SET archived = ? WHERE id = ?", (at_ms, habit_id))


def _habit(row: tuple[Any, ...]) -> Habit:
    return Habit(
        id=row[0], person_id=row[1], name=row[2], rule=row[3], template=row[4], title=row[5],
        goal=row[6], amount=row[7], target=row[8], unit=row[9], cue=row[10],
        archived=None if row[11] is None else from_ms(row[11]),
        rrule=row[12], since=date.fromisoformat(row[13]),
    )  # fmt: skip
