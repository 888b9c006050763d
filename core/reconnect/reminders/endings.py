"""Endings: what became of deliveries, kept until it is recorded, then told."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, NamedTuple

from reconnect.clock import from_ms
from reconnect.reminders.breaker import pause_ms
from reconnect.reminders.fate import fate
from reconnect.rules.dispatch import after_delivery
from reconnect.rules.events import Delivered
from reconnect.store import leases

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable

    from reconnect.model.habit import Habit
    from reconnect.reminders.lanes import Lanes
    from reconnect.reminders.prepare import Preparer
    from reconnect.reminders.routes import Router
    from reconnect.reminders.senders import Result
    from reconnect.reminders.standing import Standing
    from reconnect.rules.registry import Registry
    from reconnect.store.leases import Ack

log = logging.getLogger("reconnect.delivery")


class Ending(NamedTuple):
    """A result, and what is recorded of it."""

    ack: Ack
    result: Result


class Endings:
    """What has come to its end in this process, and is not recorded yet.

    Args:
        db: the open database.
        owner: names this process in leases.
        lanes: where each delivery went.
        standing: how the channels stand.
        router: knows the other channels.
        told: called with what became of each delivery, once it is recorded.
    """

    def __init__(
        self,
        db: sqlite3.Connection,
        owner: str,
        lanes: Lanes,
        standing: Standing,
        router: Router,
        told: Callable[[Ack], None] | None,
    ) -> None:
        """Nothing has ended yet."""
        self._db = db
        self._owner = owner
        self._lanes = lanes
        self._standing = standing
        self._router = router
        self._told = told
        self.kept: list[Ending] = []

    def add(self, result: Result) -> None:
        """Decide what becomes of a delivery, and let its lane go on."""
        self.kept.append(Ending(fate(result), result))
        outcome = result.outcome
        self._lanes.leave(result.job.lane, outcome, pause_ms(outcome))

    def record(self) -> None:
        """Record what is kept, and what it says of the channels. Call it in a transaction."""
        leases.acknowledge(self._db, self._owner, [one.ack for one in self.kept])
        for ack, result in self.kept:
            delivery, job = ack.delivery, result.job
            # Without a letter nothing was asked of the channel.
            off = job.letter is not None and self._standing.note(
                delivery, job.lane, result.outcome, result.ended
            )
            # What cannot be sent there in time is not lost; what may have arrived is not doubled.
            in_vain = ack.state == "expired" and not (ack.unsure or delivery.unsure)
            if ack.state == "dead" or in_vain:
                moved = self._standing.step_in(self._router, [delivery], switched_off=off)
                if moved:
                    log.info("channel=%s another steps in, deliveries=%d", delivery.channel, moved)
            if job.told:
                arrived = ack.state == "sent"
                self._standing.told(delivery.person_id, job.told, arrived=arrived)

    def taken(self) -> list[tuple[Ack, Habit]]:
        """Let go of what was recorded; what is to be told of it."""
        kept, self.kept = self.kept, []
        return [(ack, result.job.habit) for ack, result in kept]

    def tell(self, ack: Ack, habit: Habit, preparer: Preparer, registry: Registry) -> None:
        """Log what became of a delivery, and let the plugins hear of its end."""
        delivery = ack.delivery
        if ack.state == "sent" and ack.prompt is not None:
            preparer.was_shown(habit, from_ms(ack.ended))
        log.log(
            logging.INFO if ack.state in ("sent", "suppressed") else logging.WARNING,
            "delivery=%d reminder=%d channel=%s state=%s code=%s attempt=%d",
            delivery.id, delivery.reminder_id, delivery.channel, ack.state, ack.outcome,
            delivery.attempts,
        )  # fmt: skip
        if self._told is not None:
            self._told(ack)
        if ack.state != "pending":
            after_delivery(
                registry,
                Delivered(
                    rule=habit.rule,
                    habit=habit.name,
                    due=delivery.due,
                    state=ack.state,
                    outcome=ack.outcome,
                ),
            )
