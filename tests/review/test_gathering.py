"""What days and weekdays come to, from what was logged: by the terms of their own time."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from reconnect.model.habit import Habit, Tally, Terms
from reconnect.review.figures import DayCell, WeekdayBar
from reconnect.review.gathering import strength_figure, weekday_figure, year_figure

if TYPE_CHECKING:
    from collections.abc import Mapping

    from reconnect.model.habit import Goal

MONDAY = date(2026, 11, 16)
DONE = Tally(done=1)


def habit(*terms: Terms, goal: Goal = "at-least") -> Habit:
    held = terms or (Terms(since=MONDAY, anchor=MONDAY, rrule="FREQ=DAILY"),)
    return Habit(
        id=1, person_id=1, name="x", rule="x", template="x", title="X", goal=goal,
        amount="minutes", unit="min", cue=None, terms=held,
    )  # fmt: skip


def states(kept: Habit, tallies: Mapping[date, Tally], last: date, first: date = MONDAY) -> str:
    figure = year_figure(kept, tallies, first, last, date(2026, 11, 30))
    assert figure.last == last
    signs = {"yes": "+", "partly": "~", "no": "-", "skip": "s", "unknown": ".", "not-due": "_"}
    return "".join(signs[cell.state] for cell in figure.days)


def after(days: int) -> date:
    return MONDAY + timedelta(days=days)


def test_each_day_has_its_state() -> None:
    logged = {after(0): DONE, after(1): Tally(skips=1), after(2): Tally(noes=1), after(3): DONE}
    assert states(habit(), logged, after(4)) == "+s-+."


def test_a_share_is_that_of_the_target_of_its_time() -> None:
    terms = [
        Terms(since=MONDAY, anchor=MONDAY, rrule="FREQ=DAILY", target=10),
        Terms(since=after(1), anchor=MONDAY, rrule="FREQ=DAILY", target=40),
    ]
    tally = Tally(done=1, amount=10)
    figure = year_figure(habit(*terms), dict.fromkeys(map(after, range(2)), tally),
                         MONDAY, after(2), after(5))  # fmt: skip
    assert figure.days == (DayCell("yes", 1), DayCell("partly", 0.25), DayCell("unknown"))


def test_a_week_that_is_kept_asks_for_no_certain_day() -> None:
    weekly = habit(Terms(since=MONDAY, anchor=MONDAY, rrule="FREQ=WEEKLY;BYDAY=SU"))
    assert states(weekly, {}, after(6)) == "______."
    assert states(weekly, {after(2): DONE}, after(6)) == "__+____"
    assert states(weekly, {after(2): DONE}, after(13)) == "__+__________."


def test_an_at_most_habit_is_kept_without_a_word() -> None:
    logged = {after(1): Tally(lapses=1)}
    assert states(habit(goal="at-most"), logged, after(14)) == "+-++++++++++++."


def test_days_before_the_habit_are_left_out_unless_logged() -> None:
    early = MONDAY - timedelta(days=30)
    assert states(habit(), {}, after(1), early) == ".."
    logged = {MONDAY - timedelta(days=2): DONE}
    assert states(habit(), logged, after(1), early) == "+_.."
    assert year_figure(habit(), {}, early, early + timedelta(days=3), after(0)).days == ()


def test_weekdays_count_what_was_asked_for() -> None:
    logged = {after(0): DONE, after(1): Tally(skips=1), after(7): Tally(noes=1), after(8): DONE}
    year = year_figure(habit(), logged, MONDAY, after(9), after(9))
    bars = weekday_figure(year, after(9)).days
    # Wednesday the 25th goes on; Tuesday the 17th rested.
    assert bars[:4] == (WeekdayBar(1, 2), WeekdayBar(1, 1), WeekdayBar(0, 1), WeekdayBar(0, 1))


def test_no_strength_is_an_empty_line() -> None:
    assert strength_figure(habit(), None, MONDAY, after(3)).points == ()
