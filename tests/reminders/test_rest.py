"""Pauses: now or from a day ahead, all or one, until a day or until they are ended."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest
from tests.reminders.live import until

from reconnect.errors import NotFoundError, UsageError
from reconnect.habits.adopt import adopt, archive, restore
from reconnect.reminders import follow
from reconnect.reminders.rest import pause, resting, resume
from reconnect.store import habits

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.conftest import Clock
    from tests.reminders.keeping import Kept
    from tests.reminders.live import DaemonProcess, Receiver

    from reconnect.model.habit import Habit
    from reconnect.model.reminder import Pause

PAUSED, SENT = ("suppressed", "paused"), ("sent", "accepted")


def rest(kept: Kept, habit: Habit | None = None, **more: object) -> Pause:
    return pause(kept.db, kept.person, habit, kept.now, **more).pause  # type: ignore[arg-type]


def days(kept: Kept, count: int, clock: str = "12:05") -> list[tuple[str, str | None]]:
    """What became of the reminders of so many days."""
    kept.remind(clock)
    runner = kept.runner()
    for day in range(23, 23 + count):
        kept.shown.set(f"2026-11-{day}T{clock}:00+01:00")
        kept.deliver(runner)
    return kept.outcomes()


def test_now_and_until_it_is_ended(kept: Kept, receiver: Receiver) -> None:
    rest(kept)
    assert days(kept, 2) == [PAUSED] * 2
    resume(kept.db, kept.person, None, kept.now)
    assert resting(kept.db, kept.person, kept.now) == []
    kept.shown.set("2026-11-25T12:05:00+01:00")
    kept.deliver()
    assert kept.outcomes() == [PAUSED, PAUSED, SENT]
    assert len(receiver.posts) == 1


def test_from_a_day_ahead_until_another(kept: Kept) -> None:
    rest(kept, first=date(2026, 11, 24), until=date(2026, 11, 26))
    assert days(kept, 5) == [SENT, PAUSED, PAUSED, SENT, SENT]


def test_a_day_begins_when_the_persons_does(kept: Kept) -> None:
    rest(kept, first=date(2026, 11, 24), until=date(2026, 11, 25))
    kept.remind("01:00")
    runner = kept.runner()
    for day in (24, 25, 26):  # at one in the morning it is the day before
        kept.shown.set(f"2026-11-{day}T01:00:00+01:00")
        kept.deliver(runner)
    assert kept.outcomes() == [SENT, PAUSED, SENT]


def test_one_habit_alone(kept: Kept) -> None:
    rule = kept.app.rule("peace")
    other = adopt(kept.db, kept.person, rule, rule.habits[0], kept.now)
    rest(kept, kept.habit)
    kept.remind("12:05")
    kept.remind("12:06", habit=other)
    kept.shown.set("2026-11-23T12:06:00+01:00")
    kept.deliver()
    assert kept.outcomes() == [PAUSED, SENT]


def test_what_fell_due_while_it_rested_and_nothing_ran(kept: Kept, receiver: Receiver) -> None:
    kept.remind("12:05")
    rest(kept)
    kept.shown.set("2026-11-23T13:00:00+01:00")
    resume(kept.db, kept.person, None, kept.now)
    kept.deliver()
    assert kept.outcomes() == [PAUSED]
    assert receiver.posts == []


def test_what_waits_of_a_habit_that_is_put_away_does_not_come_back_with_it(
    kept: Kept, receiver: Receiver
) -> None:
    kept.remind("12:05")
    receiver.behave(503)
    kept.shown.set("2026-11-23T12:05:00+01:00")
    runner = kept.deliver()
    assert kept.outcomes() == [("pending", "http-503")]
    archive(kept.db, kept.habit, kept.now)
    follow.stop_reminders(kept.db, kept.person, kept.habit, kept.now, kept.settings)
    assert kept.outcomes() == [("suppressed", "archived")]
    receiver.behave(200)
    again = restore(kept.db, kept.person, habits.get(kept.db, kept.habit.id), kept.now)
    follow.resume_reminders(kept.db, kept.person, again, kept.now)
    kept.shown.set("2026-11-23T13:00:00+01:00")
    kept.deliver(runner)
    assert kept.outcomes() == [("suppressed", "archived")]


def test_what_was_asked_for_at_one_time_comes(kept: Kept) -> None:
    rest(kept)
    kept.once("2026-11-23T12:05", text="Sample: come back")
    kept.once("2026-11-23T12:06")
    kept.shown.set("2026-11-23T12:06:00+01:00")
    kept.deliver()
    assert kept.outcomes() == [SENT] * 2


def test_said_again_it_has_another_end(kept: Kept) -> None:
    rest(kept, until=date(2026, 11, 26), reason="Sample: at the sea")
    kept.shown.set("2026-11-24T12:00:00+01:00")
    longer = rest(kept, until=date(2026, 11, 30))
    assert resting(kept.db, kept.person, kept.now) == [longer]
    assert longer.reason == "Sample: at the sea"
    without_end = rest(kept, reason="")
    assert resting(kept.db, kept.person, kept.now) == [without_end]
    assert without_end.reason is None


def test_one_ahead_ends_no_other(kept: Kept) -> None:
    month = rest(kept, until=date(2026, 12, 20))
    own = rest(kept, kept.habit)
    within = rest(kept, first=date(2026, 12, 5), until=date(2026, 12, 8))
    rest(kept, first=date(2026, 12, 24), until=date(2026, 12, 27))
    ahead = rest(kept, first=date(2026, 12, 24), until=date(2026, 12, 28))
    assert resting(kept.db, kept.person, kept.now) == [month, own, within, ahead]
    assert days(kept, 3) == [PAUSED] * 3


def test_one_now_ends_none_ahead(kept: Kept) -> None:
    ahead = rest(kept, first=date(2026, 11, 24), until=date(2026, 11, 26))
    now = rest(kept, until=date(2026, 11, 24))
    assert resting(kept.db, kept.person, kept.now) == [now, ahead]
    assert days(kept, 4) == [PAUSED, PAUSED, PAUSED, SENT]


def test_what_lies_ahead_is_taken_back_with_the_second_resume(kept: Kept) -> None:
    ahead = rest(kept, first=date(2026, 11, 24), until=date(2026, 11, 26))
    rest(kept)
    resume(kept.db, kept.person, None, kept.now)
    assert resting(kept.db, kept.person, kept.now) == [ahead]
    assert resume(kept.db, kept.person, None, kept.now) == [ahead]
    assert resting(kept.db, kept.person, kept.now) == []


def test_what_cannot_be(kept: Kept) -> None:
    with pytest.raises(NotFoundError):
        resume(kept.db, kept.person, None, kept.now)
    with pytest.raises(UsageError, match="before they rest"):
        rest(kept, first=date(2026, 11, 26), until=date(2026, 11, 26))
    with pytest.raises(UsageError, match="before they rest"):
        rest(kept, until=date(2026, 11, 23))
    rest(kept)
    with pytest.raises(UsageError, match="all reminders rest"):
        resume(kept.db, kept.person, kept.habit, kept.now)


def test_it_follows_the_person(kept: Kept) -> None:
    from reconnect.store import people

    rest(kept, until=date(2026, 11, 24))
    people.save(kept.db, key=people.ME, name="", tzid="America/New_York", day_starts=180, now_ms=0)
    kept.remind("12:05")
    kept.change(kept.reminder(kept.remind("02:30")), tzid=None)
    kept.app.__dict__.pop("person", None)
    person = people.find(kept.db)
    assert person is not None
    at_two = "2026-11-24T02:30:00-05:00"  # in Berlin the pause would be over
    kept.shown.set(at_two)
    assert len(resting(kept.db, person, kept.now)) == 1
    kept.shown.set("2026-11-24T03:00:00-05:00")
    assert resting(kept.db, person, kept.now) == []


def test_the_daemon_keeps_it(
    kept: Kept, clock: Clock, receiver: Receiver, daemon: Callable[..., DaemonProcess]
) -> None:
    kept.remind("12:05", "FREQ=HOURLY")
    one = daemon().ready()
    rest(kept)
    clock.set("2026-11-23T12:05:00+01:00")
    until(lambda: kept.outcomes() == [PAUSED])
    resume(kept.db, kept.person, None, kept.now)
    clock.set("2026-11-23T13:05:00+01:00")
    until(lambda: kept.outcomes() == [PAUSED, SENT])
    assert one.interrupt() == 0
    assert len(receiver.posts) == 1
