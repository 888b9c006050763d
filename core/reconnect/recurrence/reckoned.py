"""Rules whose days can be named outright, without looking at each one.

dateutil builds the days of a period and asks of each whether it fits: a twentieth of a millisecond
by the day, a tenth by the year. Of most rules that people have the next day can be reckoned. What
is left to dateutil: HOURLY, MONTHLY, BYWEEKNO, and parts that pick among the days of DAILY and
WEEKLY.
"""

from __future__ import annotations

from bisect import bisect_left
from datetime import date, datetime, time
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from reconnect.recurrence.rrule import Rule

LAST_YEAR = 2399
"""For us time ends with this year."""

_TIMES = frozenset({"BYHOUR", "BYMINUTE", "BYSECOND"})


def reckoned(rule: Rule, dtstart: datetime, after: datetime | None) -> Iterator[datetime] | None:
    """The wall times of a rule, from `dtstart` on and later than `after`.

    COUNT is left to the caller. None: dateutil is to be asked.
    """
    days: Iterator[Iterable[int]]
    if rule.freq == "YEARLY" and "BYWEEKNO" not in rule.by:
        days = _by_year(rule, dtstart, after)
    elif rule.by.keys() - _TIMES or rule.freq not in ("DAILY", "WEEKLY"):
        return None
    elif rule.freq == "WEEKLY":
        days = _by_week(rule, dtstart, after)
    elif rule.days:
        return None
    else:
        days = _by_day(rule, dtstart, after)
    return _walls(rule, dtstart, after, days)


def _walls(
    rule: Rule, dtstart: datetime, after: datetime | None, days: Iterator[Iterable[int]]
) -> Iterator[datetime]:
    times, places = _times(rule, dtstart), rule.by.get("BYSETPOS", ())
    since = dtstart if after is None else max(dtstart, after)
    for period in days:
        for wall in _picked(sorted(period), times, places, since):
            if wall.year > LAST_YEAR or (rule.until is not None and wall > rule.until):
                return
            if wall >= dtstart and (after is None or wall > after):
                yield wall


def _by_day(rule: Rule, dtstart: datetime, after: datetime | None) -> Iterator[Iterable[int]]:
    day = dtstart.toordinal()
    if after is not None and after > dtstart:
        day += (after.toordinal() - day) // rule.interval * rule.interval
    for one in range(day, _END, rule.interval):
        yield (one,)


def _by_week(rule: Rule, dtstart: datetime, after: datetime | None) -> Iterator[Iterable[int]]:
    week, step = dtstart.toordinal() - (dtstart.weekday() - rule.wkst) % 7, 7 * rule.interval
    if after is not None and after > dtstart:
        week += (after.toordinal() - week) // step * step
    weekdays = {day for day, _ in rule.days} or {dtstart.weekday()}
    offsets = sorted((day - rule.wkst) % 7 for day in weekdays)
    for begin in range(week, _END, step):
        yield [begin + offset for offset in offsets]


def _by_year(rule: Rule, dtstart: datetime, after: datetime | None) -> Iterator[Iterable[int]]:
    first = dtstart.year
    if after is not None and after.year > first:
        first += (after.year - first) // rule.interval * rule.interval
    for year in range(first, LAST_YEAR + 1, rule.interval):
        days = _days(rule, dtstart, year)
        if days:
            yield days


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


def _times(rule: Rule, dtstart: datetime) -> list[time]:
    hours = rule.by.get("BYHOUR") or (dtstart.hour,)
    minutes = rule.by.get("BYMINUTE") or (dtstart.minute,)
    seconds = rule.by.get("BYSECOND") or (dtstart.second,)
    return [time(h, m, s) for h in sorted({*hours}) for m in sorted({*minutes}) for s in seconds]


def _days(rule: Rule, dtstart: datetime, year: int) -> set[int]:
    """The ordinals of the days of a year that fit every part of the rule."""
    months, monthdays = rule.by.get("BYMONTH", ()), rule.by.get("BYMONTHDAY", ())
    yeardays = rule.by.get("BYYEARDAY", ())
    if not (rule.days or monthdays or yeardays):
        months, monthdays = months or (dtstart.month,), (dtstart.day,)
    sets = []
    if monthdays:
        spans = [_month(year, month) for month in months or range(1, 13)]
        sets.append(_numbered(spans, monthdays))
    if yeardays:
        sets.append(_numbered([_year(year)], yeardays))
    if rule.days:
        # A number counts within the month where months are named, within the year otherwise.
        spans = [_month(year, month) for month in months] or [_year(year)]
        sets.append({day for span in spans for day in _weekdays(rule, span)})
    fitting = sets[0] if len(sets) == 1 else set.intersection(*sets)
    if months and yeardays and not monthdays:
        fitting = {day for day in fitting if date.fromordinal(day).month in months}
    return fitting


def _numbered(spans: list[range], numbers: tuple[int, ...]) -> set[int]:
    """Days by their number in a span, counted from its end where that is negative."""
    found = set()
    for span in spans:
        length = len(span)
        for number in numbers:
            if 0 < number <= length:
                found.add(span[number - 1])
            elif 0 > number >= -length:
                found.add(span[number])
    return found


def _weekdays(rule: Rule, span: range) -> Iterator[int]:
    for weekday, number in rule.days:
        # Day 1 of the calendar was a Monday.
        every = span[(weekday - (span[0] - 1)) % 7 :: 7]
        if not number:
            yield from every
        elif -len(every) <= number <= len(every):
            yield every[number - 1 if number > 0 else number]


@cache
def _month(year: int, month: int) -> range:
    first = date(year, month, 1).toordinal()
    following = date(year + month // 12, month % 12 + 1, 1).toordinal()
    return range(first, following)


def _year(year: int) -> range:
    return range(date(year, 1, 1).toordinal(), date(year + 1, 1, 1).toordinal())


_END = date(LAST_YEAR + 1, 1, 1).toordinal()
