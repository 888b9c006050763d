"""A year that is lived through under a moved clock, with a channel that records what it gets."""

from __future__ import annotations

import random
import threading
from collections import Counter
from datetime import UTC, datetime, timedelta
from itertools import takewhile
from typing import TYPE_CHECKING, NamedTuple
from zoneinfo import ZoneInfo

from dateutil.rrule import rrulestr
from tests.reminders.live import until

from reconnect.cli.app import App
from reconnect.habits.adopt import adopt, template_of
from reconnect.reminders import plan
from reconnect.reminders.deliver import Destination
from reconnect.reminders.housekeeping import Housekeeping
from reconnect.reminders.outcomes import Outcome, kind_of
from reconnect.reminders.runner import Runner
from reconnect.rules.catalog import load_registry
from reconnect.store import channels, delivery_history, reminders

if TYPE_CHECKING:
    from reconnect.model.reminder import Delivery, Reminder

ZONES = (
    "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "America/Santiago", "Africa/Cairo",
)  # fmt: skip
"""With half an hour of daylight saving, with a gap at midnight, and on both halves of the Earth."""

RULES = (
    "FREQ=DAILY", "FREQ=DAILY;INTERVAL=2", "FREQ=WEEKLY;BYDAY=MO,WE,FR", "FREQ=WEEKLY;BYDAY=SU",
    "FREQ=MONTHLY;BYDAY=-1SU", "FREQ=MONTHLY;BYMONTHDAY=31", "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU",
    "FREQ=HOURLY;INTERVAL=5", "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29", "FREQ=DAILY;COUNT=100",
)  # fmt: skip
TIMES = ("00:00", "00:30", "02:00", "02:30", "03:00", "07:15", "12:00", "19:30", "23:45")


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


class Counts(NamedTuple):
    """What became of a year."""

    occurrences: int
    states: dict[str, int]
    arrived: int
    twice: int
    restarts: int
    kills: int
    jumps: int
    sleeps: int
    days: int


