"""The bootstrap: what a plain computation finds, the same each time, and right on the average."""

from __future__ import annotations

import math
import random
import statistics
from collections import Counter
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reconnect.review.interval import RESAMPLES, difference, percentile

SIDE = st.lists(st.integers(1, 7), min_size=1, max_size=30)
FEW = settings(max_examples=20, deadline=None)


@FEW
@given(SIDE, SIDE, st.text(max_size=5))
def test_it_is_what_a_plain_computation_finds(
    inside: list[int], outside: list[int], seed: str
) -> None:
    draw = random.Random(seed)  # noqa: S311 - the same draws as the code under test
    means = []
    for _ in range(RESAMPLES):
        one = [inside[math.floor(draw.random() * len(inside))] for _ in inside]
        other = [outside[math.floor(draw.random() * len(outside))] for _ in outside]
        means.append(statistics.fmean(one) - statistics.fmean(other))
    # 39 cuts part the values into 40: the first and the last are 2.5 and 97.5 per cent.
    cuts = statistics.quantiles(means, n=40, method="inclusive")
    found = difference(inside, outside, seed)
    assert found.low == pytest.approx(cuts[0])
    assert found.high == pytest.approx(cuts[-1])
    assert found.value == pytest.approx(statistics.fmean(inside) - statistics.fmean(outside))


@FEW
@given(SIDE, SIDE)
def test_it_is_the_same_each_time_and_turned_round_it_changes_its_sign(
    inside: list[int], outside: list[int]
) -> None:
    found = difference(inside, outside, "seed")
    assert found == difference(inside, outside, "seed")
    assert found.low <= found.high
    assert found.value == pytest.approx(-difference(outside, inside, "seed").value)
    assert found.low >= -6
    assert found.high <= 6


def exact(values: list[int]) -> dict[int, float]:
    """The chance of each sum of as many draws as there are values, computed to the end."""
    chances = {value: count / len(values) for value, count in Counter(values).items()}
    sums = {0: 1.0}
    for _ in values:
        following: dict[int, float] = {}
        for total, chance in sums.items():
            for value, own in chances.items():
                following[total + value] = following.get(total + value, 0.0) + chance * own
        sums = following
    return sums


def test_the_ends_cut_off_as_much_as_they_should_of_the_exact_distribution() -> None:
    inside, outside = [5, 6, 4, 5, 7, 5, 4, 6, 5], [4, 4, 3, 5, 4, 6, 3, 4, 5, 4, 4]
    found = difference(inside, outside, "exact")
    below = above = 0.0
    for one, chance in exact(inside).items():
        for other, more in exact(outside).items():
            value = one / len(inside) - other / len(outside)
            below += chance * more * (value < found.low)
            above += chance * more * (value > found.high)
    # The standard error of a share of 2.5 % in 2000 draws is 0.35 %.
    assert below == pytest.approx(0.025, abs=0.012)
    assert above == pytest.approx(0.025, abs=0.012)


def test_equal_weeks_leave_no_doubt_and_no_difference() -> None:
    assert difference([4] * 9, [4] * 11, "x") == (0, 0, 0)
    assert difference([7] * 8, [1] * 8, "x") == (6, 6, 6)
    assert difference([7] * 8, [1] * 8, "x").clear
    assert not difference([4] * 8, [4] * 8, "x").clear


@given(st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=50))
def test_a_percentile_rises_from_the_least_to_the_greatest(values: list[float]) -> None:
    ordered = sorted(values)
    assert percentile(ordered, 0) == ordered[0]
    assert percentile(ordered, 1) == ordered[-1]
    found = [percentile(ordered, share / 20) for share in range(21)]
    assert all(a <= b + 1e-6 for a, b in pairwise(found))


def test_an_empty_side_has_no_mean() -> None:
    with pytest.raises(ValueError, match="empty"):
        difference([], [1], "x")
