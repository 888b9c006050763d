"""The moment of a promise: an instant, told as a time on the clock that means no other."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from reconnect.clock import zone
from reconnect.recurrence import to_instant, to_wall

if TYPE_CHECKING:
    from datetime import time


def next_time(clock: time, now: datetime, tzid: str) -> datetime:
    """The next instant (UTC) at which the clocks of a zone show so.

    In the hour that comes twice that may be its second time; a time that the clocks leave out is
    shifted to the offset before it.
    """
    day = to_wall(now, tzid).date()
    found = []
    for after in range(3):
        wall = datetime.combine(day + timedelta(days=after), clock.replace(tzinfo=None))
        first = to_instant(wall, tzid)
        second = wall.replace(tzinfo=zone(tzid), fold=1).astimezone(UTC)
        # In the hour that is left out the two are there as well, and show other times.
        twice = to_wall(second, tzid) == wall
        found += [instant for instant in (first, second if twice else first) if instant > now]
    return min(found)


def unmistakable(instant: datetime, tzid: str) -> datetime:
    """The wall time of an instant; where clocks go back, the first that means no earlier one."""
    instant = instant.replace(microsecond=0)
    wall = to_wall(instant, tzid)
    while to_instant(wall, tzid) < instant:
        wall += timedelta(minutes=1)
    return wall
