"""Strength: every number that Loop Habit Tracker publishes for its score, and what is ours.

The figures are those of ScoreTest.kt, ScoreListTest.kt and the exported Scores.csv of "Wake up
early" in Loop 2.3.1; days run from the oldest to the newest.
"""

from __future__ import annotations

import math
from datetime import date, timedelta
from math import isfinite
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.habits.progressing import SKIP, TODAY, YES, ago, amounts, habit, written

from reconnect.habits.strength import multiplier, strengths
from reconnect.model.habit import Tally, Terms
from reconnect.recurrence import Pace, pace_of

if TYPE_CHECKING:
    from reconnect.model.habit import Goal, Habit

RISING = [
    0.051922, 0.101149, 0.147820, 0.192067, 0.234017, 0.273788, 0.311495, 0.347244, 0.381137,
    0.413270, 0.443734, 0.472617, 0.500000, 0.525961, 0.550574, 0.573910, 0.596033, 0.617008,
    0.636894, 0.655747,
]  # fmt: skip


def exact(*expected: float) -> object:
    return pytest.approx(list(expected), abs=1e-6)


def values(of: object, tallies: dict[date, Tally], last: date = TODAY) -> list[float]:
    found = strengths(of, tallies, last)  # type: ignore[arg-type]
    assert found is not None
    return found.values


@pytest.fixture
def paced(monkeypatch: pytest.MonkeyPatch) -> None:
    """Frequencies that no calendar rule has, such as two in three days: "FREQ=2/3"."""

    def pace(text: str) -> Pace:
        times, days = text.removeprefix("FREQ=").split("/")
        return Pace(int(times), int(days), "week")

    monkeypatch.setattr("reconnect.habits.strength.pace_of", pace)


@pytest.mark.parametrize(
    ("share", "before", "kept", "after"),
    [
        (1, 0.0, 1, 0.051922), (1, 0.5, 1, 0.525961), (1, 0.5, 0, 0.474039),
        (1, 0.75, 1, 0.762981), (1, 0.75, 0, 0.711058),
        (1 / 3, 0.0, 1, 0.030314), (1 / 3, 0.5, 1, 0.515157), (1 / 3, 0.5, 0, 0.484842),
        (1 / 3, 0.75, 1, 0.757578), (1 / 3, 0.75, 0, 0.727263),
    ],
)  # fmt: skip
def test_one_day(share: float, before: float, kept: float, after: float) -> None:
    stays = multiplier(share)
    assert before * stays + kept * (1 - stays) == pytest.approx(after, abs=1e-6)


def test_twenty_days() -> None:
    assert values(habit(), written("y" * 20)) == exact(*RISING)


def test_skips_stand_still() -> None:
    marks = "yyyyyyyyssyyyysyyyyy"
    expected = [*RISING[:8], RISING[7], RISING[7], *RISING[8:12], RISING[11], *RISING[12:17]]
    assert values(habit(), written(marks)) == exact(*expected)
    one = values(habit(), written("ys...."))
    assert one == exact(0.051922, 0.051922, 0.049226, 0.046670, 0.044247, 0.041949)


@pytest.mark.usefixtures("paced")
def test_the_exported_scores_of_waking_up_early() -> None:
    found = values(habit("FREQ=2/3"), written("yy..yyy..y"))
    published = [0.0107, 0.0315, 0.0515, 0.0706, 0.0995, 0.1379, 0.1746, 0.1991, 0.2226, 0.2557]
    assert [round(value, 4) for value in found] == published


@pytest.mark.parametrize(
    ("rrule", "expected"),
    [("FREQ=WEEKLY;BYDAY=MO,WE,FR", 2 / 3), ("FREQ=WEEKLY;BYDAY=MO,TU,WE,TH", 0.5)],
)
def test_two_a_week_of_more(rrule: str, expected: float) -> None:
    assert values(habit(rrule), written(".....yy" * 100))[-1] == pytest.approx(expected, abs=1e-6)


def test_another_weekday_each_week() -> None:
    found = values(habit("FREQ=WEEKLY"), written("......yy......" * 50))
    assert found[-1] == pytest.approx(1.0, abs=1e-3)


