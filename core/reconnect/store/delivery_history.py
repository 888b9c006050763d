"""What became of deliveries: read for lists and counts, and forgotten in the end."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any, NamedTuple

from reconnect.clock import from_ms
from reconnect.model.reminder import Delivery

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Sequence

COLUMNS = (
    "id, idem_key, person_id, reminder_id, habit_id, occ_wall, due, channel, state, not_before, "
    "expires_at, attempts, prompt, outcome, sent_at, text, unsure"
)


class Attempt(NamedTuple):
    """One try at sending a delivery. `started` and `ended` are UTC."""

    n: int
    started: datetime
    ended: datetime
    code: str


def listed(
    db: sqlite3.Connection,
    person_id: int,
    *,
    limit: int,
    states: Sequence[str] = (),
    since_ms: int | None = None,
) -> list[Delivery]:
    """The person's newest deliveries, newest first."""
    marks = ", ".join("?" * len(states))
    wanted = f"AND state IN ({marks})" if states else ""
    rows = db.execute(
        f"SELECT {COLUMNS} FROM delivery WHERE person_id = ? AND due >= coalesce(?, due) {wanted} "
        "ORDER BY due DESC, id DESC LIMIT ?",
        (person_id, since_ms, *states, limit),
    )
    return [delivery_of(row) for row in rows]


def get(db: sqlite3.Connection, person_id: int, delivery_id: int) -> Delivery | None:
    """One delivery of the person's; None where there is none of that number."""
    row = db.execute(
        f"SELECT {COLUMNS} FROM delivery WHERE id = ? AND person_id = ?", (delivery_id, person_id)
    ).fetchone()
    return None if row is None else delivery_of(row)


def attempts(db: sqlite3.Connection, ids: Sequence[int]) -> dict[int, list[Attempt]]:
    """What was tried for each of these deliveries, in order."""
    found: dict[int, list[Attempt]] = {number: [] for number in ids}
    marks = ", ".join("?" * len(ids))
    rows = db.execute(
        f"SELECT delivery_id, n, started, ended, code FROM attempt WHERE delivery_id IN ({marks}) "
        "ORDER BY delivery_id, n",
        tuple(ids),
    )
    for number, n, started, ended, code in rows:
        found[number].append(Attempt(n, from_ms(started), from_ms(ended), code))
    return found


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
        unsure=row[16],
    )  # fmt: skip
