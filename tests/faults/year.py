"""A year that is lived through: sleeps, kills, and a clock that is wrong."""

from __future__ import annotations

import random
import threading
from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple

from tests.faults.living import Living
from tests.reminders.live import until

from reconnect.habits.adopt import adopt, template_of
from reconnect.reminders import plan
from reconnect.store import reminders

if TYPE_CHECKING:
    from reconnect.model.reminder import Delivery, Reminder
    from reconnect.reminders.runner import Runner

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


class Year(Living):
    """Ten habits and thirty reminders in five zones, and what happens to whoever keeps them."""

    def __init__(self, seed: int) -> None:
        """Begin on New Year's Day of 2027, with a home that RECONNECT_HOME names."""
        chance = random.Random(seed)  # noqa: S311 - a plan of reminders, no secret
        super().__init__(datetime(2027, 1, 1, tzinfo=UTC))
        self.kills = self.jumps = self.sleeps = 0
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

    # What is asked of it.

    def check(self) -> Counts:
        """Each occurrence was sent, or recorded with its reason, exactly once."""
        # What a clock ahead had moved past came back, and is still to come.
        self.go_on((self.latest - self.clock.shown).total_seconds())
        while self._pending():
            self.go_on(86_400)
        found: dict[tuple[int, datetime], Delivery] = {}
        states: Counter[str] = Counter()
        for row in self.rows():
            key = (row.reminder_id, row.occ_wall)
            assert row.reminder_id == 0 or key not in found, f"twice: {row}"
            found[key] = row
            states[row.state] += 1
            self._is_accounted_for(row)
        expected = {
            (reminder.id, wall)
            for reminder in self.reminders
            for wall in self.occurrences(reminder, self.begun - timedelta(days=1), self.latest)
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

    def _is_accounted_for(self, row: Delivery) -> None:
        got = self.recorder.got[row.idem_key]
        if row.state == "sent":
            assert 1 <= got <= 1 + row.unsure, f"{got} times: {row}"
        else:
            assert row.state in ("expired", "suppressed", "unknown", "dead"), row
            assert row.outcome, f"no reason: {row}"
            assert got <= row.unsure, f"it arrived, and is not recorded: {row}"
        assert row.unsure <= 2

    def _pending(self) -> bool:
        query = "SELECT count(*) FROM delivery WHERE state IN ('pending', 'leased')"
        return bool(self.app.db.execute(query).fetchone()[0])
