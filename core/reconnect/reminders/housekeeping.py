"""Housekeeping: what may run late or twice, because its state is in the database.

`schedule` is the ticker. It keeps time by the machine's clock and stands still when that is set
back, so the jobs are registered anew whenever the clock jumped, and each job asks the database
whether it is due. An exception in one of its jobs would starve those behind it: each is wrapped.
"""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import TYPE_CHECKING

import schedule

from reconnect.clock import to_ms
from reconnect.store import deliveries, people, runners
from reconnect.store.database import writing

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable

    from reconnect.clock import Clock

log = logging.getLogger("reconnect.housekeeping")

KEEP = timedelta(days=400)
"""How long finished deliveries stay on record: a year and a month."""

JUMP_S = 5.0


class Housekeeping:
    """The jobs beside sending.

    Args:
        db: the open database.
        clock: the time.
        boot_id: names this process.
    """

    def __init__(self, db: sqlite3.Connection, clock: Clock, boot_id: str) -> None:
        """Register the jobs."""
        self._db = db
        self._clock = clock
        self._boot_id = boot_id
        self._scheduler = schedule.Scheduler()
        self._drift = 0.0
        self._register()

    def run_pending(self) -> None:
        """Run what is due; register anew after a jump of the clock."""
        if abs(self._wall_minus_monotonic() - self._drift) > JUMP_S:
            log.info("the clock jumped: jobs are registered anew")
            self._register()
        self._scheduler.run_pending()

    def beat(self) -> None:
        """Note in the database that this process is alive."""
        with writing(self._db):
            runners.beat(self._db, self._boot_id, to_ms(self._clock.now()))

    def sweep(self) -> None:
        """Free leases that ran out, and record as expired what is too late to send."""
        now_ms = to_ms(self._clock.now())
        with writing(self._db):
            deliveries.free_leases(self._db, now_ms=now_ms, owner_alive=None, resend_ms=0)
            deliveries.expire(self._db, now_ms)

    def prune(self) -> None:
        """Forget deliveries and processes that are older than is kept."""
        now = self._clock.now()
        with writing(self._db):
            before = to_ms(now - KEEP)
            deliveries.prune(self._db, before)
            runners.prune(self._db, before)
            people.set_meta(self._db, "last_prune", now.isoformat())

    def _register(self) -> None:
        self._drift = self._wall_minus_monotonic()
        self._scheduler.clear()
        self._scheduler.every(30).seconds.do(self._wrapped, self.beat)
        self._scheduler.every(1).minutes.do(self._wrapped, self.sweep)
        self._scheduler.every(10).minutes.do(self._wrapped, self._prune_daily)
        self._wrapped(self.sweep)
        self._wrapped(self._prune_daily)

    def _prune_daily(self) -> None:
        from datetime import datetime

        last = people.get_meta(self._db, "last_prune")
        if last is None or self._clock.now() - datetime.fromisoformat(last) > timedelta(days=1):
            self.prune()

    def _wrapped(self, job: Callable[[], None]) -> None:
        try:
            job()
        except Exception as error:  # noqa: BLE001 - the next run mends it; other jobs go on
            log.warning("job=%s failed: %s", job.__name__, type(error).__name__)

    def _wall_minus_monotonic(self) -> float:
        return self._clock.now().timestamp() - self._clock.monotonic()
