"""RRULE text: what is refused, how it is said, and that going on from the last one is exact.

dateutil, run from DTSTART, is the judge: next_occurrence never runs it from there.
"""

from __future__ import annotations

import subprocess
import sys
from datetime import date, datetime, time, timedelta
from itertools import islice, pairwise, takewhile

import pytest
from dateutil.rrule import rrulestr
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from reconnect.errors import DamagedError, UsageError
from reconnect.recurrence import (
    check,
    describe,
    due_days,
    from_days,
    is_due,
    next_occurrence,
    occurrences,
)

DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
END = 2400  # the first year that no rule reaches


def at(text: str) -> datetime:
    """A naive wall time."""
    return datetime.fromisoformat(text)


def walls(rrule: str, start: str | datetime, many: int = 25, tzid: str = "UTC") -> list[datetime]:
    """The first wall times, each found from the one before."""
    dtstart = at(start) if isinstance(start, str) else start
    return [one.wall for one in islice(occurrences(rrule, dtstart=dtstart, tzid=tzid), many)]


def judged(rrule: str, start: str | datetime, many: int = 25) -> list[datetime]:
    """The same from dateutil, expanded from DTSTART."""
    dtstart = at(start) if isinstance(start, str) else start
    return [one for one in islice(rrulestr(rrule, dtstart=dtstart), many) if one.year < END]


@st.composite
def rules(draw: st.DrawFn) -> str:
    """RRULE text that RFC 5545 allows, of every kind that is accepted."""

    def maybe(name: str, values: st.SearchStrategy[str], chance: int = 3) -> None:
        if draw(st.integers(1, chance)) == 1:
            parts.append(f"{name}={draw(values)}")

    def some(
        least: int, greatest: int, many: int, *, minus: bool = False
    ) -> st.SearchStrategy[str]:
        numbers = st.integers(least, greatest)
        if minus:
            numbers = st.one_of(numbers, numbers.map(lambda n: -n))
        return st.lists(numbers, min_size=1, max_size=many).map(lambda ns: ",".join(map(str, ns)))

    freq = draw(st.sampled_from(["YEARLY", "MONTHLY", "WEEKLY", "DAILY", "HOURLY"]))
    parts = [f"FREQ={freq}"]
    maybe(
        "INTERVAL",
        st.sampled_from(
            ["1", "2", "2", "3", "4", "5", "6", "7", "11", "12", "13", "24", "25", "52"]
        ),
        2,
    )
    weekdays = st.lists(st.sampled_from(DAYS), min_size=1, max_size=5).map(",".join)
    if freq in ("YEARLY", "MONTHLY"):
        numbered = st.tuples(some(1, 5, 1, minus=True), st.sampled_from(DAYS)).map("".join)
        weekdays |= st.lists(numbered, min_size=1, max_size=4).map(",".join)
    maybe("BYDAY", weekdays, 2)
    maybe("BYMONTH", some(1, 12, 5), 4)
    if freq != "WEEKLY":
        maybe("BYMONTHDAY", some(1, 31, 8, minus=True), 4)
    if freq in ("YEARLY", "HOURLY"):
        maybe("BYYEARDAY", some(1, 366, 30, minus=True), 5)
    if freq == "YEARLY":
        # The first week and the last: see test_recurrence_reckoned.
        maybe("BYWEEKNO", some(2, 51, 6, minus=True), 4)
    maybe("BYHOUR", some(0, 23, 4))
    maybe("BYMINUTE", some(0, 59, 3))
    maybe("BYSECOND", some(0, 59, 1), 10)
    maybe("BYSETPOS", some(1, draw(st.sampled_from([2, 4, 10])), 3, minus=True), 4)
    maybe("WKST", st.sampled_from(DAYS), 2)
    if draw(st.integers(1, 6)) == 1:
        parts.append(f"COUNT={draw(st.integers(1, 30))}")
    elif draw(st.integers(1, 6)) == 1:
        until = draw(st.datetimes(at("2026-01-01"), at("2040-01-01")))
        parts.append(f"UNTIL={until:%Y%m%dT%H%M%S}")
    return ";".join(parts)