@pytest.mark.parametrize(
    ("rrule", "every", "times"),
    [("FREQ=DAILY", 1, 90), ("FREQ=WEEKLY", 7, 39), ("FREQ=MONTHLY", 30, 18)],
)
@pytest.mark.parametrize("target", [None, 2.0])
def test_high_in_reasonable_time(rrule: str, every: int, times: int, target: float | None) -> None:
    done = Tally(done=1, amount=target)
    found = values(habit(rrule, target=target), {ago(every * n): done for n in range(times)})
    assert found[-1] > 0.99


def test_every_second_day() -> None:
    twice = "FREQ=DAILY;INTERVAL=2"
    assert values(habit(), written("yy"))[-1] == pytest.approx(0.101149, abs=1e-6)
    assert values(habit(twice), written("yy"))[-1] == pytest.approx(0.054816, abs=1e-6)
    assert values(habit(twice, target=2), amounts(2, 2))[-1] == pytest.approx(0.072631, abs=1e-6)


def test_amounts_at_least() -> None:
    assert values(habit(target=2), amounts(*[2] * 20)) == exact(*RISING)
    assert values(habit(target=2), amounts(10_000))[-1] == pytest.approx(0.051922, abs=1e-6)
    for share in (0.5, 0.25):
        found = values(habit(target=2), amounts(*[2 * share] * 500))[-1]
        assert found == pytest.approx(share, abs=1e-6)


def test_amounts_at_least_with_skips() -> None:
    tallies = amounts(*[2] * 20) | {ago(10): SKIP, ago(15): SKIP}
    expected = [*RISING[:4], RISING[3], *RISING[4:8], RISING[7], *RISING[8:18]]
    assert values(habit(target=2), tallies) == exact(*expected)


def test_amounts_at_most() -> None:
    falling = [
        1.0, 0.948078, 0.898851, 0.852180, 0.807933, 0.765983, 0.726212, 0.688505, 0.652756,
        0.618863, 0.586730, 0.556266, 0.527383, 0.500000, 0.474039, 0.449426, 0.426090, 0.403967,
        0.382992, 0.363106, 0.344253,
    ]  # fmt: skip
    most = habit(target=2, goal="at-most")
    assert values(most, amounts(1, *[5] * 20)) == exact(*falling)
    assert values(most, {})[-1] == 1.0
    assert values(most, amounts(5, 5))[-1] == pytest.approx(0.898850, abs=1e-6)
    rarer = habit("FREQ=DAILY;INTERVAL=2", target=2, goal="at-most")
    assert values(rarer, amounts(5, 5))[-1] == pytest.approx(0.927369, abs=1e-6)
    assert values(most, amounts(10_000, None))[-1] == pytest.approx(0.950773, abs=1e-6)
    for before in (0, 1):
        assert values(most, amounts(before, 5))[-1] == pytest.approx(0.948077, abs=1e-6)
    for amount, share in ((3, 0.5), (3.5, 0.25)):
        found = values(most, amounts(*[amount] * 500))[-1]
        assert found == pytest.approx(share, abs=1e-6)


def test_an_amount_asked_twice_a_week_is_asked_for_twice() -> None:
    twice = habit("FREQ=WEEKLY;BYDAY=TU,TH", target=20)
    full = values(twice, amounts(*[None, 20, None, 20, None, None, None] * 60))[-1]
    half = values(twice, amounts(*[None, 20, None, None, None, None, None] * 60))[-1]
    assert full == pytest.approx(1.0, abs=1e-3)
    assert half == pytest.approx(0.5, abs=1e-3)


def test_days_without_a_lapse_make_strong() -> None:
    calm = habit(goal="at-most", since=ago(19))
    assert values(calm, {}) == exact(*RISING)
    assert values(calm, written("l"))[-1] < values(calm, {})[-1]


def test_the_past_is_judged_by_the_terms_of_its_time() -> None:
    weekly = Terms(since=ago(9), anchor=ago(9), rrule="FREQ=WEEKLY", target=None)
    before = habit(since=ago(19))
    changed = habit(since=ago(19), later=[weekly])
    tallies = written("y" * 10 + "." * 10)
    assert values(changed, tallies)[:10] == values(before, tallies)[:10]
    assert values(changed, tallies)[-1] > values(before, tallies)[-1]


