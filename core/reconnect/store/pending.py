"""Deliveries that wait: put off, moved, put aside for a newer one, or told of together."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

from reconnect.clock import to_ms
from reconnect.store.delivery_history import COLUMNS, delivery_of

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Sequence

    from reconnect.model.reminder import Delivery

DIGEST = 0
"""Stands for the reminder of a delivery that tells of several late ones."""

# What may have arrived already is sent once more by itself, under its own key.
_LATE = (
    "d.state = 'pending' AND d.late = 1 AND d.not_before <= ? AND d.text IS NULL "
    "AND d.unsure = 0 AND r.priority >= ? AND r.catchup <> 'all'"
)


class Crowd(NamedTuple):
    """A person and a channel for whom several late ones wait."""

    person_id: int
    channel: str


def of_person(db: sqlite3.Connection, person_id: int) -> list[Delivery]:
    """What is still to be sent to a person and not on its way."""
    rows = db.execute(
        f"SELECT {COLUMNS} FROM delivery WHERE state = 'pending' AND person_id = ?", (person_id,)
    )
    return [delivery_of(row) for row in rows]


def move(db: sqlite3.Connection, delivery: Delivery, due: datetime) -> None:
    """Let a pending delivery fall due at another instant; its window moves along.

    What was put off by quiet hours is looked at anew.
    """
    due_ms = to_ms(due)
    db.execute(
        "UPDATE delivery SET due = ?, expires_at = expires_at + ?, not_before = CASE "
        "WHEN outcome = 'quiet' OR not_before < ? THEN ? ELSE not_before END, "
        "late = CASE WHEN ? > due THEN 0 ELSE late END WHERE id = ? AND state = 'pending'",
        (due_ms, due_ms - to_ms(delivery.due), due_ms, due_ms, due_ms, delivery.id),
    )


class Deferred(NamedTuple):
    """A claimed delivery that is put off until an instant, and its new last instant."""

    delivery: Delivery
    until: datetime
    expires_at: datetime


def defer(db: sqlite3.Connection, deferred: Iterable[Deferred], owner: str) -> None:
    """Put claimed deliveries off until quiet hours end, as if they had not been claimed.

    Of one reminder only the newest goes on waiting, unless each is wanted.
    """
    for delivery, until, expires_at in deferred:
        db.execute(
            "UPDATE delivery SET state = 'pending', outcome = 'quiet', late = 1, not_before = ?, "
            "expires_at = ?, lease_by = NULL, lease_until = NULL, attempts = attempts - 1 "
            "WHERE id = ? AND state = 'leased' AND lease_by = ?",
            (to_ms(until), to_ms(expires_at), delivery.id, owner),
        )
        db.execute(
            "UPDATE delivery SET state = 'suppressed', outcome = 'coalesced' "
            "WHERE reminder_id = ? AND channel = ? AND state = 'pending' AND outcome = 'quiet' "
            "AND due < ? AND EXISTS (SELECT 1 FROM reminder AS r WHERE r.id = reminder_id "
            "AND r.catchup <> 'all')",
            (delivery.reminder_id, delivery.channel, to_ms(delivery.due)),
        )


def look_again(db: sqlite3.Connection) -> None:
    """Judge anew what quiet hours put off: they may be others now."""
    db.execute("UPDATE delivery SET not_before = due WHERE state = 'pending' AND outcome = 'quiet'")


def crowds(db: sqlite3.Connection, now_ms: int, above: int, priority: int) -> list[Crowd]:
    """Where more than `above` late reminders wait to be sent now.

    Those more urgent than `priority`, those with a text of their own, and those of which each is
    wanted come by themselves.
    """
    rows = db.execute(
        "SELECT d.person_id, d.channel FROM delivery AS d JOIN reminder AS r "
        f"ON r.id = d.reminder_id WHERE {_LATE} GROUP BY d.person_id, d.channel "
        "HAVING count(DISTINCT d.reminder_id) > ?",
        (now_ms, priority, above),
    )
    return [Crowd(*row) for row in rows]


def crowd(db: sqlite3.Connection, who: Crowd, now_ms: int, priority: int) -> list[Delivery]:
    """The late ones that wait there, oldest first."""
    columns = ", ".join(f"d.{name}" for name in COLUMNS.split(", "))
    rows = db.execute(
        f"SELECT {columns} FROM delivery AS d JOIN reminder AS r ON r.id = d.reminder_id "
        f"WHERE {_LATE} AND d.person_id = ? AND d.channel = ? ORDER BY d.due, d.id",
        (now_ms, priority, *who),
    )
    return [delivery_of(row) for row in rows]


def coalesce(db: sqlite3.Connection, idem_key: str, parts: Sequence[Delivery]) -> None:
    """Record what one delivery tells of: the one of that key."""
    (digest_id,) = db.execute("SELECT id FROM delivery WHERE idem_key = ?", (idem_key,)).fetchone()
    db.executemany(
        "UPDATE delivery SET state = 'suppressed', outcome = 'coalesced', digest_id = ? "
        "WHERE id = ? AND state = 'pending'",
        [(digest_id, part.id) for part in parts],
    )


def told_of(db: sqlite3.Connection, digest_id: int) -> list[str]:
    """The titles of the habits that a digest tells of; one that is there twice counts twice."""
    rows = db.execute(
        "SELECT h.title FROM delivery AS d JOIN habit AS h ON h.id = d.habit_id "
        "WHERE d.digest_id = ? ORDER BY d.due, d.id",
        (digest_id,),
    )
    return [title for (title,) in rows]


def occurrences_of(db: sqlite3.Connection, digest_id: int) -> list[tuple[int, datetime]]:
    """The occurrences that a digest tells of: the reminder and the nominal wall time of each."""
    rows = db.execute(
        "SELECT reminder_id, occ_wall FROM delivery WHERE digest_id = ?", (digest_id,)
    )
    return [(reminder, datetime.fromisoformat(wall)) for reminder, wall in rows]


def stuck(
    db: sqlite3.Connection, person_id: int, channel: str, now_ms: int, patience_ms: int
) -> list[int]:
    """The numbers of deliveries that have waited for a channel so long, or half their window.

    Not those that may have arrived, and not those that quiet hours put off.
    """
    rows = db.execute(
        "SELECT id FROM delivery WHERE state = 'pending' AND person_id = ? AND channel = ? "
        "AND unsure = 0 AND outcome IS NOT 'quiet' AND expires_at > ? "
        "AND ? - due >= min(?, (expires_at - due) / 2) ORDER BY due, id",
        (person_id, channel, now_ms, now_ms, patience_ms),
    )
    return [number for (number,) in rows]


def give_up(db: sqlite3.Connection, delivery_id: int, outcome: str) -> None:
    """Record that a delivery is not sent, because its channel fails: another one has got it."""
    db.execute(
        "UPDATE delivery SET state = 'dead', outcome = ? WHERE id = ? AND state = 'pending'",
        (outcome, delivery_id),
    )


def suppress(db: sqlite3.Connection, ids: Iterable[int], outcome: str) -> int:
    """Suppress deliveries that wait. Returns how many still did."""
    cursor = db.executemany(
        "UPDATE delivery SET state = 'suppressed', outcome = ? WHERE id = ? AND state = 'pending'",
        [(outcome, number) for number in ids],
    )
    return max(0, cursor.rowcount)
