"""How the channels stand: what failed is recorded, what is off is told, and another steps in."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

import msgspec

from reconnect.reminders import late
from reconnect.reminders.breaker import FAILURES, after, is_off
from reconnect.reminders.plan import idempotency_key
from reconnect.store import channels, deliveries, delivery_history, pending
from reconnect.store.channels import ChannelState

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Sequence

    from reconnect.model.reminder import Delivery
    from reconnect.reminders.outcomes import Outcome
    from reconnect.reminders.routes import Router

PATIENCE_MS = 1_800_000
"""So long a message waits for a channel that is down, or asks to be left alone; half its window
where that is less."""

log = logging.getLogger("reconnect.channels")


class Standing:
    """The channels' rows, kept in memory: on the path of a message that arrives nothing is written.

    Args:
        db: the open database.
        now_ms: the present instant, in UTC ms.
    """

    def __init__(self, db: sqlite3.Connection, now_ms: Callable[[], int]) -> None:
        """Nothing is read yet."""
        self._db = db
        self._now_ms = now_ms
        self._kept: dict[tuple[int, str], ChannelState] | None = None
        self._telling: set[tuple[int, str]] = set()

    def look_again(self) -> None:
        """Read anew: another process wrote, or what was written here was taken back."""
        self._kept = None

    def off(self, person_id: int) -> frozenset[str]:
        """The names of the person's channels that are off, and not to be tried yet."""
        now_ms, states = self._now_ms(), self._states.values()
        return frozenset(s.name for s in states if s.person_id == person_id and is_off(s, now_ms))

    def note(self, delivery: Delivery, lane: str, outcome: Outcome, ended: int) -> bool:
        """Record what a send says of its channel. Call it in a transaction.

        Returns:
            Whether this switched the channel off.
        """
        key = (delivery.person_id, delivery.channel)
        before = self._states.get(key) or ChannelState(person_id=key[0], name=key[1], lane=lane)
        now = after(before, outcome, ended)
        if now == before:
            return False
        self._save(msgspec.structs.replace(now, lane=lane))
        if now.state == before.state:
            return False
        log.warning("channel=%s state=%s code=%s", now.name, now.state, now.code)
        return now.state == "off"

    def step_in(self, router: Router, dead: Sequence[Delivery], *, switched_off: bool) -> int:
        """Let another channel carry what cannot be sent. Call it in a transaction.

        Args:
            router: knows the other channels.
            dead: deliveries that one channel refused.
            switched_off: whether it is off now: what still waits for it goes another way, too.

        Returns:
            How many deliveries another channel has got.
        """
        moved = 0
        for one in dead:
            moved += self._elsewhere(router, one)
        if switched_off and dead:
            person, channel = dead[0].person_id, dead[0].channel
            for number in deliveries.close_channel(self._db, person, channel):
                waiting = delivery_history.get(self._db, person, number)
                moved += waiting is not None and self._elsewhere(router, waiting)
        return moved

    def hand_over(self, router: Router) -> int:
        """Let another channel carry what has waited half an hour for one that keeps failing.

        What may have arrived already stays. Call it in a transaction. Returns how many were moved.
        """
        now_ms = self._now_ms()
        failing = [
            one for one in self._states.values()
            if one.state == "on" and (one.fail_streak >= FAILURES or one.next_ok > now_ms)
        ]  # fmt: skip
        moved = 0
        for one in failing:
            besides = [other.name for other in failing if other.person_id == one.person_id]
            for number in pending.stuck(self._db, one.person_id, one.name, now_ms, PATIENCE_MS):
                waiting = delivery_history.get(self._db, one.person_id, number)
                if waiting is not None and self._elsewhere(router, waiting, besides):
                    pending.give_up(self._db, number, one.code or "unknown")
                    moved += 1
        if moved:
            log.warning("channels=%d fail: another steps in, deliveries=%d", len(failing), moved)
        return moved

    def untold(self, person_id: int, channel: str) -> list[ChannelState]:
        """Channels that are off, of which the person is to hear on this one; each is told once."""
        found = [
            one for key, one in self._states.items()
            if one.state == "off" and not one.told and key[0] == person_id
            and one.name != channel and key not in self._telling
        ]  # fmt: skip
        self._telling.update((person_id, one.name) for one in found)
        return found

    def told(self, person_id: int, names: Sequence[str], *, arrived: bool) -> None:
        """The message that told of these channels arrived, or did not. Call it in a transaction."""
        for name in names:
            self._telling.discard((person_id, name))
            state = self._states.get((person_id, name))
            if arrived and state is not None:
                self._save(msgspec.structs.replace(state, told=True))

    def _elsewhere(self, router: Router, delivery: Delivery, besides: Sequence[str] = ()) -> bool:
        for name in router.instead_of(delivery.person_id, (delivery.channel, *besides)):
            key = idempotency_key(delivery.reminder_id, delivery.occ_wall, name)
            if delivery.reminder_id == pending.DIGEST:
                key = late.idempotency_key(pending.occurrences_of(self._db, delivery.id), name)
            if deliveries.reroute(self._db, delivery.id, name, key):
                return True
        return False

    @property
    def _states(self) -> dict[tuple[int, str], ChannelState]:
        if self._kept is None:
            self._kept = channels.states(self._db)
        return self._kept

    def _save(self, state: ChannelState) -> None:
        channels.save(self._db, state)
        self._states[state.person_id, state.name] = state


def notice(off: ChannelState) -> str:
    """What a message says of a channel that is off."""
    return (
        f"Your channel '{off.name}' does not take messages any more, so they come here: "
        "`reconnect channels` says why."
    )
