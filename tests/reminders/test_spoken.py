"""Moments, days, windows and whiles in a person's words."""

from __future__ import annotations

from datetime import date, datetime, time

import pytest

from reconnect.errors import UsageError
from reconnect.model.habit import Person
from reconnect.recurrence import to_instant
from reconnect.reminders.spoken import (
    parse_day_ahead,
    parse_minutes,
    parse_moment,
    parse_time,
    parse_window,
)

ME = Person(id=1, key="me", name="", tzid="Europe/Berlin", day_starts=180)
NOON = datetime.fromisoformat("2026-11-23T12:00:00+01:00")  # a Monday


def moment(text: str, now: str = "2026-11-23T12:00:00+01:00") -> str:
    """The instant that is meant, in Berlin."""
    found = parse_moment(text, datetime.fromisoformat(now), ME)
    instant = to_instant(found.wall, found.tzid or ME.tzid)
    return f"{instant.astimezone(NOON.tzinfo):%a %Y-%m-%d %H:%M}"


@pytest.mark.parametrize(
    ("text", "now", "meant"),
    [
        # It is 2:40 for the first time, and for the second; clocks show 2:30 once more, or not.
        ("2:30", "2026-10-25T02:40:00+02:00", "2026-10-25T02:30:00+01:00"),
        ("2:50", "2026-10-25T02:40:00+02:00", "2026-10-25T02:50:00+02:00"),
        ("2:30", "2026-10-25T02:40:00+01:00", "2026-10-26T02:30:00+01:00"),
        ("2:30", "2026-03-29T01:59:00+01:00", "2026-03-29T03:30:00+02:00"),
    ],
)
def test_a_time_alone_on_the_nights_when_clocks_change(text: str, now: str, meant: str) -> None:
    found = parse_moment(text, datetime.fromisoformat(now), ME)
    assert to_instant(found.wall, found.tzid or ME.tzid) == datetime.fromisoformat(meant)


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("tomorrow 9:00", "Tue 2026-11-24 09:00"),
        ("tomorrow at 9:00", "Tue 2026-11-24 09:00"),
        ("tomorrow 7pm", "Tue 2026-11-24 19:00"),
        ("tomorrow at 7:30 p.m.", "Tue 2026-11-24 19:30"),
        ("7 pm", "Mon 2026-11-23 19:00"),
        ("11am", "Tue 2026-11-24 11:00"),
        ("19.30", "Mon 2026-11-23 19:30"),
        ("Tomorrow", "Tue 2026-11-24 09:00"),
        ("today 18:00", "Mon 2026-11-23 18:00"),
        ("tonight", "Mon 2026-11-23 21:00"),
        ("tonight 1:00", "Tue 2026-11-24 01:00"),
        ("fri 18:00", "Fri 2026-11-27 18:00"),
        ("friday", "Fri 2026-11-27 09:00"),
        ("mon 12:30", "Mon 2026-11-30 12:30"),
        ("2026-12-24 18:00", "Thu 2026-12-24 18:00"),
        ("2026-12-24T18:00", "Thu 2026-12-24 18:00"),
        ("2028-02-29", "Tue 2028-02-29 09:00"),
        ("19:30", "Mon 2026-11-23 19:30"),
        ("11:30", "Tue 2026-11-24 11:30"),
        ("12:00", "Tue 2026-11-24 12:00"),
        ("in 20 minutes", "Mon 2026-11-23 12:20"),
        ("20m", "Mon 2026-11-23 12:20"),
        ("1h30m", "Mon 2026-11-23 13:30"),
        ("in an hour", "Mon 2026-11-23 13:00"),
        ("in 3 days", "Thu 2026-11-26 12:00"),
        ("in a week", "Mon 2026-11-30 12:00"),
        ("+2 8:00", "Wed 2026-11-25 08:00"),
    ],
)
def test_moments(text: str, meant: str) -> None:
    assert moment(text) == meant


