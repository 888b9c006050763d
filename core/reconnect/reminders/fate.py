"""What becomes of a delivery after a send: done, tried again later, or given up with its reason."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

from reconnect.clock import to_ms
from reconnect.reminders.breaker import THROTTLED_MS, pause_ms
from reconnect.reminders.outcomes import kind_of
from reconnect.store.leases import Ack

if TYPE_CHECKING:
    from reconnect.model.reminder import DeliveryState
    from reconnect.reminders.senders import Result

RESEND_MS = 60_000
"""How long to wait before a delivery of unsure outcome is sent once more."""

RETRY_FIRST_MS = 15_000
RETRY_CAP_MS = 1_800_000
OFFLINE_MS = 2_000
"""Without a network a delivery waits for the next probe, which its lane decides."""


def fate(result: Result) -> Ack:
    """Decide once what is recorded of a result, by the class of its code.

    - Refused for good: dead.
    - Too many messages: after the pause that the service asks for; where it asks for none, again
      and again, after one that grows to a minute.
    - Down: after a random part of 15 s times 2 for each attempt, at most half an hour, so that many
      that failed together do not come back together; until it expires. Not before the service asks
      for it (503 with Retry-After), if that is within the half hour.
    - Unsure whether it arrived: once more a minute later. Whatever comes between, what is unsure a
      second time is left at that.
    - No network: when there is one; it does not count as an attempt.
    """
    delivery, outcome, message = result.job.delivery, result.outcome, result.job.message
    kind = kind_of(outcome.code)
    state: DeliveryState = "pending"
    again: int | None = None
    if kind == "accepted":
        state = "sent"
    elif kind == "unwanted":
        state = "suppressed"
    elif kind == "permanent":
        state = "dead"
    elif kind == "unsure" and delivery.unsure:
        state = "unknown"
    elif kind == "unsure":
        again = result.ended + RESEND_MS
    elif kind == "throttled":
        asked, least = pause_ms(outcome), 1000 * 2 ** min(delivery.attempts - 1, 10)
        again = result.ended + max(asked, min(THROTTLED_MS, least))
    elif kind == "offline":
        again = result.ended + OFFLINE_MS
    else:
        doublings = min(delivery.attempts - 1, 10)
        ceiling = min(RETRY_CAP_MS, RETRY_FIRST_MS * 2**doublings)
        wait = random.randrange(1000, ceiling + 1)  # noqa: S311 - no secret
        asked = int((outcome.retry_after_s or 0) * 1000)
        again = result.ended + max(wait, min(RETRY_CAP_MS, asked))
    if again is not None and again >= to_ms(delivery.expires_at):
        state, again = "expired", None
    return Ack(
        delivery=delivery,
        state=state,
        outcome=outcome.code,
        started=result.started,
        ended=result.ended,
        not_before=again,
        rule=message.rule if message else None,
        prompt=message.prompt if message else None,
        tried=kind != "offline",
        burnt=kind != "offline",
        unsure=kind == "unsure",
    )