def test_a_target_raised_lowers_no_day_before() -> None:
    more = Terms(since=ago(4), anchor=ago(9), rrule="FREQ=DAILY", target=20)
    changed = habit(since=ago(9), target=8, later=[more])
    found = values(changed, amounts(*[8] * 10))
    assert found[:5] == values(habit(since=ago(9), target=8), amounts(*[8] * 10))[:5]
    assert found[5:] == sorted(found[5:])


def test_nothing_is_due_nothing_is_strong() -> None:
    assert strengths(habit(""), written("yyy"), TODAY) is None
    resting = Terms(since=ago(1), anchor=ago(1), rrule="", target=None)
    found = values(habit(since=ago(3), later=[resting]), written("yy.."))
    assert found == exact(0.051922, 0.101149, 0.101149, 0.101149)


def test_on_a_day() -> None:
    found = strengths(habit(since=ago(1)), written("yy"), TODAY)
    assert found is not None
    assert [found.on(day) for day in (ago(2), ago(1), TODAY, TODAY + timedelta(days=9))] == [
        None, *found.values, found.values[-1],
    ]  # fmt: skip
    empty = strengths(habit(), {}, ago(3))
    assert empty is not None
    assert empty.on(TODAY) is None


ANY_TALLY = st.builds(
    Tally, st.integers(0, 3), st.integers(0, 1), st.integers(0, 1), st.integers(0, 2),
    st.none() | st.floats(0, 1e9),
)  # fmt: skip
HISTORIES = st.dictionaries(st.integers(0, 800).map(ago), ANY_TALLY, max_size=60)
RULES = [
    "FREQ=DAILY", "FREQ=WEEKLY", "FREQ=WEEKLY;BYDAY=MO,WE,FR", "FREQ=MONTHLY;BYDAY=-1SU",
    "FREQ=DAILY;INTERVAL=3", "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29", "FREQ=MONTHLY;INTERVAL=4",
    "FREQ=HOURLY;INTERVAL=3", "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,TU",
]  # fmt: skip
RRULES = st.sampled_from(RULES)


@given(HISTORIES, RRULES, st.sampled_from(["at-least", "at-most"]), st.none() | st.floats(0.1, 1e6))
def test_always_from_nothing_to_one(
    tallies: dict[date, Tally], rrule: str, goal: str, target: float | None
) -> None:
    of = habit(rrule, goal=goal, target=target, since=ago(400))  # type: ignore[arg-type]
    found = values(of, tallies)
    assert all(isfinite(value) and 0 <= value <= 1 for value in found)
    shuffled = dict(sorted(tallies.items(), key=lambda item: hash(item[0])))
    assert values(of, shuffled) == found


@given(HISTORIES, RRULES, st.integers(0, 800))
def test_an_act_more_weakens_nothing(tallies: dict[date, Tally], rrule: str, when: int) -> None:
    of = habit(rrule, since=ago(900))
    day = ago(when)
    better = tallies | {day: YES}
    if tallies.get(day, Tally()).skips:
        return  # A day that rested is judged once something is done on it.
    assert values(of, better)[-1] >= values(of, tallies)[-1] - 1e-12


def test_an_amount_that_is_far_too_large_counts_once() -> None:
    # Summed up as it stands, it would swallow every smaller amount that follows.
    habit_ = habit("FREQ=WEEKLY;BYDAY=MO,WE,FR", target=10.0, since=ago(59))
    given = amounts(*[1e15] + [10.0, None] * 29 + [10.0])
    large = strengths(habit_, given, TODAY)
    plain = strengths(habit_, given | {ago(59): Tally(done=1, amount=30.0)}, TODAY)
    assert large is not None
    assert plain is not None
    assert large.values == pytest.approx(plain.values)
    most = habit(goal="at-most", target=2.0, since=ago(59))
    after = strengths(most, amounts(*[1e15] + [0.0] * 59), TODAY)
    assert after is not None
    assert after.values[-1] > 0.9


