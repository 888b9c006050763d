"""Weeks of one kind against the others: what is a week of the kind, and how many there must be."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.review.conftest import SUNDAY
from tests.review.past import Past

from reconnect.model.week import Week
from reconnect.review.comparing import ENOUGH, Compared, compared
from reconnect.review.wording import NO_PROOF, comparison_text, many_looks, too_few
from reconnect.store import closeness
from reconnect.store.database import writing

if TYPE_CHECKING:
    from reconnect.cli.app import App

MONDAY = SUNDAY + timedelta(days=1)


def look(app: App, today: date = MONDAY) -> Compared:
    rules = {rule.id: rule for rule in app.catalog.rules()}
    return compared(app.db, app.person.id, rules, today)


def past(app: App, weeks: int) -> Past:
    return Past(app, SUNDAY - timedelta(days=7 * weeks - 1))


def dates_of(made: Past, number: int, days: int) -> None:
    """In the week of that number, time together on so many days."""
    for day in range(days):
        made.log("quality_time", made.first + timedelta(days=7 * number + day),
                 fields={"minutes": 90})  # fmt: skip


def test_the_example_of_the_rule_of_thumb(app: App) -> None:
    made = past(app, 20)
    with writing(app.db):
        made.adopt("quality_time")
        for number in range(20):
            dates_of(made, number, 2 if number < 9 else 1)
            inside = (5, 5, 5, 5, 5, 5, 5, 5, 6)
            outside = (4, 4, 4, 4, 4, 4, 4, 4, 5, 5, 4)
            made.pick(Week.of(made.first).plus(number), (inside + outside)[number])
    (one,) = look(app).comparisons
    assert (one.weeks_inside, one.weeks_outside) == (9, 11)
    text = comparison_text(one)
    assert text.startswith(
        "In weeks with time together on two or more days you put yourself closer: 5.1 against "
        "4.2, 9 and 11 weeks (+0.9, 95 % interval "
    )
    assert one.difference.clear
    assert look(app) == look(app)


@pytest.mark.parametrize(("inside", "there"), [(ENOUGH - 1, 0), (ENOUGH, 1)])
def test_never_below_eight_weeks_a_side(app: App, inside: int, there: int) -> None:
    made = past(app, 30)
    with writing(app.db):
        made.adopt("quality_time")
        for number in range(30):
            dates_of(made, number, 3 if number < inside else 0)
            made.pick(Week.of(made.first).plus(number), 4)
    found = look(app)
    assert len(found.comparisons) == there
    assert (found.asked, found.weeks) == (1, 30)


@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(st.tuples(st.integers(0, 4), st.none() | st.integers(1, 7)), max_size=40))
def test_counts_and_means_are_those_of_the_weeks(
    app: App, weeks: list[tuple[int, int | None]]
) -> None:
    for table in ("closeness", "entry", "habit_terms", "habit"):
        app.db.execute(f"DELETE FROM {table}")  # noqa: S608 - names of this test
    made = past(app, len(weeks) or 1)
    with writing(app.db):
        made.adopt("quality_time")
        for number, (days, circles) in enumerate(weeks):
            dates_of(made, number, days)
            if circles is not None:
                made.pick(Week.of(made.first).plus(number), circles)
    inside = [circles for days, circles in weeks if circles is not None and days >= 2]
    outside = [circles for days, circles in weeks if circles is not None and days < 2]
    found = look(app)
    assert found.weeks == len(inside) + len(outside)
    if min(len(inside), len(outside)) < ENOUGH:
        assert not found.comparisons
        return
    (one,) = found.comparisons
    assert (one.weeks_inside, one.weeks_outside) == (len(inside), len(outside))
    assert one.inside == pytest.approx(sum(inside) / len(inside))
    assert one.outside == pytest.approx(sum(outside) / len(outside))
    assert one.difference.value == pytest.approx(one.inside - one.outside)


def kept(app: App, made: Past, name: str) -> dict[int, bool]:
    """For each week's number whether it is of the kind "kept", as the comparison sees it."""
    from reconnect.review import comparing
    from reconnect.store import habits, tallies

    first = Week.of(made.first)
    logged = tallies.of_days(app.db, app.person.id, made.first, SUNDAY)
    (habit,) = [h for h in habits.listed(app.db, app.person.id) if h.name == name]
    weeks = [first.plus(n) for n in range(-1, 8)]
    found = comparing._kept_weeks(habit, weeks, logged.get(habit.id, {}))
    return {(week.monday - first.monday).days // 7: side for week, side in found.items()}


def test_a_week_is_kept_as_often_as_it_was_due_or_on_five_days(app: App) -> None:
    made = past(app, 8)
    with writing(app.db):
        made.adopt("inspire")  # Monday, Wednesday, Friday
        made.adopt("apology", "amends")
        for number, days in enumerate(((0, 2, 4), (1, 3, 5), (0, 2), (0,), ())):
            for day in days:
                made.log("inspire", made.first + timedelta(days=7 * number + day),
                         fields={"kind": "encouraged"})  # fmt: skip
        made.log("inspire", made.first + timedelta(days=18), "skip")  # one of the third week
        for day in (0, 2, 4):
            made.log("inspire", made.first + timedelta(days=28 + day), "skip")
    found = kept(app, made, "inspire")
    # On which days is free; a day that rests is not asked for; the fifth week rests whole.
    assert found == {0: True, 1: True, 2: True, 3: False, 5: False, 6: False, 7: False}
    assert -1 not in found, "the habit was not there yet"


def test_a_daily_habit_asks_for_five_days(app: App) -> None:
    made = past(app, 8)
    with writing(app.db):
        made.adopt("listen")
        for number, count in enumerate((4, 5, 7)):
            for day in range(count):
                made.log("listen", made.first + timedelta(days=7 * number + day),
                         fields={"minutes": 8 if number else 9})  # fmt: skip
    assert [kept(app, made, "listen")[n] for n in range(4)] == [False, True, True, False]


def test_a_skip_besides_what_was_due_takes_nothing_from_a_kept_week(app: App) -> None:
    made = past(app, 8)
    with writing(app.db):
        made.adopt("quality_time")  # Saturday
        made.log("quality_time", made.first + timedelta(days=5), fields={"minutes": 120})
        made.log("quality_time", made.first + timedelta(days=1), "skip")
        made.log("quality_time", made.first + timedelta(days=8), "skip")
    found = kept(app, made, "quality_time")
    assert found[0] is True
    assert 1 not in found


def test_an_at_most_habit_is_kept_without_a_slip_and_says_nothing_unlogged(app: App) -> None:
    made = past(app, 8)
    with writing(app.db):
        made.adopt("tone")
        made.log("tone", made.first, fields={"tone": 4})
        made.log("tone", made.first + timedelta(days=7), fields={"tone": 4})
        made.log("tone", made.first + timedelta(days=9), "lapse", lapse="sarcasm")
    assert kept(app, made, "tone") == {0: True, 1: False}


def test_the_week_that_is_not_over_and_what_is_long_ago_are_left_out(app: App) -> None:
    made = past(app, 120)
    with writing(app.db):
        made.adopt("quality_time")
        for number in range(120):
            made.pick(Week.of(made.first).plus(number), 4)
    assert look(app).weeks == 104
    assert look(app, SUNDAY).weeks == 104
    assert closeness.get(app.db, app.person.id, Week.of(SUNDAY)) == 4
    assert look(app, made.first + timedelta(days=6)).weeks == 0


def test_a_rule_that_shows_no_streaks_is_not_compared(app: App) -> None:
    made = past(app, 20)
    with writing(app.db):
        made.adopt("apology", "amends")
        for number in range(20):
            made.pick(Week.of(made.first).plus(number), 4)
    assert look(app).asked == 0


def test_those_with_the_most_weeks_come_first_whatever_they_show(effort: None) -> None:
    from tests.review.past import app_now

    with app_now() as app:
        found = look(app)
    sizes = [min(one.weeks_inside, one.weeks_outside) for one in found.comparisons]
    assert sizes == sorted(sizes, reverse=True)
    assert len(sizes) > 3
    assert "3 of" in many_looks(found, 3)
    assert "by chance" in many_looks(found, 3)
    assert "proves a cause" in NO_PROOF


def test_what_is_said_where_there_is_too_little() -> None:
    assert "8 weeks" in too_few(Compared(comparisons=(), asked=0, weeks=0))
    assert "there is 1 in all" in too_few(Compared(comparisons=(), asked=2, weeks=1))
