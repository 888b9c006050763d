"""RRULE text and a zone -> wall times and instants. Nothing else knows RRULE or daylight saving.

A rule runs on wall time, without a zone; only then is each wall time converted. In a gap it takes
the offset before the gap (02:30 becomes 03:30), in a fold the first of the two. Each function that
takes an RRULE or a zone raises UsageError where it cannot read it; only `describe` does not.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from itertools import islice, takewhile
from typing import TYPE_CHECKING, Any, NamedTuple

from reconnect.clock import zone
from reconnect.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_YEARLY, _MONTHLY, _WEEKLY, _DAILY, _HOURLY = range(5)  # the numbers dateutil gives them
_FREQS = ("YEARLY", "MONTHLY", "WEEKLY", "DAILY", "HOURLY")
_NAMES = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_DAYS = tuple(name[:2].upper() for name in _NAMES)
_WORDS = {"daily": range(7), "weekdays": range(5), "weekends": range(5, 7)} | {
    word.lower(): range(n, n + 1) for n, name in enumerate(_NAMES) for word in (name, name[:3])
}
_YEARDAY = (r"[+-]?0*([1-9]\d?|[12]\d\d|3[0-5]\d|36[0-6])", 366, "1 to 366 or -1 to -366")
_PARTS = {  # one value of the part, how many it may have, and what to expect of them
    "FREQ": ("|".join(_FREQS), 1, "one of " + ", ".join(_FREQS)),
    "INTERVAL": (r"0*[1-9]\d{0,3}", 1, "1 to 9999"),
    "COUNT": (r"0*[1-9]\d{0,4}", 1, "1 to 99999"),
    "UNTIL": (r"\d{8}(T\d{6})?", 1, "local time such as 20261231T235959, without Z"),
    "WKST": ("|".join(_DAYS), 1, "one of " + ", ".join(_DAYS)),
    "BYDAY": (rf"([+-]?0?[1-9]\d?)?({'|'.join(_DAYS)})", 371, "days such as MO,TH or 1SU or -1FR"),
    "BYSETPOS": _YEARDAY,
    "BYMONTH": (r"0*([1-9]|1[0-2])", 12, "1 to 12"),
    "BYMONTHDAY": (r"[+-]?0*([1-9]|[12]\d|3[01])", 62, "1 to 31 or -1 to -31"),
    "BYYEARDAY": _YEARDAY,
    "BYWEEKNO": (r"[+-]?0*([1-9]|[1-4]\d|5[0-3])", 106, "1 to 53 or -1 to -53"),
    "BYHOUR": (r"0*(\d|1\d|2[0-3])", 24, "0 to 23"),
    "BYMINUTE": (r"0*(\d|[1-5]\d)", 12, "0 to 59, at most 12 of them: oftener is refused"),
    "BYSECOND": (r"0*(\d|[1-5]\d)", 1, "one number, 0 to 59"),
}

# Where a rule has no further occurrence, dateutil looks for one up to the year 9999: for seconds.
# The calendar repeats every 400 years, weekdays included, so each rule is run 7600 years later
# than asked, where that end is near. For us time ends with the year 2399.
_LATER = 7600


class Occurrence(NamedTuple):
    """One falling due: naive `wall` time, UTC `instant`, and how many COUNT leaves after it."""

    wall: datetime
    instant: datetime
    count_left: int | None


class _Rule(NamedTuple):
    freq: int
    interval: int
    wkst: int
    count: int | None
    until: datetime | None
    days: tuple[tuple[int, int], ...]  # BYDAY: (weekday, number), number 0 for each such weekday
    by: Mapping[str, tuple[int, ...]]  # the other BY parts

    @property
    def plain(self) -> bool:
        """Every n days, or weekdays every n weeks, and no more: no need of dateutil."""
        simple = self.freq == _WEEKLY or (self.freq == _DAILY and not self.days)
        return simple and not self.by and self.count is None


def check(text: str) -> str:
    """The RRULE as it is to be stored: upper case, no spaces, no "RRULE:".

    UsageError: not one RFC 5545 rule, more often than hourly, or a rule that never occurs.
    """
    line = re.sub(r"[ \t]", "", text[:501])
    rrule = line.upper().removeprefix("RRULE:")
    if len(text) > 500 or not re.fullmatch(r"[A-Za-z0-9:;=,+-]+", line) or ":" in rrule:
        raise _refusal(text, "expected one line, at most 500 long, such as FREQ=WEEKLY;BYDAY=SU")
    rule = _parse(rrule)
    # From some start it occurs, whatever INTERVAL is. A day that DAILY or HOURLY picks, YEARLY
    # picks too, in far fewer steps. From 2000 to 2399 a year of each kind has its turn.
    if rule.freq >= _DAILY:
        by = {name: numbers for name, numbers in rule.by.items() if name != "BYSETPOS"}
        rule = rule._replace(freq=_YEARLY, by=by)
    anything = rule._replace(interval=1, until=None)
    if next(_walls(anything, datetime(2000, 1, 1), None), None) is None:
        raise _refusal(text, "never occurs: expected at least one date with all that it asks for")
    return rrule


def to_instant(wall: datetime, tzid: str) -> datetime:
    """The UTC instant of a naive wall time: in a gap by the offset before it, in a fold the first."""
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
    start = dtstart.replace(microsecond=0, fold=0)
    if last is not None and last < start:
        last = None
    if not rrule:
        return Occurrence(start, to_instant(start, tzid), None) if last is None else None
    rule = _parse(rrule)
    if count_left is None and rule.count is not None:
        if last is not None:
            every = occurrences(rrule, dtstart=start, tzid=tzid)
            return next((one for one in every if one.wall > last), None)
        count_left = rule.count
    if count_left is not None and count_left < 1:
        return None
    previous = None if last is None else to_instant(last, tzid)
    for wall in _walls(rule, start, last):
        instant = to_instant(wall, tzid)
        if previous is None or instant > previous:
            return Occurrence(wall, instant, None if count_left is None else count_left - 1)
    return None


def occurrences(
    rrule: str,
    *,
    dtstart: datetime,
    tzid: str,
    last: datetime | None = None,
    count_left: int | None = None,
) -> Iterator[Occurrence]:
    """Each occurrence after `last`, in order; without end where the rule has none."""
    while one := next_occurrence(
        rrule, dtstart=dtstart, last=last, count_left=count_left, tzid=tzid
    ):
        yield one
        last, count_left = one.wall, one.count_left


def is_due(rrule: str, since: date, day: date) -> bool:
    """Whether a habit is due on a day: never before `since`, never where the rule is empty."""
    if not rrule or day < since:
        return False
    rule = _parse(rrule)
    if not rule.plain:
        return bool(due_days(rrule, since, day, day))
    if rule.until is not None and day > rule.until.date():
        return False
    if rule.freq == _DAILY:
        return (day - since).days % rule.interval == 0
    week, first = ((on.toordinal() - 1 - rule.wkst) // 7 for on in (day, since))
    weekdays = [weekday for weekday, _ in rule.days] or [since.weekday()]
    return (week - first) % rule.interval == 0 and day.weekday() in weekdays


def due_days(rrule: str, since: date, first: date, last: date) -> list[date]:
    """The days from `first` to `last`, both included, on which a habit is due, in order."""
    first = max(first, since)
    if not rrule or last < first:
        return []
    rule = _parse(rrule)
    if rule.plain:
        days = (first + timedelta(n) for n in range((last - first).days + 1))
        return [day for day in days if is_due(rrule, since, day)]
    start, before = datetime.combine(since, time()), None
    if rule.count is None and first > since:  # COUNT has to count from the start
        before = datetime.combine(first, time()) - timedelta(microseconds=1)
    dates = (wall.date() for wall in islice(_walls(rule, start, before), rule.count))
    return list(dict.fromkeys(day for day in takewhile(last.__ge__, dates) if day >= first))


def from_days(days: str) -> str:
    """The RRULE of "daily", "weekdays", "weekends", or of days such as "mon,wed,fri"."""
    wanted: set[int] = set()
    for word in map(str.strip, days.lower().split(",")):
        if word not in _WORDS:
            known = "daily, weekdays, weekends, or some of mon,tue,wed,thu,fri,sat,sun"
            raise UsageError(f"days: unknown word {word[:40]!r}: expected {known}")
        wanted.update(_WORDS[word])
    if len(wanted) == len(_DAYS):
        return "FREQ=DAILY"
    return "FREQ=WEEKLY;BYDAY=" + ",".join(_DAYS[n] for n in sorted(wanted))


def describe(rrule: str) -> str:
    """The rule in plain English, such as "every Sunday"; its own text where it is too special."""
    try:
        rule = _parse(rrule) if rrule else None
    except UsageError:
        return rrule
    if rule is None:
        return "when needed"
    if rule.count is not None or rule.until is not None:
        return rrule
    unit = ("year", "month", "week", "day", "hour")[rule.freq]
    every = f"every {unit}" if rule.interval == 1 else f"every {rule.interval} {unit}s"
    if not rule.days and not rule.by:
        return every
    names = [_NAMES[day] for day, _ in rule.days]
    if rule.freq == _WEEKLY and not rule.by:
        if len(names) == 1:
            return f"every {names[0]}" if rule.interval == 1 else f"{every} on {names[0]}"
        listed = _listed([name[:3] for name in names])
        return listed if rule.interval == 1 else f"{every} on {listed}"
    which = [f"{_th(n)} {_NAMES[day]}" for day, n in rule.days if n]
    if rule.by.keys() == {"BYMONTHDAY"} and not rule.days:
        which = [_th(n) if n > 0 else f"{_th(n)} day" for n in rule.by["BYMONTHDAY"]]
    elif rule.by or len(which) < len(names):
        return rrule
    if rule.freq != _MONTHLY:
        return rrule
    the = f"the {_listed(which)}"
    return f"{the} of the month" if rule.interval == 1 else f"{every} on {the}"


def _th(n: int) -> str:
    if n < 0:
        return "last" if n == -1 else f"{_th(-n)} last"
    return f"{n}{'th' if n // 10 == 1 else {1: 'st', 2: 'nd', 3: 'rd'}.get(n % 10, 'th')}"


def _listed(words: list[str]) -> str:
    return " and ".join(filter(None, (", ".join(words[:-1]), words[-1])))


def _refusal(text: str, why: str) -> UsageError:
    shown = text if len(text) <= 60 else text[:57] + "..."
    return UsageError(f"recurrence {shown!r}: {why}")


@lru_cache(maxsize=1024)
def _parse(rrule: str) -> _Rule:
    given: dict[str, list[str]] = {}
    for part in rrule.split(";"):
        name, _, value = part.partition("=")
        if name not in _PARTS or name in given:
            raise _refusal(rrule, f"{part[:40]!r}: expected once at most each of {', '.join(_PARTS)}")
        pattern, most, expected = _PARTS[name]
        given[name] = value.split(",")
        if len(given[name]) > most or not all(re.fullmatch(pattern, one) for one in given[name]):
            raise _refusal(rrule, f"{part[:40]}: expected {expected}")
    if "FREQ" not in given:
        raise _refusal(rrule, f"FREQ is missing: expected {_PARTS['FREQ'][2]}")
    freq, until = given["FREQ"][0], given.get("UNTIL", [""])[0]
    days = tuple((_DAYS.index(one[-2:]), int(one[:-2] or 0)) for one in given.pop("BYDAY", ()))
    by = {name: tuple(map(int, of)) for name, of in given.items() if name.startswith("BY")}
    nth = [abs(n) for _, n in days if n]
    times = len(by.get("BYHOUR", "1")) * len(by.get("BYMINUTE", "1"))
    most = {"YEARLY": 366, "MONTHLY": 31, "WEEKLY": 7}.get(freq, 1) * times
    wrong = {  # RFC 5545, 3.3.10; dateutil takes most of these and means something else
        "COUNT and UNTIL: expected one of them": "COUNT" in given and until,
        "BYWEEKNO: expected FREQ=YEARLY": "BYWEEKNO" in by and freq != "YEARLY",
        "BYYEARDAY: expected FREQ=YEARLY": "BYYEARDAY" in by and freq not in ("YEARLY", "HOURLY"),
        "BYMONTHDAY: expected another FREQ than WEEKLY": "BYMONTHDAY" in by and freq == "WEEKLY",
        "BYDAY: expected a number before each day, or before none": 0 < len(nth) < len(days),
        "BYDAY with numbers: expected FREQ=MONTHLY or YEARLY, and no BYWEEKNO": nth
        and (freq not in ("MONTHLY", "YEARLY") or "BYWEEKNO" in by),
        "BYDAY: expected numbers to 5 in a month, to 53 in a year": nth
        and max(nth) > (5 if freq == "MONTHLY" or "BYMONTH" in by else 53),
        "BYSETPOS: expected another BY part, which gives as many": "BYSETPOS" in by
        and (len(by) + len(days) == 1 or min(map(abs, by["BYSETPOS"])) > most),
    }
    for why in filter(wrong.get, wrong):
        raise _refusal(rrule, why)
    try:  # a day alone is meant with all its hours
        end = datetime.fromisoformat(until if "T" in until else f"{until}T235959")
    except ValueError as error:
        ...
