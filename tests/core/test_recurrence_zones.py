"""Recurrences where clocks are put forward (a gap) or back (a fold), in every zone there is.

A wall time in a gap is moved on by the gap's length. It stays on its day, but for a gap that ends
after midnight (Nuuk, from 23:00 to 0:00), where it falls on the day after, and for a day that a
zone left out (Apia, 30 December 2011), which then is the day after; the occurrence there, at the
same instant, is left out.
"""

from __future__ import annotations

import zoneinfo
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from itertools import islice, pairwise
from typing import NamedTuple

import pytest
from dateutil.rrule import rrulestr
from hypothesis import given, settings
from hypothesis import strategies as st

from reconnect.recurrence import Occurrence, next_occurrence, occurrences, to_instant, to_wall

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)


class Change(NamedTuple):
    """Clocks in a zone are put from `old` to `new` (ahead of UTC) at an instant, without zone."""

    tzid: str
    instant: datetime
    old: timedelta
    new: timedelta

    @property
    def gap(self) -> timedelta:
        """How long the gap is; nothing for a fold."""
        return max(self.new - self.old, timedelta())

    @property
    def wall(self) -> datetime:
        """A wall time inside the gap or the fold: the middle, in whole minutes."""
        start = self.instant + min(self.old, self.new)
        return start + abs(self.new - self.old) / 2 // MINUTE * MINUTE


def at(text: str) -> datetime:
    """A naive wall time, or an instant where an offset is given."""
    return datetime.fromisoformat(text)


def offset(zone: zoneinfo.ZoneInfo, instant: datetime) -> timedelta:
    ahead = instant.replace(tzinfo=UTC).astimezone(zone).utcoffset()
    assert ahead is not None
    return ahead


@cache
def changes() -> list[Change]:
    """Every change of 2026 in every zone."""
    found = []
    for tzid in sorted(zoneinfo.available_timezones()):
        zone = zoneinfo.ZoneInfo(tzid)
        days = [at("2026-01-01") + n * DAY for n in range(366)]
        offsets = [offset(zone, day) for day in days]
        for day, old, new in zip(days, offsets, offsets[1:], strict=False):
            if old != new:
                before, after = day, day + DAY
                while after - before > MINUTE:
                    middle = before + (after - before) / 2 // MINUTE * MINUTE
                    before, after = (
                        (middle, after) if offset(zone, middle) == old else (before, middle)
                    )
                found.append(Change(tzid, after, old, new))
    return found


def run(rrule: str, start: datetime, tzid: str, many: int) -> list[Occurrence]:
    return list(islice(occurrences(rrule, dtstart=start, tzid=tzid), many))


def increases(found: list[Occurrence]) -> bool:
    return all(one.instant < other.instant for one, other in pairwise(found))


def test_enough_zones_change_their_clocks() -> None:
    assert len({change.tzid for change in changes()}) > 100
    assert sum(bool(change.gap) for change in changes()) > 100
    assert sum(not change.gap for change in changes()) > 100
    # Half an hour, two hours, and across midnight are among them.
    assert {change.gap for change in changes()} >= {timedelta(hours=n) for n in (0, 0.5, 1, 2)}
    assert any((change.wall + change.gap).date() != change.wall.date() for change in changes())


