"""What a person wishes holds in every order: done, paused, put off, removed, put away, quiet hours.

Hypothesis makes up some weeks of a person who changes their mind all the time, and of a process
that ends in between. A model of few lines knows what they wished; whatever arrives is asked of it,
and whatever fell due is looked for.
"""

from __future__ import annotations

import os
import tempfile
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    rule,
    run_state_machine_as_test,
)
from tests.faults.living import Living

from reconnect.errors import NotFoundError, UsageError
from reconnect.habits.adopt import adopt, archive, restore, template_of
from reconnect.habits.record import record, undo
from reconnect.reminders import follow, manage, rest
from reconnect.reminders import snooze as snoozing
from reconnect.reminders.wishes import AS_USUAL, Wishes
from reconnect.store import habits

if TYPE_CHECKING:
    from reconnect.model.habit import Entry
    from reconnect.model.reminder import Delivery, Pause, Reminder

LIVES = int(os.environ.get("RECONNECT_LIVES", "15"))
BERLIN = ZoneInfo("Europe/Berlin")
QUIET = (time(22), time(7))
DAY_STARTS = timedelta(hours=3)
TIMES = ("00:30", "06:30", "12:00", "19:30", "21:50", "23:00")
WINDOWS = ("18:00-20:00", "21:00-23:30", "23:30-01:30")
DAYS = ("FREQ=DAILY", "FREQ=WEEKLY;BYDAY=MO,WE,FR", "FREQ=DAILY;COUNT=4", None)
WHY = {
    "suppressed": ("done", "paused", "quiet", "coalesced", "snoozed", "removed", "archived"),
    # Where nothing ran when quiet hours ended, either.
    "expired": ("missed", "too-late", "quiet"),
}
WHICH = st.integers(0, 2)
ANY = st.integers(0, 50)


class Wish(NamedTuple):
    """What was wished of a reminder while it stood so: from an instant until another."""

    reminder: Reminder
    since: datetime
    until: datetime | None = None