@pytest.mark.parametrize(
    "text",
    [
        "", "today", "soon", "today 11:59", "2026-11-22 18:00", "2026-02-30", "fri 25:00", "9",
        "tomorrow 9", "in 0 minutes", "in 400 days", "-1", "9999-01-01", "in twenty minutes", "٣m",
    ],
)  # fmt: skip
def test_what_is_no_moment_ahead(text: str) -> None:
    with pytest.raises(UsageError) as caught:
        moment(text)
    assert "\n" not in str(caught.value)


def test_before_the_day_begins_it_is_still_the_day_before() -> None:
    at_one = "2026-11-24T01:00:00+01:00"  # a Monday still, for the day begins at three
    assert moment("tomorrow 9:00", at_one) == "Tue 2026-11-24 09:00"
    assert moment("tonight 2:00", at_one) == "Tue 2026-11-24 02:00"
    assert moment("2:00", at_one) == "Tue 2026-11-24 02:00"


def test_a_while_is_as_long_as_it_says_on_the_nights_of_a_change() -> None:
    assert moment("in 60 minutes", "2026-10-25T02:30:00+02:00") == "Sun 2026-10-25 02:30"
    assert moment("20m", "2026-10-25T02:30:00+01:00") == "Sun 2026-10-25 02:50"
    assert moment("20m", "2026-03-29T01:50:00+01:00") == "Sun 2026-03-29 02:10"  # as +01:00
    assert moment("in 1 day", "2026-10-24T19:30:00+02:00") == "Sun 2026-10-25 19:30"


def test_a_while_stays_where_it_is_and_a_day_follows_the_person() -> None:
    assert parse_moment("in 20 minutes", NOON, ME).tzid == "UTC"
    assert parse_moment("tomorrow 9:00", NOON, ME).tzid is None
    assert parse_moment("tomorrow 9:00", NOON, ME, "Asia/Tokyo").tzid == "Asia/Tokyo"


@pytest.mark.parametrize(
    ("text", "begins", "minutes"),
    [
        ("18:00-20:00", time(18), 120),
        ("18:00 - 20:00", time(18), 120),
        ("8:00 to 22:15", time(8), 855),
        ("23:00-01:00", time(23), 120),
    ],
)
def test_windows(text: str, begins: time, minutes: int) -> None:
    assert parse_window(text) == (begins, minutes)


@pytest.mark.parametrize(
    "text", ["18:00", "18:00-18:00", "18-20", "20:00-19:00", "18:00-20:00-22:00"]
)
def test_what_is_no_window(text: str) -> None:
    with pytest.raises(UsageError):
        parse_window(text)


@pytest.mark.parametrize(
    "text", ["8", "24:00", "7:5", "a:bc", "²:00", "12:60", "", "13pm", "0am", "7:60pm", "7p"]
)
def test_what_is_no_time(text: str) -> None:
    with pytest.raises(UsageError):
        parse_time(text)


@pytest.mark.parametrize(
    ("text", "meant"),
    [("7pm", "19:00"), ("12am", "00:00"), ("12:15 pm", "12:15"), ("7.30PM", "19:30")],
)
def test_a_time_by_the_half_of_the_day(text: str, meant: str) -> None:
    assert f"{parse_time(text):%H:%M}" == meant


def test_days_ahead() -> None:
    today = date(2026, 11, 23)
    words = ("today", "tomorrow", "mon", "sunday", "+3", "2026-12-24")
    assert [(parse_day_ahead(word, today) - today).days for word in words] == [0, 1, 7, 6, 3, 31]
    for text in ("yesterday", "2026-11-22", "someday", ""):
        with pytest.raises(UsageError):
            parse_day_ahead(text, today)


def test_whiles() -> None:
    assert [parse_minutes(text) for text in ("45", "2 hours", "1d", "later")] == [
        45,
        120,
        1440,
        None,
    ]
