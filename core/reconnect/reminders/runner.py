"""The runner: one step plans, claims, hands over to the senders, and records what became of it."""

from __future__ import annotations

import logging
import sqlite3
from functools import cached_property
from typing import TYPE_CHECKING

from reconnect.clock import to_ms
from reconnect.reminders.claiming import Claimer
from reconnect.reminders.deliver import Sender
from reconnect.reminders.endings import Endings
from reconnect.reminders.fate import RESEND_MS
from reconnect.reminders.plan import come_back
from reconnect.reminders.prepare import Preparer
from reconnect.reminders.readying import Readying
from reconnect.reminders.routes import Router
from reconnect.reminders.senders import Job, Senders
from reconnect.reminders.standing import Standing
from reconnect.reminders.window import Window
from reconnect.store import leases, pending, runners
from reconnect.store.database import writing

if TYPE_CHECKING:
    import threading
    from collections.abc import Callable, Sequence
    from typing import TextIO

    from reconnect.clock import Clock
    from reconnect.config import Settings
    from reconnect.model.reminder import Delivery
    from reconnect.rules.registry import Registry
    from reconnect.store.leases import Ack

log = logging.getLogger("reconnect.delivery")

TICK_S = 1.0
"""How often the store is asked whether another process wrote to it (5 µs)."""

RESYNC_MS = 30_000
"""After so long everything is looked at again: what bounds lateness after a sleep or clock jump."""

