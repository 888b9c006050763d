"""On this day: what was answered a month or whole years ago, on days that not every month has."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconnect.model.anniversaries import on_this_day
from reconnect.model.habit import Entry

DAYS = st.dates(date(1990, 1, 1), date(2040, 12, 31))


def entry(day: date, text: str = "x", uid: str = "u") -> Entry:
    return Entry(
        id=1, uid=uid, person_id=1, habit_id=1, kind="done", at=datetime(2026, 1, 1, tzinfo=UTC),
        day=day, tzid="UTC", fields={"memory": text},
    )  # fmt: skip


@pytest.mark.parametrize(
    ("then", "day", "said"),
    [
        ("2026-10-23", "2026-11-23", "A month ago"),
        ("2026-01-31", "2026-02-28", "A month ago"),
        ("2026-01-29", "2026-02-28", "A month ago"),
        ("2024-12-31", "2025-01-31", "A month ago"),
        ("2025-11-23", "2026-11-23", "A year ago"),
        ("2016-11-23", "2026-11-23", "10 years ago"),
        ("2024-02-29", "2026-02-28", "2 years ago"),
        ("2024-02-29", "2028-02-29", "4 years ago"),
        ("2024-02-29", "2028-02-28", None),
        ("2026-01-28", "2026-02-27", None),
        ("2026-09-23", "2026-11-23", None),
        ("2026-11-23", "2026-11-23", None),
        ("2027-11-23", "2026-11-23", None),
    ],
)
def test_how_long_ago(then: str, day: str, said: str | None) -> None:
    found = on_this_day([entry(date.fromisoformat(then))], "memory", date.fromisoformat(day))
    assert [words for words, _ in found] == ([said] if said else [])


def test_only_what_was_answered_and_the_newest_first() -> None:
    kept = [
        entry(date(year, 11, 23), text) for year, text in ((2024, "a"), (2023, ""), (2025, "b"))
    ]
    found = on_this_day(kept, "memory", date(2026, 11, 23))
    assert [(words, one.fields["memory"]) for words, one in found] == [
        ("A year ago", "b"), ("2 years ago", "a"),
    ]  # fmt: skip
    assert on_this_day(kept, "words", date(2026, 11, 23)) == []


@given(DAYS)
def test_every_day_comes_back_once_after_a_month_and_once_a_year(then: date) -> None:
    following = [then + timedelta(days=number) for number in range(3 * 366 + 40)]
    told = [words for day in following for words, _ in on_this_day([entry(then)], "memory", day)]
    assert told == ["A month ago", "A year ago", "2 years ago", "3 years ago"]
