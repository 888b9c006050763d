"""What a channel's failures do to it: a rest that grows, or off where asking again is no use."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

import msgspec

from reconnect.reminders.outcomes import kind_of

if TYPE_CHECKING:
    from reconnect.reminders.outcomes import Outcome
    from reconnect.store.channels import ChannelState

REFUSALS = 3
"""So many refusals in a row that no second try changes switch a channel off."""

OFF_MS = 86_400_000
"""A channel that was switched off for its refusals is tried again after a day: it may be mended."""

BY_HAND = "switched-off"
"""The code of a channel that the person switched off: it stays off until they switch it on."""

FAILURES = 5
"""After so many failures in a row a channel rests, and one message at a time is tried then."""

REST_FIRST_MS = 30_000
REST_CAP_MS = 1_800_000
THROTTLED_MS = 60_000
"""How long a service is left alone that says "too many messages" and not for how long."""


def after(state: ChannelState, outcome: Outcome, ended: int) -> ChannelState:
    """How a channel stands after a send that ended at an instant (UTC ms)."""
    kind = kind_of(outcome.code)
    if kind == "accepted":
        if state.state == "on" and not (state.fail_streak or state.refusals or state.next_ok):
            return state
        # Also a channel that is off is on again: somebody mended it.
        since = ended if state.state == "off" else state.since
        # What was on its way when "too many messages" was said does not end the pause.
        pause = state.next_ok if kind_of(state.code or "") == "throttled" else 0
        return msgspec.structs.replace(
            state, state="on", fail_streak=0, refusals=0, next_ok=pause, since=since
        )
    if kind == "throttled":
        return msgspec.structs.replace(
            state, next_ok=ended + pause_ms(outcome), code=outcome.code, refusals=0
        )
    if kind not in ("permanent", "down", "unsure"):
        return state
    refusals = state.refusals + 1 if kind == "permanent" else 0
    streak = state.fail_streak + 1
    rest = 0
    if streak >= FAILURES:
        ceiling = min(REST_CAP_MS, REST_FIRST_MS * 2 ** min(streak - FAILURES, 10))
        rest = ended + random.randrange(ceiling // 2, ceiling + 1)  # noqa: S311 - no secret
    off = state.state == "off" or refusals >= REFUSALS
    return msgspec.structs.replace(
        state,
        state="off" if off else "on",
        since=ended if off else state.since,
        told=state.told and state.state == "off",
        fail_streak=streak,
        refusals=refusals,
        next_ok=rest,
        code=outcome.code,
    )


def is_off(state: ChannelState, now_ms: int) -> bool:
    """Whether a channel is off, and not to be tried at an instant (UTC ms)."""
    # A day from now it may have been switched off, too, by a clock that was far ahead.
    mended = state.code != BY_HAND and abs(now_ms - state.since) >= OFF_MS
    return state.state == "off" and not mended


def pause_ms(outcome: Outcome) -> int:
    """How long a service wants to be left alone: as it says, a minute where it does not."""
    known = outcome.retry_after_s
    return THROTTLED_MS if known is None else int(known * 1000)
