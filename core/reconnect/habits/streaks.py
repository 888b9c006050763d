"""Runs of kept spans, how many of the last ones were kept, and how soon somebody came back.

A skip bridges: it never lengthens a streak, and none begins or ends with one. A change from days to
weeks begins a new streak.
"""

from __future__ import annotations

from itertools import takewhile
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from reconnect.habits.spans import Span
    from reconnect.recurrence import UnitOfTime

RECENT: dict[UnitOfTime, int] = {"day": 28, "week": 8, "month": 6, "year": 3}
"""How many of the last days, weeks, months or years "kept 7 of 8 weeks" looks at."""


class Streak(NamedTuple):
    """`length` kept days, weeks, months or years in a row, from the day `first` to `last`."""

    first: date
    last: date
    length: int
    unit: UnitOfTime


class Kept(NamedTuple):
    """How many of the last spans that asked for something were kept."""

    kept: int
    of: int
    unit: UnitOfTime


class Rebound(NamedTuple):
    """After how many missed days, weeks, months or years the person came back the last time."""

    missed: int
    unit: UnitOfTime


def streaks(found: Sequence[Span]) -> list[Streak]:
    """Every streak in the spans of a habit, oldest first."""
    runs: list[Streak] = []
    going = False
    for span in found:
        if span.verdict == "missed" or (runs and going and runs[-1].unit != span.unit):
            going = False
        if span.verdict != "kept":
            continue
        if going:
            runs[-1] = runs[-1]._replace(last=span.last, length=runs[-1].length + 1)
        else:
            runs.append(Streak(span.first, span.last, 1, span.unit))
        going = True
    return runs


def current(found: Sequence[Span]) -> Streak | None:
    """The streak that still stands; None where the last span that counts was missed."""
    standing = list(takewhile(lambda span: span.verdict != "missed", reversed(found)))[::-1]
    runs = streaks(standing)
    # What stands is the run of the unit that is judged now.
    return runs[-1] if runs and runs[-1].unit == found[-1].unit else None


def best(found: Sequence[Span]) -> Streak | None:
    """The longest streak in the unit that is judged now, the newest of several; None without."""
    own = [run for run in streaks(found) if run.unit == found[-1].unit]
    return max(own, key=lambda run: (run.length, run.last), default=None)


def kept_lately(found: Sequence[Span]) -> Kept | None:
    """How many of the last spans were kept; None where none is over that asked for anything.

    A span that goes on counts once it is kept. Those that rested count in neither number.
    """
    if not found:
        return None
    unit = found[-1].unit
    judged = [span for span in found if span.unit == unit and span.verdict in ("kept", "missed")]
    recent = judged[-RECENT[unit] :]
    if not recent:
        return None
    return Kept(sum(span.verdict == "kept" for span in recent), len(recent), unit)


def rebound(found: Sequence[Span]) -> Rebound | None:
    """The last time that something was missed and then kept again; None where there is none yet."""
    missed, came_back = 0, False
    for span in reversed(found):
        if span.unit != found[-1].unit:
            break
        if span.verdict == "kept" and missed:
            return Rebound(missed, span.unit)
        came_back = came_back or span.verdict == "kept"
        missed += came_back and span.verdict == "missed"
    return None
