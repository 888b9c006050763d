"""Pauses: when which reminders rest, and why."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from reconnect.clock import from_ms, to_ms
from reconnect.model.reminder import Pause

if TYPE_CHECKING:
    import sqlite3

_COLUMNS = "id, person_id, habit_id, from_wall, until_wall, reason, ended"


def insert(db: sqlite3.Connection, pause: Pause, now_ms: int) -> Pause:
    """Store a pause; the answer carries its number."""
    cursor = db.execute(
        "INSERT INTO pause (person_id, habit_id, from_wall, until_wall, reason, created) "
        "VALUES (?, ?, ?, ?, ?, ?)",
        (
            pause.person_id, pause.habit_id, pause.from_wall.isoformat(),
            None if pause.until_wall is None else pause.until_wall.isoformat(), pause.reason,
            now_ms,
        ),
    )  # fmt: skip
    row = db.execute(f"SELECT {_COLUMNS} FROM pause WHERE id = ?", (cursor.lastrowid,)).fetchone()
    return _pause(row)


def open_ones(db: sqlite3.Connection, person_id: int, wall: datetime) -> list[Pause]:
    """The person's pauses that were not ended and are not over at a naive wall time, in order."""
    rows = db.execute(
        f"SELECT {_COLUMNS} FROM pause WHERE person_id = ? AND ended IS NULL "
        "AND (until_wall IS NULL OR until_wall > ?) ORDER BY from_wall, id",
        (person_id, wall.isoformat()),
    )
    return [_pause(row) for row in rows]


def since(db: sqlite3.Connection, person_id: int, wall: datetime) -> list[Pause]:
    """All of the person's pauses, ended ones too, but those over before a naive wall time."""
    rows = db.execute(
        f"SELECT {_COLUMNS} FROM pause WHERE person_id = ? "
        "AND (until_wall IS NULL OR until_wall > ?) ORDER BY from_wall, id",
        (person_id, wall.isoformat()),
    )
    return [_pause(row) for row in rows]


def end(db: sqlite3.Connection, pause: Pause, now: datetime) -> None:
    """End a pause now, or take back one that has not begun."""
    db.execute("UPDATE pause SET ended = ? WHERE id = ?", (to_ms(now), pause.id))


def _pause(row: tuple[Any, ...]) -> Pause:
    return Pause(
        id=row[0], person_id=row[1], habit_id=row[2], from_wall=datetime.fromisoformat(row[3]),
        until_wall=None if row[4] is None else datetime.fromisoformat(row[4]), reason=row[5],
        ended=None if row[6] is None else from_ms(row[6]),
    )  # fmt: skip
