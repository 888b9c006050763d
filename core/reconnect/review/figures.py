"""The plain data that charts are drawn from: no habit, no entry, no note, no database."""

from __future__ import annotations

import math
from collections import Counter
from datetime import date, timedelta
from typing import TYPE_CHECKING, Literal, NamedTuple

import msgspec

from reconnect.model.habit import STATE_MARKS
from reconnect.model.rule import Direction

if TYPE_CHECKING:
    from collections.abc import Collection

DayMark = Literal["yes", "partly", "no", "skip", "unknown", "not-due"]
"""A day's state; `not-due` where nothing was due and nothing was logged."""

MARKS: dict[DayMark, str] = {
    "yes": "kept",
    "partly": "partly",
    "skip": "rested",
    "no": "not this time",
    "unknown": "nothing logged",
    "not-due": "not due",
}
"""What people read for each state, in the order of legends."""


def legend(seen: Collection[DayMark]) -> list[str]:
    """What the characters of some states mean: "+ kept", ". nothing logged"."""
    return [f"{mark} {MARKS[state]}" for state, mark in STATE_MARKS.items() if state in seen]


WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")

MOST_WEEKS = 54
"""The weeks, from Monday on, that one year can touch: a leap year that begins on a Sunday."""


class DayCell(NamedTuple):
    """What a day came to; `share` is how much of the day's target was done, 0 to 1."""

    state: DayMark
    share: float | None = None


class YearFigure(msgspec.Struct, frozen=True, kw_only=True):
    """One habit's days in a row, from `first` on, each with its state; 54 weeks at the most."""

    title: str
    first: date
    days: tuple[DayCell, ...]

    def __post_init__(self) -> None:
        """Refuse more than fits, states that do not exist, and shares outside 0 to 1."""
        if self.first.weekday() + len(self.days) > 7 * MOST_WEEKS:
            raise ValueError(f"{len(self.days)} days: expected no more than {MOST_WEEKS} weeks")
        for state, share in self.days:
            if state not in MARKS or not (share is None or 0 <= share <= 1):
                raise ValueError(f"{state}, {share}: expected a state, and a share from 0 to 1")

    @property
    def last(self) -> date:
        """The last day; the one before `first` where there is none."""
        return self.first + timedelta(days=len(self.days) - 1)

    @property
    def monday(self) -> date:
        """The Monday of the first week."""
        return self.first - timedelta(days=self.first.weekday())

    def counts(self) -> dict[DayMark, int]:
        """How many days came to each state, in the order of MARKS, without those that none did."""
        found = Counter(cell.state for cell in self.days)
        return {state: found[state] for state in MARKS if found[state]}

    def weeks(self) -> list[list[DayCell | None]]:
        """The days by week, Monday first; None before the first day and after the last."""
        row: list[DayCell | None] = [None] * self.first.weekday()
        row += self.days
        row += [None] * (-len(row) % 7)
        return [row[start : start + 7] for start in range(0, len(row), 7)]


class LineFigure(msgspec.Struct, frozen=True, kw_only=True):
    """One number over time, oldest first; None where there was no answer, and the line has a gap.

    `question` is what the number answers, `about` says in words what each point looks at ("over 28
    days"), `baseline` is a figure to compare with, `low` and `high` fix the axis where the number
    has bounds (0 and 100 per cent).
    """

    title: str
    unit: str
    points: tuple[tuple[date, float | None], ...]
    question: str = ""
    about: str = ""
    direction: Direction | None = None
    baseline: float | None = None
    low: float | None = None
    high: float | None = None

    def __post_init__(self) -> None:
        """Refuse points out of order."""
        days = [day for day, _ in self.points]
        if days != sorted(set(days)):
            raise ValueError("expected each day once, the oldest first")

    def known(self) -> list[tuple[date, float | None]]:
        """The points, with None for what is no finite number."""
        return [
            (day, None if value is None or not math.isfinite(value) else float(value))
            for day, value in self.points
        ]

    def values(self) -> list[float]:
        """The finite values alone."""
        return [value for _, value in self.known() if value is not None]


class WeekdayBar(NamedTuple):
    """Of the days of one weekday that were due, how many were kept."""

    kept: int
    due: int


class WeekdayFigure(msgspec.Struct, frozen=True, kw_only=True):
    """How often a habit was kept on each weekday, Monday first, from `first` to `last`."""

    title: str
    first: date
    last: date
    days: tuple[WeekdayBar, ...]

    def __post_init__(self) -> None:
        """Refuse a week that has not seven days, or more kept than due."""
        if len(self.days) != len(WEEKDAYS):
            raise ValueError(f"{len(self.days)} weekdays: expected 7")
        if any(not 0 <= kept <= due for kept, due in self.days):
            raise ValueError("expected no more days kept than were due")


class ClosenessFigure(msgspec.Struct, frozen=True, kw_only=True):
    """How close a person put themselves, week by week: the Monday, and 1 to 7 or None."""

    title: str
    weeks: tuple[tuple[date, int | None], ...]

    def __post_init__(self) -> None:
        """Refuse steps that are not on the scale, and weeks out of order."""
        days = [day for day, _ in self.weeks]
        if days != sorted(set(days)) or any(day.weekday() for day in days):
            raise ValueError("expected the Monday of each week once, the oldest first")
        if any(step is not None and not 1 <= step <= 7 for _, step in self.weeks):
            raise ValueError("expected steps from 1 to 7")


Figure = YearFigure | LineFigure | WeekdayFigure | ClosenessFigure