def test_an_amount_below_nothing_takes_no_more_than_there_is() -> None:
    found = strengths(habit(target=10.0, since=ago(9)), amounts(*[-50.0] * 10), TODAY)
    assert found is not None
    assert found.values == [0.0] * 10


def test_what_is_kept_by_doing_nothing_begins_when_it_is_taken_up() -> None:
    # One entry for a day long ago must not make ten years of it.
    found = strengths(habit(goal="at-most", since=ago(1)), {ago(3650): YES}, TODAY)
    assert found is not None
    assert found.first == ago(1)
    assert found.values == pytest.approx([0.051922, 0.101149], abs=1e-6)


def slowly(habit: Habit, tallies: dict[date, Tally], last: date) -> list[float]:
    """The same, straight from the words of the module, a day at a time."""
    first = habit.begun
    if habit.goal == "at-least" or habit.target is not None:
        first = min([first, *(day for day in tallies if day <= last)])
    score = 1.0 if habit.goal == "at-most" and habit.target is not None else 0.0
    found = []
    for number in range((last - first).days + 1):
        day = first + timedelta(days=number)
        terms, own = habit.terms_on(day), tallies.get(day, Tally())
        pace = pace_of(terms.rrule)
        if pace is not None and not (own.skips and not (own.done or own.noes or own.lapses)):
            stays = 0.5 ** ((pace.times / pace.days) ** 0.5 / 13)
            score = score * stays + _kept(habit, terms, pace, tallies, day, first) * (1 - stays)
        found.append(score)
    return found


def _kept(
    habit: Habit, terms: Terms, pace: Pace, tallies: dict[date, Tally], day: date, first: date
) -> float:
    times, window = pace.times, pace.days
    if habit.goal == "at-least" and terms.target is None and times < window:
        times, window = 2 * times, 2 * window
    back = (day - timedelta(days=number) for number in range(window))
    seen = [tallies.get(one, Tally()) for one in back if one >= first]
    if habit.goal == "at-most":
        if seen[0].lapses or seen[0].noes:
            return 0.0
        if terms.target is None:
            return 1.0
        most = terms.target * times
        return max(0.0, min(1.0, 1 - (math.fsum(one.amount or 0 for one in seen) - most) / most))
    if terms.target is None:
        return min(1.0, sum(one.done > 0 for one in seen) / times)
    parts = [one.amount / terms.target if one.amount is not None else one.done > 0 for one in seen]
    return min(1.0, math.fsum(parts) / times)


@given(
    st.dictionaries(
        st.integers(-20, 300),
        st.builds(
            Tally, done=st.integers(0, 2), skips=st.integers(0, 1), noes=st.integers(0, 1),
            lapses=st.integers(0, 1),
            amount=st.none() | st.floats(0, 1000) | st.sampled_from([1e15, 1e300]),
        ),
        max_size=40,
    ),
    st.lists(
        st.tuples(
            st.integers(1, 250), st.sampled_from(["", *RULES]), st.none() | st.floats(1, 500)
        ),
        max_size=4, unique_by=lambda one: one[0],
    ),
    st.sampled_from(["", *RULES]),
    st.sampled_from(["at-least", "at-most"]),
    st.none() | st.floats(1, 500),
)  # fmt: skip
@settings(deadline=None)
def test_it_is_what_a_slow_way_finds(
    logged: dict[int, Tally],
    changes: list[tuple[int, str, float | None]],
    rrule: str,
    goal: Goal,
    target: float | None,
) -> None:
    since = ago(280)
    later = [
        Terms(since=ago(280 - day), anchor=ago(280 - day), rrule=rule, target=aim)
        for day, rule, aim in sorted(changes)
    ]
    one = habit(rrule, goal=goal, target=target, since=since, later=later)
    tallies = {ago(300 - day): tally for day, tally in logged.items()}
    found = strengths(one, tallies, TODAY)
    if found is None:
        assert not any(terms.rrule for terms in one.terms)
    else:
        assert found.values == pytest.approx(slowly(one, tallies, TODAY), abs=1e-9)
