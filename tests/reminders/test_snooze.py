"""Snooze: what came last comes again later, once, whatever restarts."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

import pytest

from reconnect.errors import NotFoundError, UsageError
from reconnect.habits.record import record
from reconnect.reminders import manage
from reconnect.reminders.rest import pause
from reconnect.reminders.snooze import Snoozed, cancel, snooze
from reconnect.store import reminders

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.conftest import Clock
    from tests.reminders.keeping import Kept
    from tests.reminders.live import DaemonProcess, Receiver


def put_off(kept: Kept, when: str, **which: object) -> Snoozed:
    return snooze(kept.db, kept.person, kept.now, kept.settings, when, **which)  # type: ignore[arg-type]


@pytest.fixture
def sent(kept: Kept) -> Kept:
    """A reminder of 12:05 came just now."""
    kept.remind("12:05")
    kept.shown.set("2026-11-23T12:05:00+01:00")
    kept.deliver()
    return kept


def test_it_comes_again_with_the_same_words(sent: Kept, receiver: Receiver) -> None:
    again = put_off(sent, "20m")
    assert again.due == datetime.fromisoformat("2026-11-23T12:25:00+01:00")
    sent.shown.set("2026-11-23T12:24:59+01:00")
    sent.deliver(sent.runner())
    assert len(receiver.posts) == 1
    sent.shown.set("2026-11-23T12:25:00+01:00")
    sent.deliver(sent.runner())
    sent.deliver(sent.runner())
    first, second = receiver.posts
    assert first.body == second.body
    assert first.key != second.key
    assert sent.outcomes() == [("sent", "accepted")] * 2


def test_what_waits_is_put_off_itself(kept: Kept, receiver: Receiver) -> None:
    receiver.behave(500)
    kept.remind("12:05")
    kept.shown.set("2026-11-23T12:05:00+01:00")
    kept.deliver()
    receiver.behave(200)
    put_off(kept, "1h")
    kept.shown.move(minutes=30)
    runner = kept.deliver()
    assert kept.outcomes() == [("suppressed", "snoozed")]
    kept.shown.move(minutes=30)
    kept.deliver(runner)
    assert kept.outcomes() == [("suppressed", "snoozed"), ("sent", "accepted")]


def test_twice_is_once_at_the_later_word(sent: Kept, receiver: Receiver) -> None:
    put_off(sent, "20m")
    put_off(sent, "2 hours")
    sent.shown.move(hours=1)
    runner = sent.deliver()
    assert len(receiver.posts) == 1
    sent.shown.move(hours=1)
    sent.deliver(runner)
    assert len(receiver.posts) == 2
    # And once more, when it came again.
    put_off(sent, "20m")
    sent.shown.move(minutes=20)
    sent.deliver(runner)
    assert len(receiver.posts) == 3


def test_tonight_and_tomorrow(sent: Kept) -> None:
    assert put_off(sent, "tonight").due == datetime.fromisoformat("2026-11-23T21:00:00+01:00")
    # The reminder itself comes tomorrow: there is no need of another one.
    anyway = put_off(sent, "tomorrow")
    assert anyway.again is None
    assert anyway.due == datetime.fromisoformat("2026-11-24T12:05:00+01:00")
    assert len(reminders.listed(sent.db, sent.person.id)) == 1
    sent.shown.set("2026-11-23T21:30:00+01:00")
    with pytest.raises(UsageError, match="past 21:00"):
        put_off(sent, "tonight")


def test_tomorrow_at_the_time_at_which_it_came(kept: Kept) -> None:
    kept.remind("12:05", "FREQ=WEEKLY;BYDAY=MO")
    kept.shown.set("2026-11-23T12:05:00+01:00")
    kept.deliver()
    later = put_off(kept, "tomorrow")
    assert later.due == datetime.fromisoformat("2026-11-24T12:05:00+01:00")
    assert later.again is not None


@pytest.mark.parametrize("now", ["2026-11-24T01:10:00+01:00", "2026-11-24T02:59:00+01:00"])
def test_tomorrow_of_what_came_after_midnight(kept: Kept, receiver: Receiver, now: str) -> None:
    """One in the morning is still Monday: tomorrow's is the night from Tuesday to Wednesday."""
    kept.remind("01:00", "FREQ=WEEKLY;BYDAY=TU")
    runner = kept.runner()
    kept.shown.set("2026-11-24T01:00:00+01:00")
    kept.deliver(runner)
    kept.shown.set(now)
    assert put_off(kept, "tomorrow").due.isoformat() == "2026-11-25T00:00:00+00:00"