WAKE_S = 60.0
"""The clock on the wall ran so far ahead of the measured seconds: the machine slept."""


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
        self._terminal = terminal
        self._preparer = Preparer(db, registry, settings)
        self._standing = Standing(db, self._now_ms)
        self._router = Router(db, settings, self._standing.off)
        self._claimer = Claimer(
            db,
            clock,
            settings,
            self._router,
            sender=lambda: self._sender,
            off=self._standing.off,
            owner=owner,
        )
        self._senders = Senders(
            settings().daemon.senders,
            lambda letter: self._sender.send(*letter),
            clock.monotonic,
            self._now_ms,
            wake.set,
        )
        self._endings = Endings(db, owner, self._claimer.lanes, self._standing, self._router, told)
        self._window = Window(self._senders)
        self._readying = Readying(self._preparer, self._standing, clock.monotonic)
        self._seen_version = -1
        self._next_at = 0
        self._looked_at = self._hand_over_at = 0
        self._drift = self._wall_minus_monotonic()
        self.looked_again = False
        now_ms = to_ms(clock.now())
        with writing(db):
            # This process holds the instance lock, so every other owner is gone.
            freed = leases.free_leases(
                db, owner=owner, held=(), alone=True, now_ms=now_ms, resend_ms=RESEND_MS
            )
            leases.hold_resends(db, now_ms + RESEND_MS)
            back = come_back(db, clock.now())
            pending.look_again(db)
        if back:
            log.warning("the clock was ahead: reminders=%d brought back", back)
        if freed:
            log.warning("interrupted deliveries=%d: sent once more, may arrive twice", freed)

    def step(self) -> float:
        """Do what is to be done now. Returns the seconds until the next step may be needed.

        What is claimed is prepared at once, but begun only with the next step: its prompt is stored
        before it is sent, so that after a crash the same words are sent again.
        """
        now_ms = self._now_ms()
        self._notice_sleep()
        self._gather()
        for result in self._readying.prepare(self._now_ms):
            self._endings.add(result)
        version = runners.data_version(self._db)
        changed = version != self._seen_version
        quiet = now_ms < self._next_at and 0 <= now_ms - self._looked_at < RESYNC_MS
        if quiet and not (changed or self._endings.kept or self._next_jobs()):
            self.looked_again = False
            return self._pause(now_ms)
        self.looked_again = True
        if changed:
            self._preparer.look_again()
            self._standing.look_again()
            if not self._window.held:
                self._preparer.forget()
        self._claimer.look()
        ready = self._next_jobs()
        try:
            with writing(self._db):
                self._endings.record()
                if now_ms >= self._hand_over_at or now_ms < self._looked_at:
                    self._standing.hand_over(self._router)
                    self._hand_over_at = now_ms + RESYNC_MS
                leases.begin(
                    self._db, self._owner, [(job.delivery, _prompt(job)) for job in ready],
                    now_ms,
                )  # fmt: skip
                room = self._window.to_claim(len(self._endings.kept))
                claimed, refused = self._claimer.claim(room)
                dead = [ack.delivery for ack, _ in refused if ack.state == "dead"]
                self._standing.step_in(self._router, dead, switched_off=False)
        except BaseException:
            self._standing.look_again()
            self._claimer.take_back()
            raise
        # From here on nothing may get lost on the way: what was claimed is held until it is begun.
        del self._readying.ready[: len(ready)]
        self._window.begun(job.delivery.id for job in ready)
        for job in ready:
            self._senders.submit(job)
        ended = self._endings.taken()
        self._window.ended(ack.delivery.id for ack, _ in ended)
        self._window.claimed(one.delivery.id for one in claimed)
        self._readying.add(claimed)
        self._next_at = self._when_next(now_ms)
        self._seen_version = version
        self._looked_at = now_ms
        for ack, habit in (*ended, *refused):
            self._endings.tell(ack, habit, self._preparer, self._registry)
        return self._pause(self._now_ms())

    def look_again(self) -> None:
        """Look at everything with the next step: something beside it wrote to the store."""
        self._standing.look_again()
        self._next_at = 0

    def take_up(self, registry: Registry) -> None:
        """Go on with other plugins."""
        self._registry = registry
        self._preparer.registry = registry

    def held(self) -> frozenset[int]:
        """The numbers of the deliveries that are claimed, and whose end is not recorded yet."""
        return frozenset(self._window.held)

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
        unbegun = self._readying.give_up()
        unbegun += [job.delivery for job in self._senders.unstarted()]
        while self._senders.under_way() and self._clock.monotonic() < until:
            if wait(0.05):
                break
        self._gather()
        self._record_last(unbegun, until, wait)
        for ack, habit in self._endings.taken():
            if self._clock.monotonic() < until:
                self._endings.tell(ack, habit, self._preparer, self._registry)
        clean = not self._senders.under_way() and not self._senders.stuck
        self._senders.close()
        return clean

    def _record_last(
        self, unbegun: Sequence[Delivery], until: float, wait: Callable[[float], object]
    ) -> None:
        while unbegun or self._endings.kept:
            try:
                with writing(self._db):
                    leases.give_back(self._db, unbegun, self._owner)
                    self._endings.record()
            except sqlite3.Error:
                self._standing.look_again()
                # Busy, or a full disk. What is not recorded is sent once more by the next process.
                if self._clock.monotonic() < until and not wait(0.2):
                    continue
                log.error(
                    "not recorded deliveries=%d: they may arrive twice", len(self._endings.kept)
                )
            return

    def _now_ms(self) -> int:
        return to_ms(self._clock.now())

    def _pause(self, now_ms: int) -> float:
        if self._readying.waiting or self._next_jobs():
            return 0.0
        again = self._senders.look()
        pause = max(0.0, min(TICK_S, (self._next_at - now_ms) / 1000))
        return pause if again is None else min(pause, again)

    def _next_jobs(self) -> list[Job]:
        """What may be begun now."""
        ended = (one.ack.delivery.id for one in self._endings.kept)
        return self._readying.ready[: self._window.to_begin(ended)]

    def _notice_sleep(self) -> None:
        drift = self._wall_minus_monotonic()
        if drift - self._drift > WAKE_S:
            log.info("the machine slept, or its clock was set ahead")
            self._claimer.lanes.wake_up()
            self._next_at = 0
        self._drift = drift

    def _wall_minus_monotonic(self) -> float:
        return self._clock.now().timestamp() - self._clock.monotonic()

    def _gather(self) -> None:
        """Decide what becomes of what has come to its end; it is kept until it is recorded."""
        deadline = self._settings().daemon.deadline_seconds
        for result in (*self._senders.results(), *self._senders.overdue(deadline)):
            self._endings.add(result)

    def _when_next(self, now_ms: int) -> int:
        # What waits only for a free sender is looked at when a result wakes us.
        if self._window.to_claim(0) <= 0:
            return now_ms + RESYNC_MS
        at = self._claimer.next_at(now_ms)
        return now_ms + RESYNC_MS if at is None else at

    @cached_property
    def _sender(self) -> Sender:
        """Made when it is needed: it imports Apprise."""
        return Sender(self._terminal)


def _prompt(job: Job) -> str | None:
    return job.message.prompt if job.message else None
