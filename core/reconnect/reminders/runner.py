"""The runner: one step plans, claims, hands over to the senders, and records what became of it."""

from __future__ import annotations

import logging
import sqlite3
from collections import deque
from functools import partial
from typing import TYPE_CHECKING

from reconnect.clock import from_ms, to_ms
from reconnect.errors import ReconnectError
from reconnect.reminders.channels import default_names
from reconnect.reminders.deliver import Outcome
from reconnect.reminders.fate import fate
from reconnect.reminders.late import gather
from reconnect.reminders.plan import come_back, plan
from reconnect.reminders.policy import Policy
from reconnect.reminders.prepare import Claimed, Preparer
from reconnect.reminders.senders import Job, Result, Senders
from reconnect.rules.dispatch import after_delivery
from reconnect.rules.events import Delivered
from reconnect.store import deliveries, pending, reminders, runners
from reconnect.store.database import writing
from reconnect.store.deliveries import Ack

if TYPE_CHECKING:
    import threading
    from collections.abc import Callable, Sequence
    from typing import TextIO

    from reconnect.clock import Clock
    from reconnect.config import Settings
    from reconnect.model.habit import Habit
    from reconnect.model.reminder import Delivery, DeliveryState, Reminder
    from reconnect.rules.registry import Registry

log = logging.getLogger("reconnect.delivery")

TICK_S = 1.0
"""How often the store is asked whether another process wrote to it (5 µs)."""

RESYNC_MS = 30_000
"""After so long everything is looked at again: what bounds lateness after a sleep or clock jump."""

DAMAGED_MS = 3_600_000
"""How long a delivery is left alone whose habit cannot be read."""


