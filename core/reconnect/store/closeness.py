"""Closeness: the pair of circles that a person picked, one a week."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from reconnect.clock import from_ms
from reconnect.errors import DamagedError
from reconnect.model.week import Week, known_week

if TYPE_CHECKING:
    import sqlite3
    from datetime import datetime


class Picked(NamedTuple):
    """What was picked for a week: `circles` runs from 1 (apart) to 7; `at` is when, in UTC."""

    week: Week
    circles: int
    at: datetime


def put(db: sqlite3.Connection, person_id: int, week: Week, circles: int, now_ms: int) -> None:
    """Keep the pair of a week; what was picked for it before is replaced."""
    db.execute(
        "INSERT INTO closeness (person_id, week, circles, at) VALUES (?, ?, ?, ?) "
        "ON CONFLICT (person_id, week) DO UPDATE SET circles = excluded.circles, at = excluded.at",
        (person_id, week.id, circles, now_ms),
    )


def get(db: sqlite3.Connection, person_id: int, week: Week) -> int | None:
    """The pair picked for a week, or None."""
    found = between(db, person_id, week, week)
    return found[0].circles if found else None


def between(db: sqlite3.Connection, person_id: int, first: Week, last: Week) -> list[Picked]:
    """What was picked for the weeks from `first` to `last`, both included, oldest first."""
    rows = db.execute(
        "SELECT week, circles, at FROM closeness WHERE person_id = ? AND week BETWEEN ? AND ? "
        "ORDER BY week",
        (person_id, first.id, last.id),
    )
    return [_picked(*row) for row in rows]


def delete(db: sqlite3.Connection, person_id: int, week: Week) -> bool:
    """Remove what was picked for a week; False where there was nothing."""
    cursor = db.execute(
        "DELETE FROM closeness WHERE person_id = ? AND week = ?", (person_id, week.id)
    )
    return cursor.rowcount == 1


def _picked(week: str, circles: int, at: int) -> Picked:
    try:
        if not 1 <= circles <= 7:
            raise ValueError(f"{circles} is no pair of circles")
        return Picked(known_week(week), circles, from_ms(at))
    except (ValueError, OverflowError) as error:
        raise DamagedError(
            "the closeness of a week is damaged: `reconnect doctor` checks the database"
        ) from error