STARTS = st.datetimes(at("2019-12-25"), at("2028-12-31")).map(
    lambda wall: wall.replace(microsecond=0)
)


@settings(max_examples=500, deadline=None, database=None)
@given(rules(), STARTS, st.timedeltas(timedelta(0), timedelta(days=1500)))
@example("FREQ=WEEKLY;BYDAY=MO,WE,FR;BYSETPOS=2", at("2026-11-25T09:00"), timedelta(days=20))
@example("FREQ=WEEKLY;INTERVAL=2;BYDAY=SU,MO;WKST=SU", at("2026-11-27T09:00"), timedelta(days=9))
@example("FREQ=YEARLY;INTERVAL=3;BYWEEKNO=1,53", at("2026-11-27T09:00"), timedelta(days=900))
@example("FREQ=MONTHLY;INTERVAL=5;BYDAY=FR;BYSETPOS=-1,2", at("2026-01-31T09:00"), timedelta(99))
@example("FREQ=HOURLY;INTERVAL=7;BYMINUTE=0,30", at("2026-02-27T22:15"), timedelta(hours=40))
def test_going_on_from_the_last_one_equals_dateutil_from_dtstart(
    rrule: str, dtstart: datetime, later: timedelta
) -> None:
    try:
        assume(check(rrule) == rrule)
    except UsageError:
        assume(False)
    found = walls(rrule, dtstart)
    assume(found)  # without any, dateutil looks on for seconds: see the test of those below
    assert found == judged(rrule, dtstart)
    # `last` may be any wall time: a rule that was edited, or "what comes after now".
    after = dtstart + later
    one = next_occurrence(rrule, dtstart=dtstart, last=after, count_left=None, tzid="UTC")
    expected = next((wall for wall in rrulestr(rrule, dtstart=dtstart) if wall > after), None)
    if expected is not None and expected.year >= END:
        expected = None
    assert (one.wall if one else None) == expected


