"""Reminders that reached nobody: what did not get through on any channel."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from reconnect.clock import from_ms

if TYPE_CHECKING:
    import sqlite3
    from datetime import datetime

_LOST = "state IN ('expired', 'dead')"
_WHERE = (
    f"FROM delivery d WHERE person_id = ? AND due >= ? AND due <= ? AND {_LOST} AND NOT EXISTS "
    "(SELECT 1 FROM delivery o WHERE o.reminder_id = d.reminder_id AND o.due = d.due "
    f"AND NOT o.{_LOST})"
)


class Missed(NamedTuple):
    """One occurrence of a reminder that was not sent. `due` is UTC; `outcome` says why."""

    due: datetime
    habit: str
    channels: tuple[str, ...]
    state: str
    outcome: str


def listed(
    db: sqlite3.Connection, person_id: int, since_ms: int, until_ms: int, limit: int
) -> list[Missed]:
    """What a person missed of what fell due between two instants, the newest first."""
    rows = db.execute(
        "SELECT due, (SELECT name FROM habit WHERE id = habit_id), group_concat(channel), "
        f"max(state), max(coalesce(outcome, '')) {_WHERE} "
        "GROUP BY reminder_id, due ORDER BY due DESC LIMIT ?",
        (person_id, since_ms, until_ms, limit),
    )
    return [
        Missed(from_ms(due), habit, tuple(sorted(channels.split(","))), state, outcome)
        for due, habit, channels, state, outcome in rows
    ]


def count(db: sqlite3.Connection, person_id: int, since_ms: int, until_ms: int) -> int:
    """How many a person missed of what fell due between two instants."""
    inner = f"SELECT 1 {_WHERE} GROUP BY reminder_id, due"
    row = db.execute(f"SELECT count(*) FROM ({inner})", (person_id, since_ms, until_ms)).fetchone()
    return int(row[0])
