"""A clock that is set wrong for a while: what it did must not cost a reminder, nor repeat one."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from reconnect.clock import to_ms
from reconnect.reminders import manage, snooze
from reconnect.reminders.breaker import OFF_MS, is_off
from reconnect.reminders.housekeeping import Housekeeping
from reconnect.store import channels

if TYPE_CHECKING:
    from tests.reminders.keeping import Kept
    from tests.reminders.live import Receiver

    from reconnect.reminders.runner import Runner


class Daily:
    """A runner and its chores, as the daemon has them."""

    def __init__(self, kept: Kept) -> None:
        self.kept = kept
        self.runner: Runner = kept.runner()
        self.chores = Housekeeping(
            kept.db, kept.clock, "runner-0", lambda: kept.settings, self.runner.held
        )

    def goes_on(self, **by: float) -> None:
        """The clock moves on, and what is to be done is done."""
        self.kept.shown.move(**by)
        self.chores.run_pending()
        self.runner.look_again()
        self.kept.deliver(self.runner)

    def is_wrong_by(self, **by: float) -> None:
        """For a moment the clock shows another time."""
        self.goes_on(**by)
        self.goes_on(**{unit: -much for unit, much in by.items()})


@pytest.fixture
def day(kept: Kept) -> Daily:
    return Daily(kept)


def test_years_ahead_what_came_today_is_not_forgotten(
    kept: Kept, day: Daily, receiver: Receiver
) -> None:
    kept.remind("12:05")
    day.goes_on(minutes=5)
    assert len(receiver.posts) == 1
    day.is_wrong_by(days=3 * 365)
    today = [d for d in kept.deliveries() if d.due == datetime(2026, 11, 23, 11, 5, tzinfo=UTC)]
    assert [d.state for d in today] == ["sent"]
    assert set(receiver.counts().values()) == {1}


@pytest.mark.parametrize("wrong", [{"hours": 13}, {"days": 2}, {"days": 40}], ids=str)
def test_what_was_missed_by_a_wrong_clock_comes_at_its_time(
    kept: Kept, day: Daily, receiver: Receiver, wrong: dict[str, float]
) -> None:
    kept.remind("18:00", "FREQ=WEEKLY;BYDAY=MO")
    kept.once("2026-11-23T18:30:00", text="a promise")
    day.is_wrong_by(**wrong)
    before = len(receiver.posts)
    day.goes_on(hours=6)
    day.goes_on(minutes=30)
    assert len(receiver.posts) == before + 2
    sent = [d.due.hour for d in kept.deliveries() if d.state == "sent" and d.due <= kept.now]
    assert sent == [17, 17]


def test_what_a_wrong_clock_put_off_to_the_morning_comes_at_its_time(
    kept: Kept, day: Daily, receiver: Receiver
) -> None:
    text = (kept.home / "config.toml").read_text()
    kept.configure(f'{text}\n[quiet]\nfrom = "22:00"\nuntil = "07:00"\n')
    kept.remind("19:30")
    day.is_wrong_by(hours=11)
    assert not receiver.posts
    day.goes_on(hours=7.5)
    assert len(receiver.posts) == 1


def test_what_never_was_to_come_today_does_not_come(
    kept: Kept, day: Daily, receiver: Receiver
) -> None:
    day.goes_on(days=1)
    # Said at noon: the first one is tomorrow's.
    kept.remind("09:00", None)
    changed = kept.remind("10:00", None)
    manage.edit_reminder(
        kept.db, kept.person, kept.habit, changed, kept.now, kept.settings, at="11:00"
    )
    day.is_wrong_by(days=2)
    wrong = len(receiver.posts)
    day.goes_on(minutes=10)
    assert len(receiver.posts) == wrong
    assert not [d for d in kept.deliveries() if d.due < kept.now]


def test_what_fell_due_meanwhile_is_caught_up(kept: Kept, day: Daily, receiver: Receiver) -> None:
    kept.remind("12:30", "FREQ=WEEKLY;BYDAY=MO")
    day.goes_on(days=2)
    kept.shown.move(hours=1)
    before = len(receiver.posts)
    day.goes_on(days=-2)
    assert len(receiver.posts) == before + 1


def test_what_was_put_off_stays_put_off(kept: Kept, day: Daily, receiver: Receiver) -> None:
    kept.remind("12:05")
    receiver.behave(503)
    day.goes_on(minutes=5)
    receiver.behave(200)
    snooze.snooze(kept.db, kept.person, kept.now, kept.settings, "2 hours")
    day.is_wrong_by(days=3)
    wrong = len(receiver.posts)
    day.goes_on(hours=1)
    assert len(receiver.posts) == wrong
    today = datetime(2026, 11, 23, 11, 5, tzinfo=UTC)
    assert [d.outcome for d in kept.deliveries() if d.due == today] == ["snoozed"]


@pytest.mark.parametrize("back", [2, 11])
def test_a_channel_that_rests_does_not_rest_for_hours_more(
    kept: Kept, day: Daily, receiver: Receiver, back: int
) -> None:
    channels.save(
        kept.db,
        channels.ChannelState(
            person_id=kept.person.id, name="hook", fail_streak=6, code="no-connection",
            next_ok=to_ms(kept.now + timedelta(minutes=10)),
        ),
    )  # fmt: skip
    day.goes_on(hours=-back)
    kept.once((kept.now + timedelta(hours=1, minutes=20)).replace(tzinfo=None).isoformat())
    day.goes_on(minutes=21)
    assert len(receiver.posts) == 1


def test_a_channel_is_off_for_a_day_whatever_the_clock_said_then() -> None:
    off = channels.ChannelState(person_id=1, name="hook", state="off", since=1000 * OFF_MS)
    assert [is_off(off, day * OFF_MS) for day in (10, 999, 1000, 1001)] == [
        False, False, True, False,
    ]  # fmt: skip
