"""What became of deliveries: read for lists and counts, and forgotten in the end."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from reconnect.clock import from_ms
from reconnect.model.reminder import Delivery

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Sequence

COLUMNS = (
    "id, idem_key, person_id, reminder_id, habit_id, occ_wall, due, channel, state, not_before, "
    "expires_at, attempts, prompt, outcome, sent_at, text"
)


def listed(
    db: sqlite3.Connection, person_id: int, *, limit: int, states: Sequence[str] = ()
) -> list[Delivery]:
    """The person's newest deliveries, newest first."""
    marks = ", ".join("?" * len(states))
    wanted = f"AND state IN ({marks})" if states else ""
    rows = db.execute(
        f"SELECT {COLUMNS} FROM delivery WHERE person_id = ? {wanted} ORDER BY due DESC, id DESC "
        "LIMIT ?",
        (person_id, *states, limit),
    )
    return [delivery_of(row) for row in rows]


def counts(db: sqlite3.Connection) -> dict[str, int]:
    """How many deliveries are in each state."""
    return dict(db.execute("SELECT state, count(*) FROM delivery GROUP BY state").fetchall())


def waiting(db: sqlite3.Connection, before_ms: int) -> tuple[int, int]:
    """How many deliveries are still to be sent, and how many of them since before an instant."""
    row = db.execute(
        "SELECT count(*), coalesce(sum(due < ?), 0) FROM delivery "
        "WHERE state IN ('pending', 'leased')",
        (before_ms,),
    ).fetchone()
    return int(row[0]), int(row[1])


def prune(db: sqlite3.Connection, before_ms: int) -> int:
    """Delete finished deliveries that fell due before an instant. Returns how many."""
    return db.execute(
        "DELETE FROM delivery WHERE due < ? AND state NOT IN ('pending', 'leased')", (before_ms,)
    ).rowcount


def delivery_of(row: tuple[Any, ...]) -> Delivery:
    """The delivery of a row with the columns COLUMNS."""
    return Delivery(
        id=row[0], idem_key=row[1], person_id=row[2], reminder_id=row[3], habit_id=row[4],
        occ_wall=datetime.fromisoformat(row[5]), due=from_ms(row[6]), channel=row[7], state=row[8],
        not_before=from_ms(row[9]), expires_at=from_ms(row[10]), attempts=row[11], prompt=row[12],
        outcome=row[13], sent_at=None if row[14] is None else from_ms(row[14]), text=row[15],
    )  # fmt: skip