def test_of_a_habit_and_of_a_reminder(sent: Kept) -> None:
    other = sent.remind("12:10")
    sent.shown.set("2026-11-23T12:10:00+01:00")
    sent.deliver()
    first = reminders.listed(sent.db, sent.person.id)[-1 if other.id == 1 else 0]
    assert put_off(sent, "20m").again.stems_from == other.id  # type: ignore[union-attr]
    assert put_off(sent, "30m", number=1).again.stems_from == 1  # type: ignore[union-attr]
    assert put_off(sent, "40m", habit=sent.habit).habit == sent.habit
    with pytest.raises(NotFoundError):
        put_off(sent, "20m", number=99)
    assert first is not None


def test_nothing_came_or_long_ago(kept: Kept) -> None:
    kept.remind("12:05", "FREQ=WEEKLY;BYDAY=MO")
    with pytest.raises(NotFoundError, match="nothing to put off"):
        put_off(kept, "20m")
    kept.shown.set("2026-11-23T12:05:00+01:00")
    kept.deliver()
    kept.shown.set("2026-11-24T12:06:00+01:00")
    with pytest.raises(NotFoundError, match="nothing to put off"):
        put_off(kept, "20m")


def test_done_meanwhile_it_stays_away(sent: Kept) -> None:
    put_off(sent, "20m")
    rule = sent.app.rule("listen")
    record(sent.db, sent.person, sent.habit, rule, sent.now, kind="done", fields={"minutes": 9})
    sent.shown.move(minutes=20)
    sent.deliver()
    assert sent.outcomes()[-1] == ("suppressed", "done")


def test_it_rests_with_its_habit(sent: Kept) -> None:
    put_off(sent, "20m")
    pause(sent.db, sent.person, sent.habit, sent.now)
    sent.shown.move(minutes=20)
    sent.deliver()
    assert sent.outcomes()[-1] == ("suppressed", "paused")


def test_a_promise_put_off_stays_a_promise(kept: Kept) -> None:
    kept.once("2026-11-23T12:05", text="Sample: come back")
    kept.shown.set("2026-11-23T12:05:00+01:00")
    kept.deliver()
    put_off(kept, "10m")
    pause(kept.db, kept.person, None, kept.now)
    kept.shown.move(minutes=10)
    kept.deliver()
    assert kept.outcomes() == [("sent", "accepted")] * 2


def test_cancel(sent: Kept, receiver: Receiver) -> None:
    put_off(sent, "20m")
    assert len(cancel(sent.db, sent.person, sent.now)) == 1
    with pytest.raises(NotFoundError):
        cancel(sent.db, sent.person, sent.now)
    sent.shown.move(hours=1)
    sent.deliver()
    assert len(receiver.posts) == 1


def test_its_reminder_is_gone(sent: Kept, receiver: Receiver) -> None:
    manage.remove(sent.db, reminders.get(sent.db, 1))
    put_off(sent, "20m")
    sent.shown.move(minutes=20)
    sent.deliver()
    assert len(receiver.posts) == 2


def test_several_late_ones_are_put_off_together(kept: Kept, receiver: Receiver) -> None:
    for number in range(4):
        kept.remind(f"12:0{number + 1}")
    kept.shown.set("2026-11-23T14:00:00+01:00")
    kept.deliver()
    assert len(receiver.posts) == 1
    put_off(kept, "20m")
    kept.shown.move(minutes=20)
    kept.deliver()
    assert receiver.posts[1].body == receiver.posts[0].body


def test_a_while_stays_where_it_is_on_a_journey(sent: Kept) -> None:
    from reconnect.reminders.plan import move_to_zone
    from reconnect.store import people

    again = put_off(sent, "20m").again
    assert again is not None
    person = people.save(
        sent.db, key=people.ME, name="", tzid="Asia/Tokyo", day_starts=180, now_ms=0
    )
    move_to_zone(sent.db, person)
    assert reminders.get(sent.db, again.id).next_due == again.next_due


def test_it_survives_the_daemon(
    sent: Kept, clock: Clock, receiver: Receiver, daemon: Callable[..., DaemonProcess]
) -> None:
    from tests.reminders.live import until

    put_off(sent, "20m")
    daemon().ready().kill()
    last = daemon().ready()
    clock.move(minutes=20)
    until(lambda: len(receiver.posts) == 2)
    assert last.interrupt() == 0
    assert sent.outcomes() == [("sent", "accepted")] * 2
