"""Habits, and the terms they had over time."""

from __future__ import annotations

from datetime import date
from itertools import groupby
from math import inf
from operator import itemgetter
from typing import TYPE_CHECKING, Any

from reconnect.clock import from_ms
from reconnect.errors import DamagedError
from reconnect.model.habit import Habit, Terms

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable

    from reconnect.model.habit import Goal

_SELECT = """
SELECT h.id, h.person_id, h.name, h.rule, h.template, h.title, h.goal, h.amount, h.unit, h.cue,
       h.archived, t.since, t.anchor, t.rrule, t.target
FROM habit AS h JOIN habit_terms AS t ON t.habit_id = h.id
"""
_ORDER = "ORDER BY h.id, t.since"


def insert(db: sqlite3.Connection, habit: Habit, now_ms: int) -> Habit:
    """Store a new habit with its terms; the answer carries its number."""
    cursor = db.execute(
        "INSERT INTO habit (person_id, name, rule, template, title, goal, amount, unit, cue, "
        "created) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            habit.person_id, habit.name, habit.rule, habit.template, habit.title, habit.goal,
            habit.amount, habit.unit, habit.cue, now_ms,
        ),
    )  # fmt: skip
    habit_id = int(cursor.lastrowid or 0)
    for terms in habit.terms:
        set_terms(db, habit_id, habit.person_id, terms)
    return get(db, habit_id)


def set_terms(db: sqlite3.Connection, habit_id: int, person_id: int, terms: Terms) -> None:
    """Let terms hold from their day on; what held before stays as it was."""
    db.execute(
        "INSERT INTO habit_terms (habit_id, person_id, since, anchor, rrule, target) "
        "VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (habit_id, since) DO UPDATE SET "
        "anchor = excluded.anchor, rrule = excluded.rrule, target = excluded.target",
        (
            habit_id, person_id, terms.since.isoformat(), terms.anchor.isoformat(), terms.rrule,
            terms.target,
        ),
    )  # fmt: skip


def drop_terms(db: sqlite3.Connection, habit_id: int, since: date) -> None:
    """Let what held before a day hold on, instead of the terms that began on it."""
    db.execute(
        "DELETE FROM habit_terms WHERE habit_id = ? AND since = ?", (habit_id, since.isoformat())
    )


def get(db: sqlite3.Connection, habit_id: int) -> Habit:
    """The habit with that number. A LookupError means a broken reference."""
    rows = db.execute(f"{_SELECT} WHERE h.id = ? {_ORDER}", (habit_id,)).fetchall()
    if not rows:
        raise LookupError(f"no habit {habit_id}")
    return _habits(rows)[0]


def listed(db: sqlite3.Connection, person_id: int, *, archived: bool = False) -> list[Habit]:
    """The person's habits in the order of their adoption; archived ones only when asked for."""
    rows = db.execute(
        f"{_SELECT} WHERE h.person_id = ? AND (h.archived IS NULL OR ?) {_ORDER}",
        (person_id, archived),
    )
    return _habits(rows)


def update(db: sqlite3.Connection, habit_id: int, *, title: str, cue: str | None) -> None:
    """Change what a habit is called, and what it hangs on."""
    db.execute("UPDATE habit SET title = ?, cue = ? WHERE id = ?", (title, cue, habit_id))


def set_archived(db: sqlite3.Connection, habit_id: int, at_ms: int | None) -> None:
    """Put a habit away, or (None) take it out again. Its entries stay."""
    db.execute("UPDATE habit SET archived = ? WHERE id = ?", (at_ms, habit_id))


def _habits(rows: Iterable[tuple[Any, ...]]) -> list[Habit]:
    """One row per habit and terms, in order, made into habits.

    Raises:
        DamagedError: what stands there is no day, no moment or no target.
    """
    return [_habit(list(each)) for _, each in groupby(rows, key=itemgetter(0))]


def _habit(own: list[tuple[Any, ...]]) -> Habit:
    row = own[0]
    try:
        return Habit(
            id=row[0],
            person_id=row[1],
            name=_line(row[2]),
            rule=row[3],
            template=row[4],
            title=_line(row[5]),
            goal=_goal(row[6]),
            amount=row[7],
            unit=row[8] and _line(row[8]),
            cue=row[9] and _line(row[9]),
            archived=None if row[10] is None else from_ms(row[10]),
            terms=tuple(_terms(*one[11:]) for one in own),
        )
    except (ValueError, OverflowError) as error:
        raise DamagedError(
            f"the habit number {row[0]} is damaged: restore a backup; `reconnect doctor` checks "
            "the database"
        ) from error


def _terms(since: str, anchor: str, rrule: str, target: float | None) -> Terms:
    if target is not None and not 0 < target < inf:
        raise ValueError(f"{target} is no target")
    return Terms(
        since=date.fromisoformat(since),
        anchor=date.fromisoformat(anchor),
        rrule=rrule,
        target=target,
    )


def _goal(text: str) -> Goal:
    if text == "at-least":
        return "at-least"
    if text == "at-most":
        return "at-most"
    raise ValueError("no goal")


def _line(text: str) -> str:
    """A line that may go to a terminal: what a person gave holds no control character."""
    if not text.isprintable() and any(ord(c) < 32 or 127 <= ord(c) < 160 for c in text):
        raise ValueError("a control character")
    return text
