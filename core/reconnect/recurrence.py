"""RRULE text and a zone -> wall times and instants. Nothing else knows RRULE or daylight saving.

A rule runs on wall time, without a zone; only then is each wall time converted. In a gap it takes
the offset before the gap (02:30 becomes 03:30), in a fold the first of the two. Each function that
takes an RRULE or a zone raises UsageError where it cannot read it; only `describe` does not.
"""

from __future__ import annotations

import re
from contextlib import suppress
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from itertools import islice, takewhile
from typing import TYPE_CHECKING, Any, NamedTuple

from reconnect.clock import zone
from reconnect.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_FREQS = {"YEARLY": "year", "MONTHLY": "month", "WEEKLY": "week", "DAILY": "day", "HOURLY": "hour"}
_NAMES = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_DAYS = tuple(name[:2].upper() for name in _NAMES)
_WORDS = {"daily": range(7), "weekdays": range(5), "weekends": range(5, 7)} | {
    word.lower(): range(n, n + 1) for n, name in enumerate(_NAMES) for word in (name, name[:3])
}
_TH = {1: "1st", 2: "2nd", 3: "3rd", 21: "21st", 22: "22nd", 23: "23rd", 31: "31st", -1: "last"}
_TO_53, _TO_366 = r"[+-]?0*([1-9]|[1-4]\d|5[0-3])", r"[+-]?0*([1-9]\d?|[12]\d\d|3[0-5]\d|36[0-6])"
_PARTS = {  # how one value looks, how many there may be, and what to expect
    "FREQ": ("|".join(_FREQS), 1, "one of " + ", ".join(_FREQS)),
    "INTERVAL": (r"0*[1-9]\d{0,3}", 1, "1 to 9999"),
    "COUNT": (r"0*[1-9]\d{0,4}", 1, "1 to 99999"),
    "UNTIL": (r"\d{8}(T\d{6})?", 1, "local time such as 20261231T235959, without Z"),
    "WKST": ("|".join(_DAYS), 1, "one of " + ", ".join(_DAYS)),
    "BYDAY": (rf"({_TO_53})?({'|'.join(_DAYS)})", 366, "days such as MO,TH or 1SU or -1FR"),
    "BYSETPOS": (_TO_366, 12, "1 to 366 or -1 to -366, at most 12 of them"),
    "BYMONTH": (r"0*([1-9]|1[0-2])", 12, "1 to 12"),
    "BYMONTHDAY": (r"[+-]?0*([1-9]|[12]\d|3[01])", 62, "1 to 31 or -1 to -31"),
    "BYYEARDAY": (_TO_366, 366, "1 to 366 or -1 to -366"),
    "BYWEEKNO": (_TO_53, 106, "1 to 53 or -1 to -53"),
    "BYHOUR": (r"0*(\d|1\d|2[0-3])", 24, "0 to 23"),
    "BYMINUTE": (r"0*(\d|[1-5]\d)", 12, "0 to 59, at most 12 of them"),
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
    freq: str
    interval: int
    wkst: int
    total: int  # COUNT, 0 where there is none
    until: datetime | None
    days: tuple[tuple[int, int], ...]  # BYDAY: (weekday, number), number 0 for each such weekday
    by: Mapping[str, tuple[int, ...]]  # the other BY parts


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
    if rule.freq in ("DAILY", "HOURLY"):
        rule = rule._replace(freq="YEARLY", by={**rule.by, "BYSETPOS": ()})
    rule = rule._replace(interval=1, until=None)
    if next(_walls(rule, datetime.combine(date(2000, 1, 1), time()), None), None) is None:
        raise _refusal(text, "never occurs: expected at least one date with all that it asks for")
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
    start = dtstart.replace(microsecond=0, fold=0)
    if last is not None and last < start:
        last = None
    if not rrule:
        return Occurrence(start, to_instant(start, tzid), None) if last is None else None
    rule = _parse(rrule)
    if count_left is None and rule.total:
        if last is not None:
            every = occurrences(rrule, dtstart=start, tzid=tzid)
            return next((one for one in every if one.wall > last), None)
        count_left = rule.total
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
    return bool(due_days(rrule, since, day, day))


def due_days(rrule: str, since: date, first: date, last: date) -> list[date]:
    """The days from `first` to `last`, both included, on which a habit is due, in order."""
    first = max(first, since)
    if not rrule or last < first:
        return []
    rule = _parse(rrule)
    if rule.freq in ("DAILY", "WEEKLY") and not rule.by and not (rule.total or rule.until):
        # By far the most habits, and a start-up without dateutil: count days, or weeks.
        size = 7 if rule.freq == "WEEKLY" else 1
        begin = since.toordinal() - (since.weekday() - rule.wkst) % size
        weekdays = [day for day, _ in rule.days] or ([since.weekday()] if size == 7 else range(7))
        numbers = range(first.toordinal(), last.toordinal() + 1)
        due = (n for n in numbers if (n - begin) % (size * rule.interval) < size)
        return [day for day in map(date.fromordinal, due) if day.weekday() in weekdays]
    eve = datetime.combine(first, time()) - timedelta(microseconds=1)
    walls = _walls(rule, datetime.combine(since, time()), None if rule.total else eve)
    dates = (wall.date() for wall in islice(walls, rule.total or None))
    return list(dict.fromkeys(day for day in takewhile(last.__ge__, dates) if day >= first))


def from_days(days: str) -> str:
    """The RRULE of "daily", "weekdays", "weekends", or of days such as "mon,wed,fri"."""
    wanted: set[int] = set()
    for word in map(str.strip, days.lower().split(",")):
        if word not in _WORDS:
            raise UsageError(f"days: unknown {word[:40]!r}: expected some of {', '.join(_WORDS)}")
        wanted.update(_WORDS[word])
    chosen = ",".join(_DAYS[n] for n in sorted(wanted))
    return "FREQ=DAILY" if len(wanted) == len(_DAYS) else f"FREQ=WEEKLY;BYDAY={chosen}"


def describe(rrule: str) -> str:
    """The rule in plain English, such as "every Sunday"; its own text where it is too special."""
    try:
        rule = _parse(rrule)
    except UsageError:
        return rrule or "when needed"
    dates, numbers = rule.by.get("BYMONTHDAY", ()), [n for _, n in rule.days]
    special = rule.total or rule.until or len(rule.by) > bool(dates) or (dates and rule.days)
    if special or any(n < -1 for n in (*dates, *numbers)):
        return rrule
    unit, weekly, single = _FREQS[rule.freq], rule.freq == "WEEKLY", rule.interval == 1
    every = f"every {unit}" if single else f"every {rule.interval} {unit}s"
    which = [_NAMES[day][: 3 if weekly and len(numbers) > 1 else None] for day, _ in rule.days]
    if all(numbers):
        which = [f"{_TH.get(n, f'{n}th')} {name}" for n, name in zip(numbers, which, strict=True)]
        which += ["last day" if n < 0 else _TH.get(n, f"{n}th") for n in dates]
    listed = " and ".join(filter(None, (", ".join(which[:-1]), *which[-1:])))
    if not which:
        return every
    if weekly and single:
        return listed if len(which) > 1 else f"every {listed}"
    if rule.freq == "MONTHLY" and all(numbers):
        return f"the {listed} of the month" if single else f"{every} on the {listed}"
    return f"{every} on {listed}" if weekly else rrule


def _refusal(text: str, why: str) -> UsageError:
    return UsageError(f"recurrence {text[:60]!r}: {why}")


@lru_cache(maxsize=1024)
def _parse(rrule: str) -> _Rule:
    given: dict[str, list[str]] = {}
    left = dict(_PARTS)
    for part in rrule.split(";"):
        name, _, value = part.partition("=")
        once = ("", 0, f"only {', '.join(_PARTS)}, each once at most")
        pattern, many, expected = left.pop(name, once)
        given[name] = value.split(",")
        if len(given[name]) > many or not all(re.fullmatch(pattern, one) for one in given[name]):
            raise _refusal(rrule, f"{part[:40]!r}: expected {expected}")
    alone = ("FREQ", "INTERVAL", "WKST", "COUNT", "UNTIL")
    freq, every, wkst, count, end = (given.get(name, [""])[0] for name in alone)
    pairs = {(_DAYS.index(day[-2:]), int(day[:-2] or 0)) for day in given.pop("BYDAY", ())}
    by = {name: tuple(sorted(set(map(int, of)))) for name, of in given.items() if name[:2] == "BY"}
    days, top = tuple(sorted(pairs)), max((abs(n) for _, n in pairs), default=0)
    daily = len(by.get("BYHOUR", "1")) if freq != "HOURLY" else 1
    times = len(by.get("BYMINUTE", "1")) * daily * (len(days) or 1 if freq == "WEEKLY" else 1)
    least = min(map(abs, by.get("BYSETPOS", (0,))))
    wrong = {  # RFC 5545, 3.3.10; dateutil takes most of these and means something else
        f"FREQ is missing: expected {_PARTS['FREQ'][2]}": not freq,
        "COUNT and UNTIL: expected one of them": count and end,
        "BYWEEKNO: expected FREQ=YEARLY": "BYWEEKNO" in by and freq != "YEARLY",
        "BYYEARDAY: expected FREQ=YEARLY": "BYYEARDAY" in by and freq not in ("YEARLY", "HOURLY"),
        "BYMONTHDAY: expected no FREQ=WEEKLY": "BYMONTHDAY" in by and freq == "WEEKLY",
        "BYDAY: expected a number before each or none": top and not all(n for _, n in days),
        "BYDAY: expected numbers in YEARLY or MONTHLY only": top and freq[:1] not in ("Y", "M"),
        "BYDAY: expected 5 at most in a month": top > 5 and {"MONTHLY", "BYMONTH"} & {freq, *by},
        "BYSETPOS: expected a lower number": least > times and freq[:1] not in ("Y", "M"),
    }
    for why in filter(wrong.get, wrong):
        raise _refusal(rrule, why)
    try:  # a date alone means that whole day
        until = datetime.fromisoformat(end if "T" in end else f"{end}T235959") if end else None
    except ValueError:
        raise _refusal(rrule, f"UNTIL={end}: expected a date and time that exist") from None
    return _Rule(freq, int(every or 1), _DAYS.index(wkst or "MO"), int(count or 0), until, days, by)


def _walls(rule: _Rule, dtstart: datetime, after: datetime | None) -> Iterator[datetime]:
    """The wall times of a rule, from `dtstart` or after `after`; COUNT is left to the caller."""
    import dateutil.rrule as rr

    given: dict[str, Any] = {name.lower(): numbers for name, numbers in rule.by.items()}
    if rule.days:
        given["byweekday"] = [rr.weekday(day, n) if n else day for day, n in rule.days]
    # What the rule takes from DTSTART is said aloud, so that it may be expanded from later on.
    dates = given.keys() & {"byweekday", "bymonthday", "byyearday", "byweekno"}
    freq = "" if dates else rule.freq
    implied: dict[str, Any] = {
        "bymonth": dtstart.month if freq == "YEARLY" else None,
        "bymonthday": dtstart.day if freq in ("YEARLY", "MONTHLY") else None,
        "byweekday": dtstart.weekday() if freq == "WEEKLY" else None,
        "byhour": dtstart.hour if rule.freq != "HOURLY" else None,
        "byminute": dtstart.minute,
        "bysecond": dtstart.second,
    }
    with suppress(ValueError, OverflowError):  # at the end, or where no hour of BYHOUR is reached
        start = dtstart if after is None else _in_step(rule, dtstart, after)
        begin, level = start.replace(year=start.year + _LATER), getattr(rr, rule.freq)
        for far in rr.rrule(level, begin, rule.interval, rule.wkst, **(implied | given)):
            wall = far.replace(year=far.year - _LATER)
            if rule.until is not None and wall > rule.until:
                return
            if after is None or wall > after:
                yield wall


def _in_step(rule: _Rule, dtstart: datetime, after: datetime) -> datetime:
    """Where the last period (year, month, ...) by `after` begins that the rule looks into."""
    months = {"YEARLY": 12, "MONTHLY": 1}.get(rule.freq)
    if months:
        begin = (dtstart.year * 12 + dtstart.month - 1) // months * months
        month = after.year * 12 + after.month - 1
        month -= (month - begin) % (rule.interval * months)
        return max(dtstart, datetime.combine(date(month // 12, month % 12 + 1, 1), time()))
    first = datetime.combine(dtstart, time(dtstart.hour if rule.freq == "HOURLY" else 0))
    first -= timedelta((dtstart.weekday() - rule.wkst) % 7 if rule.freq == "WEEKLY" else 0)
    length = timedelta(**{f"{_FREQS[rule.freq]}s": rule.interval})
    return max(dtstart, after - (after - first) % length)