@settings(max_examples=150, deadline=None, database=None)
@given(rules(), STARTS.map(lambda wall: wall.date()), st.integers(0, 400), st.integers(0, 90))
def test_days_due_equal_dateutil(rrule: str, since: date, skipped: int, many: int) -> None:
    try:
        check(rrule)
    except UsageError:
        assume(False)
    start = datetime.combine(since, time())
    assume(walls(rrule, start, 1))
    first = since + timedelta(days=skipped - 5)
    last = first + timedelta(days=many)
    days = takewhile(
        lambda day: day <= last, (wall.date() for wall in rrulestr(rrule, dtstart=start))
    )
    expected = sorted({day for day in days if day >= first})
    assert due_days(rrule, since, first, last) == expected
    middle = first + timedelta(days=many // 2)
    assert is_due(rrule, since, middle) == (middle in expected)


@settings(max_examples=300, deadline=None, database=None)
@given(
    freq=st.sampled_from(["DAILY", "WEEKLY"]),
    interval=st.none() | st.integers(1, 9),
    weekdays=st.none() | st.lists(st.sampled_from(DAYS), min_size=1, max_size=7),
    wkst=st.none() | st.sampled_from(DAYS),
    since=st.dates(date(2000, 1, 1), date(2040, 1, 1)),
    skipped=st.integers(-10, 800),
)
def test_days_due_without_dateutil_equal_dateutil(
    freq: str,
    interval: int | None,
    weekdays: list[str] | None,
    wkst: str | None,
    since: date,
    skipped: int,
) -> None:
    rrule = f"FREQ={freq}"
    rrule += f";INTERVAL={interval}" if interval else ""
    rrule += f";WKST={wkst}" if wkst else ""
    named = f"{rrule};BYDAY={','.join(weekdays)}" if weekdays else rrule
    first = since + timedelta(days=skipped)
    last = first + timedelta(days=40)
    # Every seventh day on another weekday is never, and dateutil would look for it for long: of
    # the days of DAILY those are taken that have the weekday.
    judge = rrulestr(rrule if freq == "DAILY" else named, dtstart=datetime.combine(since, time()))
    expected = [
        wall.date()
        for wall in takewhile(lambda wall: wall.date() <= last, judge)
        if wall.date() >= first and (not weekdays or DAYS[wall.weekday()] in weekdays)
    ]
    assert due_days(named, since, first, last) == expected
    days = [first + timedelta(days=n) for n in range(41)]
    assert [day for day in days if is_due(named, since, day)] == expected


def test_a_habit_without_a_recurrence_or_before_its_beginning_is_never_due() -> None:
    assert not is_due("", date(2026, 1, 1), date(2026, 1, 1))
    assert not is_due("FREQ=DAILY", date(2026, 1, 2), date(2026, 1, 1))
    assert due_days("", date(2026, 1, 1), date(2026, 1, 1), date(2026, 2, 1)) == []
    assert due_days("FREQ=DAILY", date(2026, 1, 1), date(2026, 2, 1), date(2026, 1, 1)) == []


def test_count_and_until_of_a_habit() -> None:
    since, far = date(2026, 11, 20), date(2030, 1, 1)
    assert due_days("FREQ=WEEKLY;COUNT=3", since, date(2026, 11, 28), far) == [date(2026, 12, 4)]
    assert not is_due("FREQ=DAILY;COUNT=3", since, date(2026, 11, 23))
    # A date alone is that whole day; with a time of day, the time counts.
    assert due_days("FREQ=DAILY;UNTIL=20261122", since, since, far)[-1] == date(2026, 11, 22)
    assert is_due("FREQ=DAILY;BYHOUR=9;UNTIL=20261122T090000", since, date(2026, 11, 22))
    assert not is_due("FREQ=DAILY;BYHOUR=9;UNTIL=20261122T085959", since, date(2026, 11, 22))


@pytest.mark.parametrize(
    ("rrule", "start", "expected"),
    [
        ("FREQ=YEARLY", "2024-02-29T09:00", ["2024-02-29", "2028-02-29", "2032-02-29"]),
        ("FREQ=YEARLY", "2096-02-29T09:00", ["2096-02-29", "2104-02-29", "2108-02-29"]),
        ("FREQ=MONTHLY", "2026-10-31T09:00", ["2026-10-31", "2026-12-31", "2027-01-31"]),
        ("FREQ=MONTHLY;BYMONTHDAY=-1", "2027-01-01T09:00", ["2027-01-31", "2027-02-28"]),
        ("FREQ=DAILY;INTERVAL=2", "2026-12-30T23:59", ["2026-12-30", "2027-01-01", "2027-01-03"]),
        ("FREQ=YEARLY;BYYEARDAY=-1", "2027-06-01T09:00", ["2027-12-31", "2028-12-31"]),
        # Weeks across the year: the second week from Monday 28 December holds 1 January's Friday.
        (
            "FREQ=WEEKLY;INTERVAL=2;BYDAY=FR,MO",
            "2026-12-28T09:00",
            ["2026-12-28", "2027-01-01", "2027-01-11", "2027-01-15"],
        ),
        # With weeks from Sunday, the Sunday at the end of the week is another week's.
        (
            "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,SU;WKST=SU",
            "2026-11-24T09:00",
            ["2026-11-24", "2026-12-06", "2026-12-08", "2026-12-20"],
        ),
        (
            "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,SU;WKST=MO",
            "2026-11-24T09:00",
            ["2026-11-24", "2026-11-29", "2026-12-08", "2026-12-13"],
        ),
        # DTSTART does not fit the rule: it is no occurrence, but the rule runs in step with it.
        ("FREQ=MONTHLY;INTERVAL=4;BYDAY=1SU", "2026-11-23T09:00", ["2027-03-07", "2027-07-04"]),
        ("FREQ=DAILY;UNTIL=20261124", "2026-11-23T19:30", ["2026-11-23", "2026-11-24"]),
    ],
)
def test_days_that_calendars_get_wrong(rrule: str, start: str, expected: list[str]) -> None:
    found = walls(check(rrule), start, len(expected) + ("UNTIL" in rrule))
    assert [f"{wall:%Y-%m-%d}" for wall in found] == expected
    assert {wall.time() for wall in found} == {at(start).time()}


def test_one_off() -> None:
    start = at("2026-11-23T19:30:00.5")
    one = next_occurrence("", dtstart=start, last=None, count_left=None, tzid="Europe/Berlin")
    assert one is not None
    assert one.wall == at("2026-11-23T19:30:00")
    assert one.instant == datetime.fromisoformat("2026-11-23T18:30:00+00:00")
    assert list(occurrences("", dtstart=start, tzid="Europe/Berlin")) == [one]
    # Put off to a later time, it falls due once more.
    moved = next_occurrence(
        "", dtstart=at("2026-11-24T08:00"), last=one.wall, count_left=None, tzid="Europe/Berlin"
    )
    assert moved is not None
    assert moved.wall == at("2026-11-24T08:00")


def test_count_is_kept_by_the_caller() -> None:
    rrule, start = "FREQ=WEEKLY;BYDAY=MO,TH;COUNT=4", at("2026-11-23T09:00")
    found = list(occurrences(rrule, dtstart=start, tzid="Europe/Berlin"))
    assert [one.count_left for one in found] == [3, 2, 1, 0]
    assert [one.wall for one in found] == judged(rrule, start)
    # From what is stored after the second one, the same two follow; so they do from no number.
    for count_left in (found[1].count_left, None):
        rest = occurrences(
            rrule, dtstart=start, last=found[1].wall, count_left=count_left, tzid="Europe/Berlin"
        )
        assert list(rest) == found[2:]
    last = found[-1].wall
    for left in (0, None):
        assert not next_occurrence(rrule, dtstart=start, last=last, count_left=left, tzid="UTC")


@pytest.mark.parametrize(
    ("rrule", "start"),
    [
        ("FREQ=DAILY;INTERVAL=7;BYDAY=MO", "2026-11-24T09:00"),  # every seventh day is a Tuesday
        ("FREQ=HOURLY;INTERVAL=2;BYHOUR=9", "2026-11-24T08:00"),  # never an odd hour
        ("FREQ=YEARLY;INTERVAL=4;BYMONTH=2;BYMONTHDAY=29", "2026-11-24T08:00"),  # never a leap year
        ("FREQ=MONTHLY;BYMONTH=2", "2026-01-30T08:00"),  # the 30th comes from DTSTART
        ("FREQ=DAILY;UNTIL=20261123", "2026-11-24T08:00"),
    ],
)
def test_a_good_rule_that_never_occurs_from_its_start(rrule: str, start: str) -> None:
    assert check(rrule) == rrule
    assert walls(rrule, start) == []
    try:
        assert judged(rrule, start, 1) == []
    except ValueError:
        assert "HOURLY" in rrule  # dateutil refuses to make it


def test_the_end_of_time_is_an_end() -> None:
    assert walls("FREQ=YEARLY;INTERVAL=200", "2026-11-23T09:00") == [
        at("2026-11-23T09:00"),
        at("2226-11-23T09:00"),
    ]
    assert walls("FREQ=WEEKLY", "2399-12-20T09:00") == [
        at("2399-12-20T09:00"),
        at("2399-12-27T09:00"),
    ]
    assert walls("FREQ=DAILY", "2400-01-01T09:00") == []
    assert walls("FREQ=YEARLY;INTERVAL=9999", "2026-11-23T09:00", 2) == [at("2026-11-23T09:00")]


@pytest.mark.parametrize("freq", ["YEARLY", "MONTHLY", "WEEKLY", "DAILY", "HOURLY"])
def test_a_start_long_ago_costs_no_more_steps(freq: str, monkeypatch: pytest.MonkeyPatch) -> None:
    module = sys.modules["reconnect.recurrence.reckoned"]
    real, periods = module._picked, []
    monkeypatch.setattr(module, "_picked", lambda *given: periods.append(given) or real(*given))
    start = at("1996-11-23T09:00")
    last = next(wall for wall in rrulestr(f"FREQ={freq}", dtstart=start) if wall.year == 2026)
    one = next_occurrence(f"FREQ={freq}", dtstart=start, last=last, count_left=None, tzid="UTC")
    assert one is not None
    assert one.wall > last
    assert len(periods) <= 2


BAD = [
    ("", "one line"),
    ("   ", "one line"),
    ("FREQ=DAILY\n", "one line"),
    ("DTSTART:20260101T090000\nRRULE:FREQ=DAILY", "one line"),
    ("EXDATE:20260101", "one line"),
    ("RRULE:RRULE:FREQ=DAILY", "one line"),
    ("FREQ=DAILY;BYDAY=\u041c\u041e", "one line"),
    ("FREQ=DA\u0131LY", "one line"),
    ("FREQ=DAILY;BYMONTH=1_0", "one line"),
    ("FREQ=DAILY;" + "BYMONTH=" + ",".join(["1"] * 300), "at most 500 long"),
    ("every day", "EVERYDAY"),
    ("FREQ", "expected one of YEARLY"),
    ("monthly", "expected an RFC 5545 rule such as FREQ=MONTHLY;BYDAY=-1SU"),
    ("=", "expected only FREQ"),
    ("FREQ=DAILY;", "expected only FREQ"),
    ("INTERVAL=2", "FREQ is missing"),
    ("FREQ=DAILY;DTSTART=20260101", "'DTSTART=20260101': expected only FREQ"),
    ("FREQ=DAILY;EXDATE=20260101", "EXDATE"),
    ("FREQ=DAILY;BYEASTER=1", "BYEASTER"),
    ("FREQ=DAILY;FREQ=WEEKLY", "once at most"),
    ("FREQ=MINUTELY", "expected one of YEARLY, MONTHLY, WEEKLY, DAILY, HOURLY"),
    ("FREQ=SECONDLY", "HOURLY"),
    ("FREQ=HOURLY;BYMINUTE=" + ",".join(map(str, range(60))), "at most 12"),
    ("FREQ=DAILY;BYSECOND=0,30", "BYSECOND"),
    ("FREQ=FORTNIGHTLY", "WEEKLY"),
    ("FREQ=DAILY;INTERVAL=0", "1 to 9999"),
    ("FREQ=DAILY;INTERVAL=-1", "1 to 9999"),
    ("FREQ=DAILY;INTERVAL=", "1 to 9999"),
    ("FREQ=DAILY;INTERVAL=1,2", "1 to 9999"),
    ("FREQ=DAILY;COUNT=0", "1 to 99999"),
    ("FREQ=DAILY;COUNT=-3", "1 to 99999"),
    ("FREQ=DAILY;COUNT=3;UNTIL=20270101", "COUNT and UNTIL"),
    ("FREQ=DAILY;UNTIL=20261231T225959Z", "local time such as 20261231T235959, without Z"),
    ("FREQ=DAILY;UNTIL=20260230", "that exist"),
    ("FREQ=DAILY;UNTIL=20261231T250000", "that exist"),
    ("FREQ=DAILY;UNTIL=TOMORROW", "local time"),
    ("FREQ=DAILY;BYHOUR=24", "0 to 23"),
    ("FREQ=DAILY;BYMINUTE=60", "0 to 59"),
    ("FREQ=DAILY;BYMONTH=13", "1 to 12"),
    ("FREQ=DAILY;BYMONTH=0", "1 to 12"),
    ("FREQ=MONTHLY;BYMONTHDAY=0", "1 to 31"),
    ("FREQ=MONTHLY;BYMONTHDAY=32", "1 to 31"),
    ("FREQ=YEARLY;BYYEARDAY=367", "1 to 366"),
    ("FREQ=YEARLY;BYWEEKNO=54", "1 to 53"),
    ("FREQ=WEEKLY;BYDAY=XX", "days such as MO"),
    ("FREQ=WEEKLY;BYDAY=MO,,TU", "days such as MO"),
    ("FREQ=WEEKLY;WKST=1", "one of MO"),
    ("FREQ=WEEKLY;BYDAY=2MO", "in YEARLY or MONTHLY only"),
    ("FREQ=MONTHLY;BYDAY=MO,2TU", "before each or none"),
    ("FREQ=MONTHLY;BYDAY=6MO", "5 at most in a month"),
    ("FREQ=YEARLY;BYMONTH=12;BYDAY=53MO", "5 at most in a month"),
    ("FREQ=WEEKLY;BYMONTHDAY=1", "no FREQ=WEEKLY"),
    ("FREQ=MONTHLY;BYWEEKNO=1", "expected FREQ=YEARLY"),
    ("FREQ=DAILY;BYYEARDAY=1", "expected FREQ=YEARLY"),
    ("FREQ=MONTHLY;BYDAY=MO;BYSETPOS=0", "1 to 366"),
    ("FREQ=DAILY;BYHOUR=9,9,9;BYSETPOS=2", "a lower number"),
    ("FREQ=HOURLY;BYHOUR=9,10;BYSETPOS=-2", "a lower number"),
    ("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", "never occurs"),
    ("FREQ=MONTHLY;BYMONTH=4,6;BYMONTHDAY=31", "never occurs"),
    ("FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30,31", "never occurs"),
    ("FREQ=HOURLY;INTERVAL=5;BYMONTH=2;BYMONTHDAY=30", "never occurs"),
    ("FREQ=WEEKLY;BYDAY=MO;BYSETPOS=2", "a lower number"),
    ("FREQ=MONTHLY;BYDAY=5MO;BYSETPOS=2", "never occurs"),
    ("FREQ=MONTHLY;BYDAY=MO;BYSETPOS=" + ",".join(map(str, range(1, 14))), "at most 12"),
    ("FREQ=MONTHLY;BYDAY=5MO;BYMONTHDAY=1", "never occurs"),
    ("FREQ=YEARLY;BYWEEKNO=1;BYMONTH=7", "never occurs"),
]


@pytest.mark.parametrize(("text", "words"), BAD)
def test_refused(text: str, words: str) -> None:
    with pytest.raises(UsageError) as refused:
        check(text)
    message = str(refused.value)
    assert words in message
    assert message.startswith("recurrence ")
    assert message.isprintable()
    assert len(message) < 400


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("FREQ=DAILY", "FREQ=DAILY"),
        ("  rrule:freq=weekly; byday = mo, fr\t", "FREQ=WEEKLY;BYDAY=MO,FR"),
        ("INTERVAL=02;FREQ=MONTHLY;BYDAY=+1SU", "INTERVAL=02;FREQ=MONTHLY;BYDAY=+1SU"),
        ("FREQ=DAILY;UNTIL=20261231", "FREQ=DAILY;UNTIL=20261231"),
        (
            "FREQ=YEARLY;INTERVAL=4;BYMONTH=2;BYMONTHDAY=29",
            "FREQ=YEARLY;INTERVAL=4;BYMONTH=2;BYMONTHDAY=29",
        ),
        ("FREQ=HOURLY;INTERVAL=2;BYHOUR=9", "FREQ=HOURLY;INTERVAL=2;BYHOUR=9"),
        ("FREQ=YEARLY;BYDAY=53MO", "FREQ=YEARLY;BYDAY=53MO"),
    ],
)
def test_accepted(text: str, expected: str) -> None:
    assert check(text) == expected
    assert check(expected) == expected


