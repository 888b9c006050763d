"""Deliveries: a row is inserted once per reminder, wall time and channel, and waits to be sent."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from reconnect.clock import to_ms
from reconnect.store.leases import not_in

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Collection, Iterable
    from datetime import datetime

    from reconnect.model.reminder import DeliveryState


class Planned(NamedTuple):
    """A delivery to be added; the fields are the columns."""

    idem_key: str
    person_id: int
    reminder_id: int
    habit_id: int
    occ_wall: datetime
    due: datetime
    channel: str
    priority: int
    state: DeliveryState
    expires_at: datetime
    outcome: str | None = None
    text: str | None = None
    prompt: str | None = None
    late: bool = False


def insert(db: sqlite3.Connection, planned: Iterable[Planned]) -> int:
    """Add deliveries; one whose key is known is never planned twice. Returns how many are new."""
    cursor = db.executemany(
        "INSERT INTO delivery (idem_key, person_id, reminder_id, habit_id, occ_wall, due, channel, "
        "priority, state, not_before, expires_at, outcome, text, prompt, late) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (idem_key) DO NOTHING",
        [
            (
                p.idem_key, p.person_id, p.reminder_id, p.habit_id, p.occ_wall.isoformat(),
                to_ms(p.due), p.channel, p.priority, p.state, to_ms(p.due), to_ms(p.expires_at),
                p.outcome, p.text, p.prompt, p.late,
            )
            for p in planned
        ],
    )  # fmt: skip
    return max(0, cursor.rowcount)


def hasten(db: sqlite3.Connection, now_ms: int, most_ms: int) -> int:
    """Let nothing wait for another try longer than `most_ms`, as when the clock was set back."""
    return db.execute(
        "UPDATE delivery SET not_before = ? WHERE state = 'pending' AND attempts > 0 "
        "AND not_before > ?",
        (now_ms, now_ms + most_ms),
    ).rowcount


def expire(db: sqlite3.Connection, now_ms: int) -> int:
    """Record as expired what could not be sent in time. Returns how many."""
    return db.execute(
        "UPDATE delivery SET state = 'expired', outcome = coalesce(outcome, 'too-late') "
        "WHERE state = 'pending' AND expires_at <= ?",
        (now_ms,),
    ).rowcount


def oldest_open(db: sqlite3.Connection, reminder_id: int, since_ms: int, now_ms: int) -> int | None:
    """When (UTC ms) the first fell due, since then and by now, that waits or came too late."""
    row = db.execute(
        "SELECT min(due) FROM delivery WHERE reminder_id = ? AND unsure = 0 AND due > ? "
        "AND due <= ? AND state IN ('pending', 'expired')",
        (reminder_id, since_ms, now_ms),
    ).fetchone()
    return None if row[0] is None else int(row[0])


def forget_ahead(db: sqlite3.Connection, reminder_id: int, since_ms: int, now_ms: int) -> None:
    """Delete what was planned for later than now and never sent: it can be planned anew.

    Of what fell due since then only what waits or came too late: nothing else was the clock's
    doing. What may have arrived stays: its one resend is counted on its row.
    """
    db.execute(
        "DELETE FROM delivery WHERE reminder_id = ? AND unsure = 0 AND due > ? "
        "AND (state IN ('pending', 'expired') OR (state IN ('suppressed', 'dead') AND due > ?))",
        (reminder_id, since_ms, now_ms),
    )


def drop_pending(db: sqlite3.Connection, reminder_id: int, outcome: str) -> int:
    """Suppress what is still to be sent of a reminder. Returns how many."""
    return db.execute(
        "UPDATE delivery SET state = 'suppressed', outcome = ? "
        "WHERE reminder_id = ? AND state = 'pending'",
        (outcome, reminder_id),
    ).rowcount


def next_try(db: sqlite3.Connection, now_ms: int = 0, blocked: Collection[str] = ()) -> int | None:
    """When the next pending delivery may be sent, in UTC ms; `blocked` as in `claim`."""
    resting = "SELECT 1 FROM channel AS c WHERE c.next_ok > ? LIMIT 1"
    if not blocked and db.execute(resting, (now_ms,)).fetchone() is None:
        row = db.execute("SELECT min(not_before) FROM delivery WHERE state = 'pending'").fetchone()
    else:
        row = db.execute(
            "SELECT min(max(not_before, coalesce((SELECT next_ok FROM channel AS c "
            "WHERE c.person_id = d.person_id AND c.name = d.channel), 0))) FROM delivery AS d "
            f"WHERE state = 'pending' AND {not_in(blocked)}",
            tuple(blocked),
        ).fetchone()
    return None if row[0] is None else int(row[0])


def reroute(db: sqlite3.Connection, delivery_id: int, channel: str, idem_key: str) -> bool:
    """Plan the delivery's occurrence on another channel. False: it is planned there already.

    Of a delivery that tells of several late ones, the new one does.
    """
    row = db.execute(
        "INSERT INTO delivery (idem_key, channel, state, person_id, reminder_id, habit_id, "
        "occ_wall, due, priority, not_before, expires_at, prompt, text, late) SELECT ?, ?, "
        "'pending', person_id, reminder_id, habit_id, occ_wall, due, priority, due, "
        "expires_at, prompt, text, late FROM delivery WHERE id = ? "
        "ON CONFLICT (idem_key) DO NOTHING RETURNING id",
        (idem_key, channel, delivery_id),
    ).fetchone()
    if row is None:
        return False
    db.execute("UPDATE delivery SET digest_id = ? WHERE digest_id = ?", (row[0], delivery_id))
    return True


def close_channel(db: sqlite3.Connection, person_id: int, channel: str) -> list[int]:
    """Record as dead what still waits for a channel that is off. Returns the numbers."""
    rows = db.execute(
        "UPDATE delivery SET state = 'dead', outcome = 'channel-off' WHERE person_id = ? "
        "AND channel = ? AND state = 'pending' RETURNING id",
        (person_id, channel),
    ).fetchall()
    return sorted(row[0] for row in rows)


def try_again(db: sqlite3.Connection, delivery_id: int, now_ms: int, window_ms: int) -> bool:
    """Let a delivery that came to an end without being sent be tried again, from now on.

    What was unsure before is forgotten: the person wants it sent. False: it is not at an end.
    """
    return (
        db.execute(
            "UPDATE delivery SET state = 'pending', not_before = ?, unsure = 0, "
            "expires_at = max(expires_at, ?) WHERE id = ? AND state NOT IN ('sent', 'leased')",
            (now_ms, now_ms + window_ms, delivery_id),
        ).rowcount
        == 1
    )
