"""Weeks as ISO 8601 counts them, and in a person's words."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconnect.errors import UsageError
from reconnect.model.week import Week, known_week, parse_week

TODAY = date(2026, 11, 23)  # a Monday
DAYS = st.dates(date(1900, 1, 8), date(9990, 12, 31))


@given(DAYS)
def test_a_week_holds_its_day_and_comes_back_from_its_name(day: date) -> None:
    week = Week.of(day)
    assert week.monday <= day <= week.sunday
    assert day in week.days
    assert len(week.days) == 7
    assert (week.monday.weekday(), week.sunday.weekday()) == (0, 6)
    assert known_week(week.id) == week
    assert week.id == f"{day:%G}-W{day:%V}"


@given(DAYS, st.integers(-200, 200))
def test_steps_lead_there_and_back_and_names_sort_as_weeks_do(day: date, steps: int) -> None:
    week = Week.of(day)
    if not 1900 < (day + timedelta(weeks=steps)).year < 9990:
        return
    other = week.plus(steps)
    assert other.plus(-steps) == week
    assert (other.monday - week.monday).days == 7 * steps
    assert (other.id > week.id) == (other > week) == (steps > 0)


@pytest.mark.parametrize(
    ("day", "name"),
    [
        (date(2020, 12, 31), "2020-W53"),
        (date(2021, 1, 3), "2020-W53"),  # January, but the old year's last week
        (date(2021, 1, 4), "2021-W01"),
        (date(2024, 12, 30), "2025-W01"),  # December, but the new year's first week
        (date(2026, 12, 31), "2026-W53"),
        (date(2028, 2, 29), "2028-W09"),
    ],
)
def test_year_ends(day: date, name: str) -> None:
    assert Week.of(day).id == name


def test_after_a_week_53_comes_the_first() -> None:
    assert Week(2026, 53).plus(1) == Week(2027, 1)
    assert Week(2025, 52).plus(1) == Week(2026, 1)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("this", "2026-W48"), ("last", "2026-W47"), ("-2", "2026-W46"), ("-0", "2026-W48"),
        ("2026-W46", "2026-W46"), (" 2026-w46 ", "2026-W46"), ("2026W46", "2026-W46"),
        ("2020-W53", "2020-W53"), ("2026-11-15", "2026-W46"), ("2025-W1", "2025-W01"),
    ],
)  # fmt: skip
def test_a_week_in_words(text: str, name: str) -> None:
    assert parse_week(text, TODAY).id == name


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("2026-W49", "lies ahead"), ("2026-W54", "is no week"), ("2025-W53", "is no week"),
        ("2026-W00", "is no week"), ("next", "is no week"), ("", "is no week"),
        ("1812-W03", "too far back"), ("2026-13-01", "is no week"), ("-99999", "is no week"),
        ("9999-W53", "is no week"), ("9999-W52", "lies ahead"),
    ],
)  # fmt: skip
def test_what_is_no_week(text: str, why: str) -> None:
    with pytest.raises(UsageError, match=why):
        parse_week(text, TODAY)