VALUES = st.one_of(
    st.sampled_from(
        [*DAYS, "DAILY", "HOURLY", "20261231", "20261231T235959Z", "-1SU", "", "9" * 30]
    ),
    st.integers(-400, 400).map(str),
    st.text(max_size=5),
)
NAMES = """FREQ INTERVAL COUNT UNTIL WKST BYDAY BYSETPOS BYMONTH BYMONTHDAY BYYEARDAY BYWEEKNO
BYHOUR BYMINUTE BYSECOND BYEASTER DTSTART byday"""
PARTS = st.tuples(
    st.sampled_from(NAMES.split()),
    st.sampled_from(["=", "=", "=", "", "=="]),
    st.lists(VALUES, min_size=1, max_size=4).map(",".join),
).map("".join)
FREQ = st.sampled_from(["FREQ=YEARLY", "FREQ=MONTHLY", "FREQ=WEEKLY", "FREQ=DAILY", "FREQ=HOURLY"])


@settings(max_examples=600, deadline=timedelta(seconds=10), database=None)
@given(
    st.one_of(
        st.text(max_size=60),
        st.lists(PARTS, max_size=5).map(";".join),
        st.tuples(FREQ, st.lists(PARTS, max_size=3)).map(
            lambda both: ";".join([both[0], *both[1]])
        ),
        rules().map(lambda rule: f" rrule:{rule.lower()} "),
        st.tuples(rules(), rules()).map(lambda two: f"{two[0]};{two[1].partition(';')[2]}"),
    )
)
def test_only_a_usage_error_ever_leaves_check(text: str) -> None:
    try:
        rrule = check(text)
    except UsageError as error:
        assert str(error).isprintable()  # noqa: PT017 - to accept the text is as good
        return
    assert check(rrule) == rrule
    assert describe(rrule)
    one = next_occurrence(
        rrule, dtstart=at("2026-11-23T09:00"), last=None, count_left=None, tzid="Europe/Berlin"
    )
    assert one is None or one.wall >= at("2026-11-23T09:00")


