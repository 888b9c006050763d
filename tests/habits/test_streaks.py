"""Spans and streaks: skips bridge, quotas count weeks, and the past keeps the rule of its time."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.habits.progressing import SKIP, TODAY, YES, ago, amounts, habit, written

from reconnect.habits.spans import spans
from reconnect.habits.streaks import Kept, Rebound, best, current, kept_lately, rebound, streaks
from reconnect.model.habit import Habit, Tally, Terms

THREE = "FREQ=WEEKLY;BYDAY=MO,WE,FR"
SUNDAY = TODAY - timedelta(days=1)


def runs(of: Habit, tallies: dict[date, Tally], today: date = TODAY) -> list[int]:
    return [run.length for run in streaks(spans(of, tallies, today))]


def verdicts(of: Habit, tallies: dict[date, Tally], today: date = TODAY) -> str:
    return "".join(span.verdict[0] for span in spans(of, tallies, today))


@pytest.mark.parametrize(
    ("marks", "seen", "lengths"),
    [
        ("yyy.yy", "kkkmkk", [3, 2]),
        ("yysyy", "kkrkk", [4]),
        ("syyys", "rkkkr", [3]),
        ("yynyy", "kkmkk", [2, 2]),
        ("yyss.yy", "kkrrmkk", [2, 2]),
        ("ssss", "rrrr", []),
        ("yyy.", "kkko", [3]),
        ("yyyn", "kkkm", [3]),
        ("....", "mmmo", []),
        ("y", "k", [1]),
        ("ylyl", "kmko", [1, 1]),
    ],
)
def test_days(marks: str, seen: str, lengths: list[int]) -> None:
    daily = habit(since=ago(len(marks) - 1))
    assert verdicts(daily, written(marks)) == seen
    assert runs(daily, written(marks)) == lengths


def test_a_streak_ends_where_it_was_kept_and_stands_while_the_day_is_open() -> None:
    found = spans(habit(since=ago(5)), written(".syys."), TODAY)
    (run,) = streaks(found)
    assert (run.first, run.last, run.length, run.unit) == (ago(3), ago(2), 2, "day")
    assert current(found) == run == best(found)
    missed = spans(habit(since=ago(5)), written(".syy.."), TODAY)
    assert current(missed) is None
    assert best(missed) is not None


@pytest.mark.parametrize(
    ("weeks", "seen"),
    [
        (["y.y.y..", "yyy....", "......."], "kkm"),
        (["y.y....", "y.y.s.."], "mr"),
        (["yyyy...", "y.....y"], "km"),
        (["s.s.s..", "y.y.y.."], "rk"),
    ],
)
def test_weeks_count_their_days_wherever_they_fall(weeks: list[str], seen: str) -> None:
    since = SUNDAY - timedelta(days=7 * len(weeks) - 1)
    tallies = written("".join(weeks), SUNDAY)
    assert verdicts(habit(THREE, since=since), tallies, SUNDAY) == seen


def test_a_week_lasts_until_it_cannot_be_kept() -> None:
    three = habit(THREE, since=ago(7))
    week = written("y.y.y..", SUNDAY)
    assert [
        verdicts(three, week, TODAY + timedelta(days=n)) for n in range(7)
    ] == ["ko", "ko", "ko", "ko", "ko", "km", "km"]  # fmt: skip
    kept = week | {TODAY: YES, TODAY + timedelta(days=2): YES}
    assert verdicts(three, kept, TODAY + timedelta(days=6)) == "ko"
    assert current(spans(three, kept, TODAY + timedelta(days=6))) is not None


def test_the_first_week_asks_for_no_more_than_is_left_of_it() -> None:
    friday = date(2026, 11, 20)
    assert verdicts(habit(THREE, since=friday), {friday: YES}, SUNDAY) == "k"
    saturday = friday + timedelta(days=1)
    assert verdicts(habit(THREE, since=saturday), {}, SUNDAY) == "r"


def test_amounts_keep_their_weeks() -> None:
    weekly = habit("FREQ=WEEKLY;BYDAY=SA", target=120, since=SUNDAY - timedelta(days=13))
    each = [None, None, 60, 130, None, None, None, None, None, None, None, None, 60, 60]
    assert verdicts(weekly, amounts(*each, last=SUNDAY), TODAY) == "kmo"
    daily = habit(target=8, since=ago(3))
    assert runs(daily, amounts(8, 9, 7, 8)) == [2, 1]


def test_months() -> None:
    last_sunday = habit("FREQ=MONTHLY;BYDAY=-1SU", since=date(2026, 6, 1))
    done = {date(2026, 6, 3): YES, date(2026, 7, 26): YES, date(2026, 8, 31): SKIP}
    found = spans(last_sunday, done, TODAY)
    assert "".join(span.verdict[0] for span in found) == "kkrmmo"
    assert [(run.length, run.unit) for run in streaks(found)] == [(2, "month")]
    rare = habit("FREQ=MONTHLY;INTERVAL=4;BYDAY=1SU", since=date(2026, 1, 1))
    kept = {date(2026, 1, 4): YES, date(2026, 5, 30): YES, date(2026, 9, 1): YES}
    assert runs(rare, kept) == [3]


def test_a_leap_day_once_in_four_years() -> None:
    leap = habit("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29", since=date(2020, 1, 1))
    kept = {date(2020, 2, 29): YES, date(2024, 2, 29): YES}
    assert verdicts(leap, kept) == "krrrkrr"
    assert runs(leap, kept) == [2]


def test_days_without_a_lapse() -> None:
    calm = habit(goal="at-most", since=ago(6))
    assert verdicts(calm, written("..l.n..")) == "kkmkmko"
    assert runs(calm, written("..l.n..")) == [2, 1, 1]
    assert verdicts(calm, {ago(2): SKIP}) == "kkkkrko"
    most = habit(goal="at-most", target=2, since=ago(2))
    assert verdicts(most, amounts(2, 3, 1)) == "kmo"


def test_each_time_has_its_own_rule() -> None:
    # Three a week until the Monday on which it became two: both weeks are kept as they were asked.
    two = Terms(since=TODAY, anchor=TODAY, rrule="FREQ=WEEKLY;BYDAY=MO,WE")
    changed = habit(THREE, since=ago(14), later=[two])
    tallies = written("y.y.y..y.y....y.y....", TODAY + timedelta(days=6))
    assert verdicts(changed, tallies, TODAY + timedelta(days=6)) == "kmk"
    # In the middle of a week both halves are asked for what was due in them.
    wednesday = TODAY + timedelta(days=2)
    two = Terms(since=wednesday, anchor=wednesday, rrule="FREQ=WEEKLY;BYDAY=SA,SU")
    changed = habit(THREE, since=TODAY, later=[two])
    (span,) = spans(changed, written("yy....y", TODAY + timedelta(days=6)), date(2026, 11, 29))
    assert (span.verdict, span.done, span.asked) == ("kept", 3, 3)


def test_from_days_to_weeks_a_new_streak_begins() -> None:
    weekly = Terms(since=ago(7), anchor=ago(7), rrule=THREE)
    changed = habit(since=ago(14), later=[weekly])
    found = spans(changed, written("yyyyyyy" + "y.y.y.." + "."), TODAY)
    assert [(run.length, run.unit) for run in streaks(found)] == [(7, "day"), (1, "week")]
    now = current(found)
    assert now is not None
    assert (now.length, now.unit) == (1, "week")


def test_kept_lately_and_back_again() -> None:
    daily = habit(since=ago(9))
    found = spans(daily, written("yyy..yys.."), TODAY)
    assert kept_lately(found) == Kept(5, 8, "day")
    assert rebound(found) == Rebound(2, "day")
    assert rebound(spans(daily, written("....yyyyyy"), TODAY)) is None
    assert kept_lately(spans(habit(), {}, TODAY)) is None
    assert kept_lately([]) is rebound([]) is current([]) is None


def test_only_the_last_spans() -> None:
    of = habit(THREE, since=date(2020, 1, 1))
    whole = spans(of, written("y.y.y..." * 9), TODAY)
    assert spans(of, written("y.y.y..." * 9), TODAY, since=ago(10)) == whole[-3:]
    assert spans(habit(""), written("yy"), TODAY) == []
    assert spans(habit(since=TODAY + timedelta(days=1)), {}, TODAY) == []


MARKS = st.text("ysnl.", max_size=60)
RULES = st.sampled_from(["FREQ=DAILY", THREE, "FREQ=WEEKLY", "FREQ=DAILY;INTERVAL=3",
                         "FREQ=MONTHLY;BYDAY=1SU", "FREQ=MONTHLY;BYMONTHDAY=29"])  # fmt: skip
GOALS = st.sampled_from(["at-least", "at-most"])


@given(MARKS, RULES, GOALS)
def test_the_spans_cover_every_day_once(marks: str, rrule: str, goal: str) -> None:
    of = habit(rrule, goal=goal, since=ago(50))  # type: ignore[arg-type]
    found = spans(of, written(marks), TODAY)
    assert found[0].first == ago(50)
    assert found[-1].last >= TODAY
    for before, after in pairwise(found):
        assert after.first == before.last + timedelta(days=1)
    for span in found[:-1]:
        assert span.verdict != "open"


@given(MARKS, RULES, GOALS, st.data())
def test_a_skip_never_lengthens(marks: str, rrule: str, goal: str, data: st.DataObject) -> None:
    of = habit(rrule, goal=goal, since=ago(50))  # type: ignore[arg-type]
    tallies = written(marks)
    day = data.draw(st.sampled_from([ago(n) for n in range(50)]))
    if day in tallies:
        return
    before, after = spans(of, tallies, TODAY), spans(of, tallies | {day: SKIP}, TODAY)
    total = sum(run.length for run in streaks(after))
    if goal == "at-least":
        assert total == sum(run.length for run in streaks(before))
        # It bridges: what was one run is still one.
        assert len(streaks(after)) <= len(streaks(before))
    else:
        assert total <= sum(run.length for run in streaks(before))
    for run in streaks(after):
        ends = [span for span in after if run.first == span.first or run.last == span.last]
        assert all(span.verdict == "kept" for span in ends)
