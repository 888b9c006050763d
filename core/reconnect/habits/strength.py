"""How far a habit runs by itself: the score of Loop Habit Tracker, from 0 to 1.

Each day `s` becomes `s * m + c * (1 - m)`, where `c` (0 to 1) says how far the last days kept what
was asked and `m = 0.5 ** (sqrt(times a day) / 13)`: a daily habit is half-way after 13 days, a
weekly one after 34. Source: Loop Habit Tracker 2.3.1, Score.kt and ScoreList.kt; its published
numbers are in the tests. A skip leaves `s` as it was. What Loop has no word for, is ours:

- several times in some days, each with an amount, ask for their sum;
- an at-most habit without an amount keeps each day without a lapse, and begins at 0;
- the pace and the target are those of the day's own time.
"""

from __future__ import annotations

from datetime import date
from itertools import accumulate
from math import sqrt
from typing import TYPE_CHECKING, NamedTuple

from reconnect.model.habit import Tally
from reconnect.recurrence import pace_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from reconnect.model.habit import Habit, Terms
    from reconnect.recurrence import Pace

HALF_DAILY = 13
"""Days after which a daily habit that is kept is half-way, and one that is not has lost half."""

_NOTHING = Tally()


class Strengths(NamedTuple):
    """A strength (0 to 1) for each day from `first` on, without a gap."""

    first: date
    values: list[float]

    def on(self, day: date) -> float | None:
        """The strength at the end of a day; None before the first, the last known one after."""
        if day < self.first or not self.values:
            return None
        return self.values[min((day - self.first).days, len(self.values) - 1)]


def multiplier(share: float) -> float:
    """What a day leaves of the strength. `share` is due days per day, above 0 and at most 1."""
    return float(0.5 ** (sqrt(share) / HALF_DAILY))


def strengths(habit: Habit, tallies: Mapping[date, Tally], last: date) -> Strengths | None:
    """The habit's strength for each day up to `last`; None where it is due on no day.

    Args:
        habit: with the terms of all times.
        tallies: what was logged a day, from the first entry on; days in any order. Those before
            an at-most habit without an amount was taken up count for nothing.
        last: the last day. Leave out a day that is still open: without an entry it counts as
            missed.
    """
    if not any(terms.rrule for terms in habit.terms):
        return None
    # What is kept by doing nothing was not kept before it was taken up.
    first = habit.begun
    if habit.goal == "at-least" or habit.target is not None:
        first = min([first, *(day for day in tallies if day <= last)])
    days = [*map(date.fromordinal, range(first.toordinal(), last.toordinal() + 1))]
    if not days:
        return Strengths(first, [])
    of_day = [tallies.get(day, _NOTHING) for day in days]
    score = 1.0 if habit.goal == "at-most" and habit.target is not None else 0.0
    values: list[float] = []
    for terms, begin, end in _spans(habit, days):
        part, score = _part(habit, terms, of_day, begin, end, score)
        values += part
    return Strengths(first, values)


def _spans(habit: Habit, days: Sequence[date]) -> list[tuple[Terms, int, int]]:
    """The terms, and from which to before which of the days they hold."""
    starts = [max(0, (terms.since - days[0]).days) for terms in habit.terms]
    starts[0] = 0
    ends = [*starts[1:], len(days)]
    found = zip(habit.terms, starts, ends, strict=True)
    return [(terms, begin, min(end, len(days))) for terms, begin, end in found if begin < end]


def _part(
    habit: Habit, terms: Terms, of_day: Sequence[Tally], begin: int, end: int, score: float
) -> tuple[list[float], float]:
    """The strengths of the days from number `begin` to before `end`, and the last of them."""
    pace = pace_of(terms.rrule)
    if pace is None:
        return [score] * (end - begin), score
    stays = multiplier(pace.share)
    reached = _reached(habit, terms, pace, of_day)
    values = []
    for number in range(begin, end):
        tally = of_day[number]
        rests = tally.skips and not (tally.done or tally.noes or tally.lapses)
        if not rests:
            score = score * stays + reached[number] * (1 - stays)
        values.append(score)
    return values, score


def _reached(habit: Habit, terms: Terms, pace: Pace, of_day: Sequence[Tally]) -> list[float]:
    """How far (0 to 1) what was asked was kept, looking back from each day."""
    target, times, window = terms.target, pace.times, pace.days
    if habit.goal == "at-most":
        kept = [not (tally.lapses or tally.noes) for tally in of_day]
        if target is None:
            return [float(one) for one in kept]
        most = target * times
        # More than the double changes nothing, and would swallow what is added to it later.
        sums = _rolling([min(tally.amount or 0.0, 2 * most) for tally in of_day], window)
        over = [max(0.0, min(1.0, 1 - (amount - most) / most)) for amount in sums]
        return [one * rest for one, rest in zip(kept, over, strict=True)]
    if target is not None:
        # What was done without an amount counts as all of it; more than all of a window is not.
        amounts = [
            float(tally.done > 0) if tally.amount is None else min(tally.amount / target, times)
            for tally in of_day
        ]
        return [max(0.0, min(1.0, amount / times)) for amount in _rolling(amounts, window)]
    if times < window:
        # As in Loop: the weekday may change from one week to the next.
        times, window = 2 * times, 2 * window
    counts = _rolling([float(tally.done > 0) for tally in of_day], window)
    return [min(1.0, count / times) for count in counts]


def _rolling(values: Sequence[float], window: int) -> list[float]:
    """The sum of the last `window` values, for each of them."""
    sums = [0.0, *accumulate(values)]
    return [sums[n + 1] - sums[max(0, n + 1 - window)] for n in range(len(values))]
