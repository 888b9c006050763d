"""The daemon: one process that sends reminders until it is asked to stop."""

from __future__ import annotations

import logging
import os
import signal
import sqlite3
import threading
from typing import TYPE_CHECKING, NamedTuple
from uuid import uuid4

from reconnect import __version__
from reconnect.clock import from_ms, to_ms
from reconnect.config import Settings, load_settings
from reconnect.errors import ReconnectError
from reconnect.lock import InstanceLock
from reconnect.store import deliveries, reminders, runners
from reconnect.store.database import open_database, writing

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime
    from types import FrameType
    from typing import TextIO

    from reconnect.clock import Clock
    from reconnect.paths import Paths

log = logging.getLogger("reconnect.daemon")

STOP_S = 10.0
"""How long a stop waits for sends that are under way."""

_TROUBLE_CAP_S = 30.0


class Status(NamedTuple):
    """What is known of the daemon. Instants are UTC; `next_due` is the next reminder of anybody."""

    running: bool
    runner: runners.Runner | None
    next_due: datetime | None
    counts: dict[str, int]


class Daemon:
    """The loop around the runner.

    Args:
        paths: where everything is.
        clock: the time.
        terminal: where the channel terminal:// prints; stdout when None.
    """

    def __init__(self, paths: Paths, clock: Clock, *, terminal: TextIO | None = None) -> None:
        """Nothing is opened yet."""
        self._paths = paths
        self._clock = clock
        self._terminal = terminal
        self._wake = threading.Event()
        self._stopping = False
        self._settings = _Settings(paths.config)
        self._lock = InstanceLock(paths.lock)

    def run(self, *, on_ready: Callable[[], None] | None = None) -> int:
        """Send reminders until SIGTERM, SIGINT or `daemon stop`. Call it from the main thread.

        Returns:
            The exit code. Where a send hangs, the process is left at once instead.

        Raises:
            LockedError: another daemon runs.
            ReconnectError: the database or the settings cannot be used.
        """
        self._lock.acquire()
        db = open_database(self._paths.database)
        boot_id = uuid4().hex
        with writing(db):
            runners.begin(db, boot_id, os.getpid(), __version__, to_ms(self._clock.now()))
        restore = self._catch_signals()
        try:
            clean = self._loop(db, boot_id, on_ready)
            with writing(db):
                runners.end(db, boot_id, to_ms(self._clock.now()))
        finally:
            restore()
            db.close()
            self._lock.release()
        log.info("stopped clean=%s", clean)
        if not clean:
            # A thread that hangs in a send would hold the interpreter's exit for as long.
            logging.shutdown()
            os._exit(0)
        return 0

    def stop(self) -> None:
        """Ask the loop to end, from any thread or signal handler."""
        self._stopping = True
        self._wake.set()

    def _loop(
        self, db: sqlite3.Connection, boot_id: str, on_ready: Callable[[], None] | None
    ) -> bool:
        from reconnect.reminders.housekeeping import Housekeeping
        from reconnect.reminders.runner import Runner
        from reconnect.rules.catalog import load_registry

        settings = self._settings()
        runner = Runner(
            db,
            self._clock,
            load_registry(self._paths, settings.daemon.plugin_seconds),
            self._settings,
            owner=boot_id,
            wake=self._wake,
            terminal=self._terminal,
        )
        chores = Housekeeping(db, self._clock, boot_id)
        log.info("started version=%s senders=%d", __version__, settings.daemon.senders)
        if on_ready is not None:
            on_ready()
        trouble_s = 0.0
        while not self._stopping:
            self._wake.clear()
            try:
                pause = runner.step()
                chores.run_pending()
                if runner.looked_again and runners.stop_asked(db, boot_id):
                    break
                trouble_s = 0.0
            except (sqlite3.Error, ReconnectError) as error:
                # A full disk or a busy database passes; nothing that was sent is forgotten.
                trouble_s = pause = min(_TROUBLE_CAP_S, trouble_s * 2 or 1.0)
                log.error("cannot go on for now: %s", _in_short(error))
            if pause > 0 and not self._stopping:
                self._clock.wait(self._wake, pause)
        nap = threading.Event()
        return runner.finish(STOP_S, nap.wait)

    def _catch_signals(self) -> Callable[[], None]:
        def handler(_number: int, _frame: FrameType | None) -> None:
            self.stop()

        caught = [signal.SIGINT, signal.SIGTERM]
        before = {number: signal.signal(number, handler) for number in caught}

        def restore() -> None:
            for number, old in before.items():
                signal.signal(number, old)

        return restore


def status(paths: Paths, db: sqlite3.Connection) -> Status:
    """Whether a daemon runs, since when, and what comes next."""
    first = reminders.first_due(db)
    return Status(
        running=InstanceLock(paths.lock).held_by_another(),
        runner=runners.newest(db),
        next_due=None if first is None else from_ms(first),
        counts=deliveries.counts(db),
    )


class _Settings:
    """config.toml, read again when it changes; the last good one while it is broken."""

    def __init__(self, path: str) -> None:
        self._path = path
        self._stamp = self._now()
        self._good = load_settings(path)

    def __call__(self) -> Settings:
        stamp = self._now()
        if stamp != self._stamp:
            self._stamp = stamp
            try:
                self._good = load_settings(self._path)
                log.info("settings read again")
            except ReconnectError as error:
                log.error("settings not taken up: %s", error)
        return self._good

    def _now(self) -> tuple[int, int] | None:
        try:
            stat = os.stat(self._path)
        except OSError:
            return None
        return stat.st_mtime_ns, stat.st_size


def _in_short(error: Exception) -> str:
    if isinstance(error, sqlite3.Error):
        return getattr(error, "sqlite_errorname", "") or type(error).__name__
    return str(error)