@pytest.mark.parametrize("kind", ["DAILY", "WEEKLY", "MONTHLY", "YEARLY"])
@pytest.mark.parametrize("noon", [False, True], ids=["inside", "noon"])
def test_each_day_due_has_one_instant_in_every_zone(kind: str, noon: bool) -> None:
    checked = set()
    for change in changes():
        day = change.wall.date()
        clock = time(12) if noon else change.wall.time()
        rule, first, many = {
            "DAILY": ("FREQ=DAILY", day - 4 * DAY, 9),
            "WEEKLY": (f"FREQ=WEEKLY;BYDAY={day:%a}".upper()[:-1], day - 14 * DAY, 5),
            "MONTHLY": ("FREQ=MONTHLY", day.replace(month=1), 12),
            "YEARLY": ("FREQ=YEARLY", day.replace(year=2025), 3),
        }[kind]
        start = datetime.combine(first, clock)
        found = run(rule, start, change.tzid, many)
        due = list(islice(rrulestr(rule, dtstart=start), many))
        assert [one.wall for one in found] == due, change
        assert day in {one.wall.date() for one in found}, change
        assert increases(found), change
        shown = [to_wall(one.instant, change.tzid) for one in found]
        # Whatever else changes in those days: shown as due, or moved on by the length of its gap.
        gaps = (
            {
                other.wall.date(): other
                for other in changes()
                if other.tzid == change.tzid and other.gap
            }
            if clock != time(12)
            else {}
        )
        for wall, one in zip(shown, found, strict=True):
            if wall == one.wall:
                continue
            other = gaps[one.wall.date()]
            assert wall == one.wall + other.gap, change
        if not noon:
            (inside,) = (one for one in found if one.wall.date() == day)
            # The offset before the change, both in the gap and the first time in the fold.
            assert inside.instant == (change.wall - change.old).replace(tzinfo=UTC), change
            assert to_wall(inside.instant, change.tzid) == change.wall + change.gap, change
        checked.add(change.tzid)
    assert len(checked) > 100


def test_hourly_loses_no_hour_and_doubles_none_in_every_zone() -> None:
    for change in changes():
        start = change.wall.replace(minute=0) - timedelta(hours=6)
        for rule in ("FREQ=HOURLY", "FREQ=HOURLY;BYMINUTE=0,30"):
            found = run(rule, start, change.tzid, 30)
            assert increases(found), change
            # Of the wall times that are, all but those after the first one that a gap moved.
            walls = set(islice(rrulestr(rule, dtstart=start), 40))
            for wall in sorted(walls - {one.wall for one in found}):
                if wall > found[-1].wall:
                    break
                earlier = max(one for one in found if one.wall < wall)
                assert to_instant(wall, change.tzid) <= earlier.instant, change
                assert change.gap, change
            steps = {b.instant - a.instant for a, b in pairwise(found)}
            assert max(steps) <= timedelta(hours=1) + abs(change.new - change.old), change


@settings(max_examples=150, deadline=None, database=None)
@given(
    change=st.deferred(lambda: st.sampled_from(changes())),
    rule=st.sampled_from(
        [
            "FREQ=HOURLY",
            "FREQ=HOURLY;INTERVAL=3",
            "FREQ=HOURLY;BYMINUTE=0,20,40",
            "FREQ=DAILY;BYHOUR=0,1,2,3;BYMINUTE=0,15,30,45",
            "FREQ=WEEKLY;BYDAY=SA,SU;BYHOUR=0,1,2,3,23;BYMINUTE=10,50",
            "FREQ=MONTHLY;BYDAY=-1SU;BYHOUR=1,2,3;BYMINUTE=0,30;BYSETPOS=1,3,-1",
        ]
    ),
    before=st.integers(0, 60 * 60),
    count=st.none() | st.integers(1, 60),
)
def test_instants_are_those_of_dateutil_without_the_ones_that_go_back(
    change: Change, rule: str, before: int, count: int | None
) -> None:
    start = change.wall - before * MINUTE
    many = 50 if count is None else count
    found = run(rule if count is None else f"{rule};COUNT={count}", start, change.tzid, 50)
    expected: list[tuple[datetime, datetime]] = []
    for wall in rrulestr(rule, dtstart=start):
        instant = to_instant(wall, change.tzid)
        if not expected or instant > expected[-1][1]:
            expected.append((wall, instant))
        if len(expected) == min(many, 50):
            break
    # COUNT counts what really falls due: what a gap leaves out is not part of it.
    assert [(one.wall, one.instant) for one in found] == expected


