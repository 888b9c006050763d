"""Planning: each occurrence becomes one row per channel, whatever happened meanwhile."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING

import msgspec
import pytest

from reconnect import recurrence
from reconnect.reminders import manage
from reconnect.reminders.plan import BATCH, idempotency_key, move_to_zone, plan
from reconnect.reminders.wishes import Wishes
from reconnect.store import people, reminders
from reconnect.store.database import writing

if TYPE_CHECKING:
    from tests.reminders.keeping import Kept

    from reconnect.model.habit import Person

PENDING = ("pending", None)
COALESCED = ("suppressed", "coalesced")
MISSED = ("expired", "missed")
FOUR_DAYS = 4 * 86_400


def plan_all(kept: Kept, *channels: str) -> int:
    """Plan until nothing is due; how many steps it took."""
    steps = 0
    while (first := reminders.first_due(kept.db)) is not None and first <= _ms(kept.now):
        with writing(kept.db):
            plan(kept.db, kept.now, lambda _reminder, _wall: channels or ("hook",))
        steps += 1
    return steps


def _ms(instant: datetime) -> int:
    return int(instant.timestamp() * 1000)


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)


def moved_to(kept: Kept, tzid: str) -> Person:
    with writing(kept.db):
        person = people.save(
            kept.db, key=people.ME, name="", tzid=tzid, day_starts=180, now_ms=_ms(kept.now)
        )
        move_to_zone(kept.db, person)
    return person


def test_what_is_due_is_planned_once(kept: Kept) -> None:
    reminder = kept.remind("12:05")
    plan_all(kept)
    assert kept.deliveries() == []
    kept.shown.set("2026-11-23T12:05:00+01:00")
    plan_all(kept)
    (one,) = kept.deliveries()
    wall = datetime(2026, 11, 23, 12, 5)  # noqa: DTZ001 - the wall time that names it
    assert (one.state, one.due, one.occ_wall) == ("pending", kept.now, wall)
    assert one.idem_key == idempotency_key(reminder.id, wall, "hook")
    assert kept.reminder(reminder).next_due == utc("2026-11-24T12:05:00+01:00")
    # Even a row that stands where it stood before is not planned again.
    kept.change(reminder, next_due=_ms(one.due), last_occ_wall=None)
    plan_all(kept)
    assert [d.id for d in kept.deliveries()] == [one.id]


def test_each_channel_has_a_row_and_a_key_of_its_own(kept: Kept) -> None:
    kept.remind("12:05")
    kept.shown.move(minutes=5)
    plan_all(kept, "hook", "mail")
    one, other = kept.deliveries()
    assert {one.channel, other.channel} == {"hook", "mail"}
    assert one.idem_key != other.idem_key


@pytest.mark.parametrize(
    ("catchup", "window_s", "expected"),
    [
        ("latest", 21_600, [MISSED, MISSED, PENDING]),
        ("latest", FOUR_DAYS, [COALESCED, COALESCED, PENDING]),
        ("latest", 1800, [MISSED, MISSED, MISSED]),
        ("all", FOUR_DAYS, [PENDING, PENDING, PENDING]),
        ("all", 100_000, [MISSED, PENDING, PENDING]),
        ("skip", FOUR_DAYS, [MISSED, MISSED, MISSED]),
    ],
)
def test_what_was_missed_is_caught_up_or_recorded(
    kept: Kept, catchup: str, window_s: int, expected: list[tuple[str, str | None]]
) -> None:
    kept.remind("19:30", catchup=catchup, window_s=window_s)
    kept.shown.set("2026-11-25T20:30:00+01:00")
    plan_all(kept)
    assert kept.outcomes() == expected
    # What is to be sent can still be sent: of `all`, each on its own account.
    assert all(d.expires_at > kept.now for d in kept.deliveries() if d.state == "pending")


@pytest.mark.parametrize("catchup", ["latest", "all", "skip"])
def test_a_minute_late_is_not_late(kept: Kept, catchup: str) -> None:
    kept.remind("19:30", catchup=catchup)
    kept.shown.set("2026-11-23T19:31:00+01:00")
    plan_all(kept)
    assert kept.outcomes() == [PENDING]


def test_it_expires_with_its_window_or_the_next_one(kept: Kept) -> None:
    kept.remind("12:05")
    kept.remind("12:05", "FREQ=HOURLY")
    kept.shown.set("2026-11-23T12:05:00+01:00")
    plan_all(kept)
    daily, hourly = (d.expires_at - d.due for d in kept.deliveries())
    assert (daily, hourly) == (timedelta(hours=6), timedelta(hours=1))


def test_count_ends(kept: Kept) -> None:
    reminder = kept.remind("12:05", "FREQ=DAILY;COUNT=3")
    for _ in range(5):
        kept.shown.move(days=1)
        plan_all(kept)
    assert len(kept.deliveries()) == 3
    assert kept.reminder(reminder).next_due is None
    assert kept.reminder(reminder).count_left == 0


def test_a_one_off_falls_due_once(kept: Kept) -> None:
    reminder = kept.once("2026-11-23T12:00:30")
    kept.shown.move(minutes=1)
    plan_all(kept)
    assert kept.outcomes() == [PENDING]
    assert kept.reminder(reminder).next_due is None
    kept.shown.move(days=400)
    plan_all(kept)
    assert len(kept.deliveries()) == 1


def test_an_hourly_reminder_after_a_year_off_loses_nothing(kept: Kept) -> None:
    reminder = kept.remind("12:05", "FREQ=HOURLY")
    kept.shown.set("2027-11-23T12:10:00+01:00")
    steps = plan_all(kept)
    assert steps == 18  # 500 at a time, so that no transaction takes long
    planned = kept.deliveries()
    # Wall hours: in spring one of them is not there, in autumn the repeated one counts once.
    assert len(planned) == 365 * 24
    apart = [b.due - a.due for a, b in pairwise(planned)]
    assert sorted(apart) == [timedelta(hours=1)] * (len(apart) - 1) + [timedelta(hours=2)]
    assert kept.outcomes()[-1] == PENDING
    assert set(kept.outcomes()[:-1]) == {MISSED, COALESCED}
    assert kept.reminder(reminder).next_due == utc("2027-11-23T13:05:00+01:00")


def test_a_step_of_a_long_sleep_is_not_its_end(kept: Kept) -> None:
    # The last of the first 500 is ten hours old and well within its window: it is not the newest.
    kept.remind("12:05", "FREQ=HOURLY", window_s=7 * 86_400)
    kept.shown.move(hours=510, minutes=10)
    assert plan_all(kept) == 2
    assert kept.outcomes().count(PENDING) == 1
    assert kept.outcomes()[-1] == PENDING


def test_many_are_planned_in_batches(kept: Kept) -> None:
    kept.many(2 * BATCH + 10, "2026-11-23T12:05")
    kept.shown.move(minutes=5)
    assert plan_all(kept) == 3
    assert kept.outcomes() == [PENDING] * (2 * BATCH + 10)


def test_many_that_slept_long_are_planned_in_small_steps(kept: Kept) -> None:
    # Each of them has 500 times behind it: together they would hold the store for seconds.
    kept.many(20, "2026-11-23T12:05", rrule="FREQ=HOURLY")
    kept.shown.move(hours=510)
    rows = [0]
    while (first := reminders.first_due(kept.db)) is not None and first <= _ms(kept.now):
        with writing(kept.db):
            plan(kept.db, kept.now, lambda _reminder, _wall: ("hook",))
        rows.append(len(kept.deliveries()))
    assert rows[-1] == 20 * 510
    assert max(after - before for before, after in pairwise(rows)) <= 2000


def test_who_travels_west_is_reminded_by_the_clocks_there(kept: Kept) -> None:
    reminder = kept.remind("19:30")
    moved_to(kept, "America/New_York")
    assert kept.reminder(reminder).next_due == utc("2026-11-23T19:30:00-05:00")
    kept.shown.set("2026-11-24T00:30:00+00:00")
    plan_all(kept)
    assert kept.outcomes() == [PENDING]


def test_what_was_sent_before_the_journey_is_not_sent_again(kept: Kept) -> None:
    reminder = kept.remind("19:30")
    kept.shown.set("2026-11-23T19:30:00+01:00")
    plan_all(kept)
    moved_to(kept, "America/New_York")
    assert kept.reminder(reminder).next_due == utc("2026-11-24T19:30:00-05:00")
    kept.shown.set("2026-11-23T20:00:00-05:00")
    plan_all(kept)
    assert len(kept.deliveries()) == 1


def test_who_travels_east_past_the_time_is_reminded_at_once(kept: Kept) -> None:
    kept.remind("19:30")
    moved_to(kept, "Asia/Tokyo")  # where it is 20:00
    plan_all(kept)
    (one,) = kept.deliveries()
    assert (one.state, one.due) == ("pending", utc("2026-11-23T19:30:00+09:00"))


def test_what_waits_moves_by_its_wall_time(kept: Kept) -> None:
    kept.remind("19:30", tzid="Europe/Berlin")
    kept.remind("19:30")
    kept.shown.set("2026-11-23T19:30:00+01:00")
    plan_all(kept)
    ends = kept.deliveries()[0].expires_at - kept.now
    moved_to(kept, "America/New_York")  # where it is 13:30
    bound, follows = kept.deliveries()
    assert (bound.due, bound.not_before) == (utc("2026-11-23T19:30:00+01:00"),) * 2
    assert (follows.due, follows.not_before) == (utc("2026-11-23T19:30:00-05:00"),) * 2
    assert follows.expires_at - follows.due == ends
    moved_to(kept, "Europe/Berlin")
    assert {one.due for one in kept.deliveries()} == {utc("2026-11-23T19:30:00+01:00")}
    assert len(kept.deliveries()) == 2


def test_what_quiet_hours_put_off_is_judged_anew_elsewhere(kept: Kept) -> None:
    kept.remind("22:30")
    kept.shown.set("2026-11-23T22:30:00+01:00")
    plan_all(kept)
    kept.db.execute(
        "UPDATE delivery SET outcome = 'quiet', not_before = ?", (_ms(kept.now) + 30_600_000,)
    )
    moved_to(kept, "Europe/London")
    (one,) = kept.deliveries()
    assert one.not_before == one.due == utc("2026-11-23T22:30:00+00:00")


def test_a_reminder_with_a_zone_of_its_own_stays(kept: Kept) -> None:
    reminder = kept.remind("19:30", tzid="Europe/Berlin")
    moved_to(kept, "Asia/Tokyo")
    assert kept.reminder(reminder).next_due == utc("2026-11-23T19:30:00+01:00")


@pytest.mark.parametrize(
    ("eve", "instants"),
    [
        # In the gap there is no 02:30: it is 03:30 that day.
        ("2027-03-27T12:00:00+01:00", ["28T03:30:00+02:00", "29T02:30:00+02:00"]),
        # In the fold there are two: the first.
        ("2027-10-30T12:00:00+02:00", ["31T02:30:00+02:00"]),
    ],
)
def test_the_nights_when_clocks_change(kept: Kept, eve: str, instants: list[str]) -> None:
    kept.shown.set(eve)
    kept.remind("02:30")
    for _ in range(24 * len(instants)):
        kept.shown.move(hours=1)
        plan_all(kept)
    assert [d.due for d in kept.deliveries()] == [utc(eve[:8] + instant) for instant in instants]


def test_an_edit_in_between_is_not_overwritten(kept: Kept) -> None:
    reminder = kept.remind("12:05")
    elsewhere = msgspec.structs.replace(reminder, next_due=utc("2026-12-24T18:00:00+01:00"))
    reminders.move(kept.db, elsewhere)
    on = msgspec.structs.replace(reminder, next_due=utc("2026-11-24T12:05:00+01:00"))
    assert reminders.advance(kept.db, [(reminder, on)]) == 0
    assert kept.reminder(reminder).next_due == elsewhere.next_due


def test_one_that_cannot_be_planned_does_not_hold_up_the_others(kept: Kept) -> None:
    broken = kept.remind("12:05", rrule="FREQ=DAILY", tzid="Mars/Olympus")
    kept.change(broken, rrule="FREQ=NEVER")
    kept.remind("12:05", "FREQ=WEEKLY")
    kept.shown.move(minutes=5)
    plan_all(kept)
    assert kept.outcomes() == [PENDING]
    assert kept.reminder(broken).next_due == kept.now + timedelta(hours=1)


def test_expected_is_what_the_recurrence_says(kept: Kept) -> None:
    """The oracle of the property test, on one rule: BYDAY with a time in the past of the habit."""
    reminder = kept.remind("08:15", "FREQ=WEEKLY;BYDAY=MO,TH")
    kept.shown.move(days=30)
    plan_all(kept)
    every = recurrence.occurrences(
        reminder.rrule, dtstart=reminder.dtstart_wall, tzid="Europe/Berlin"
    )
    expected = []
    for one in every:
        if one.instant > kept.now:
            break
        expected.append(one.instant)
    assert [d.due for d in kept.deliveries()] == expected


def test_the_same_time_said_again_brings_nothing_back(kept: Kept) -> None:
    made = kept.remind("12:05", "FREQ=DAILY;COUNT=3")
    kept.shown.move(minutes=10)
    plan_all(kept)
    before = kept.reminder(made)
    after = manage.edit_reminder(
        kept.db, kept.person, kept.habit, before, kept.now, kept.settings, at="12:05",
        wishes=Wishes(priority=10),
    )  # fmt: skip
    assert after.priority == 10
    assert (after.last_occ_wall, after.count_left) == (before.last_occ_wall, 2)
    kept.shown.move(days=4)
    plan_all(kept)
    assert len(kept.deliveries()) == 3