class Changing(RuleBasedStateMachine):
    """Three habits of one person; nothing else than the rules below happens to them."""

    @initialize()
    def begin(self) -> None:
        self.place = tempfile.TemporaryDirectory(prefix="reconnect-wishes-")
        config = Path(self.place.name, "config.toml")
        config.touch(0o600)
        config.write_text(
            '[person]\ntimezone = "Europe/Berlin"\n[channels.hook]\nurl = "json://localhost"\n'
            '[quiet]\nfrom = "22:00"\nuntil = "07:00"\n[reminders]\ndigest_above = 99\n'
        )
        os.environ["RECONNECT_HOME"] = self.place.name
        # The last Sunday of October is among these weeks.
        self.life = Living(datetime(2027, 10, 20, 10, tzinfo=UTC))
        self.app, self.db = self.life.app, self.life.app.db
        rules = [self.app.rule(name) for name in ("listen", "peace", "tone")]
        self.habits = [
            adopt(self.db, self.app.person, one, template_of(one), self.now).id for one in rules
        ]
        self.life.start()
        self.wishes: list[Wish] = []
        self.done: dict[tuple[int, date], Entry] = {}
        self.pauses: list[tuple[int | None, datetime, datetime]] = []
        self.away: dict[int, datetime] = {}
        self.was_away: list[tuple[int, datetime, datetime]] = []
        self.once: set[int] = set()
        self.seen: set[str] = set()
        self.off: datetime | None = None

    # What the person does.

    @rule(which=WHICH, at=st.sampled_from(TIMES), days=st.sampled_from(DAYS), even=st.booleans(),
          quiet=st.sampled_from((None, "drop", "allow")))  # fmt: skip
    def add(self, which: int, at: str, days: str | None, even: bool, quiet: Any) -> None:
        wishes = Wishes(even_if_done=even, quiet=quiet)
        self._try_to_add(which, at=at, rrule=days, wishes=wishes)

    @rule(which=WHICH, between=st.sampled_from(WINDOWS))
    def add_window(self, which: int, between: str) -> None:
        self._try_to_add(which, between=between)

    @rule(which=WHICH, hours=st.integers(1, 40))
    def add_once(self, which: int, hours: int) -> None:
        wall = self.wall(self.now + timedelta(hours=hours)).replace(second=0, microsecond=0)
        made = manage.add_once(
            self.db, self.app.person, self.habit(which), self.now, self.app.settings, when=wall,
            wishes=AS_USUAL,
        )  # fmt: skip
        self.wishes.append(Wish(made, self.now))
        self.once.add(made.id)

    @rule(number=ANY, at=st.sampled_from(TIMES))
    def edit(self, number: int, at: str) -> None:
        wish = self.one_of(number)
        if wish is None or not wish.reminder.rrule or wish.reminder.habit_id in self.away:
            return
        kept = habits.get(self.db, wish.reminder.habit_id)
        before = manage.table.get(self.db, wish.reminder.id)
        try:
            after = manage.edit_reminder(
                self.db, self.app.person, kept, before, self.now, self.app.settings, at=at
            )
        except UsageError:  # the same is there already, or none would come any more
            return
        self.end(wish)
        self.wishes.append(Wish(after, self.now))

    @rule(number=ANY)
    def remove(self, number: int) -> None:
        wish = self.one_of(number)
        if wish is not None:
            manage.remove(self.db, manage.table.get(self.db, wish.reminder.id))
            self.end(wish)
            # What nobody has planned yet goes with it.
            for place, one in enumerate(self.wishes):
                if (
                    one.reminder.id == wish.reminder.id
                    and self.off
                    and (one.until or self.now) > self.off
                ):
                    self.wishes[place] = one._replace(until=self.off)

    @rule(which=WHICH)
    def log(self, which: int) -> None:
        kept = self.habit(which)
        if kept.id in self.away or (kept.id, self.day(self.now)) in self.done:
            return
        rule_of = self.app.rule_of(kept)
        made = record(self.db, self.app.person, kept, rule_of, self.now, kind="skip")
        self.done[kept.id, made.entry.day] = made.entry

    @rule(number=ANY)
    def take_back(self, number: int) -> None:
        if self.done:
            key = sorted(self.done)[number % len(self.done)]
            undo(self.db, self.done.pop(key))

    @rule(which=st.none() | WHICH, first=st.none() | st.integers(0, 3), days=st.integers(1, 4))
    def pause(self, which: int | None, first: int | None, days: int) -> None:
        kept = None if which is None else self.habit(which)
        today = self.day(self.now)
        begins = None if first is None else today + timedelta(first)
        ends = (begins or today) + timedelta(days)
        made = rest.pause(self.db, self.app.person, kept, self.now, first=begins, until=ends).pause
        scope, since, until = self._span(made)
        for place, (other, a, b) in enumerate(self.pauses):
            if other == scope and b > self.now and max(a, self.now) == since:
                self.pauses[place] = (other, a, self.now)
        self.pauses.append((scope, since, until))

    @rule(which=st.none() | WHICH)
    def resume(self, which: int | None) -> None:
        kept = None if which is None else self.habit(which)
        ahead = [
            place
            for place, (scope, _, until) in enumerate(self.pauses)
            if until > self.now and (kept is None or scope == kept.id)
        ]
        try:
            rest.resume(self.db, self.app.person, kept, self.now)
        except (NotFoundError, UsageError):
            assert not ahead
        holding = [place for place in ahead if self.pauses[place][1] <= self.now]
        for place in holding or ahead:
            self.pauses[place] = (*self.pauses[place][:2], self.now)

    @rule(when=st.sampled_from(("20m", "2h", "tonight", "tomorrow")), which=st.none() | WHICH)
    def snooze(self, when: str, which: int | None) -> None:
        kept = None if which is None else self.habit(which)
        try:
            snoozing.snooze(self.db, self.app.person, self.now, self.app.settings, when, habit=kept)
        except (NotFoundError, UsageError):
            return

    @rule(which=WHICH)
    def put_away(self, which: int) -> None:
        kept = self.habit(which)
        if kept.id in self.away:
            again = restore(self.db, self.app.person, kept, self.now)
            follow.resume_reminders(self.db, self.app.person, again, self.now)
            self.was_away.append((kept.id, self.away.pop(kept.id), self.now))
        else:
            archive(self.db, kept, self.now)
            follow.stop_reminders(self.db, self.app.person, kept, self.now, self.app.settings)
            self.away[kept.id] = self.now

    # What time does.

    # As often as all else together: what is wished shows when time passes.
    @rule(minutes=st.integers(1, 900))
    def goes_on_a_while(self, minutes: int) -> None:
        self.goes_on(minutes)

    @rule(minutes=st.integers(600, 3000))
    def goes_on_for_days(self, minutes: int) -> None:
        self.goes_on(minutes)

    @rule(minutes=st.sampled_from((1, 5, 20, 60, 240)))
    def goes_on_a_little(self, minutes: int) -> None:
        self.goes_on(minutes)

    def goes_on(self, minutes: int) -> None:
        if self.off is None:
            self.life.go_on(minutes * 60)
            self.ask()
        else:
            self.life.clock.shown += timedelta(minutes=minutes)

    @rule()
    def stops(self) -> None:
        if self.off is None:
            self.life.stop()
            self.off = self.now

    @rule()
    def starts(self) -> None:
        if self.off is None:
            self.life.stop()
        self.life.start()
        self.off = None
        self.life.settle()
        self.ask()

    def teardown(self) -> None:
        if not hasattr(self, "life"):
            return
        try:
            self.starts()
            self.life.go_on(86_400)
            self.ask()
            self.account()
        finally:
            self.life.close()
            self.place.cleanup()

    # What is asked.

    def ask(self) -> None:
        """Whatever arrived was wished for when it did, and came once."""
        for row in self.life.rows():
            got = self.life.recorder.got[row.idem_key]
            assert got == (row.state == "sent"), f"{got} times: {row}"
            if row.state == "sent" and row.idem_key not in self.seen:
                self.seen.add(row.idem_key)
                assert row.sent_at is not None
                self._was_wished(row, row.sent_at)

    def account(self) -> None:
        """Whatever fell due has a row, and what was not sent a reason that is true."""
        rows = self.life.rows()
        found = {(row.reminder_id, row.occ_wall) for row in rows}
        for wish in self.wishes:
            one, until = wish.reminder, wish.until or self.now
            length = timedelta(minutes=one.spread_min)
            if not one.rrule:
                walls = [one.dtstart_wall] if self.at(one.dtstart_wall) <= until else []
            else:
                # Of a window that had begun, or was not over, the moment may lie on either side.
                walls = self.life.occurrences(one, wish.since, until - length)
            for wall in walls:
                span = self.at(wall), self.at(wall + length)
                if not self._was_away(one.habit_id, *span):
                    assert (one.id, wall) in found, f"lost: {one} of {wall}"
        for row in rows:
            if row.state == "pending":
                assert row.outcome == "quiet", row
                assert row.not_before > self.now, row
            elif row.state != "sent":
                assert row.outcome in WHY[row.state], row

    def _was_wished(self, row: Delivery, at: datetime) -> None:
        terms = manage.table.get(self.db, row.reminder_id)
        root = terms.id if terms.stems_from is None else terms.stems_from
        once = not terms.rrule and root in self.once
        assert row.habit_id not in self.away, f"put away: {row}"
        day = self.day(row.due if not terms.spread_min else self.at(row.occ_wall))
        kept = (row.habit_id, day) in self.done
        assert terms.even_if_done or not kept, f"done already: {row}"
        resting = [
            span for span in self.pauses
            for instant in (at, row.due)
            if span[0] in (None, row.habit_id) and span[1] <= instant
            and instant < span[2]
        ]  # fmt: skip
        assert once or not resting, f"in {resting}: {row}"
        clock = self.wall(at).time()
        quiet = clock >= QUIET[0] or clock < QUIET[1]
        assert terms.quiet == "allow" or not quiet, f"in quiet hours: {row} {terms}"
        assert row.due <= at, row

    def _was_away(self, habit_id: int, since: datetime, until: datetime) -> bool:
        spans = [*self.was_away, *((one, begun, self.now) for one, begun in self.away.items())]
        return any(one == habit_id and a <= until and since <= b for one, a, b in spans)

    # Small words.

    @property
    def now(self) -> datetime:
        return self.life.clock.shown

    def habit(self, which: int) -> Any:
        return habits.get(self.db, self.habits[which])

    def wall(self, instant: datetime) -> datetime:
        return instant.astimezone(BERLIN).replace(tzinfo=None)

    def at(self, wall: datetime) -> datetime:
        return wall.replace(tzinfo=BERLIN).astimezone(UTC)

    def day(self, instant: datetime) -> date:
        return (self.wall(instant) - DAY_STARTS).date()

    def one_of(self, number: int) -> Wish | None:
        standing = [wish for wish in self.wishes if wish.until is None]
        return standing[number % len(standing)] if standing else None

    def end(self, wish: Wish) -> None:
        self.wishes[self.wishes.index(wish)] = wish._replace(until=self.now)

    def _span(self, pause: Pause) -> tuple[int | None, datetime, datetime]:
        assert pause.until_wall is not None
        return pause.habit_id, self.at(pause.from_wall), self.at(pause.until_wall)

    def _try_to_add(self, which: int, **how: Any) -> None:
        kept = self.habit(which)
        if kept.id in self.away:
            return
        try:
            made = manage.add_reminder(
                self.db, self.app.person, kept, self.now, self.app.settings, **how
            )
        except UsageError:  # the same is there already
            return
        self.wishes.append(Wish(made, self.now))


@pytest.mark.slow
def test_what_is_wished_holds(home: Path) -> None:
    run_state_machine_as_test(
        Changing,
        settings=settings(
            max_examples=LIVES, stateful_step_count=60,
            deadline=None, suppress_health_check=list(HealthCheck), database=None,
            phases=(Phase.explicit, Phase.generate),
        ),
    )  # fmt: skip
