"""What a week came to: in human units, with its way back, and nothing private unasked."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import TYPE_CHECKING

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.review.conftest import SUNDAY
from tests.review.past import Past, app_now

from reconnect.habits.adopt import edit
from reconnect.model.week import Week
from reconnect.review.as_json import as_json
from reconnect.review.asking import question
from reconnect.review.layout import longer, parts, went
from reconnect.review.weekly import Review, default_week, review_of
from reconnect.rules.catalog import load_registry
from reconnect.store import habits
from reconnect.store.database import writing

if TYPE_CHECKING:
    from tests.conftest import Clock

    from reconnect.cli.app import App

MONDAY = SUNDAY - timedelta(days=6)
WEEK = Week.of(SUNDAY)


def look(app: App, week: Week = WEEK, today: date = SUNDAY, *, private: bool = False) -> Review:
    registry = load_registry(app.paths)
    found = review_of(app.db, app.person, registry, week, today, private=private)
    assert not registry.problems
    return found


def past(app: App, weeks: int = 2) -> Past:
    return Past(app, SUNDAY - timedelta(days=7 * weeks - 1))


def day(number: int) -> date:
    """A day of the week that is reviewed: 0 is Monday; negative ones lie before it."""
    return MONDAY + timedelta(days=number)


def kept(app: App, name: str, today: date = SUNDAY) -> str:
    (one,) = [one for one in look(app, today=today).habits if one.name == name]
    return went(one)


def test_a_daily_habit_is_told_in_days(app: App) -> None:
    made = past(app)
    with writing(app.db):
        made.adopt("listen")
        for number in (-1, 0, 1, 2, 5):
            made.log("listen", day(number), fields={"minutes": 10})
        made.log("listen", day(3), "skip")
    # Friday was missed, Saturday kept; Sunday is still open, and so no day missed.
    assert (
        kept(app, "listen") == "kept 4 of 5 days, 1 day rested, 40 minutes in all, back after 1 day"
    )
    after = look(app, today=SUNDAY + timedelta(days=1))
    assert went(after.habits[0]).startswith("kept 4 of 6 days")
    states = [cell.state if cell else None for cell in after.habits[0].days]
    assert states == ["yes", "yes", "yes", "skip", "unknown", "yes", "unknown"]


def test_a_weekly_habit_is_told_by_the_week(app: App) -> None:
    made = past(app, 5)
    with writing(app.db):
        for rule in ("quality_time", "support", "inspire", "honesty"):
            made.adopt(rule)
        made.log("quality_time", day(2), fields={"minutes": 60})
        made.log("quality_time", day(3), fields={"minutes": 45})
        made.log("support", day(-28), fields={"act": "x"})
        made.log("support", day(4), fields={"act": "drove them"})
        made.log("inspire", day(0), fields={"kind": "encouraged"})
    assert kept(app, "quality_time") == "105 minutes on 2 days, open today"
    assert kept(app, "support") == "kept this week, back after 3 weeks"
    assert kept(app, "inspire") == "1 of 3 times"
    assert kept(app, "honesty") == "not this week"
    assert kept(app, "honesty", today=day(1)) == "open until 22 November"


def test_what_rested_and_what_asks_for_nothing(app: App) -> None:
    made = past(app)
    with writing(app.db):
        made.adopt("support")
        made.adopt("peace", "seven-minute-view")  # every four months
        made.adopt("apology")  # when needed
        made.adopt("apology", "amends")
        made.log("support", day(1), "skip")
        made.log("apology-amends", day(1), fields={"kind": "amends"})
        made.log("apology-amends", day(2), fields={"kind": "amends"})
    found = look(app)
    assert [one.name for one in found.habits if one.rule == "support"] == ["support"]
    assert kept(app, "support") == "rested this week"
    # No streak and no share of days for a rule that shows none.
    assert kept(app, "apology-amends") == "on 2 days"
    (amends,) = [one for one in found.habits if one.name == "apology-amends"]
    assert "row" not in longer(amends)
    assert "lately" not in longer(amends)
    assert "apology" not in [one.name for one in found.habits]


def test_a_slip_of_an_at_most_habit_is_a_way_back_and_no_count(app: App) -> None:
    made = past(app)
    with writing(app.db):
        made.adopt("tone")
        for number in (1, 1, 3):
            made.log("tone", day(number), "lapse", lapse="sarcasm")
        made.log("tone", day(4), fields={"tone": 4})
        made.log("tone", day(5), "lapse", lapse="raised-voice")
    found = look(app)
    assert [(one.lapse, one.back) for one in found.ways_back] == [
        ("I was sarcastic", day(4)), ("I raised my voice", None),
    ]  # fmt: skip
    (back,) = [part for part in parts(found) if part.title == "The way back"]
    text = " ".join(f"{line.lead} {line.text} {line.soft}" for line in back.lines)
    assert "Say the plain wish that was inside the sarcasm." in text
    assert "back on Friday" in text
    assert not re.search(r"\d|slip|fail|times", text)


def test_a_return_is_told_and_a_beginning_is_none(app: App) -> None:
    made = past(app, 3)
    with writing(app.db):
        made.adopt("listen")
        made.log("listen", day(1), fields={"minutes": 9})
        first = kept(app, "listen")
        made.log("listen", day(-9), fields={"minutes": 9})
    assert "back" not in first
    assert "back after 9 days" in kept(app, "listen")


def test_strength_has_its_change(app: App) -> None:
    made = past(app, 4)
    with writing(app.db):
        made.adopt("listen")
        for number in range(-21, 7):
            made.log("listen", day(number), fields={"minutes": 9})
    (one,) = look(app).habits
    assert one.strength is not None
    assert one.change is not None
    before = look(app, WEEK.plus(-1)).habits[0].strength
    assert before is not None
    assert one.change == pytest.approx(one.strength - before)
    points = round(100 * one.strength) - round(100 * before)
    assert longer(one).startswith(f"strength {100 * one.strength:.0f} % (up {points})")


def test_a_beginner_is_told_no_numbers_near_nought(app: App) -> None:
    made = past(app, 1)
    with writing(app.db):
        made.adopt("listen")
        made.adopt("honesty")
        made.log("listen", day(0), fields={"minutes": 9})
    listen, honesty = look(app, today=SUNDAY + timedelta(days=1)).habits
    assert went(listen) == "kept 1 of 7 days, 9 minutes in all"
    # Of a first week there is nothing to compare with, and nothing that was not said already.
    assert longer(listen) == ""
    assert (went(honesty), longer(honesty)) == ("not this week", "")


def test_quiet_weeks_are_told_in_no_noughts(app: App) -> None:
    made = past(app, 4)
    with writing(app.db):
        made.adopt("listen")
        made.adopt("honesty")
    found = look(app, today=SUNDAY + timedelta(days=1)).habits
    assert [(went(one), longer(one)) for one in found] == [
        ("nothing logged", ""),
        ("not this week", ""),
    ]


def test_a_week_in_which_the_days_changed_is_told_by_what_was_done(app: App) -> None:
    made = past(app)
    with writing(app.db):
        made.adopt("listen")
        for number in (0, 2, 4):
            made.log("listen", day(number), fields={"minutes": 9})
        (listen,) = habits.listed(app.db, app.person.id)
        edit(app.db, listen, day(3), rrule="FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR")
    assert kept(app, "listen") == "27 minutes on 3 days, back after 1 day"


def test_what_landed_warm_is_told_without_what_is_private(app: App) -> None:
    made = past(app)
    with writing(app.db):
        made.adopt("quality_time")
        made.log("quality_time", day(2), landed="warm", note="the note of the evening",
                 fields={"minutes": 90, "activity": "walk", "new": False,
                         "memory": "rain on the tin roof"})  # fmt: skip
        made.log("quality_time", day(3), landed="cold", fields={"minutes": 30})
    (one,) = look(app).warm
    assert (one.day, one.said, one.note) == (day(2), "90 minutes, walk", None)
    (told,) = look(app, private=True).warm
    assert told.said == "90 minutes, walk, rain on the tin roof"
    assert told.note == "the note of the evening"


SECRETS = ("tin roof", "burnt on one side", "wrong scene", "storks", "mother is ill", "funny thing")


def test_nothing_private_enters_unasked(effort: None) -> None:
    with app_now() as app:
        for back in range(12):
            whole = msgspec.json.encode(as_json(look(app, WEEK.plus(-back)))).decode()
            assert not [secret for secret in SECRETS if secret in whole]
        told = "".join(
            msgspec.json.encode(as_json(look(app, WEEK.plus(-back), private=True))).decode()
            for back in range(12)
        )
    assert [secret for secret in SECRETS if secret in told]


def test_the_same_week_is_told_the_same(effort: None) -> None:
    with app_now() as app:
        assert look(app) == look(app)
        again = look(app, WEEK, SUNDAY + timedelta(days=30))
    assert again.ahead is None, "that week is over"


def test_every_question_has_its_turn(app: App) -> None:
    made = past(app)
    with writing(app.db):
        kept_ones = [made.adopt(rule) for rule in ("listen", "tone", "humor")]
    rules = {rule.id: rule for rule in app.catalog.rules()}
    asked = [question(rules, kept_ones, WEEK.plus(number)) for number in range(90)]
    assert set(asked) == {q for habit in kept_ones for q in rules[habit.rule].questions}
    # Three rules take turns, and none asks the same twice within five of its turns.
    for number in range(75):
        assert len(set(asked[number : number + 15])) == 15
    assert question(rules, [], WEEK) is None


def test_metrics_worth_a_look_are_few_and_about_acts(effort: None) -> None:
    with app_now() as app:
        rules = {rule.id: rule for rule in app.catalog.rules()}
        for back in range(6):
            found = look(app, WEEK.plus(-back)).answers
            assert len(found) <= 4
            assert len({one.rule for one in found}) == len(found)
            for one in found:
                (metric,) = [m for m in rules[one.rule].metrics if m.id == one.metric]
                assert metric.of.kind != "lapse"
                assert not metric.private
                assert one.now != one.before


def test_next_week_holds_what_is_due(app: App) -> None:
    made = past(app)
    with writing(app.db):
        for rule in ("listen", "inspire", "quality_time", "honesty"):
            made.adopt(rule)
        made.choose(WEEK.plus(-1), "for this week")
        made.choose(WEEK, "for the next")
    found = look(app)
    assert (found.chosen, found.choice) == ("for this week", "for the next")
    assert found.ahead is not None
    assert found.ahead.every == ("Eight undivided minutes",)
    assert [f"{when:%a}" for when, _ in found.ahead.days] == ["Mon", "Wed", "Fri", "Sat"]
    assert found.ahead.days[3][1] == ("Two hours for the two of us",)


def test_an_empty_week_and_an_empty_home(app: App) -> None:
    empty = look(app)
    assert (empty.habits, empty.warm, empty.question, empty.answers) == ((), (), None, ())
    made = past(app)
    with writing(app.db):
        made.adopt("listen")
    found = look(app)
    assert went(found.habits[0]) == "nothing logged"
    with writing(app.db):
        made.log("listen", day(1), fields={"minutes": 3})
    assert kept(app, "listen") == "3 minutes on 1 day"
    assert found.question


def test_a_habit_that_was_put_away_is_there_where_it_was_logged(app: App) -> None:
    from reconnect.clock import to_ms
    from reconnect.store import habits

    made = past(app)
    with writing(app.db):
        habit = made.adopt("listen")
        made.log("listen", day(-6), fields={"minutes": 9})
        habits.set_archived(app.db, habit.id, to_ms(app.now))
    assert [one.name for one in look(app, WEEK.plus(-1)).habits] == ["listen"]
    assert look(app).habits == ()
    assert look(app).ahead == look(app).ahead


@pytest.mark.parametrize(
    ("today", "begun", "expected"),
    [
        (SUNDAY, None, "2026-W47"),
        (SUNDAY - timedelta(days=1), None, "2026-W46"),
        (SUNDAY + timedelta(days=1), None, "2026-W47"),
        (SUNDAY + timedelta(days=6), None, "2026-W47"),
        (SUNDAY + timedelta(days=7), None, "2026-W48"),
        (SUNDAY + timedelta(days=3), SUNDAY + timedelta(days=2), "2026-W48"),
        (SUNDAY + timedelta(days=3), SUNDAY, "2026-W47"),
        (date(2027, 1, 3), None, "2026-W53"),
        (date(2027, 1, 4), None, "2026-W53"),
        (date(2027, 1, 9), None, "2026-W53"),
    ],
)
def test_which_week_is_looked_at(today: date, begun: date | None, expected: str) -> None:
    assert default_week(today, begun).id == expected


@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)))
def test_the_week_looked_at_never_lies_ahead(today: date) -> None:
    week = default_week(today, None)
    assert week.monday <= today
    assert week.sunday <= today
    assert (today - week.sunday).days <= 6


def test_the_persons_day_decides_what_is_in_the_week(app: App, clock: Clock) -> None:
    made = past(app)
    with writing(app.db):
        made.adopt("listen")
        made.log("listen", SUNDAY, fields={"minutes": 9})
    # One in the morning on Monday: their Sunday goes on.
    clock.set("2026-11-23T01:00:00+01:00")
    with app_now() as later:
        assert later.today == SUNDAY
        assert look(later, Week.of(later.today), later.today).over


def test_a_number_that_only_private_metrics_measure_is_on_no_page(app: App) -> None:
    made = past(app)
    with writing(app.db):
        made.adopt("sincerity")
        made.log("sincerity", day(6), landed="warm", fields={"heart": 3, "why": "a reason of mine"})
    (one,) = look(app).warm
    assert one.said == ""
    (told,) = look(app, private=True).warm
    assert told.said == "heart 3, a reason of mine"
