"""Which days of a year or a month fit a rule, named outright.

A week belongs to the year in which it has four days or more (RFC 5545, 3.3.10; ISO 8601), so the
first days of a January may be of week 52 or 53, and the last of a December of week 1. dateutil
leaves out some of these days (it takes the length of the wrong year for the last week's number).
"""

from __future__ import annotations

from datetime import date
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from reconnect.recurrence.rrule import Rule

LAST_YEAR = 2399
"""For us time ends with this year."""

END = date(LAST_YEAR + 1, 1, 1).toordinal()
"""The ordinal of the day after the last one."""

_FEW = 30
# Where more days than that lie between, it is quicker to look at each than to name all that fit.


def of_year(rule: Rule, dtstart: date, year: int) -> list[int]:
    """The ordinals of the days of a year that fit a YEARLY rule."""
    months = rule.by.get("BYMONTH", ())
    if not (rule.days or rule.by.keys() & {"BYMONTHDAY", "BYYEARDAY", "BYWEEKNO"}):
        spans = [_month(year, month) for month in months or (dtstart.month,)]
        return sorted(_numbered(spans, (dtstart.day,)))
    return _fitting(rule, year)


def of_month(rule: Rule, dtstart: date, year: int, month: int) -> list[int]:
    """The ordinals of the days of a month that fit a MONTHLY rule."""
    months, monthdays = rule.by.get("BYMONTH", ()), rule.by.get("BYMONTHDAY", ())
    if months and month not in months:
        return []
    span = [_month(year, month)]
    if not rule.days:
        return sorted(_numbered(span, monthdays or (dtstart.day,)))
    days = set(_weekdays(rule, span))
    return sorted(days & _numbered(span, monthdays) if monthdays else days)


def of_week(rule: Rule, dtstart: date, begin: int) -> list[int]:
    """The ordinals of the days that fit a WEEKLY rule of the week that begins on a day."""
    months = rule.by.get("BYMONTH", ())
    if months:
        ends = date.fromordinal(begin), date.fromordinal(begin + 6)
        if ends[0].month not in months and ends[1].month not in months:
            return []
    weekdays = {day for day, _ in rule.days} or {dtstart.weekday()}
    days = [begin + offset for offset in sorted((day - rule.wkst) % 7 for day in weekdays)]
    return [day for day in days if date.fromordinal(day).month in months] if months else days


def is_limited(rule: Rule) -> bool:
    """Whether a DAILY or HOURLY rule looks at some days only."""
    return bool(rule.days or rule.by.keys() & {"BYMONTH", "BYMONTHDAY", "BYYEARDAY"})


def limited(rule: Rule, since: date, days: range) -> Iterator[int]:
    """Those of the days (as ordinals), from one on, that a DAILY or HOURLY rule looks at."""
    first = since.toordinal()
    if days.step > _FEW:
        ahead = days[max(0, -((days.start - first) // days.step)) :]
        yield from (day for day in ahead if _fits(rule, date.fromordinal(day)))
        return
    for year in range(since.year, LAST_YEAR + 1):
        yield from (day for day in _fitting(rule, year) if day >= first and day in days)


def _fits(rule: Rule, day: date) -> bool:
    """What `_fitting` says, of one day; what most often speaks against it comes first."""
    by = rule.by
    if "BYMONTH" in by and day.month not in by["BYMONTH"]:
        return False
    if rule.days and day.weekday() not in [weekday for weekday, _ in rule.days]:
        return False
    if "BYMONTHDAY" in by and day.day not in by["BYMONTHDAY"]:
        from_the_end = day.toordinal() - _month(day.year, day.month).stop
        if from_the_end not in by["BYMONTHDAY"]:
            return False
    if "BYYEARDAY" in by:
        year, ordinal = _year(day.year), day.toordinal()
        return not {ordinal - year.start + 1, ordinal - year.stop}.isdisjoint(by["BYYEARDAY"])
    return True


def _fitting(rule: Rule, year: int) -> list[int]:
    """The days of a year that fit each part that names days, as far as given."""
    months, monthdays = rule.by.get("BYMONTH", ()), rule.by.get("BYMONTHDAY", ())
    yeardays = rule.by.get("BYYEARDAY", ())
    # A number of BYDAY counts within the month where months are named, within the year otherwise.
    spans = [_month(year, month) for month in months] or [_year(year)]
    sets = []
    if monthdays:
        sets.append(_numbered([_month(year, m) for m in months or range(1, 13)], monthdays))
    if yeardays:
        sets.append(_numbered([_year(year)], yeardays))
    if rule.days:
        sets.append(set(_weekdays(rule, spans)))
    if "BYWEEKNO" in rule.by:
        sets.append(set(_in_weeks(rule, year)))
    if months and not (monthdays or rule.days):
        sets.append({day for span in spans for day in span})
    return sorted(set.intersection(*sets))


def _in_weeks(rule: Rule, year: int) -> Iterator[int]:
    """The days of a year in the weeks of these numbers, counted from the last where negative."""
    span = _year(year)
    for of in (year - 1, year, year + 1):
        first = _week_one(of, rule.wkst)
        count = (_week_one(of + 1, rule.wkst) - first) // 7
        for number in rule.by["BYWEEKNO"]:
            place = number - 1 if number > 0 else count + number
            if 0 <= place < count:
                begin = first + 7 * place
                yield from range(max(begin, span.start), min(begin + 7, span.stop))


@cache
def _week_one(year: int, wkst: int) -> int:
    """The day on which the first week of a year begins: 4 January lies in it."""
    fourth = date(year, 1, 4)
    return fourth.toordinal() - (fourth.weekday() - wkst) % 7


def _numbered(spans: Iterable[range], numbers: Sequence[int]) -> set[int]:
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


def _weekdays(rule: Rule, spans: Iterable[range]) -> Iterator[int]:
    for span in spans:
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
