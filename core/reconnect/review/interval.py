"""How sure a difference of two means is: the percentile bootstrap, the same at each run."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

RESAMPLES = 2000
LEVEL = 0.95


class Difference(NamedTuple):
    """The mean of one side less the mean of the other, and the interval it may lie in."""

    value: float
    low: float
    high: float

    @property
    def clear(self) -> bool:
        """Whether the interval leaves nought out."""
        return self.low > 0 or self.high < 0


def difference(
    inside: Sequence[float],
    outside: Sequence[float],
    seed: str,
    *,
    resamples: int = RESAMPLES,
    level: float = LEVEL,
) -> Difference:
    """The difference of the means with its bootstrap percentile interval.

    Each side is drawn from anew, with replacement, as often as it has values; the ends of the
    interval are the percentiles of the differences found so (Efron & Tibshirani 1993, chapter 13).

    Args:
        inside: the values of the one side, at least one.
        outside: the values of the other, at least one.
        seed: the same seed and values give the same answer, on every machine.
        resamples: how often both sides are drawn.
        level: the share of the differences that lies between the ends, above 0 and below 1.

    Raises:
        ValueError: a side is empty.
    """
    if not inside or not outside:
        raise ValueError("a side is empty: there is no difference of means")
    draw = random.Random(seed)  # noqa: S311 - the same weeks must give the same interval
    found = sorted(
        _mean(draw.choices(inside, k=len(inside))) - _mean(draw.choices(outside, k=len(outside)))
        for _ in range(resamples)
    )
    tail = (1 - level) / 2
    return Difference(
        _mean(inside) - _mean(outside), percentile(found, tail), percentile(found, 1 - tail)
    )


def percentile(ordered: Sequence[float], share: float) -> float:
    """Where that share (0 to 1) of ordered values lies below; between two values in proportion."""
    place = share * (len(ordered) - 1)
    below = int(place)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (ordered[above] - ordered[below]) * (place - below)


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values)
