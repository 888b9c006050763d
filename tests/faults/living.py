"""A daemon that is lived with under a moved clock, and a channel that records what it gets."""

from __future__ import annotations

import threading
from collections import Counter
from datetime import UTC, datetime, timedelta
from itertools import takewhile
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from dateutil.rrule import rrulestr
from tests.reminders.live import until

from reconnect.cli.app import App
from reconnect.reminders.deliver import Destination
from reconnect.reminders.housekeeping import Housekeeping
from reconnect.reminders.outcomes import Outcome, kind_of
from reconnect.reminders.runner import Runner
from reconnect.rules.catalog import load_registry
from reconnect.store import channels, delivery_history

if TYPE_CHECKING:
    from reconnect.model.reminder import Delivery, Reminder


class MovedClock:
    """The clock on the wall, and the measured seconds, each moved by hand."""

    def __init__(self, shown: datetime) -> None:
        self.shown = shown
        self.seconds = 0.0

    def now(self) -> datetime:
        return self.shown

    def monotonic(self) -> float:
        return self.seconds

    def wait(self, event: threading.Event, _seconds: float) -> bool:
        return event.wait(0)


class Recorder:
    """A channel: keeps the keys of what it got, and answers as it is told to."""

    def __init__(self) -> None:
        self.got: Counter[str] = Counter()
        self.answers: list[str] = []
        self.hold: threading.Event | None = None
        self.lock = threading.Lock()

    def destination(self, url: str) -> Destination:
        return Destination(url, local=True)

    def send(self, _url: str, _title: str, _body: str, key: str) -> Outcome:
        with self.lock:
            code = self.answers.pop() if self.answers else "accepted"
            # Of what is unsure every other one has arrived.
            if code == "accepted" or (kind_of(code) == "unsure" and len(self.answers) % 2):
                self.got[key] += 1
        if self.hold is not None:
            self.hold.wait(30)
        return Outcome(code == "accepted", code)


class Living:
    """The home that RECONNECT_HOME names, its clock, and the process that sends."""

    def __init__(self, begun: datetime) -> None:
        """Begin at an instant; nothing runs before `start`."""
        self.begun = self.latest = begun
        self.clock = MovedClock(begun)
        self.recorder = Recorder()
        self.app = App()
        self.app.clock = self.clock
        self.registry = load_registry(self.app.paths, 5.0)
        self.restarts = 0
        self.wake = threading.Event()

    def start(self) -> None:
        """A process starts."""
        self.runner = Runner(
            self.app.db, self.clock, self.registry, lambda: self.app.settings,
            owner=f"run-{self.restarts}", wake=self.wake,
        )  # fmt: skip
        self.runner._sender = self.recorder  # type: ignore[assignment]
        self.chores = Housekeeping(
            self.app.db, self.clock, f"run-{self.restarts}", lambda: self.app.settings,
            self.runner.held,
        )  # fmt: skip

    def stop(self) -> None:
        """The process ends properly."""
        assert self.runner.finish(10, lambda seconds: self.wake.wait(seconds))
        self.restarts += 1

    def restart(self) -> None:
        """The process ends properly, and another one starts."""
        self.stop()
        self.start()
        self.settle()

    def go_on(self, seconds: float) -> None:
        """Time passes while it runs; the daemon would look every 30 seconds."""
        ends = self.clock.shown + timedelta(seconds=seconds)
        while self.clock.shown < ends:
            # Nothing happens before the next thing falls due.
            at = self.runner._claimer.next_at(self._now_ms())
            due = ends if at is None else datetime.fromtimestamp(at / 1000, UTC)
            to = min(ends, max(due, self.clock.shown + timedelta(seconds=30)))
            self.clock.seconds += (to - self.clock.shown).total_seconds()
            self._show(to)
            self.settle()

    def settle(self) -> None:
        """Let the process do what is to be done at this instant."""
        self.chores.run_pending()
        self.chores.sweep()
        self.runner.look_again()

        def at_rest() -> bool:
            self.runner.step()
            return not self.runner.held() and not self._could_be_sent()

        until(at_rest, step=0.0005)

    def rows(self) -> list[Delivery]:
        """Every delivery."""
        return delivery_history.listed(self.app.db, self.app.person.id, limit=1_000_000)

    def occurrences(self, reminder: Reminder, since: datetime, latest: datetime) -> list[datetime]:
        """The wall times between two instants, by dateutil's reckoning and the zone's offsets."""
        zone, found, last = ZoneInfo(reminder.tzid or self.app.person.tzid), [], None
        rule = rrulestr(reminder.rrule, dtstart=reminder.dtstart_wall)
        end = latest.astimezone(zone).replace(tzinfo=None) + timedelta(days=1)
        for wall in takewhile(lambda one: one <= end, rule):
            instant = wall.replace(tzinfo=zone, fold=0).astimezone(UTC)
            if last is not None and instant <= last:
                continue
            last = instant
            if since < instant <= latest:
                found.append(wall)
        return found

    def close(self) -> None:
        """End the threads."""
        self.runner._senders.close()
        self.app.close()

    def _show(self, instant: datetime) -> None:
        self.clock.shown = instant
        self.latest = max(self.latest, instant)

    def _now_ms(self) -> int:
        return int(self.clock.shown.timestamp() * 1000)

    def _could_be_sent(self) -> bool:
        now_ms = self._now_ms()
        resting = [s.name for s in channels.states(self.app.db).values() if s.next_ok > now_ms]
        if resting:
            return False
        row = self.app.db.execute(
            "SELECT count(*) FROM delivery WHERE state = 'pending' AND not_before <= ?", (now_ms,)
        ).fetchone()
        return bool(row[0])
