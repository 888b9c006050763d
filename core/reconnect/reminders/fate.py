"""What becomes of a delivery after a send: done, tried again later, or given up with its reason."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

from reconnect.clock import to_ms
from reconnect.store.deliveries import Ack

if TYPE_CHECKING:
    from reconnect.model.reminder import DeliveryState
    from reconnect.reminders.senders import Result

RESEND_MS = 60_000
"""How long to wait before a delivery of unknown outcome is sent once more."""

RETRY_FIRST_MS = 15_000
RETRY_CAP_MS = 1_800_000
HOPELESS = frozenset({"bad-url", "no-such-channel", "creates-nothing"})
"""Codes that no second try can change."""

UNWANTED = frozenset({"vetoed", "not-due"})
"""Codes with which a plugin said that it is not to be sent."""

UNSURE = frozenset({"unknown", "timeout", "cut-off"})
"""Codes after which it may have arrived all the same: it is sent once more, not for ever."""


def fate(result: Result) -> Ack:
    """Decide once what is recorded of a result.

    What failed is tried again after a random part of 15 s times 2 for each attempt, at most half an
    hour, so that many that failed together do not come back together; until it expires. Where it
    is not known whether it arrived, it is sent once more a minute later, and then left at that.
    """
    delivery, outcome, message = result.job.delivery, result.outcome, result.job.message
    state: DeliveryState = "pending"
    again: int | None = None
    if outcome.accepted:
        state = "sent"
    elif outcome.code in UNWANTED:
        state = "suppressed"
    elif outcome.code in HOPELESS:
        state = "dead"
    elif outcome.code in UNSURE and delivery.outcome in UNSURE:
        state = "unknown"
    else:
        if outcome.code in UNSURE:
            again = result.ended + RESEND_MS
        else:
            doublings = min(delivery.attempts - 1, 10)
            ceiling = min(RETRY_CAP_MS, RETRY_FIRST_MS * 2**doublings)
            again = result.ended + random.randrange(1000, ceiling + 1)  # noqa: S311 - no secret
        if again >= to_ms(delivery.expires_at):
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
    )
