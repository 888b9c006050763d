"""Axes: which numbers and dates to write beside a line, and where they stand."""

from __future__ import annotations

import math
from datetime import date, timedelta
from typing import TYPE_CHECKING, NamedTuple

from reconnect.review.charts.wording import day_text, month

if TYPE_CHECKING:
    from collections.abc import Sequence

    from reconnect.review.figures import YearFigure

_LARGEST = 1e300
"""Beyond it a difference of two numbers is no number any more."""

_SMALLEST = 1e-300


class Axis(NamedTuple):
    """From `low` to `high`, with a label at each tick; `high` lies above `low`."""

    low: float
    high: float
    ticks: tuple[float, ...]

    def share(self, value: float) -> float:
        """Where a value stands between `low` (0) and `high` (1)."""
        return min(1.0, max(0.0, (_tamed(value) - self.low) / (self.high - self.low)))


def axis(
    values: Sequence[float], low: float | None = None, high: float | None = None, *, steps: int = 4
) -> Axis:
    """An axis over values, in about so many round steps; where `low` and `high` are given, theirs.

    It begins at nought where nothing lies below, so that a height can be read as an amount.
    """
    tamed = [_tamed(value) for value in values] or [0.0]
    bottom = min([*tamed, 0.0]) if low is None else _tamed(low)
    top = max([*tamed, bottom]) if high is None else _tamed(high)
    if top <= bottom:
        top = bottom + (abs(bottom) or 1.0)
    step = round_step((top - bottom) / steps)
    first = math.floor(bottom / step)
    last = max(first + 1, math.ceil(top / step - 1e-9))
    begin = bottom if low is not None else first * step
    end = top if high is not None else last * step
    ticks = [n * step for n in range(first, last + 1)]
    return Axis(begin, end, tuple(tick for tick in ticks if begin <= tick <= end))


def round_step(rough: float) -> float:
    """The next of 1, 2, 2.5, 5, 10 times a power of ten."""
    if rough < _SMALLEST:
        return 1.0
    power = 10.0 ** math.floor(math.log10(rough))
    return next(size * power for size in (1, 2, 2.5, 5, 10, 100) if size * power >= rough * 0.999)


def date_ticks(first: date, last: date, most: int) -> list[tuple[date, str]]:
    """Days to name on an axis, `most` at the most: days, weeks, months or years, as they fit."""
    days = (last - first).days
    if days < 7 * most:
        every = next((n for n in (1, 2, 7, 14) if days // n < most), 14)
        found = [first + timedelta(days=n) for n in range(0, days + 1, every)]
        return [(day, day_text(day)[:-5]) for day in found]
    months = (last.year - first.year) * 12 + last.month - first.month
    if months < 12 * most:
        every = next((n for n in (1, 2, 3, 6) if months // n < most), 12)
        numbers = range(first.year * 12 + first.month - 1, last.year * 12 + last.month)
        found = [date(n // 12, n % 12 + 1, 1) for n in numbers if n % every == 0]
        return [
            (day, month(day) if day.month > 1 else str(day.year)) for day in found if day >= first
        ]
    years = last.year - first.year
    steps = (n * 10**power for power in range(4) for n in (1, 2, 5))
    every = next(n for n in steps if years // n < most)
    numbers = range(first.year, last.year + 1)
    return [(date(n, 1, 1), str(n)) for n in numbers if n % every == 0 and date(n, 1, 1) >= first]


def month_labels(figure: YearFigure, gap: int = 3) -> list[tuple[int, str]]:
    """The months' names and the columns they begin in, none nearer to the next than `gap` weeks.

    A month stands over the week that holds its first day; the first one, which may have begun
    before, over the first week. In each new year the year stands in for the name.
    """
    found: list[tuple[int, str]] = []
    monday = figure.monday
    for column in range(len(figure.weeks())):
        start = monday + timedelta(days=7 * column)
        end = start + timedelta(days=6)
        if column == 0:
            begins = max(start, figure.first)
            found.append((0, month(begins)))
        elif end.day <= 7 and end.replace(day=1) <= figure.last:
            found.append((column, month(end) if end.month > 1 else str(end.year)))
    close = len(found) > 1 and found[1][0] - found[0][0] < gap
    return found[1:] if close else found


def _tamed(value: float) -> float:
    return min(_LARGEST, max(-_LARGEST, value))
