"""Most rules are reckoned without dateutil: held against it, on rules at random."""

from __future__ import annotations

from datetime import date, datetime
from itertools import islice

import pytest
from dateutil.rrule import rrulestr
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from reconnect.errors import UsageError
from reconnect.recurrence import check
from reconnect.recurrence.reckoned import reckoned
from reconnect.recurrence.rrule import parse

DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
day = datetime.fromisoformat  # wall times have no zone
NUMBERS = st.sampled_from(("", "1", "2", "5", "-1", "-2", "20", "53"))
SIGNED = st.integers(1, 31).flatmap(lambda n: st.sampled_from((n, -n)))


def some(values: st.SearchStrategy[object], most: int) -> st.SearchStrategy[str]:
    return st.lists(values, min_size=1, max_size=most, unique=True).map(
        lambda found: ",".join(map(str, found))
    )


PARTS = {
    "INTERVAL": st.integers(1, 5),
    "BYMONTH": some(st.integers(1, 12), 3),
    "BYMONTHDAY": some(SIGNED, 3),
    "BYYEARDAY": some(st.integers(1, 366).flatmap(lambda n: st.sampled_from((n, -n))), 3),
    "BYDAY": some(st.tuples(NUMBERS, st.sampled_from(DAYS)).map("".join), 3),
    "BYHOUR": some(st.integers(0, 23), 2),
    "BYSETPOS": some(st.sampled_from((1, 2, -1, -2, 5)), 2),
}  # fmt: skip


SIMPLE = {
    "INTERVAL": st.integers(1, 9),
    "BYDAY": some(st.sampled_from(DAYS), 4),
    "BYHOUR": some(st.integers(0, 23), 2),
    "BYMINUTE": some(st.integers(0, 59), 2),
    "WKST": st.sampled_from(DAYS),
    "UNTIL": st.dates(date(2026, 1, 1), date(2040, 1, 1)).map("{:%Y%m%dT120000}".format),
}


@settings(max_examples=400, deadline=None)
@given(
    rule=st.one_of(
        st.tuples(st.just("YEARLY"), st.fixed_dictionaries({}, optional=PARTS)),
        st.tuples(st.just("WEEKLY"), st.fixed_dictionaries({}, optional=SIMPLE)),
        st.tuples(
            st.just("DAILY"),
            st.fixed_dictionaries({}, optional={n: p for n, p in SIMPLE.items() if n != "BYDAY"}),
        ),
    ),
    start=st.datetimes(day("1990-01-01"), day("2030-12-31")),
)
def test_it_is_what_dateutil_says(rule: tuple[str, dict[str, object]], start: datetime) -> None:
    freq, parts = rule
    start = start.replace(microsecond=0)
    text = ";".join([f"FREQ={freq}", *(f"{name}={value}" for name, value in parts.items())])
    try:
        read = parse(check(text))
    except UsageError:
        assume(False)
    wanted = [w for w in islice(rrulestr(text, dtstart=start), 12) if w.year < 2300]
    found = reckoned(read, start, None)
    assert found is not None
    assert list(islice(found, len(wanted))) == wanted
    for number, last in enumerate(wanted[:-1], start=1):
        following = reckoned(read, start, last)
        assert following is not None
        assert next(following) == wanted[number]


@pytest.mark.parametrize("begin", ["2000-02-29", "1996-02-29"])
def test_29_february_comes_every_fourth_year(begin: str) -> None:
    rule = parse("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29")
    found = reckoned(rule, day(begin), day("2024-03-01"))
    assert found is not None
    assert [wall.year for wall in islice(found, 2)] == [2028, 2032]


@pytest.mark.parametrize(
    "text",
    ["FREQ=HOURLY", "FREQ=MONTHLY", "FREQ=DAILY;BYMONTH=3", "FREQ=DAILY;BYDAY=MO",
     "FREQ=WEEKLY;BYDAY=MO,TU;BYSETPOS=1", "FREQ=YEARLY;BYWEEKNO=20"],
)  # fmt: skip
def test_the_others_are_left_to_dateutil(text: str) -> None:
    assert reckoned(parse(text), day("2026-01-01"), None) is None
