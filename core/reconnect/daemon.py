"""The daemon: one process that sends reminders until it is asked to stop."""

from __future__ import annotations

import _thread
import contextlib
import logging
import os
import signal
import sqlite3
import sys
import threading
import traceback
from typing import TYPE_CHECKING, NamedTuple
from uuid import uuid4

from reconnect import __version__
from reconnect.clock import from_ms, to_ms
from reconnect.errors import ReconnectError
from reconnect.lock import InstanceLock
from reconnect.reminders.fresh import FreshPlugins, FreshSettings
from reconnect.store import delivery_history, reminders, runners
from reconnect.store.database import be_brief, open_database, writing

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime
    from types import FrameType
    from typing import TextIO

    from reconnect.clock import Clock
    from reconnect.paths import Paths
    from reconnect.store.leases import Ack

log = logging.getLogger("reconnect.daemon")

STOP_S = 10.0
"""How long a stop waits for sends that are under way."""

_TROUBLE_CAP_S = 30.0
_SOON = 10
# After so many short waits, half a second, a stop is no longer what looks like at once.


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
        told: called with what became of each delivery.
        waits: called when a stop has to wait for what is under way.

    Raises:
        ConfigError: the settings cannot be used.
    """

    def __init__(
        self,
        paths: Paths,
        clock: Clock,
        *,
        terminal: TextIO | None = None,
        told: Callable[[Ack], None] | None = None,
        waits: Callable[[], None] | None = None,
    ) -> None:
        """Nothing is opened yet."""
        self._paths = paths
        self._clock = clock
        self._terminal = terminal
        self._told = told
        self._waits = waits
        self._naps = 0
        self._wake = threading.Event()
        self._asked = 0
        self._settings = FreshSettings(paths.config)
        self._plugins = FreshPlugins(paths, self._settings)
        self._lock = InstanceLock(paths.lock)

    def run(
        self,
        *,
        on_ready: Callable[[], None] | None = None,
        on_end: Callable[[], None] | None = None,
    ) -> int:
        """Send reminders until SIGTERM, SIGINT, SIGHUP or `daemon stop`, on the main thread.

        A second signal ends the wait for what is under way.

        Args:
            on_ready: called when everything is loaded, before anything is sent.
            on_end: called when everything is recorded and let go of.

        Returns:
            The exit code. Where a send hangs, the process is left at once instead.

        Raises:
            LockedError: another daemon runs.
            ReconnectError: the database cannot be used.
        """
        restore = self._catch_signals()
        try:
            self._lock.acquire()
            try:
                clean = self._with_database(on_ready)
            finally:
                self._lock.release()
            log.info("stopped clean=%s", clean)
            if on_end is not None:
                on_end()
            if not clean:
                _leave()
        finally:
            restore()
        return 0

    def stop(self) -> None:
        """Ask the loop to end, from any thread."""
        self._asked += 1
        self._wake.set()

    def _with_database(self, on_ready: Callable[[], None] | None) -> bool:
        db = open_database(self._paths.database)
        try:
            boot_id = uuid4().hex
            with writing(db):
                runners.begin(db, boot_id, os.getpid(), __version__, to_ms(self._clock.now()))
            clean = self._loop(db, boot_id, on_ready)
            try:
                with writing(db):
                    runners.end(db, boot_id, to_ms(self._clock.now()))
            except (sqlite3.Error, ReconnectError) as error:
                log.error("the end is not recorded: %s", _in_short(error))
            return clean
        finally:
            db.close()

    def _loop(
        self, db: sqlite3.Connection, boot_id: str, on_ready: Callable[[], None] | None
    ) -> bool:
        from reconnect.reminders.housekeeping import Housekeeping
        from reconnect.reminders.runner import Runner
        from reconnect.service.pulse import Pulse

        settings = self._settings()
        pulse = Pulse(db, self._clock, self._settings, self._told)
        registry = self._plugins.load()
        runner = Runner(
            db,
            self._clock,
            registry,
            self._settings,
            owner=boot_id,
            wake=self._wake,
            terminal=self._terminal,
            told=pulse.told,
        )
        chores = Housekeeping(db, self._clock, boot_id, self._settings, runner.held, pulse.ping)
        log.info("started version=%s senders=%d", __version__, settings.daemon.senders)
        if on_ready is not None and not self._asked:
            on_ready()
        pulse.ready()
        trouble_s = 0.0
        while not self._asked:
            self._wake.clear()
            try:
                changes = db.total_changes
                if self._settings() is not settings:
                    settings = self._settings()
                    chores.follow()
                chores.run_pending()
                if db.total_changes != changes:
                    runner.look_again()
                others = self._plugins.changed()
                if others is not None:
                    registry = others
                    runner.take_up(registry)
                pause = runner.step()
                if runner.looked_again and runners.stop_asked(db, boot_id):
                    break
                pulse.beat()
                trouble_s = 0.0
            except Exception as error:
                if registry.strict:
                    raise
                # A full disk or a busy database passes, and nothing that was sent is forgotten.
                # Even a fault of ours in one thing must not keep the rest from being sent.
                pulse.falters()
                trouble_s = pause = min(_TROUBLE_CAP_S, trouble_s * 2 or 1.0)
                log.error("cannot go on for now: %s", _in_short(error))
            self._rest(pause)
        log.info("stopping")
        be_brief(db)
        pulse.stopping()
        return runner.finish(STOP_S, self._nap)

    def _rest(self, seconds: float) -> None:
        if seconds <= 0 or self._asked:
            return
        try:
            self._clock.wait(self._wake, seconds)
        except ReconnectError:
            self._wake.wait(min(seconds, 1.0))

    def _nap(self, seconds: float) -> bool:
        threading.Event().wait(seconds)
        self._naps += 1
        if self._naps == _SOON and self._waits is not None:
            self._waits()
        return self._asked > 1

    def _catch_signals(self) -> Callable[[], None]:
        def handler(_number: int, _frame: FrameType | None) -> None:
            self._asked += 1
            # Not set here: the loop, which this interrupts, may be holding the event's own lock.
            _thread.start_new_thread(self._wake.set, ())

        caught = [signal.SIGINT, signal.SIGTERM]
        # Its terminal was closed; under nohup it goes on without.
        hangup = getattr(signal, "SIGHUP", None)
        if hangup is not None and signal.getsignal(hangup) is not signal.SIG_IGN:
            caught.append(hangup)
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
        counts=delivery_history.counts(db),
    )


def _leave() -> None:
    """End the process at once: a thread that hangs in a send would hold its exit for as long."""
    logging.shutdown()
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(AttributeError, OSError, ValueError):
            stream.flush()
    os._exit(0)


def _in_short(error: Exception) -> str:
    """What went wrong, without anything that a person wrote."""
    if isinstance(error, sqlite3.Error):
        return getattr(error, "sqlite_errorname", "") or type(error).__name__
    if isinstance(error, ReconnectError):
        return str(error)
    frame = traceback.extract_tb(error.__traceback__)[-1]
    return f"{type(error).__name__} ({os.path.basename(frame.filename)}, line {frame.lineno})"