@pytest.mark.parametrize(
    ("days", "rrule"),
    [
        ("daily", "FREQ=DAILY"),
        ("mon,wed,fri", "FREQ=WEEKLY;BYDAY=MO,WE,FR"),
        ("Sunday", "FREQ=WEEKLY;BYDAY=SU"),
        (" fri , MON,fri", "FREQ=WEEKLY;BYDAY=MO,FR"),
        ("weekdays", "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR"),
        ("weekends", "FREQ=WEEKLY;BYDAY=SA,SU"),
        ("weekdays,sat", "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR,SA"),
        ("weekdays,weekends", "FREQ=DAILY"),
    ],
)
def test_from_days(days: str, rrule: str) -> None:
    assert from_days(days) == rrule
    assert check(rrule) == rrule


@pytest.mark.parametrize("days", ["", "mon,", "mon tue", "montag", "mon,someday", "2", "\n" * 50])
def test_from_days_names_the_unknown_word_and_the_known_ones(days: str) -> None:
    with pytest.raises(UsageError) as refused:
        from_days(days)
    unknown = next(word for word in map(str.strip, days.split(",")) if word != "mon")
    assert repr(unknown) in str(refused.value)
    assert "daily, weekdays, weekends, monday, mon" in str(refused.value)
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize(
    ("rrule", "words"),
    [
        ("", "when needed"),
        ("FREQ=DAILY", "every day"),
        ("FREQ=DAILY;INTERVAL=3", "every 3 days"),
        ("FREQ=HOURLY;INTERVAL=2", "every 2 hours"),
        ("FREQ=WEEKLY", "every week"),
        ("FREQ=WEEKLY;BYDAY=SU", "every Sunday"),
        ("FREQ=WEEKLY;BYDAY=FR,MO,WE", "Mon, Wed and Fri"),
        ("FREQ=WEEKLY;INTERVAL=2;BYDAY=SU;WKST=SU", "every 2 weeks on Sunday"),
        ("FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,SU", "every 2 weeks on Mon and Sun"),
        ("FREQ=MONTHLY", "every month"),
        ("INTERVAL=4;FREQ=MONTHLY;BYMONTHDAY=1", "every 4 months on the 1st"),
        ("FREQ=MONTHLY;INTERVAL=4;BYDAY=1SU", "every 4 months on the 1st Sunday"),
        ("FREQ=MONTHLY;BYMONTHDAY=2,11,23,31", "the 2nd, 11th, 23rd and 31st of the month"),
        ("FREQ=MONTHLY;BYMONTHDAY=-1", "the last day of the month"),
        ("FREQ=MONTHLY;BYDAY=-1SU", "the last Sunday of the month"),
        ("FREQ=MONTHLY;BYDAY=2MO,4MO", "the 2nd Monday and 4th Monday of the month"),
        ("FREQ=YEARLY", "every year"),
    ],
)
def test_describe(rrule: str, words: str) -> None:
    assert describe(rrule) == words


