"""How often a rule comes: so many times in so many days, and the span in which that is judged."""

from __future__ import annotations

from datetime import date, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, Literal, NamedTuple

from reconnect.recurrence.occurrences import due_days
from reconnect.recurrence.rrule import stored

if TYPE_CHECKING:
    from reconnect.recurrence.rrule import Rule

UnitOfTime = Literal["day", "week", "month", "year"]

_UNITS: dict[str, UnitOfTime] = {"YEARLY": "year", "MONTHLY": "month"}
_DAYS = {"YEARLY": 365, "MONTHLY": 30, "WEEKLY": 7, "DAILY": 1, "HOURLY": 1}
_SOME_YEAR = date(2024, 1, 1)
_EIGHT_YEARS = 2922


class Pace(NamedTuple):
    """`times` in `days` on the average; `unit` is the calendar unit in which it is judged.

    Monday, Wednesday and Friday is 3 in 7 days, judged by the week; a month counts as 30 days, as
    in Loop Habit Tracker's frequencies.
    """

    times: int
    days: int
    unit: UnitOfTime

    @property
    def share(self) -> float:
        """Due days per day, above 0 and at most 1."""
        return self.times / self.days


@lru_cache(maxsize=256)
def pace_of(rrule: str) -> Pace | None:
    """The pace of a rule as `check` returned it; None of an empty one, which is due on no day.

    Raises:
        DamagedError: it cannot be read.
    """
    if not rrule:
        return None
    rule = stored(rrule)
    counted = _plain(rule) or _counted(rrule)
    times, days = (1, 1) if counted[0] >= counted[1] else counted
    return Pace(times, days, "day" if times == days else _UNITS.get(rule.freq, "week"))


def _plain(rule: Rule) -> tuple[int, int] | None:
    """Counted from the text alone, where it says it outright."""
    dates = rule.by.get("BYMONTHDAY", ())
    if rule.by.keys() - {"BYMONTHDAY", "BYHOUR", "BYMINUTE", "BYSECOND"} or (dates and rule.days):
        return None
    if rule.freq == "HOURLY" and rule.interval > 24:
        return None
    each = _DAYS[rule.freq] * (1 if rule.freq == "HOURLY" else rule.interval)
    if not rule.days and not dates:
        return 1, each
    if rule.freq == "WEEKLY" or (rule.freq == "MONTHLY" and all(n for _, n in rule.days)):
        return len(rule.days) + len(dates), each
    return None


def _counted(rrule: str) -> tuple[int, int]:
    """Counted over eight years, with two leap days, and rounded to a span that people use."""
    endless = ";".join(p for p in rrule.split(";") if p[:6] not in ("COUNT=", "UNTIL="))
    last = _SOME_YEAR + timedelta(days=_EIGHT_YEARS - 1)
    due = len(due_days(endless, _SOME_YEAR, _SOME_YEAR, last))
    for days in (7, 30, 365):
        if due * days >= _EIGHT_YEARS // 2:
            return max(1, round(due * days / _EIGHT_YEARS)), days
    return 1, _EIGHT_YEARS // max(1, due)
