"""Figures of deciding: an idle tick, ten thousand at one instant, the next occurrence."""

from __future__ import annotations

import random
import statistics
import threading
import time
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import TYPE_CHECKING

from random_rules import rules
from reminders_home import home, plant

if TYPE_CHECKING:
    from reconnect.cli.app import App
    from reconnect.reminders.runner import Runner

RULES = (
    "FREQ=DAILY", "FREQ=HOURLY", "FREQ=DAILY;INTERVAL=3", "FREQ=WEEKLY;BYDAY=MO,WE,FR",
    "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU", "FREQ=MONTHLY;BYDAY=-1SU", "FREQ=MONTHLY;BYMONTHDAY=31",
    "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1", "FREQ=YEARLY", "FREQ=YEARLY;BYDAY=20MO",
    "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29",
)  # fmt: skip


class MovedClock:
    """A clock that is moved by hand; its measured seconds move along."""

    def __init__(self) -> None:
        """Begin on a Monday at noon."""
        self.shown = datetime(2026, 11, 23, 12, tzinfo=UTC)
        self.seconds = 0.0

    def now(self) -> datetime:
        """The instant it shows."""
        return self.shown

    def monotonic(self) -> float:
        """How far it was moved."""
        return self.seconds

    def wait(self, event: threading.Event, seconds: float) -> bool:
        """Wait for nothing."""
        return event.wait(0)

    def move(self, seconds: float) -> None:
        """Move it on."""
        self.shown += timedelta(seconds=seconds)
        self.seconds += seconds


def idle_tick(count: int) -> tuple[float, float, str]:
    """The median step, in ms, of an hour in which nothing falls due, beside so many reminders.

    Then how many times that of its first ten minutes a step of its last ten takes.
    """
    clock = MovedClock()
    with home({"hook": "http://127.0.0.1:9/"}, 8):
        plant(count, clock.now() + timedelta(days=30))
        app, runner = _runner(clock)
        took = []
        for _ in range(3600):
            clock.move(1)
            begin = time.perf_counter()
            runner.step()
            took.append((time.perf_counter() - begin) * 1000)
        app.close()
    first, last = statistics.median(took[:600]), statistics.median(took[-600:])
    middle, most = statistics.median(took), statistics.quantiles(took, n=1000)[-1]
    said = (
        f"  {middle:.3f} ms, 99.9 % within {most:.2f} ms; first ten minutes {first:.3f} ms, last "
    )
    return max(middle, last), last / first, f"{said}{last:.3f} ms"


def plan_and_claim(count: int) -> tuple[float, str]:
    """How long (seconds) it takes to plan and claim what falls due at one instant."""
    from reconnect.reminders.plan import BATCH, plan
    from reconnect.store import leases
    from reconnect.store.database import writing

    clock = MovedClock()
    with home({"hook": "http://127.0.0.1:9/"}, 8):
        plant(count, clock.now())
        app, _ = _runner(clock)
        begin = time.perf_counter()
        planned = BATCH
        while planned == BATCH:
            with writing(app.db):
                planned = plan(app.db, clock.now(), lambda _reminder, _wall: ("hook",))
        between = time.perf_counter()
        claimed = 0
        now_ms = int(clock.now().timestamp() * 1000)
        while claimed < count:
            with writing(app.db):
                claimed += len(
                    leases.claim(app.db, owner="bench", now_ms=now_ms, lease_ms=120_000, limit=100)
                )
        end = time.perf_counter()
        app.close()
    return end - begin, f"  planned in {between - begin:.2f} s, claimed in {end - between:.2f} s"


def next_occurrence(sample: int = 150) -> tuple[float, list[str]]:
    """The worst ratio to plain dateutil over rules that began 30 years ago, many of them random.

    Where dateutil is through after 2 ms, because INTERVAL makes for few steps, the ratio is that to
    those 2 ms: 0.1 ms are enough for anything.
    """
    from dateutil.rrule import rrulestr

    from reconnect.recurrence import next_occurrence as ours

    # Wall times, without a zone: that is what rules run on.
    start = datetime.fromisoformat("1996-11-20T19:30")
    now = datetime.fromisoformat("2026-11-23T12:00")
    found = []
    for rule in (*RULES, *islice(rules(seed=20261123), sample)):
        try:
            last = rrulestr(rule, dtstart=start).before(now)
        except ValueError:
            continue  # no hour of BYHOUR is ever reached

        def reckon(rule: str = rule, last: datetime = last) -> None:
            ours(rule, dtstart=start, last=last, count_left=None, tzid="Europe/Berlin")

        def plain(rule: str = rule) -> None:
            rrulestr(rule, dtstart=start).after(now)

        mine, theirs = _seconds(reckon, 100), _seconds(plain, 3)
        found.append((mine / max(theirs, 0.002), mine, theirs, rule))
    found.sort(reverse=True)
    lines = [f"  {len(found)} rules; those that come worst off:"]
    for _, mine, theirs, rule in found[:5]:
        lines.append(f"  {mine * 1e6:6.0f} µs, dateutil {theirs * 1e6:8.0f} µs: {rule}")
    return found[0][0], lines


def _seconds(call: object, times: int) -> float:
    took = []
    for _ in range(times):
        begin = time.perf_counter()
        call()  # type: ignore[operator]
        took.append(time.perf_counter() - begin)
    return statistics.median(took)


def _runner(clock: MovedClock) -> tuple[App, Runner]:
    from reconnect.cli.app import App
    from reconnect.reminders.runner import Runner
    from reconnect.rules.catalog import load_registry

    random.seed(20261123)
    app = App()
    runner = Runner(
        app.db, clock, load_registry(app.paths, 5.0), lambda: app.settings, owner="bench",
        wake=threading.Event(),
    )  # fmt: skip
    return app, runner