@pytest.mark.parametrize(
    "rrule",
    [
        "FREQ=DAILY;COUNT=3",
        "FREQ=DAILY;UNTIL=20261231",
        "FREQ=DAILY;BYDAY=MO",
        "FREQ=MONTHLY;BYDAY=MO",
        "FREQ=MONTHLY;BYDAY=FR;BYMONTHDAY=13",
        "FREQ=MONTHLY;BYDAY=-2SU",
        "FREQ=MONTHLY;BYMONTHDAY=-3,-1",
        "FREQ=YEARLY;BYMONTH=3;BYMONTHDAY=8",
        "FREQ=WEEKLY;BYDAY=MO;BYHOUR=9",
        "not a rule",
    ],
)
def test_describe_leaves_what_is_too_special_as_it_is(rrule: str) -> None:
    assert describe(rrule) == rrule


def test_what_cannot_be_read_is_a_usage_error_and_where_it_was_stored_damaged() -> None:
    with pytest.raises(UsageError, match="FREQ=NEVER"):
        walls("FREQ=NEVER", "2026-11-23T09:00")
    with pytest.raises(DamagedError, match="FREQ=NEVER"):
        is_due("FREQ=NEVER", date(2026, 1, 1), date(2026, 1, 1))
    with pytest.raises(UsageError, match="Nowhere"):
        walls("FREQ=DAILY", "2026-11-23T09:00", tzid="Nowhere/City")


