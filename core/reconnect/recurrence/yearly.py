"""Rules that come by the year, reckoned without looking at each day of one.

dateutil builds the 366 days of a year and asks of each whether it fits: a tenth of a millisecond,
where the few that fit can be named. BYWEEKNO is left to it.
"""

from __future__ import annotations

from datetime import date, datetime, time
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reconnect.recurrence.rrule import Rule

LAST_YEAR = 2399
"""For us time ends with this year."""


def yearly(rule: Rule, dtstart: datetime, after: datetime | None) -> Iterator[datetime]:
    """The wall times of a YEARLY rule without BYWEEKNO, from `dtstart` on and later than `after`.

    COUNT is left to the caller.
    """
    first = dtstart.year
    if after is not None and after.year > first:
        first += (after.year - first) // rule.interval * rule.interval
    times = _times(rule, dtstart)
    for year in range(first, LAST_YEAR + 1, rule.interval):
        days = _days(rule, dtstart, year)
        if not days:
            continue
        found = [
            datetime.combine(date.fromordinal(day), at) for day in sorted(days) for at in times
        ]
        for wall in _picked(found, rule.by.get("BYSETPOS", ())):
            if rule.until is not None and wall > rule.until:
                return
            if wall >= dtstart and (after is None or wall > after):
                yield wall


def _picked(found: list[datetime], places: tuple[int, ...]) -> list[datetime]:
    if not places:
        return found
    count = len(found)
    wanted = {place - 1 if place > 0 else count + place for place in places}
    return [found[n] for n in sorted(wanted) if 0 <= n < count]


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
