"""RRULE text: read and refused, put into plain English, and made from days in words."""

from __future__ import annotations

import re
from datetime import datetime
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from reconnect.errors import DamagedError, UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping

FREQS = {"YEARLY": "year", "MONTHLY": "month", "WEEKLY": "week", "DAILY": "day", "HOURLY": "hour"}
_NAMES = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_DAYS = tuple(name[:2].upper() for name in _NAMES)
_WORDS = {"daily": range(7), "weekdays": range(5), "weekends": range(5, 7)} | {
    word.lower(): range(n, n + 1) for n, name in enumerate(_NAMES) for word in (name, name[:3])
}
_TH = {1: "1st", 2: "2nd", 3: "3rd", 21: "21st", 22: "22nd", 23: "23rd", 31: "31st", -1: "last"}
_TO_53, _TO_366 = r"[+-]?0*([1-9]|[1-4]\d|5[0-3])", r"[+-]?0*([1-9]\d?|[12]\d\d|3[0-5]\d|36[0-6])"
_PARTS = {  # how one value looks, how many there may be, and what to expect
    "FREQ": ("|".join(FREQS), 1, "one of " + ", ".join(FREQS)),
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


class Rule(NamedTuple):
    """One RRULE, read. `total` is COUNT and 0 without one; `by` holds the BY parts but BYDAY."""

    freq: str
    interval: int
    wkst: int
    total: int  # COUNT, 0 where there is none
    until: datetime | None
    days: tuple[tuple[int, int], ...]  # BYDAY: (weekday, number), number 0 for each such weekday
    by: Mapping[str, tuple[int, ...]]  # the other BY parts


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
        rule = parse(rrule)
    except UsageError:
        return rrule or "when needed"
    dates, numbers = rule.by.get("BYMONTHDAY", ()), [n for _, n in rule.days]
    special = rule.total or rule.until or len(rule.by) > bool(dates) or (dates and rule.days)
    if special or any(n < -1 for n in (*dates, *numbers)):
        return rrule
    unit, weekly, single = FREQS[rule.freq], rule.freq == "WEEKLY", rule.interval == 1
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


def refusal(text: str, why: str) -> UsageError:
    """The error for a text that is no RRULE for us."""
    return UsageError(f"recurrence {text[:60]!r}: {why}")


def stored(rrule: str) -> Rule:
    """Read a rule that was checked before it was stored.

    Raises:
        DamagedError: it cannot be read, so it is not what was stored.
    """
    try:
        return parse(rrule)
    except UsageError as error:
        raise DamagedError(
            f"a stored {error}. Restore a backup, or give the habit a recurrence anew with "
            "`reconnect habits edit`"
        ) from error


@lru_cache(maxsize=1024)
def parse(rrule: str) -> Rule:
    """Read one RRULE; a UsageError says which part is wrong and what was expected."""
    given: dict[str, list[str]] = {}
    left = dict(_PARTS)
    if "=" not in rrule and "FREQ" not in rrule:
        raise refusal(rrule, "expected an RFC 5545 rule such as FREQ=MONTHLY;BYDAY=-1SU")
    for part in rrule.split(";"):
        name, _, value = part.partition("=")
        once = ("", 0, f"only {', '.join(_PARTS)}, each once at most")
        pattern, many, expected = left.pop(name, once)
        given[name] = value.split(",")
        if len(given[name]) > many or not all(re.fullmatch(pattern, one) for one in given[name]):
            raise refusal(rrule, f"{part[:40]!r}: expected {expected}")
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
        raise refusal(rrule, why)
    try:  # a date alone means that whole day
        until = datetime.fromisoformat(end if "T" in end else f"{end}T235959") if end else None
    except ValueError:
        raise refusal(rrule, f"UNTIL={end}: expected a date and time that exist") from None
    return Rule(freq, int(every or 1), _DAYS.index(wkst or "MO"), int(count or 0), until, days, by)
