"""Spans of wall time: windows and quiet hours over midnight, gaps and folds."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconnect.recurrence import span

ZONES = (
    "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Pacific/Apia", "Africa/Casablanca",
    "America/Havana", "UTC",
)  # fmt: skip


def wall(text: str) -> datetime:
    return datetime.fromisoformat(text)


def in_berlin(instant: datetime) -> str:
    return instant.astimezone(ZoneInfo("Europe/Berlin")).isoformat(timespec="minutes")[5:]


@pytest.mark.parametrize(
    ("first", "last", "begin", "end"),
    [
        ("11-23T22:00", "11-24T07:00", "11-23T22:00+01:00", "11-24T07:00+01:00"),
        # Clocks go from 02:00 to 03:00.
        ("03-28T22:00", "03-29T07:00", "03-28T22:00+01:00", "03-29T07:00+02:00"),
        ("03-28T22:00", "03-29T02:30", "03-28T22:00+01:00", "03-29T03:00+02:00"),
        ("03-29T02:30", "03-29T03:30", "03-29T03:00+02:00", "03-29T03:30+02:00"),
        ("03-29T02:10", "03-29T02:50", "03-29T03:10+02:00", "03-29T03:50+02:00"),
        # Clocks go from 03:00 to 02:00.
        ("10-24T22:00", "10-25T07:00", "10-24T22:00+02:00", "10-25T07:00+01:00"),
        ("10-25T01:30", "10-25T02:30", "10-25T01:30+02:00", "10-25T02:30+02:00"),
        ("10-25T02:30", "10-25T03:30", "10-25T02:30+01:00", "10-25T03:30+01:00"),
        ("10-25T02:10", "10-25T02:50", "10-25T02:10+02:00", "10-25T02:50+02:00"),
        ("10-25T01:30", "10-25T03:30", "10-25T01:30+02:00", "10-25T03:30+01:00"),
    ],
)  # fmt: skip
def test_ends_in_gaps_and_folds(first: str, last: str, begin: str, end: str) -> None:
    since, until = span(wall(f"2026-{first}"), wall(f"2026-{last}"), "Europe/Berlin")
    assert (in_berlin(since), in_berlin(until)) == (begin, end)


# Days on which clocks change somewhere in the zones above, and days around them.
DAYS = [datetime(2026, month, 1) + timedelta(days=d) for month in (3, 4, 10, 11) for d in range(31)]  # noqa: DTZ001


@given(
    day=st.sampled_from(DAYS),
    begins=st.integers(0, 1439),
    minutes=st.integers(1, 1200),
    tzid=st.sampled_from(ZONES),
    share=st.floats(0, 1, exclude_max=True),
)
def test_clocks_show_a_time_within(
    day: datetime, begins: int, minutes: int, tzid: str, share: float
) -> None:
    first = day + timedelta(minutes=begins)
    last = first + timedelta(minutes=minutes)
    begin, end = span(first, last, tzid)
    assert begin < end
    there = ZoneInfo(tzid)
    chosen = begin + timedelta(seconds=int(share * (end - begin).total_seconds()))
    shown = chosen.astimezone(there).replace(tzinfo=None)
    some = begin.astimezone(there).replace(tzinfo=None)
    if some >= last:  # the whole span lies in a gap, and is shifted behind it
        assert first.replace(tzinfo=there).astimezone(UTC) == begin
    else:
        assert first <= shown < last
