"""Housekeeping: what may run late or twice, because its state is in the database.

`schedule` is the ticker. It keeps time by the machine's clock on the wall and stands still when
that is set back, in the autumn too. So the jobs are registered anew whenever the clock jumped, and
each job asks the database whether it is due. An exception in one of its jobs would starve those
behind it: each is wrapped.
"""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import schedule

from reconnect.clock import machine_offset, to_ms
from reconnect.reminders.fading import look
from reconnect.reminders.fate import RESEND_MS, RETRY_CAP_MS
from reconnect.reminders.follow import follow_settings
from reconnect.reminders.plan import come_back
from reconnect.reminders.zonedata import follow_zone_data
from reconnect.store import channels, deliveries, delivery_history, leases, people, runners
from reconnect.store.database import writing

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Collection

    from reconnect.clock import Clock
    from reconnect.config import Settings

log = logging.getLogger("reconnect.housekeeping")

KEEP = timedelta(days=400)
"""How long finished deliveries stay on record: a year and a month."""

FORGET = timedelta(days=1)
"""So much of the oldest at once: a clock that is years ahead for an hour takes little away."""

REST_MOST_MS = 86_400_000
"""No channel rests longer than a day, whatever its service asks and the clock does."""

JUMP_S = 5.0


class Housekeeping:
    """The jobs beside sending.

    Args:
        db: the open database.
        clock: the time.
        boot_id: names this process.
        settings: asked each time, so that a change of config.toml is taken up.
        held: the numbers of the deliveries that this process is at.
        ping: a job of the daemon's own, run every minute.
    """

    def __init__(
        self,
        db: sqlite3.Connection,
        clock: Clock,
        boot_id: str,
        settings: Callable[[], Settings],
        held: Callable[[], Collection[int]],
        ping: Callable[[], None] | None = None,
    ) -> None:
        """Register the jobs, and do what is due at a start."""
        self._db = db
        self._clock = clock
        self._boot_id = boot_id
        self._settings = settings
        self._held = held
        extra = [ping] if ping else []
        self._each_minute = [
            self.follow,
            self.zones,
            self.sweep,
            self.fade,
            self._prune_daily,
            *extra,
        ]
        self._scheduler = schedule.Scheduler()
        self._drift = self._set_back = 0.0
        self._offset = 0
        self._zones_hour: int | None = None
        self._register()

    def run_pending(self) -> None:
        """Run what is due; register anew after a jump of the clock."""
        jump = self._wall_minus_monotonic() - self._drift
        if abs(jump) > JUMP_S:
            log.info("the clock jumped: jobs are registered anew")
            self._set_back = max(0.0, -jump)
            self._register()
            self._wrapped(self.come_back)
        elif machine_offset() != self._offset:
            log.info("the machine's clocks were put forward or back: jobs are registered anew")
            self._register()
        self._scheduler.run_pending()

    def come_back(self) -> None:
        """Bring back what a clock ahead has moved past now: reminders, and the end of rests."""
        now = self._clock.now()
        with writing(self._db):
            back = come_back(self._db, now)
            channels.hasten_by(self._db, to_ms(now), int(self._set_back * 1000))
        if back:
            log.warning("the clock was ahead: reminders=%d brought back", back)

    def beat(self) -> None:
        """Note in the database that this process is alive."""
        with writing(self._db):
            runners.tick(self._db, self._boot_id, to_ms(self._clock.now()))

    def sweep(self) -> None:
        """Free what nobody is at, hasten what waits too long, and record what is too late."""
        now_ms = to_ms(self._clock.now())
        with writing(self._db):
            leases.free_leases(
                self._db, owner=self._boot_id, held=self._held(), alone=True, now_ms=now_ms,
                resend_ms=RESEND_MS,
            )  # fmt: skip
            deliveries.hasten(self._db, now_ms, RETRY_CAP_MS)
            channels.hasten(self._db, now_ms, REST_MOST_MS)
            deliveries.expire(self._db, now_ms)

    def follow(self) -> None:
        """Bring the person's name, zone and start of day into the database.

        A machine that travels, or an edit of config.toml, moves the reminders with it.
        """
        follow_settings(self._db, self._settings(), self._clock.now())

    def zones(self) -> None:
        """Take up a time zone database that the system brought up to date."""
        hour = int(self._clock.monotonic() // 3600)
        if hour != self._zones_hour:
            follow_zone_data(self._db)
            self._zones_hour = hour

    def fade(self) -> None:
        """Ask, once a day, whether a habit runs by itself, and bring back what slumped."""
        look(self._db, self._clock.now(), self._settings())

    def prune(self) -> None:
        """Forget deliveries and processes that are older than is kept."""
        now, last = self._clock.now(), self._last_prune()
        if last is not None and last <= now:
            now = min(now, last + FORGET)
        with writing(self._db):
            before = to_ms(now - KEEP)
            delivery_history.prune(self._db, before)
            runners.prune(self._db, before)
            people.set_meta(self._db, "last_prune", now.isoformat())

    def _register(self) -> None:
        self._drift, self._offset = self._wall_minus_monotonic(), machine_offset()
        self._scheduler.clear()
        self._scheduler.every(30).seconds.do(self._wrapped, self.beat)
        self._wrapped(self.beat)
        for job in self._each_minute:
            self._scheduler.every(1).minutes.do(self._wrapped, job)
            self._wrapped(job)

    def _prune_daily(self) -> None:
        last = self._last_prune()
        # Before the last time: the clock was ahead of it then.
        if last is None or not timedelta(0) <= self._clock.now() - last < FORGET:
            self.prune()

    def _last_prune(self) -> datetime | None:
        last = people.get_meta(self._db, "last_prune")
        return datetime.fromisoformat(last) if last else None

    def _wrapped(self, job: Callable[[], None]) -> None:
        try:
            job()
        except Exception as error:  # noqa: BLE001 - the next run mends it; other jobs go on
            log.warning("job=%s failed: %s", job.__name__, type(error).__name__)

    def _wall_minus_monotonic(self) -> float:
        return self._clock.now().timestamp() - self._clock.monotonic()
