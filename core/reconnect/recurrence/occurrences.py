"""A rule and a zone -> wall times and instants. Nothing else knows daylight saving."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from itertools import islice, takewhile
from typing import TYPE_CHECKING, NamedTuple

from reconnect.clock import zone
from reconnect.recurrence.rrule import parse, refusal, stored

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reconnect.recurrence.rrule import Rule


class Occurrence(NamedTuple):
    """One falling due: naive `wall` time, UTC `instant`, and how many COUNT leaves after it."""

    wall: datetime
    instant: datetime
    count_left: int | None


def check(text: str) -> str:
    """The RRULE as it is to be stored: upper case, no spaces, no "RRULE:".

    UsageError: not one RFC 5545 rule, more often than hourly, or a rule that never occurs.
    """
    line = re.sub(r"[ \t]", "", text[:501])
    rrule = line.upper().removeprefix("RRULE:")
    if len(text) > 500 or not re.fullmatch(r"[A-Za-z0-9:;=,+-]+", line) or ":" in rrule:
        raise refusal(text, "expected one line, at most 500 long, such as FREQ=WEEKLY;BYDAY=SU")
    # From some start it occurs, whatever INTERVAL is: from 2000 to 2399 a year of each kind has its
    # turn.
    rule = parse(rrule)._replace(interval=1, until=None)
    if next(_walls(rule, datetime.combine(date(2000, 1, 1), time()), None), None) is None:
        raise refusal(text, "never occurs: expected at least one date with all that it asks for")
    return rrule


def to_instant(wall: datetime, tzid: str) -> datetime:
    """The UTC instant of a naive wall time; in a gap and in a fold as said above."""
    return wall.replace(tzinfo=zone(tzid), fold=0).astimezone(UTC)


def to_wall(instant: datetime, tzid: str) -> datetime:
    """The naive wall time that clocks in the zone show at an aware instant."""
    return instant.astimezone(zone(tzid)).replace(tzinfo=None, fold=0)


def next_occurrence(
    rrule: str, *, dtstart: datetime, last: datetime | None, count_left: int | None, tzid: str
) -> Occurrence | None:
    """The occurrence after the wall time `last`, or the first one; None when there are no more.

    Instants strictly increase: a wall time that a gap makes no later than the one before is left
    out, and not counted. It costs the same however long ago `dtstart` was.

    Args:
        rrule: as `check` returned it; empty for a one-off at `dtstart`.
        dtstart: naive start, to the second; the first occurrence if it fits the rule.
        last: naive wall time of the previous occurrence, or any other; None for the first.
        count_left: what the previous occurrence said. None takes COUNT from the rule; with `last`
            also given, the occurrences up to `last` are then counted from `dtstart`, which is slow.
        tzid: IANA zone of the wall times.
    """
    every = occurrences(rrule, dtstart=dtstart, last=last, count_left=count_left, tzid=tzid)
    return next(every, None)


def occurrences(
    rrule: str,
    *,
    dtstart: datetime,
    tzid: str,
    last: datetime | None = None,
    count_left: int | None = None,
) -> Iterator[Occurrence]:
    """Each occurrence after `last`, in order; without end where the rule has none.

    The rule is run once for all of them.
    """
    start = dtstart.replace(microsecond=0, fold=0)
    if last is not None and last < start:
        last = None
    if not rrule:
        if last is None:
            yield Occurrence(start, to_instant(start, tzid), None)
        return
    rule = parse(rrule)
    if count_left is None and rule.total:
        if last is not None:
            every = occurrences(rrule, dtstart=start, tzid=tzid)
            yield from (one for one in every if one.wall > last)
            return
        count_left = rule.total
    previous = None if last is None else to_instant(last, tzid)
    for wall in _walls(rule, start, last) if count_left != 0 else ():
        instant = to_instant(wall, tzid)
        if previous is None or instant > previous:
            previous = instant
            count_left = None if count_left is None else count_left - 1
            yield Occurrence(wall, instant, count_left)
            if count_left == 0:
                return


def is_due(rrule: str, since: date, day: date) -> bool:
    """Whether a habit is due on a day: never before `since`, never where the rule is empty."""
    return bool(due_days(rrule, since, day, day))


def due_days(rrule: str, since: date, first: date, last: date) -> list[date]:
    """The days from `first` to `last`, both included, on which a habit is due, in order."""
    first = max(first, since)
    if not rrule or last < first:
        return []
    rule = stored(rrule)
    if rule.until is not None:
        last = min(last, rule.until.date())
    if rule.total:
        return [day for day in _counted(rrule, since) if first <= day <= last]
    if rule.freq in ("DAILY", "WEEKLY") and not rule.by:
        # By far the most habits, on the path of `today`: count days, or weeks.
        size = 7 if rule.freq == "WEEKLY" else 1
        begin = since.toordinal() - (since.weekday() - rule.wkst) % size
        weekdays = [day for day, _ in rule.days] or ([since.weekday()] if size == 7 else range(7))
        numbers = range(first.toordinal(), last.toordinal() + 1)
        due = (n for n in numbers if (n - begin) % (size * rule.interval) < size)
        return [day for day in map(date.fromordinal, due) if day.weekday() in weekdays]
    eve = datetime.combine(first, time()) - timedelta(microseconds=1)
    dates = (wall.date() for wall in _walls(rule, datetime.combine(since, time()), eve))
    return list(dict.fromkeys(takewhile(last.__ge__, dates)))


@lru_cache(maxsize=64)
def _counted(rrule: str, since: date) -> tuple[date, ...]:
    """Every day of a rule that ends after so many times: it has to be counted from its start."""
    rule = stored(rrule)
    walls = islice(_walls(rule, datetime.combine(since, time()), None), rule.total)
    return tuple(dict.fromkeys(wall.date() for wall in walls))


def _walls(rule: Rule, dtstart: datetime, after: datetime | None) -> Iterator[datetime]:
    """See `reckoned`, which most habits do without on the path of `today`."""
    from reconnect.recurrence.reckoned import reckoned

    return reckoned(rule, dtstart, after)
