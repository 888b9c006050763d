"""Weeks as ISO 8601 counts them: from Monday to Sunday, 52 or 53 a year, named 2026-W46."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import NamedTuple

from reconnect.errors import UsageError

_FIRST_YEAR = 1900
_ID = re.compile(r"(\d{4})-?w(\d{1,2})")


class Week(NamedTuple):
    """One week: the ISO year, which differs from the calendar's around New Year, and its number."""

    year: int
    number: int

    @classmethod
    def of(cls, day: date) -> Week:
        """The week that a day lies in."""
        year, number, _ = day.isocalendar()
        return cls(year, number)

    @property
    def id(self) -> str:
        """Its ISO 8601 name, such as 2026-W46. The names of weeks sort as the weeks do."""
        return f"{self.year:04}-W{self.number:02}"

    @property
    def monday(self) -> date:
        """Its first day."""
        return date.fromisocalendar(self.year, self.number, 1)

    @property
    def sunday(self) -> date:
        """Its last day."""
        return date.fromisocalendar(self.year, self.number, 7)

    @property
    def days(self) -> tuple[date, ...]:
        """Its seven days, Monday first."""
        return tuple(self.monday + timedelta(days=n) for n in range(7))

    def plus(self, weeks: int) -> Week:
        """The week so many later; earlier where the number is below nought."""
        return Week.of(self.monday + timedelta(weeks=weeks))


def known_week(text: str) -> Week:
    """The week of an id that the program wrote itself.

    Raises:
        ValueError: no ISO 8601 week.
    """
    match = _ID.fullmatch(text.lower())
    if match is None:
        raise ValueError(f"{text!r} is no ISO 8601 week")
    week = Week(int(match[1]), int(match[2]))
    week.monday  # noqa: B018 - refuses a week 53 of a year that has 52
    return week


def parse_week(text: str, today: date) -> Week:
    """A week in a person's words: this, last, -2 (two weeks ago), 2026-W46, or a day in it.

    Raises:
        UsageError: no such week, one that lies ahead, or one before 1900.
    """
    word = text.strip().lower()
    now = Week.of(today)
    week = _spoken(word, now)
    if week is None:
        try:
            week = known_week(word) if "w" in word else Week.of(date.fromisoformat(word))
        except ValueError as error:
            raise UsageError(
                f"'{text}' is no week: expected this, last, -2, an ISO week such as {now.id}, or a "
                f"day in it such as {today}"
            ) from error
    if week > now:
        raise UsageError(f"{week.id} lies ahead (this is {now.id}): expected this week or one past")
    if week.year < _FIRST_YEAR:
        raise UsageError(f"{week.id} lies too far back: expected a week from {_FIRST_YEAR} on")
    return week


def _spoken(word: str, now: Week) -> Week | None:
    if word in ("this", "last"):
        return now.plus(-(word == "last"))
    if word[:1] == "-" and word[1:].isdecimal() and len(word) < 6:
        back = int(word[1:])
        return now.plus(-back) if back * 7 < now.monday.toordinal() else None
    return None
