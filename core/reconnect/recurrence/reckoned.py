"""The wall times of a rule, named outright, without looking at each day.

dateutil builds the days of a period and asks of each whether it fits: a twentieth of a millisecond
by the day, a tenth by the year, so that a rule which seldom fits takes tens of them. Here the days
that fit are reckoned, from the period of the last occurrence on. What comes out is the same, but
for some week numbers (see `fitting`); the tests hold it against dateutil on rules at random.
"""

from __future__ import annotations

from bisect import bisect_left
from datetime import date, datetime, time
from math import gcd
from typing import TYPE_CHECKING

from reconnect.recurrence.fitting import (
    END,
    LAST_YEAR,
    is_limited,
    limited,
    of_month,
    of_week,
    of_year,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from reconnect.recurrence.rrule import Rule

    # The days (as ordinals, in order) that a rule finds in one period, and its times on each.
    Period = tuple[list[int], list[time]]


def reckoned(rule: Rule, dtstart: datetime, after: datetime | None) -> Iterator[datetime]:
    """The wall times of a rule, from `dtstart` on and later than `after`.

    COUNT is left to the caller. It costs the same however long ago `dtstart` was.
    """
    since = dtstart if after is None else max(dtstart, after)
    walls = _walls(rule, since, _PERIODS[rule.freq](rule, dtstart, since))
    return walls if after is None else (wall for wall in walls if wall > after)


def _walls(rule: Rule, since: datetime, periods: Iterator[Period]) -> Iterator[datetime]:
    for days, times in periods:
        for wall in _picked(days, times, rule.by.get("BYSETPOS", ()), since):
            if wall.year > LAST_YEAR or (rule.until is not None and wall > rule.until):
                return
            if wall >= since:
                yield wall


def _by_year(rule: Rule, dtstart: datetime, since: datetime) -> Iterator[Period]:
    times = _times(rule, dtstart)
    first = since.year - (since.year - dtstart.year) % rule.interval
    for year in range(first, LAST_YEAR + 1, rule.interval):
        yield of_year(rule, dtstart, year), times


def _by_month(rule: Rule, dtstart: datetime, since: datetime) -> Iterator[Period]:
    times = _times(rule, dtstart)
    first, begin = (at.year * 12 + at.month - 1 for at in (since, dtstart))
    first -= (first - begin) % rule.interval
    for month in range(first, (LAST_YEAR + 1) * 12, rule.interval):
        yield of_month(rule, dtstart, month // 12, month % 12 + 1), times


def _by_week(rule: Rule, dtstart: datetime, since: datetime) -> Iterator[Period]:
    times, start, step = _times(rule, dtstart), dtstart.toordinal(), 7 * rule.interval
    begin = start - (dtstart.weekday() - rule.wkst) % 7
    for week in range(since.toordinal() - (since.toordinal() - begin) % step, END, step):
        # BYSETPOS counts from the start on in the first week.
        yield [day for day in of_week(rule, dtstart, week) if day >= start], times


def _by_day(rule: Rule, dtstart: datetime, since: datetime) -> Iterator[Period]:
    times, begin = _times(rule, dtstart), dtstart.toordinal()
    every = range(begin, END, rule.interval)
    days: Iterable[int] = every[(since.toordinal() - begin) // rule.interval :]
    if is_limited(rule):
        if not _is_reached(rule, dtstart, 24 * rule.interval, {dtstart.hour}):
            return
        days = limited(rule, since, every)
    for day in days:
        yield [day], times


def _by_hour(rule: Rule, dtstart: datetime, since: datetime) -> Iterator[Period]:
    step, begin = rule.interval, dtstart.toordinal() * 24 + dtstart.hour
    wanted = set(rule.by.get("BYHOUR", range(24)))
    if not _is_reached(rule, dtstart, step, wanted):
        return
    days: Iterable[int] = range(since.toordinal(), END)
    if is_limited(rule):
        # Whole days are counted like those of DAILY; other steps reach any day.
        start, whole = dtstart.toordinal(), step // 24 if step % 24 == 0 else 1
        days = limited(rule, since, range(start, END, whole))
    elif step >= 24:
        first = since.toordinal() * 24 + since.hour
        days = (hour // 24 for hour in range(first - (first - begin) % step, END * 24, step))
    for day in days:
        hours = [h for h in range((begin - day * 24) % step, 24, step) if h in wanted]
        if "BYSETPOS" in rule.by:
            yield from (([day], _times(rule, dtstart, (hour,))) for hour in hours)
        elif hours:
            yield [day], _times(rule, dtstart, hours)


_PERIODS: dict[str, Callable[[Rule, datetime, datetime], Iterator[Period]]] = {
    "YEARLY": _by_year, "MONTHLY": _by_month, "WEEKLY": _by_week, "DAILY": _by_day,
    "HOURLY": _by_hour,
}  # fmt: skip


def _is_reached(rule: Rule, dtstart: datetime, step: int, hours: set[int]) -> bool:
    """Whether steps of so many hours lead to any of the weekdays and hours that a rule wants.

    Where they do not, none of its days up to the end of time would be found to fit.
    """
    begin, common = dtstart.weekday() * 24 + dtstart.hour, gcd(step, 7 * 24)
    weekdays = [day for day, _ in rule.days] or range(7)
    return any((day * 24 + hour - begin) % common == 0 for day in weekdays for hour in hours)


def _picked(
    days: list[int], times: list[time], places: tuple[int, ...], since: datetime
) -> Iterator[datetime]:
    """The wall times of a period, or those at these places of it, from the day of `since` on."""
    if not places:
        for day in days[bisect_left(days, since.toordinal()) :]:
            yield from (datetime.combine(date.fromordinal(day), at) for at in times)
        return
    count = len(days) * len(times)
    wanted = {place - 1 if place > 0 else count + place for place in places}
    for number in sorted(n for n in wanted if 0 <= n < count):
        day, at = divmod(number, len(times))
        yield datetime.combine(date.fromordinal(days[day]), times[at])


def _times(rule: Rule, dtstart: datetime, hours: Iterable[int] | None = None) -> list[time]:
    hours = rule.by.get("BYHOUR", (dtstart.hour,)) if hours is None else hours
    minutes = rule.by.get("BYMINUTE", (dtstart.minute,))
    seconds = rule.by.get("BYSECOND", (dtstart.second,))
    # The parts are in order, each value once.
    return [time(h, m, s) for h in hours for m in minutes for s in seconds]