def test_dateutil_is_never_imported() -> None:
    code = """if True:
        import sys
        from datetime import date
        from reconnect.recurrence import describe, due_days, from_days, is_due
        assert is_due(from_days("mon,sun"), date(2026, 1, 1), date(2026, 11, 23))
        assert due_days("FREQ=DAILY;INTERVAL=2", *[date(2026, 1, 1)] * 3)
        assert describe("FREQ=WEEKLY;BYDAY=SU") == "every Sunday"
        assert is_due("FREQ=MONTHLY;BYDAY=-1SU", date(2026, 1, 1), date(2026, 11, 29))
        assert is_due("FREQ=YEARLY;BYWEEKNO=20", date(2026, 1, 1), date(2026, 5, 12))
        print(sorted(name for name in sys.modules if name.split(".")[0] in ("dateutil", "six")))
    """
    done = subprocess.run(
        [sys.executable, "-c", code], check=False, capture_output=True, text=True, timeout=60
    )
    assert (done.stdout, done.stderr) == ("[]\n", "")


@pytest.mark.parametrize(
    "rrule",
    [
        "FREQ=YEARLY;BYDAY=MO,TU,WE,TH,FR,SA,SU;BYHOUR={hours};BYMINUTE={minutes}",
        "FREQ=YEARLY;BYDAY=MO,TU,WE,TH,FR,SA,SU;BYHOUR={hours};BYMINUTE={minutes};BYSETPOS=1,-1",
        "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR,SA,SU;BYHOUR={hours};BYMINUTE={minutes}",
    ],
)
def test_many_of_a_dense_rule_cost_one_run_of_it(
    rrule: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A machine wakes: 500 of its times are planned at once, by the only thread that decides."""
    rrule = rrule.format(
        hours=",".join(map(str, range(24))), minutes=",".join(map(str, range(0, 60, 5)))
    )
    module = sys.modules["reconnect.recurrence.occurrences"]
    runs = []
    real = module._walls
    monkeypatch.setattr(module, "_walls", lambda *given: runs.append(given) or real(*given))
    last, start = at("2026-06-30T12:00"), at("1996-11-20T19:30")
    every = occurrences(rrule, dtstart=start, tzid="Europe/Berlin", last=last)
    found = list(islice(every, 20))
    assert len(runs) == 1
    for before, one in pairwise(found):
        alone = next_occurrence(
            rrule, dtstart=start, last=before.wall, count_left=None, tzid="Europe/Berlin"
        )
        assert alone == one
