"""Rules by the year are reckoned without dateutil: held against it, on rules at random."""

from __future__ import annotations

from datetime import datetime
from itertools import islice

import pytest
from dateutil.rrule import rrulestr
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from reconnect.errors import UsageError
from reconnect.recurrence import check
from reconnect.recurrence.rrule import parse
from reconnect.recurrence.yearly import yearly

DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
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
    "BYDAY": some(
        st.tuples(st.sampled_from(("", "1", "2", "5", "-1", "-2", "20", "53")), st.sampled_from(DAYS))
        .map("".join), 3,
    ),
    "BYHOUR": some(st.integers(0, 23), 2),
    "BYSETPOS": some(st.sampled_from((1, 2, -1, -2, 5)), 2),
}  # fmt: skip


@settings(max_examples=400, deadline=None)
@given(
    parts=st.fixed_dictionaries({}, optional=PARTS),
    start=st.datetimes(datetime(1990, 1, 1), datetime(2030, 12, 31)),
)
def test_it_is_what_dateutil_says(parts: dict[str, object], start: datetime) -> None:
    start = start.replace(microsecond=0)
    text = ";".join(["FREQ=YEARLY", *(f"{name}={value}" for name, value in parts.items())])
    try:
        rule = parse(check(text))
    except UsageError:
        assume(False)
    wanted = [w for w in islice(rrulestr(text, dtstart=start), 12) if w.year < 2300]
    assert list(islice(yearly(rule, start, None), len(wanted))) == wanted
    if len(wanted) > 4:
        after = list(islice(yearly(rule, start, wanted[3]), len(wanted) - 4))
        assert after == wanted[4:]


@pytest.mark.parametrize("day", ["2000-02-29", "1996-02-29"])
def test_29_february_comes_every_fourth_year(day: str) -> None:
    rule = parse("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29")
    found = islice(yearly(rule, datetime.fromisoformat(day), datetime(2024, 3, 1)), 2)
    assert [wall.year for wall in found] == [2028, 2032]