@pytest.mark.parametrize(
    ("wall", "instant"),
    [
        ("2026-03-29T01:59", "2026-03-29T00:59+00:00"),
        ("2026-03-29T02:00", "2026-03-29T01:00+00:00"),
        ("2026-03-29T02:30", "2026-03-29T01:30+00:00"),  # clocks show 03:30 then
        ("2026-03-29T03:00", "2026-03-29T01:00+00:00"),
        ("2026-10-25T01:59", "2026-10-24T23:59+00:00"),
        ("2026-10-25T02:30", "2026-10-25T00:30+00:00"),  # the first of the two
        ("2026-10-25T03:00", "2026-10-25T02:00+00:00"),
    ],
)
def test_berlin(wall: str, instant: str) -> None:
    assert to_instant(at(wall), "Europe/Berlin") == at(instant)
    # A mark on the wall time for "the second of the two" changes nothing.
    assert to_instant(at(wall).replace(fold=1), "Europe/Berlin") == at(instant)


def test_to_wall_in_the_fold_shows_the_same_time_twice() -> None:
    shown = [to_wall(at(f"2026-10-25T0{n}:30+00:00"), "Europe/Berlin") for n in range(3)]
    assert shown == [at("2026-10-25T02:30"), at("2026-10-25T02:30"), at("2026-10-25T03:30")]
    assert {(wall.tzinfo, wall.fold) for wall in shown} == {(None, 0)}


def test_hourly_in_berlin() -> None:
    spring = run("FREQ=HOURLY", at("2026-03-29T00:30"), "Europe/Berlin", 4)
    assert [f"{one.wall:%H:%M} {one.instant:%H:%M}" for one in spring] == [
        "00:30 23:30",
        "01:30 00:30",
        "02:30 01:30",
        "04:30 02:30",  # 03:30 is the instant that 02:30 was moved to
    ]
    autumn = run("FREQ=HOURLY", at("2026-10-25T01:30"), "Europe/Berlin", 3)
    assert [f"{one.wall:%H:%M} {one.instant:%H:%M}" for one in autumn] == [
        "01:30 23:30",
        "02:30 00:30",
        "03:30 02:30",
    ]


def test_count_does_not_count_what_a_gap_leaves_out() -> None:
    found = run("FREQ=HOURLY;COUNT=4", at("2026-03-29T01:30"), "Europe/Berlin", 99)
    assert [one.wall.hour for one in found] == [1, 2, 4, 5]
    assert [one.count_left for one in found] == [3, 2, 1, 0]
    again = next_occurrence(
        "FREQ=HOURLY;COUNT=4",
        dtstart=found[0].wall,
        last=found[1].wall,
        count_left=None,
        tzid="Europe/Berlin",
    )
    assert again == found[2]


def test_a_day_that_a_zone_left_out() -> None:
    found = run("FREQ=DAILY", at("2011-12-29T09:00"), "Pacific/Apia", 3)
    assert [one.wall.date() for one in found] == [
        date(2011, 12, 29),
        date(2011, 12, 30),
        date(2012, 1, 1),
    ]
    assert increases(found)
    assert to_wall(found[1].instant, "Pacific/Apia") == at("2011-12-31T09:00")


def test_a_one_off_inside_a_gap_is_sent_after_it() -> None:
    (one,) = run("", at("2026-03-29T02:30"), "Europe/Berlin", 9)
    assert one == Occurrence(at("2026-03-29T02:30"), at("2026-03-29T01:30+00:00"), None)


def test_a_changed_zone_keeps_the_wall_times() -> None:
    last = at("2026-11-23T19:30")
    for tzid, hour in (("Europe/Berlin", 18), ("America/New_York", 0), ("Asia/Kolkata", 14)):
        one = next_occurrence(
            "FREQ=DAILY", dtstart=at("2026-01-01T19:30"), last=last, count_left=None, tzid=tzid
        )
        assert one is not None
        assert (one.wall, one.instant.hour) == (last + DAY, hour)
