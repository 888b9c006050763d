"""Deliveries: planned, claimed, sent, and kept as history.

A row is inserted once per reminder, wall time and channel; whoever sends it claims it by a lease;
only its holder may say what became of it. `claim` alone differs between SQLite and PostgreSQL.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from reconnect.clock import to_ms
from reconnect.store.delivery_history import COLUMNS, delivery_of
from reconnect.store.prompts_shown import ONE_MORE

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Collection, Iterable, Sequence
    from datetime import datetime

    from reconnect.model.reminder import Delivery, DeliveryState

_HELD = "id = ? AND state = 'leased' AND lease_by = ? AND attempts = ?"


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


def claim(
    db: sqlite3.Connection, *, owner: str, now_ms: int, lease_ms: int, limit: int
) -> list[Delivery]:
    """Take up to `limit` deliveries that may be sent now, the most urgent first."""
    if limit <= 0:
        return []
    rows = db.execute(
        "UPDATE delivery SET state = 'leased', lease_by = ?, lease_until = ?, "
        "attempts = attempts + 1 WHERE id IN (SELECT id FROM delivery WHERE state = 'pending' "
        "AND not_before <= ? ORDER BY priority, not_before LIMIT ?"
        # PostgreSQL: FOR UPDATE SKIP LOCKED
        f") RETURNING {COLUMNS}",
        (owner, now_ms + lease_ms, now_ms, limit),
    ).fetchall()
    return sorted(map(delivery_of, rows), key=lambda d: d.id)


class Ack(NamedTuple):
    """What became of a claimed delivery, to be recorded. Instants are UTC ms.

    `not_before` is when it may be tried again, for the state pending; `rule` and `prompt` say which
    text was sent.
    """

    delivery: Delivery
    state: DeliveryState
    outcome: str
    started: int
    ended: int
    not_before: int | None = None
    rule: str | None = None
    prompt: str | None = None
    tried: bool = True


def acknowledge(db: sqlite3.Connection, owner: str, acks: Sequence[Ack]) -> int:
    """Record what became of claimed deliveries, each only while the owner holds its lease.

    Many at once, because each statement lets the sending threads in between. Returns how many were
    recorded; the others had lost their lease.
    """
    held = [(a.delivery.id, owner, a.delivery.attempts) for a in acks]
    db.executemany(
        f"INSERT INTO attempt (delivery_id, n, started, ended, code) SELECT id, attempts, ?, ?, ? "
        f"FROM delivery WHERE {_HELD} ON CONFLICT (delivery_id, n) DO NOTHING",
        [
            (a.started, a.ended, a.outcome, *key)
            for a, key in zip(acks, held, strict=True)
            if a.tried
        ],
    )
    # An occurrence that goes to several channels says the same on each, and counts once.
    sent = {
        (a.delivery.reminder_id, a.delivery.due): (a.rule, a.prompt, a.ended, *key, a.prompt)
        for a, key in zip(acks, held, strict=True)
        if a.state == "sent" and a.prompt is not None
    }
    db.executemany(
        "INSERT INTO prompt_shown (person_id, rule, prompt, times, last) "
        f"SELECT person_id, ?, ?, 1, ? FROM delivery AS d WHERE {_HELD} AND NOT EXISTS "
        "(SELECT 1 FROM delivery AS s WHERE s.reminder_id = d.reminder_id AND s.due = d.due "
        "AND s.state = 'sent' AND s.prompt = ?) "
        f"{ONE_MORE}",
        list(sent.values()),
    )
    cursor = db.executemany(
        "UPDATE delivery SET state = ?, outcome = ?, lease_by = NULL, lease_until = NULL, "
        "not_before = coalesce(?, not_before), prompt = coalesce(?, prompt), "
        f"sent_at = coalesce(?, sent_at) WHERE {_HELD}",
        [
            (
                a.state, a.outcome, a.not_before, a.prompt,
                a.ended if a.state == "sent" else None, *key,
            )
            for a, key in zip(acks, held, strict=True)
        ],
    )  # fmt: skip
    return max(0, cursor.rowcount)


def give_back(db: sqlite3.Connection, deliveries: Iterable[Delivery], owner: str) -> None:
    """Return deliveries that were claimed but not begun, as if they never had been."""
    db.executemany(
        "UPDATE delivery SET state = 'pending', lease_by = NULL, lease_until = NULL, "
        "attempts = attempts - 1 WHERE id = ? AND state = 'leased' AND lease_by = ?",
        [(delivery.id, owner) for delivery in deliveries],
    )


def free_leases(
    db: sqlite3.Connection, *, owner: str, held: Collection[int], alone: bool, now_ms: int = 0
) -> int:
    """Free what is claimed although nobody is at it. Returns how many.

    Their outcome is not known: they may have been sent.

    Args:
        db: the open database.
        owner: this process.
        held: the numbers of the deliveries that it is at.
        alone: whether it is the only one, so that whatever another one claimed is free at once; if
            not, another one's lease holds until it runs out.
        now_ms: the present instant; only needed where others may be alive.
    """
    marks = ", ".join("?" * len(held))
    return db.execute(
        "UPDATE delivery SET state = 'pending', outcome = 'interrupted', lease_by = NULL, "
        "lease_until = NULL WHERE state = 'leased' AND ((lease_by <> ? AND (? OR lease_until <= ?))"
        f" OR (lease_by = ? AND id NOT IN ({marks})))",
        (owner, alone, now_ms, owner, *held),
    ).rowcount


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


def forget_since(db: sqlite3.Connection, reminder_id: int, since_ms: int) -> None:
    """Delete what was planned for later than that and never sent: it can be planned anew."""
    unsent = "state IN ('pending', 'expired', 'suppressed', 'dead')"
    db.execute(
        f"DELETE FROM delivery WHERE reminder_id = ? AND due > ? AND {unsent}",
        (reminder_id, since_ms),
    )


def drop_pending(db: sqlite3.Connection, reminder_id: int, outcome: str) -> int:
    """Suppress what is still to be sent of a reminder. Returns how many."""
    return db.execute(
        "UPDATE delivery SET state = 'suppressed', outcome = ? "
        "WHERE reminder_id = ? AND state = 'pending'",
        (outcome, reminder_id),
    ).rowcount


def next_try(db: sqlite3.Connection) -> int | None:
    """When the next pending delivery may be sent, in UTC ms."""
    row = db.execute("SELECT min(not_before) FROM delivery WHERE state = 'pending'").fetchone()
    return None if row[0] is None else int(row[0])