class Year:
    """Ten habits and thirty reminders in five zones, and what happens to whoever keeps them."""

    def __init__(self, seed: int) -> None:
        """Begin on New Year's Day of 2027, with a home that RECONNECT_HOME names."""
        chance = random.Random(seed)  # noqa: S311 - a plan of reminders, no secret
        self.begun = datetime(2027, 1, 1, tzinfo=UTC)
        self.clock = MovedClock(self.begun)
        self.latest = self.begun
        self.recorder = Recorder()
        self.app = App()
        self.app.clock = self.clock
        self.registry = load_registry(self.app.paths, 5.0)
        self.restarts = self.kills = self.jumps = self.sleeps = 0
        self.wake = threading.Event()
        self.reminders = self._plan(chance)
        self.old: list[Runner] = []
        self.start()

    def _plan(self, chance: random.Random) -> list[Reminder]:
        person = self.app.person
        rules = [self.app.rule(card.rule_id) for card in self.app.catalog.cards if card.rule_id]
        habits = [adopt(self.app.db, person, r, template_of(r), self.begun) for r in rules[:10]]
        made = []
        for number in range(30):
            habit = habits[number % len(habits)]
            start = f"2027-01-0{chance.randrange(1, 8)}T{chance.choice(TIMES)}:00"
            catchup = chance.choice(("latest", "latest", "all", "skip"))
            self.app.db.execute(
                "INSERT INTO reminder (person_id, habit_id, role, rrule, dtstart_wall, tzid, "
                "next_due, catchup, window_s, priority, channels, created) "
                "VALUES (?, ?, ?, ?, ?, ?, NULL, ?, ?, ?, '[]', 0)",
                (
                    person.id, habit.id, chance.choice(("do", "log")), RULES[number % len(RULES)],
                    start, ZONES[number // 6], catchup, chance.choice((3600, 21600, 172800)),
                    chance.choice((10, 50, 90)),
                ),
            )  # fmt: skip
        for row in self.app.db.execute("SELECT id FROM reminder WHERE tzid IS NOT NULL"):
            one = reminders.get(self.app.db, row[0])
            placed = plan.place(one, one.tzid or "", self.begun - timedelta(days=1))
            reminders.move(self.app.db, placed)
            made.append(reminders.get(self.app.db, one.id))
        return made

    # What happens.

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

    def restart(self) -> None:
        """The process ends properly, and another one starts."""
        assert self.runner.finish(10, lambda seconds: self.wake.wait(seconds))
        self.restarts += 1
        self.start()
        self.settle()

    def kill(self, minutes: float) -> None:
        """The process is killed with what fell due meanwhile on its way, and another one starts."""
        self._show(self.clock.shown + timedelta(minutes=minutes))
        held = self.recorder.hold = threading.Event()
        for _ in range(4):
            self.runner.step()
        self.old.append(self.runner)
        self.recorder.hold = None
        self.restarts += 1
        self.kills += 1
        self.start()
        held.set()
        killed = self.old.pop()
        until(lambda: not killed._senders.under_way())
        killed._senders.close()
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

    def sleep(self, hours: float) -> None:
        """The machine sleeps: its measured seconds stand still."""
        self.sleeps += 1
        self._show(self.clock.shown + timedelta(hours=hours))
        self.settle()

    def jump(self, hours: float) -> None:
        """The clock is set wrong by hours, and half an hour later right again."""
        self.jumps += 1
        self._show(self.clock.shown + timedelta(hours=hours))
        self.settle()
        self.go_on(1800)
        self._show(self.clock.shown - timedelta(hours=hours))
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

    # What is asked of it.

    def check(self) -> Counts:
        """Each occurrence was sent, or recorded with its reason, exactly once."""
        # What a clock ahead had moved past came back, and is still to come.
        self.go_on((self.latest - self.clock.shown).total_seconds())
        while self._pending():
            self.go_on(86_400)
        found: dict[tuple[int, datetime], Delivery] = {}
        rows = delivery_history.listed(self.app.db, self.app.person.id, limit=1_000_000)
        states: Counter[str] = Counter()
        for row in rows:
            key = (row.reminder_id, row.occ_wall)
            assert row.reminder_id == 0 or key not in found, f"twice: {row}"
            found[key] = row
            states[row.state] += 1
            self._is_accounted_for(row)
        expected = {
            (reminder.id, wall)
            for reminder in self.reminders
            for wall in self.occurrences(reminder, self.latest)
        }
        real = {key for key in found if key[0]}
        assert not expected - real, f"lost: {sorted(expected - real)[:5]}"
        early = {key for key in real - expected if found[key].due <= self.latest}
        assert not early, f"made up: {sorted(early)[:5]}"
        twice = sum(count - 1 for count in self.recorder.got.values())
        return Counts(
            len(expected), dict(states), sum(self.recorder.got.values()), twice, self.restarts,
            self.kills, self.jumps, self.sleeps, (self.latest - self.begun).days,
        )  # fmt: skip

    def occurrences(self, reminder: Reminder, latest: datetime) -> list[datetime]:
        """The wall times up to an instant, by dateutil's own reckoning and the zone's offsets."""
        zone, found, last = ZoneInfo(reminder.tzid or ""), [], None
        rule = rrulestr(reminder.rrule, dtstart=reminder.dtstart_wall)
        end = latest.astimezone(zone).replace(tzinfo=None) + timedelta(days=1)
        for wall in takewhile(lambda one: one <= end, rule):
            instant = wall.replace(tzinfo=zone, fold=0).astimezone(UTC)
            if last is not None and instant <= last:
                continue
            last = instant
            if self.begun - timedelta(days=1) < instant <= latest:
                found.append(wall)
        return found

    def close(self) -> None:
        """End the threads."""
        self.runner._senders.close()
        self.app.close()

    def _is_accounted_for(self, row: Delivery) -> None:
        got = self.recorder.got[row.idem_key]
        if row.state == "sent":
            assert 1 <= got <= 1 + row.unsure, f"{got} times: {row}"
        else:
            assert row.state in ("expired", "suppressed", "unknown", "dead"), row
            assert row.outcome, f"no reason: {row}"
            assert got <= row.unsure, f"it arrived, and is not recorded: {row}"
        assert row.unsure <= 2

    def _show(self, instant: datetime) -> None:
        self.clock.shown = instant
        self.latest = max(self.latest, instant)

    def _now_ms(self) -> int:
        return int(self.clock.shown.timestamp() * 1000)

    def _pending(self) -> bool:
        query = "SELECT count(*) FROM delivery WHERE state IN ('pending', 'leased')"
        return bool(self.app.db.execute(query).fetchone()[0])

    def _could_be_sent(self) -> bool:
        now_ms = self._now_ms()
        resting = [s.name for s in channels.states(self.app.db).values() if s.next_ok > now_ms]
        if resting:
            return False
        row = self.app.db.execute(
            "SELECT count(*) FROM delivery WHERE state = 'pending' AND not_before <= ?", (now_ms,)
        ).fetchone()
        return bool(row[0])