class Runner:
    """Delivers for one process. Every method is called from one thread.

    Args:
        db: the open database.
        clock: the time.
        registry: the plugins.
        settings: asked at each step, so that a change of config.toml is taken up.
        owner: names this process in leases.
        wake: set when there is something to do before the waiting is over.
        terminal: where the channel terminal:// prints.
        told: called with what became of each delivery, once it is recorded.
    """

    def __init__(
        self,
        db: sqlite3.Connection,
        clock: Clock,
        registry: Registry,
        settings: Callable[[], Settings],
        *,
        owner: str,
        wake: threading.Event,
        terminal: TextIO | None = None,
        told: Callable[[Ack], None] | None = None,
    ) -> None:
        """Free what a process before this one left claimed; send nothing yet."""
        self._db = db
        self._clock = clock
        self._registry = registry
        self._settings = settings
        self._owner = owner
        self._told = told
        self._preparer = Preparer(db, registry, settings, terminal)
        self._senders = Senders(settings().daemon.senders, clock.monotonic, self._now_ms, wake.set)
        self._ended: list[tuple[Ack, Habit]] = []
        self._held: set[int] = set()
        self._to_begin: deque[Claimed] = deque()
        self._seen_version = -1
        self._next_at = 0
        self._looked_at = 0
        self.looked_again = False
        self._quiet = settings().quiet
        with writing(db):
            # This process holds the instance lock, so every other owner is gone.
            freed = deliveries.free_leases(db, owner=owner, held=(), alone=True)
            back = come_back(db, clock.now())
            pending.look_again(db)
        if back:
            log.warning("the clock was ahead: reminders=%d brought back", back)
        if freed:
            log.warning("interrupted deliveries=%d: sent once more, may arrive twice", freed)

    def step(self) -> float:
        """Do what is to be done now. Returns the seconds until the next step may be needed."""
        now_ms = self._now_ms()
        self._gather(now_ms)
        self._begin()
        version = runners.data_version(self._db)
        changed = version != self._seen_version
        quiet = now_ms < self._next_at and 0 <= now_ms - self._looked_at < RESYNC_MS
        if quiet and not changed and not self._ended:
            self.looked_again = False
            return self._pause(now_ms)
        self.looked_again = True
        if changed:
            self._preparer.look_again()
            if not self._held:
                self._preparer.forget()
        room = 2 * self._senders.count - len(self._held) + len(self._ended)
        with writing(self._db):
            deliveries.acknowledge(self._db, self._owner, [ack for ack, _ in self._ended])
            claimed, refused = self._claim(room)
        # From here on nothing may get lost on the way: what was claimed is held until it is begun.
        ended, self._ended = [*self._ended, *refused], []
        self._held.difference_update(ack.delivery.id for ack, _ in ended)
        self._held.update(one.delivery.id for one in claimed)
        self._to_begin.extend(claimed)
        self._begin()
        self._next_at = self._when_next(now_ms)
        self._seen_version = version
        self._looked_at = now_ms
        for ack, habit in ended:
            self._tell(ack, habit)
        return self._pause(self._now_ms())

    def look_again(self) -> None:
        """Look at everything with the next step: something beside it wrote to the store."""
        self._next_at = 0

    def take_up(self, registry: Registry) -> None:
        """Go on with other plugins."""
        self._registry = registry
        self._preparer.registry = registry

    def held(self) -> frozenset[int]:
        """The numbers of the deliveries that are claimed, and whose end is not recorded yet."""
        return frozenset(self._held)

    def finish(self, seconds: float, wait: Callable[[float], object]) -> bool:
        """Stop: give back what was not begun, wait for what is under way, record it.

        Args:
            seconds: how long to wait at most.
            wait: waits for so many seconds; a true answer means: no longer.

        Returns:
            Whether all that was under way came to its end. If not, its outcome is unknown, and the
            process must leave without waiting for its threads.
        """
        until = self._clock.monotonic() + seconds
        unbegun = [*(one.delivery for one in self._to_begin)]
        unbegun += [job.delivery for job in self._senders.unstarted()]
        self._to_begin.clear()
        while self._senders.under_way() and self._clock.monotonic() < until:
            if wait(0.05):
                break
        self._gather(self._now_ms())
        self._record_last(unbegun, until, wait)
        for ack, habit in self._ended:
            if self._clock.monotonic() < until:
                self._tell(ack, habit)
        self._senders.close()
        return not self._senders.under_way() and not self._senders.stuck

    def _record_last(
        self, unbegun: Sequence[Delivery], until: float, wait: Callable[[float], object]
    ) -> None:
        while True:
            try:
                with writing(self._db):
                    deliveries.give_back(self._db, unbegun, self._owner)
                    deliveries.acknowledge(self._db, self._owner, [ack for ack, _ in self._ended])
            except sqlite3.Error:
                # Busy, or a full disk. What is not recorded is sent once more by the next process.
                if self._clock.monotonic() < until and not wait(0.2):
                    continue
                log.error("not recorded deliveries=%d: they may arrive twice", len(self._ended))
            return

    def _now_ms(self) -> int:
        return to_ms(self._clock.now())

    def _pause(self, now_ms: int) -> float:
        return max(0.0, min(TICK_S, (self._next_at - now_ms) / 1000))

    def _gather(self, now_ms: int) -> None:
        """Decide what becomes of what has come to its end; it is kept until it is recorded."""
        deadline = self._settings().daemon.deadline_seconds
        results = self._senders.results()
        for job in self._senders.overdue(deadline):
            results.append(Result(job, Outcome(False, "unknown"), now_ms, now_ms))
        self._ended += [(fate(result), result.job.habit) for result in results]

    def _claim(self, room: int) -> tuple[list[Claimed], list[tuple[Ack, Habit]]]:
        """Plan and claim, inside the transaction; what policy objects to is recorded at once."""
        now = self._clock.now()
        now_ms = to_ms(now)
        first = reminders.first_due(self._db)
        if first is not None and first <= now_ms:
            plan(self._db, now, self._channels_of)
        settings = self._settings()
        if settings.quiet != self._quiet:
            pending.look_again(self._db)
            self._quiet = settings.quiet
        gather(self._db, now, settings)
        lease_s = settings.daemon.deadline_seconds + 60
        claimed = deliveries.claim(
            self._db, owner=self._owner, now_ms=now_ms, lease_ms=lease_s * 1000, limit=room
        )
        policy = Policy(self._db, now, settings, claimed)
        wanted: list[Claimed] = []
        refused: list[tuple[Ack, Habit]] = []
        damaged: list[Ack] = []
        put_off: list[pending.Deferred] = []
        for delivery in claimed:
            try:
                habit = policy.habit(delivery.habit_id)
                objection, until = policy.judge(delivery)
            except (ValueError, LookupError, ReconnectError) as error:
                # A habit or person that cannot be read must not keep the others from being sent.
                log.error("delivery=%d cannot be judged: %s", delivery.id, type(error).__name__)
                damaged.append(
                    Ack(delivery, "pending", "damaged", now_ms, now_ms, now_ms + DAMAGED_MS)
                )
                continue
            if until is not None:
                put_off.append(policy.put_off(delivery, until))
            elif objection is None:
                person = policy.person(delivery.person_id)
                wanted.append(Claimed(delivery, policy.role(delivery), person, habit))
            else:
                late = objection == "too-late"
                state: DeliveryState = "expired" if late else "suppressed"
                # Of one that was tried, why it did not go says more than that it is late by now.
                why = (late and delivery.outcome) or objection
                ack = Ack(delivery, state, why, now_ms, now_ms, tried=False)
                refused.append((ack, habit))
        pending.defer(self._db, put_off, self._owner)
        deliveries.acknowledge(self._db, self._owner, [*(ack for ack, _ in refused), *damaged])
        return wanted, refused

    def _when_next(self, now_ms: int) -> int:
        # What waits only for a free sender is looked at when one is free: its result wakes us.
        if len(self._held) >= 2 * self._senders.count:
            return now_ms + RESYNC_MS
        waiting = (reminders.first_due(self._db), deliveries.next_try(self._db))
        return min((at for at in waiting if at is not None), default=now_ms + RESYNC_MS)

    def _channels_of(self, reminder: Reminder) -> Sequence[str]:
        return reminder.channels or default_names(self._settings())

    def _begin(self) -> None:
        """Hand over what was claimed to the senders."""
        while self._to_begin:
            claimed = self._to_begin[0]
            ready = self._preparer.prepare(claimed)
            if isinstance(ready, Job):
                self._senders.submit(ready)
            else:
                now_ms = self._now_ms()
                job = Job(claimed.delivery, claimed.habit, None, partial(Outcome, *ready))
                self._senders.put_result(Result(job, ready, now_ms, now_ms))
            # What raises (a busy database) stays first in the row, for the next step.
            self._to_begin.popleft()

    def _tell(self, ack: Ack, habit: Habit) -> None:
        """Log what became of a delivery, and let the plugins hear of its end."""
        delivery = ack.delivery
        if ack.state == "sent" and ack.prompt is not None:
            self._preparer.was_shown(habit, from_ms(ack.ended))
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
                self._registry,
                Delivered(
                    rule=habit.rule,
                    habit=habit.name,
                    due=delivery.due,
                    state=ack.state,
                    outcome=ack.outcome,
                ),
            )
