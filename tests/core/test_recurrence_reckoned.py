"""The times of rules are reckoned: held against dateutil, which looks at each day, at random."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from itertools import islice, takewhile

import pytest
from dateutil.rrule import rrulestr
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

import reconnect.recurrence.reckoned as module
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


FIXED = {"UNTIL": st.dates(date(2026, 1, 1), date(2040, 1, 1)).map("{:%Y%m%dT120000}".format)}
TIMES = {"BYHOUR": PARTS["BYHOUR"], "BYMINUTE": some(st.integers(0, 59), 2)}
UNNUMBERED = {"BYDAY": some(st.sampled_from(DAYS), 4), "BYMONTH": PARTS["BYMONTH"]}
STEPS = {"INTERVAL": st.one_of(st.integers(1, 9), st.sampled_from((12, 24, 25, 100, 168, 500)))}
PLACES = {"BYSETPOS": some(st.sampled_from((1, 2, -1, -2)), 2)}
PARTS_OF = {
    "YEARLY": PARTS,
    "MONTHLY": {**{n: p for n, p in PARTS.items() if n != "BYYEARDAY"}, **TIMES, **FIXED},
    "WEEKLY": {"INTERVAL": st.integers(1, 9), "WKST": st.sampled_from(DAYS), **UNNUMBERED,
               **TIMES, **PLACES, **FIXED},
    "DAILY": {**STEPS, **UNNUMBERED, "BYMONTHDAY": PARTS["BYMONTHDAY"], **TIMES, **PLACES,
              **FIXED},
    "HOURLY": {**STEPS, **UNNUMBERED, "BYMONTHDAY": PARTS["BYMONTHDAY"],
               "BYYEARDAY": PARTS["BYYEARDAY"], **TIMES, **PLACES, **FIXED},
}  # fmt: skip


def reached(text: str, start: datetime) -> list[datetime]:
    """The first dozen by dateutil, as far as it finds them in a century."""
    try:
        found = takewhile(lambda wall: wall.year < 2130, rrulestr(text, dtstart=start))
        return list(islice(found, 12))
    except ValueError:  # no hour of BYHOUR is ever reached
        return []


@settings(max_examples=800, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    rule=st.one_of(
        *(
            st.tuples(st.just(freq), st.fixed_dictionaries({}, optional=parts))
            for freq, parts in PARTS_OF.items()
        )
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
    wanted = reached(text, start)
    found = reckoned(read, start, None)
    century = list(islice(takewhile(lambda wall: wall.year < 2130, found), 12))
    assert century == wanted
    for number, last in enumerate(wanted[:-1], start=1):
        following = reckoned(read, start, last)
        assert next(following) == wanted[number]


@pytest.mark.parametrize("begin", ["2000-02-29", "1996-02-29"])
def test_29_february_comes_every_fourth_year(begin: str) -> None:
    rule = parse("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29")
    found = reckoned(rule, day(begin), day("2024-03-01"))
    assert [wall.year for wall in islice(found, 2)] == [2028, 2032]


@pytest.mark.parametrize(
    ("text", "start"),
    [
        ("FREQ=HOURLY;INTERVAL=24;BYHOUR=9", "2026-01-01T10:00"),
        ("FREQ=HOURLY;INTERVAL=168;BYDAY=WE", "2026-01-01T10:00"),
        ("FREQ=DAILY;INTERVAL=14;BYDAY=WE", "2026-01-01T10:00"),
    ],
)
def test_what_is_never_reached_is_not_looked_for(
    text: str, start: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "limited", lambda *given: pytest.fail("looked for"))
    found = module.reckoned(parse(text), day(start), None)
    assert next(found, None) is None


def week_of(one: date, wkst: int) -> tuple[int, int]:
    """The number of a day's week, from the first and from the last of the year that has most of it.

    The fourth day of a week lies in its year (RFC 5545, 3.3.10).
    """
    fourth = one - timedelta((one.weekday() - wkst) % 7) + timedelta(3)
    number = (fourth.timetuple().tm_yday - 1) // 7 + 1
    end = date(fourth.year, 12, 31)
    return number, -((end - fourth).days // 7 + 1)


@given(st.dates(date(1990, 1, 1), date(2060, 12, 31)))
def test_by_iso_8601_weeks_begin_on_monday(one: date) -> None:
    assert week_of(one, 0)[0] == one.isocalendar().week


@settings(max_examples=100, deadline=None)
@given(
    numbers=st.lists(st.integers(-53, 53).filter(bool), min_size=1, max_size=4),
    wkst=st.integers(0, 6),
    start=st.datetimes(day("1990-01-01"), day("2030-12-31")),
)
def test_week_numbers_are_those_of_the_calendar(
    numbers: list[int], wkst: int, start: datetime
) -> None:
    """dateutil leaves out days of the first and the last week that lie in the other year."""
    start = start.replace(microsecond=0)
    text = f"FREQ=YEARLY;BYWEEKNO={','.join(map(str, numbers))};WKST={DAYS[wkst]}"
    found = reckoned(parse(text), start, None)
    days = {wall.date() for wall in takewhile(lambda wall: wall.year < start.year + 12, found)}
    every = (start.date() + timedelta(n) for n in range(13 * 366))
    wanted = {
        one for one in takewhile(lambda one: one.year < start.year + 12, every)
        if not {*week_of(one, wkst)}.isdisjoint(numbers)
    }  # fmt: skip
    assert days == wanted


@settings(max_examples=100, deadline=None)
@given(
    number=st.integers(2, 51).flatmap(lambda n: st.sampled_from((n, n - 53))),
    weekdays=some(st.sampled_from(DAYS), 3),
    wkst=st.sampled_from(DAYS),
    start=st.datetimes(day("1990-01-01"), day("2030-12-31")),
)
def test_weeks_that_begin_on_other_days(
    number: int, weekdays: str, wkst: str, start: datetime
) -> None:
    assume(number not in (-52, -1))  # the first and the last week: see above
    text = f"FREQ=YEARLY;BYWEEKNO={number};BYDAY={weekdays};WKST={wkst}"
    start = start.replace(microsecond=0)
    wanted = list(islice(rrulestr(text, dtstart=start), 20))
    assert list(islice(reckoned(parse(text), start, None), 20)) == wanted
