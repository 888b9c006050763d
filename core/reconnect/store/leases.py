"""Leases: whoever delivers claims a delivery, and alone says what becomes of it meanwhile.

`claim` alone differs between SQLite and PostgreSQL.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from reconnect.store.delivery_history import COLUMNS, delivery_of
from reconnect.store.prompts_shown import ONE_MORE

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Collection, Iterable, Sequence

    from reconnect.model.reminder import Delivery, DeliveryState

_HELD = "id = ? AND state = 'leased' AND lease_by = ? AND attempts = ?"


def claim(
    db: sqlite3.Connection,
    *,
    owner: str,
    now_ms: int,
    lease_ms: int,
    limit: int,
    blocked: Collection[str] = (),
) -> list[Delivery]:
    """Take up to `limit` deliveries that may be sent now, the most urgent first.

    None on a channel that rests, or that is one of `blocked`.
    """
    if limit <= 0:
        return []
    rows = db.execute(
        "UPDATE delivery SET state = 'leased', lease_by = ?, lease_until = ?, begun = NULL, "
        "attempts = attempts + 1 WHERE id IN (SELECT id FROM delivery AS d "
        f"WHERE state = 'pending' AND not_before <= ? AND {_open_ones(blocked)} "
        "ORDER BY priority, not_before LIMIT ?"
        # PostgreSQL: FOR UPDATE SKIP LOCKED
        f") RETURNING {COLUMNS}, priority",
        (owner, now_ms + lease_ms, now_ms, *blocked, now_ms, limit),
    ).fetchall()
    found = [(row[-1], delivery_of(row[:-1])) for row in rows]
    # What is returned comes in any order.
    found.sort(key=lambda one: (one[0], one[1].not_before, one[1].id))
    return [delivery for _, delivery in found]


class Ack(NamedTuple):
    """What became of a claimed delivery, to be recorded. Instants are UTC ms.

    `not_before` is when it may be tried again, for the state pending; `rule` and `prompt` say which
    text was sent. `unsure`: it may have arrived. Not `burnt`: nothing was learnt from this attempt,
    and it does not count.
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
    unsure: bool = False
    burnt: bool = True


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
        "sent_at = coalesce(?, sent_at), unsure = unsure + ?, attempts = attempts - ? "
        f"WHERE {_HELD}",
        [
            (
                a.state, a.outcome, a.not_before, a.prompt,
                a.ended if a.state == "sent" else None, int(a.unsure), int(not a.burnt), *key,
            )
            for a, key in zip(acks, held, strict=True)
        ],
    )  # fmt: skip
    return max(0, cursor.rowcount)


def begin(
    db: sqlite3.Connection, owner: str, begun: Iterable[tuple[Delivery, str | None]], now_ms: int
) -> None:
    """Note, before anything is sent, that claimed deliveries are about to be, and their prompts.

    After a crash they are sent with the same words, and only what was begun may have arrived.
    """
    db.executemany(
        f"UPDATE delivery SET begun = ?, prompt = coalesce(?, prompt) WHERE {_HELD}",
        [(now_ms, prompt, d.id, owner, d.attempts) for d, prompt in begun],
    )


def give_back(db: sqlite3.Connection, deliveries: Iterable[Delivery], owner: str) -> None:
    """Return deliveries that were claimed but not begun, as if they never had been."""
    db.executemany(
        "UPDATE delivery SET state = 'pending', lease_by = NULL, lease_until = NULL, begun = NULL, "
        "attempts = attempts - 1 WHERE id = ? AND state = 'leased' AND lease_by = ?",
        [(delivery.id, owner) for delivery in deliveries],
    )


def free_leases(
    db: sqlite3.Connection,
    *,
    owner: str,
    held: Collection[int],
    alone: bool,
    now_ms: int,
    resend_ms: int,
) -> int:
    """Free what is claimed although nobody is at it. Returns how many of them were begun.

    What was begun may have arrived. It is sent once more, not before `resend_ms` from now, unless
    its outcome was unsure before: then it stays so. What was not begun is as if never claimed.

    Args:
        db: the open database.
        owner: this process.
        held: the numbers of the deliveries that it is at.
        alone: whether it is the only one, so that whatever another one claimed is free at once; if
            not, another one's lease holds until it runs out.
        now_ms: the present instant.
        resend_ms: how long what may have arrived is left alone.
    """
    marks = ", ".join("?" * len(held))
    nobodys = (
        "state = 'leased' AND ((lease_by <> ? AND (? OR lease_until <= ?))"
        f" OR (lease_by = ? AND id NOT IN ({marks})))"
    )
    whose = (owner, alone, now_ms, owner, *held)
    db.execute(
        "INSERT INTO attempt (delivery_id, n, started, ended, code) "
        f"SELECT id, attempts, begun, ?, 'interrupted' FROM delivery WHERE {nobodys} "
        "AND begun IS NOT NULL ON CONFLICT (delivery_id, n) DO NOTHING",
        (now_ms, *whose),
    )
    begun = db.execute(
        "UPDATE delivery SET state = CASE WHEN unsure > 0 THEN 'unknown' ELSE 'pending' END, "
        "outcome = 'interrupted', unsure = unsure + 1, lease_by = NULL, lease_until = NULL, "
        f"not_before = max(not_before, ?) WHERE {nobodys} AND begun IS NOT NULL",
        (now_ms + resend_ms, *whose),
    ).rowcount
    db.execute(
        "UPDATE delivery SET state = 'pending', attempts = attempts - 1, lease_by = NULL, "
        f"lease_until = NULL WHERE {nobodys}",
        whose,
    )
    return begun


def hold_resends(db: sqlite3.Connection, until_ms: int) -> None:
    """Let what may have arrived wait until then for its one resend.

    A process that is killed again and again must not spend it each time while it starts.
    """
    db.execute(
        "UPDATE delivery SET not_before = ? WHERE state = 'pending' AND unsure > 0 "
        "AND not_before < ?",
        (until_ms, until_ms),
    )


def not_in(blocked: Collection[str]) -> str:
    """The condition that a delivery `d` is on none of these channels; they are its parameters."""
    return f"d.channel NOT IN ({', '.join('?' * len(blocked))})"


def _open_ones(blocked: Collection[str]) -> str:
    return (
        f"{not_in(blocked)} AND NOT EXISTS (SELECT 1 FROM channel AS c "
        "WHERE c.person_id = d.person_id AND c.name = d.channel AND c.next_ok > ?)"
    )
