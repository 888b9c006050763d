"""When, in a person's words: "19:30", "18:00-20:00", "tomorrow 9:00", "in 20 minutes", "fri"."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, NamedTuple

from reconnect.clock import local_day
from reconnect.errors import UsageError
from reconnect.recurrence import to_instant, to_wall
from reconnect.reminders.promised import next_time

if TYPE_CHECKING:
    from reconnect.model.habit import Person

MORNING = time(9, 0)
"""A day without a time of its own means this."""

EVENING = time(21, 0)
"""What "tonight" means."""

SPREAD_MINUTES = 1200
"""The longest window, twenty hours: two of one reminder never overlap."""

_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_UNITS = {"m": 1, "h": 60, "d": 1440, "w": 10080}
_LAST_YEAR = 2399
_TIMES = "hours and minutes such as 19:30"
_CLOCK = re.compile(
    r"(?P<hour>\d{1,2})(?:[:.](?P<minute>\d{2}))?(?: ?(?P<half>[ap])\.?m\.?)?", re.ASCII
)


class Moment(NamedTuple):
    """A naive wall time in a zone of its own, or (None) in the person's, wherever they are."""

    wall: datetime
    tzid: str | None = None


def parse_time(text: str) -> time:
    """A time of day: "19:30", "7:30", "19.30", "7pm" or "7:30 pm".

    Raises:
        UsageError: no such time.
    """
    found = _CLOCK.fullmatch(text.strip().lower())
    if found:
        hour, minute, half = int(found["hour"]), int(found["minute"] or 0), found["half"]
        if half and 1 <= hour <= 12:
            hour = hour % 12 + 12 * (half == "p")
        elif half or found["minute"] is None:
            hour = 24
        if hour < 24 and minute < 60:
            return time(hour, minute)
    raise UsageError(f"'{text}' is no time of day: expected {_TIMES}")


def parse_window(text: str) -> tuple[time, int]:
    """When a window such as "18:00-20:00" begins, and how many minutes long it is.

    Raises:
        UsageError: no such window, an empty one, or one of more than twenty hours.
    """
    parts = re.split(r"\s*(?:-|\bto\b|\band\b)\s*", text.strip())
    if len(parts) != 2:
        raise UsageError(f"'{text}' is no window: expected two times such as 18:00-20:00")
    begins, ends = map(parse_time, parts)
    minutes = (ends.hour - begins.hour) * 60 + ends.minute - begins.minute
    minutes %= 1440
    if not 0 < minutes <= SPREAD_MINUTES:
        raise UsageError(f"the window '{text}' should last from a minute to twenty hours")
    return begins, minutes


def parse_minutes(text: str) -> int | None:
    """How many minutes "20m", "1h30m", "90 minutes", "2 hours" or a bare "45" are; None of others.

    Raises:
        UsageError: nothing, or more than a year.
    """
    word = text.strip().lower().removeprefix("in ").strip()
    word = re.sub(r"\b(an?|one)\b", "1", word)
    part = r"(\d{1,5})\s*(m(?:in(?:ute)?s?)?|h(?:(?:ou)?rs?)?|d(?:ays?)?|w(?:eeks?)?)\s*"
    if re.fullmatch(r"\d{1,6}", word, re.ASCII):
        minutes = int(word)
    elif re.fullmatch(f"({part})+", word, re.ASCII):
        minutes = sum(int(n) * _UNITS[unit[0]] for n, unit in re.findall(part, word, re.ASCII))
    else:
        return None
    if not 0 < minutes <= 366 * 1440:
        raise UsageError(f"'{text}' should be a minute or more, and at most a year")
    return minutes


def parse_moment(text: str, now: datetime, person: Person, tzid: str | None = None) -> Moment:
    """One moment ahead: "tomorrow 9:00", "fri 18:00", "tonight", "2026-12-24 18:00", "in 2 hours".

    A day alone means nine in the morning, a time alone the next time that clocks show it.

    Args:
        text: what the person typed.
        now: the present instant.
        person: in whose zone, and with whose days.
        tzid: another zone for the wall time.

    Raises:
        UsageError: no such moment, or one that has passed.
    """
    zone = tzid or person.tzid
    here = to_wall(now, zone)
    minutes = parse_minutes(text) if not re.fullmatch(r"\s*\d+\s*", text) else None
    if minutes is not None:
        whole_days, rest = divmod(minutes, 1440)
        if rest == 0:
            # So many days on it is that time by the clock on the wall, whatever the clocks do.
            wall = here.replace(second=0, microsecond=0)
            return Moment(wall + timedelta(days=whole_days), tzid)
        # Twenty minutes from now they are, whatever zone that is in.
        later = to_wall(now + timedelta(minutes=minutes), "UTC")
        return Moment(later.replace(microsecond=0), "UTC")
    today = local_day(now, zone, person.day_starts)
    word = re.sub(r"\s+at\s+|(?<=\d)t(?=\d)|\s+", " ", text.strip().lower())
    word = re.sub(r"(?<=\d) (?=[ap]\.?m\b)", "", word)
    first, _, hours = word.partition(" ")
    if not hours and (":" in first or (_CLOCK.fullmatch(first) and not first.isdigit())):
        at = next_time(parse_time(first), now, zone)
        wall = to_wall(at, zone)
        # The second 2:30 of the autumn night is told from the first by its instant alone.
        again = to_instant(wall, zone) != at
        return Moment(to_wall(at, "UTC"), "UTC") if again else Moment(wall, tzid)
    day = today if first in ("tonight", "today") else _day_ahead(first, today)
    if day is None or (first == "today" and not hours):
        raise UsageError(
            f"'{text}' is no moment: expected words such as 'tomorrow 9:00', 'fri 18:00', "
            "'2026-12-24 18:00', '19:30', 'tonight' or 'in 20 minutes'"
        )
    clock = parse_time(hours) if hours else EVENING if first == "tonight" else MORNING
    wall = datetime.combine(day, clock)
    if first in ("tonight", "today") and clock.hour * 60 + clock.minute < person.day_starts:
        # One in the morning is still tonight.
        wall += timedelta(days=1)
    if to_instant(wall, zone) <= now:
        raise UsageError(f"{wall:%Y-%m-%d %H:%M} has passed: expected a moment ahead")
    return Moment(wall, tzid)


def parse_day_ahead(text: str, today: date) -> date:
    """A day from today on: today, tomorrow, a weekday (the next one), +3, 2026-12-24.

    Raises:
        UsageError: no such day, or one that has passed.
    """
    word = text.strip().lower()
    day = today if word == "today" else _day_ahead(word, today)
    if day is None:
        raise UsageError(
            f"'{text}' is no day: expected today, tomorrow, a weekday, +3 or a date such as "
            "2026-12-24"
        )
    if day < today:
        raise UsageError(f"{day} has passed (today is {today}): expected today or a day after it")
    return day


def _day_ahead(word: str, today: date) -> date | None:
    if word == "tomorrow":
        return today + timedelta(days=1)
    if re.fullmatch(r"\+\d{1,4}", word, re.ASCII):
        return today + timedelta(days=int(word[1:]))
    for number, name in enumerate(_DAYS):
        if len(word) >= 3 and name.startswith(word):
            return today + timedelta(days=(number - today.weekday() - 1) % 7 + 1)
    try:
        day = date.fromisoformat(word)
    except ValueError:
        return None
    if day.year > _LAST_YEAR:
        raise UsageError(f"{day} lies too far ahead: expected a day up to the year {_LAST_YEAR}")
    return day
