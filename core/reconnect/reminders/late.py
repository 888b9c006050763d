"""Late ones: where several wait after a sleep or the quiet hours, one message tells of them."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from reconnect.clock import to_ms
from reconnect.digest import sha256
from reconnect.errors import ReconnectError
from reconnect.recurrence import to_wall
from reconnect.reminders.policy import Policy, Verdict
from reconnect.store import deliveries, pending

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable
    from datetime import datetime

    from reconnect.config import Settings
    from reconnect.model.reminder import Delivery

NORMAL = 50
"""The priority of a reminder that nobody gave one: 0 is the most urgent, 99 the least."""

log = logging.getLogger("reconnect.late")


def gather(db: sqlite3.Connection, now: datetime, settings: Settings) -> int:
    """Make one delivery of more than a few late ones. Call it inside a transaction, before a claim.

    Only those count that would be sent: what is done or paused meanwhile is left to be recorded
    with its own reason. A reminder more urgent than usual, and a promise, come by themselves.

    Args:
        db: the open database, in a transaction that holds the write lock.
        now: the present instant.
        settings: from how many on, and quiet hours.

    Returns:
        How many digests were made.
    """
    made = 0
    above = settings.reminders.digest_above
    for who in pending.crowds(db, to_ms(now), above, NORMAL):
        waiting = pending.crowd(db, who, to_ms(now), NORMAL)
        policy = Policy(db, now, settings, waiting)
        parts = [delivery for delivery in waiting if _may_be_sent(policy, delivery)]
        if len({part.reminder_id for part in parts}) <= above:
            continue
        key = idempotency_key(((p.reminder_id, p.occ_wall) for p in parts), who.channel)
        digest = deliveries.Planned(
            idem_key=key,
            person_id=who.person_id,
            reminder_id=pending.DIGEST,
            habit_id=parts[0].habit_id,
            occ_wall=to_wall(now, policy.person(who.person_id).tzid).replace(microsecond=0),
            due=now,
            channel=who.channel,
            priority=NORMAL,
            state="pending",
            expires_at=max(part.expires_at for part in parts),
        )
        deliveries.insert(db, [digest])
        pending.coalesce(db, key, parts)
        made += 1
    return made


def _may_be_sent(policy: Policy, delivery: Delivery) -> bool:
    try:
        return policy.judge(delivery) == Verdict()
    except (ValueError, LookupError, ReconnectError) as error:
        log.error("delivery=%d cannot be judged: %s", delivery.id, type(error).__name__)
        return False


def idempotency_key(parts: Iterable[tuple[int, datetime]], channel: str) -> str:
    """Made from the occurrences that it tells of: on one channel it is one, however it got there.

    Args:
        parts: the reminder and the nominal wall time of each.
        channel: where it goes.
    """
    occurrences = sorted(f"{reminder}|{wall.isoformat()}" for reminder, wall in parts)
    content = "|".join(["digest", *occurrences, channel])
    return sha256(content.encode()).hexdigest()[:32]
