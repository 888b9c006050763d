"""Spans of wall time -> instants: windows and quiet hours, over midnight and daylight saving."""

from __future__ import annotations

from datetime import UTC, timedelta
from typing import TYPE_CHECKING

from reconnect.clock import zone

if TYPE_CHECKING:
    from datetime import datetime
    from zoneinfo import ZoneInfo

_SECOND = timedelta(seconds=1)


def span(first: datetime, last: datetime, tzid: str) -> tuple[datetime, datetime]:
    """The UTC instants in which clocks in the zone show `first` or later, and not yet `last`.

    An end that lies in a gap of the clock is moved to the gap; where the whole span does, it is
    shifted behind it, as a wall time is. In a fold the span is what lies within it without a break.

    Args:
        first: naive wall time, included.
        last: a later naive wall time, excluded.
        tzid: IANA zone of both.
    """
    there = zone(tzid)
    begin, end = _first(first, there, last=last), _earliest(last, there)
    if begin < end:
        return begin, end
    return (
        first.replace(tzinfo=there, fold=0).astimezone(UTC),
        last.replace(tzinfo=there, fold=0).astimezone(UTC),
    )


def _first(wall: datetime, there: ZoneInfo, *, last: datetime) -> datetime:
    # From the first 02:30 of a fold clocks go back to 02:00 before they show 03:00.
    early, late = _both(wall, there)
    again = _both(last, there)
    return late if early < late and again[0] >= again[1] else _earliest(wall, there)


def _earliest(wall: datetime, there: ZoneInfo) -> datetime:
    """The first instant at which a clock shows that or more: in a gap the gap itself."""
    early, late = _both(wall, there)
    if early <= late:
        return early
    before = late.astimezone(there).utcoffset()
    low, high = late, early
    while high - low > _SECOND:
        middle = low + (high - low) // 2
        if middle.astimezone(there).utcoffset() == before:
            low = middle
        else:
            high = middle
    return high.replace(microsecond=0)


def _both(wall: datetime, there: ZoneInfo) -> tuple[datetime, datetime]:
    """The instants by the offset before and after a change: the same where there is none."""
    return (
        wall.replace(tzinfo=there, fold=0).astimezone(UTC),
        wall.replace(tzinfo=there, fold=1).astimezone(UTC),
    )
