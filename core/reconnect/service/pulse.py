"""The daemon's pulse: it is told only while the loop moves and the database answers."""

from __future__ import annotations

import os
import sqlite3
from collections import Counter
from contextlib import suppress
from typing import TYPE_CHECKING

from reconnect.service.health import HealthPing
from reconnect.service.notify import Notifier
from reconnect.store import runners

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from reconnect.clock import Clock
    from reconnect.config import Settings
    from reconnect.store.leases import Ack

STATUS_S = 30.0
"""How often the status is told where nobody watches."""


class Pulse:
    """Tells the service manager, and the address of `health_url`, that the daemon is well.

    Every method is called from the thread of the loop.

    Args:
        db: the open database.
        clock: the time.
        settings: asked each time, so that a change of config.toml is taken up.
        told: called with what became of each delivery, as `Pulse.told` is.
        environment: where the service manager says how to reach it; this process's when None.
    """

    def __init__(
        self,
        db: sqlite3.Connection,
        clock: Clock,
        settings: Callable[[], Settings],
        told: Callable[[Ack], None] | None = None,
        environment: Mapping[str, str] | None = None,
    ) -> None:
        """Nothing is told yet."""
        self._db = db
        self._clock = clock
        self._told = told
        self._notifier = Notifier(os.environ if environment is None else environment)
        self._health = HealthPing(clock, settings)
        self._counts: Counter[str] = Counter()
        self._last = 0.0
        self._well = False

    def told(self, ack: Ack) -> None:
        """Count what became of a delivery."""
        self._counts[ack.state] += 1
        if self._told is not None:
            self._told(ack)

    def ready(self) -> None:
        """The database answered, and everything is loaded."""
        self._well = True
        self._last = self._clock.monotonic()
        self._notifier.tell("READY=1", self._status())
        with suppress(sqlite3.Error):
            self.ping()

    def beat(self) -> None:
        """The loop came round. A third of what the watchdog waits for lies between two signs.

        Raises:
            sqlite3.Error: the database does not answer; then no sign is given.
        """
        self._well = True
        if not self._notifier.heard:
            return
        every = (self._notifier.watchdog_s or 3 * STATUS_S) / 3
        if self._clock.monotonic() - self._last < every:
            return
        self._ask_database()
        self._last = self._clock.monotonic()
        alive = ["WATCHDOG=1"] if self._notifier.watchdog_s else []
        self._notifier.tell(*alive, self._status())

    def falters(self) -> None:
        """The loop could not do its work this time."""
        self._well = False

    def ping(self) -> None:
        """Let the address of `health_url` know, if it is time and all is well.

        Raises:
            sqlite3.Error: the database does not answer; then nobody is told that all is well.
        """
        if self._well and self._health.due():
            self._ask_database()
            self._health.ping()

    def stopping(self) -> None:
        """The loop has ended; what is under way is waited for."""
        self._notifier.tell("STOPPING=1", self._status())

    def _ask_database(self) -> None:
        # A quiet turn of the loop reads a number that SQLite keeps in memory. This asks the file,
        # and waits for its lock as a reminder would.
        self._well = False
        runners.answers(self._db)
        self._well = True

    def _status(self) -> str:
        # Numbers alone: who is reminded of what is nobody's business here.
        sent, later = self._counts["sent"], self._counts["pending"]
        lost = sum(self._counts[state] for state in ("expired", "dead", "unknown"))
        return f"STATUS=Since the start: {sent} sent, {later} to be tried again, {lost} not sent"
