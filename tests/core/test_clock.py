"""The clock: real and read from a file, the day a moment counts for, and zones."""

from __future__ import annotations

import os
import sys
import threading
import time
import zoneinfo
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reconnect import clock as module
from reconnect.clock import (
    FileClock,
    SystemClock,
    clock_from_environment,
    from_ms,
    local_day,
    machine_tzid,
    to_ms,
    zone,
)
from reconnect.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path


def at(text: str) -> datetime:
    return datetime.fromisoformat(text)


def test_the_system_clock_shows_utc_and_runs_on() -> None:
    clock = SystemClock()
    before, first = datetime.now(UTC), clock.monotonic()
    now, after = clock.now(), datetime.now(UTC)
    assert now.tzinfo is UTC
    assert before <= now <= after
    assert clock.monotonic() >= first


def test_the_system_clock_waits_for_the_event_or_the_time() -> None:
    clock, event = SystemClock(), threading.Event()
    assert not clock.wait(event, 0)
    assert not clock.wait(event, -5)
    threading.Timer(0.01, event.set).start()
    assert clock.wait(event, 30)


@pytest.mark.parametrize(
    ("text", "instant"),
    [
        ("2026-11-23T19:30:00+01:00", "2026-11-23T18:30:00+00:00"),
        (" 2026-11-23T19:30:00Z\n", "2026-11-23T19:30:00+00:00"),
        ("20261123T193000,250-0330", "2026-11-23T23:00:00.250+00:00"),
    ],
)
def test_a_file_clock_shows_the_instant_in_the_file(
    tmp_path: Path, text: str, instant: str
) -> None:
    file = tmp_path / "now"
    file.write_text(text, encoding="ascii")
    clock = FileClock(str(file))
    assert clock.now() == at(instant)
    assert clock.now().tzinfo is UTC
    file.write_text("2030-01-01T00:00:00+00:00", encoding="ascii")
    assert clock.now() == at("2030-01-01T00:00:00+00:00")


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (None, "No such file"),
        (b"", "should hold one instant such as 2026-11-23T19:30:00+01:00"),
        (b"\n", "should hold one instant"),
        (b"noon", "noon"),
        (b"2026-11-23T19:30:00", "needs an offset"),
        (b"2026-11-23", "needs an offset"),
        (b"2026-02-30T19:30:00+01:00", "should hold one instant"),
        (b"2026-11-23T19:30:00+01:00\n2026-11-24T19:30:00+01:00", "should hold one instant"),
        (b"0001-01-01T00:00:00+14:00", "should hold one instant"),
        (b"9999-12-31T23:59:59-01:00", "should hold one instant"),
        ("2026-11-23T19:30:00\N{MINUS SIGN}01:00".encode(), "should hold one instant"),
        (b"\xff\xfe", "should hold one instant"),
        (b"9" * 1_000_000, "should hold one instant"),
    ],
)
def test_a_bad_clock_file_is_one_line_that_names_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: bytes | None, words: str
) -> None:
    monkeypatch.setattr(time, "sleep", lambda _: None)
    file = tmp_path / "now"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(UsageError) as refused:
        FileClock(str(file)).now()
    message = str(refused.value)
    assert words in message
    assert message.startswith("RECONNECT_CLOCK: ")
    assert str(file) in message
    assert message.isprintable()
    assert len(message) < 600


def test_a_directory_is_no_clock(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="should hold one instant"):
        FileClock(str(tmp_path)).now()


def test_a_clock_file_that_is_just_being_written_is_read_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "now"
    file.touch()
    monkeypatch.setattr(time, "sleep", lambda _: file.write_text("2026-11-23T19:30:00Z"))
    assert FileClock(str(file)).now() == at("2026-11-23T19:30:00+00:00")


class Moving(threading.Event):
    """An event nobody sets; each time someone waits for it, the clock file is moved."""

    def __init__(self, file: Path, *instants: str) -> None:
        super().__init__()
        self.file, self.instants = file, list(instants)

    def wait(self, timeout: float | None = None) -> bool:
        assert timeout == FileClock.poll_seconds
        self.file.write_text(self.instants.pop(0), encoding="ascii")
        return self.is_set()


@pytest.mark.parametrize(
    ("instants", "left"),
    [
        (["2026-11-23T19:30:29Z", "2026-11-23T19:30:30Z", "never read"], 1),  # 30 s later
        (["2026-11-23T19:30:00Z", "2026-11-24T19:30:00Z", "never read"], 1),  # a day later
        (["2026-11-23T20:30:30+01:00"], 0),  # the same, with another offset
        (["2026-11-23T19:29:59Z", "never read"], 1),  # put back: nothing more can be relied on
    ],
)
def test_waiting_ends_when_the_clock_file_is_moved(
    tmp_path: Path, instants: list[str], left: int
) -> None:
    file = tmp_path / "now"
    file.write_text("2026-11-23T19:30:00Z", encoding="ascii")
    event = Moving(file, *instants)
    assert not FileClock(str(file)).wait(event, 30)
    assert len(event.instants) == left


def test_waiting_by_a_clock_file_ends_with_the_event(tmp_path: Path) -> None:
    file = tmp_path / "now"
    file.write_text("2026-11-23T19:30:00Z", encoding="ascii")
    clock, event = FileClock(str(file)), threading.Event()
    threading.Timer(0.01, event.set).start()
    assert clock.wait(event, 1e9)
    assert clock.wait(event, 0)
    event.clear()
    assert not clock.wait(event, 0)


def test_waiting_by_a_clock_file_that_stands_still_ends_too(tmp_path: Path) -> None:
    file = tmp_path / "now"
    file.write_text("2026-11-23T19:30:00Z", encoding="ascii")
    clock = FileClock(str(file))
    before = clock.monotonic()
    assert not clock.wait(threading.Event(), 0.05)
    assert clock.monotonic() - before >= 0.05


class Told(threading.Event):
    """An event that tells when someone begins to wait for it."""

    def __init__(self) -> None:
        super().__init__()
        self.waiting = threading.Event()

    def wait(self, timeout: float | None = None) -> bool:
        self.waiting.set()
        return super().wait(timeout)


def test_another_thread_moves_the_clock_file(tmp_path: Path) -> None:
    file = tmp_path / "now"
    file.write_text("2026-11-23T19:30:00Z", encoding="ascii")
    clock, event = FileClock(str(file)), Told()
    ended: list[bool] = []
    waiting = threading.Thread(target=lambda: ended.append(clock.wait(event, 3600)), daemon=True)
    waiting.start()
    assert event.waiting.wait(30)
    for minute in range(31, 60):  # never an hour
        file.write_text(f"2026-11-23T19:{minute}:00Z", encoding="ascii")
    assert waiting.is_alive()
    file.write_text("2026-11-23T20:30:00Z", encoding="ascii")
    waiting.join(30)
    assert ended == [False]


def test_the_environment_chooses_the_clock(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("RECONNECT_CLOCK", raising=False)
    assert isinstance(clock_from_environment(), SystemClock)
    monkeypatch.setenv("RECONNECT_CLOCK", "")
    assert isinstance(clock_from_environment(), SystemClock)
    file = tmp_path / "now"
    file.write_text("2026-11-23T19:30:00+01:00", encoding="ascii")
    monkeypatch.setenv("RECONNECT_CLOCK", str(file))
    assert clock_from_environment().now() == at("2026-11-23T18:30:00+00:00")


BERLIN, MIDNIGHT, THREE = "Europe/Berlin", 0, 180


@pytest.mark.parametrize(
    ("instant", "tzid", "day_starts", "day"),
    [
        ("2026-11-23T23:59:59.999999+01:00", BERLIN, MIDNIGHT, "2026-11-23"),
        ("2026-11-24T00:00:00+01:00", BERLIN, MIDNIGHT, "2026-11-24"),
        ("2026-11-24T02:59:59.999999+01:00", BERLIN, THREE, "2026-11-23"),
        ("2026-11-24T03:00:00+01:00", BERLIN, THREE, "2026-11-24"),
        ("2026-11-24T23:58:59+01:00", BERLIN, 1439, "2026-11-23"),
        ("2026-11-24T23:59:00+01:00", BERLIN, 1439, "2026-11-24"),
        # The same instant, in three zones.
        ("2026-11-23T12:00:00+00:00", "Pacific/Kiritimati", MIDNIGHT, "2026-11-24"),
        ("2026-11-23T12:00:00+00:00", BERLIN, MIDNIGHT, "2026-11-23"),
        ("2026-11-23T11:59:00+00:00", "Etc/GMT+12", MIDNIGHT, "2026-11-22"),
        # The turn of the year and a leap day.
        ("2027-01-01T02:59:00+01:00", BERLIN, THREE, "2026-12-31"),
        ("2027-01-01T03:00:00+01:00", BERLIN, THREE, "2027-01-01"),
        ("2028-03-01T01:00:00+01:00", BERLIN, THREE, "2028-02-29"),
        # The short night of 29 March 2026: after 01:59 comes 03:00.
        ("2026-03-29T00:59:59+00:00", BERLIN, THREE, "2026-03-28"),
        ("2026-03-29T01:00:00+00:00", BERLIN, THREE, "2026-03-29"),
        ("2026-03-29T00:59:59+00:00", BERLIN, 150, "2026-03-28"),
        ("2026-03-29T01:00:00+00:00", BERLIN, 150, "2026-03-29"),
        # The long night of 25 October 2026: 02:00 to 02:59 comes twice.
        ("2026-10-25T01:59:59+00:00", BERLIN, THREE, "2026-10-24"),
        ("2026-10-25T02:00:00+00:00", BERLIN, THREE, "2026-10-25"),
        ("2026-10-25T00:29:59+00:00", BERLIN, 150, "2026-10-24"),
        ("2026-10-25T00:30:00+00:00", BERLIN, 150, "2026-10-25"),
        ("2026-10-25T01:00:00+00:00", BERLIN, 150, "2026-10-25"),  # 02:00 once more: still begun
        ("2026-10-25T01:59:00+00:00", BERLIN, 150, "2026-10-25"),
    ],
)
def test_the_day_a_moment_counts_for(instant: str, tzid: str, day_starts: int, day: str) -> None:
    assert local_day(at(instant), tzid, day_starts) == date.fromisoformat(day)


@settings(max_examples=300, deadline=None, database=None)
@given(
    st.sampled_from(sorted(zoneinfo.available_timezones())),
    st.integers(0, 1439),
    st.datetimes(at("2025-12-31"), at("2027-01-01")),
)
def test_a_day_never_comes_back_and_holds_its_noon(
    tzid: str, day_starts: int, start: datetime
) -> None:
    instants = [start.replace(tzinfo=UTC) + n * timedelta(minutes=7) for n in range(400)]
    days = [local_day(instant, tzid, day_starts) for instant in instants]
    assert days == sorted(days)
    assert days[-1] - days[0] in (timedelta(days=1), timedelta(days=2))
    for instant, day in zip(instants, days, strict=True):
        shown = instant.astimezone(zone(tzid)).date()
        assert shown - day in (timedelta(), timedelta(days=1))
        assert day_starts or shown == day


@given(st.integers(to_ms(datetime.min.replace(tzinfo=UTC)), 253402300799999))
def test_milliseconds_there_and_back(ms: int) -> None:
    assert to_ms(from_ms(ms)) == ms
    assert from_ms(ms).tzinfo is UTC
    # What is finer is cut off, before 1970 too.
    assert to_ms(from_ms(ms) + timedelta(microseconds=999)) == ms


@given(st.datetimes(timezones=st.sampled_from([UTC, zone("Asia/Kathmandu"), zone("Africa/Cairo")])))
def test_instants_there_and_back(instant: datetime) -> None:
    back = from_ms(to_ms(instant))
    assert timedelta() <= instant.astimezone(UTC) - back < timedelta(milliseconds=1)


def test_milliseconds_of_known_instants() -> None:
    assert to_ms(at("1970-01-01T00:00:00+00:00")) == 0
    assert to_ms(at("2026-11-23T19:30:00.1239+01:00")) == 1_795_458_600_123
    assert to_ms(at("1969-12-31T23:59:59.9999+00:00")) == -1
    with pytest.raises(TypeError):
        to_ms(at("2026-11-23T19:30:00"))


@pytest.mark.parametrize(
    "tzid",
    [
        "", " ", "Berlin", "Europe", "Europe/", "europe/berlin/", "../etc/passwd", "/etc/localtime",
        "zone.tab", "CET-1CEST", "Europe/Berlin\n", "Europe\0", "\ud800", "x" * 5000,
    ],
)  # fmt: skip
def test_an_unknown_zone_is_one_line(tzid: str) -> None:
    with pytest.raises(UsageError) as refused:
        zone(tzid)
    message = str(refused.value)
    assert message.startswith("unknown time zone '")
    assert message.endswith("': expected an IANA name such as Europe/Berlin")
    assert message.isprintable()


@pytest.fixture
def set_tz() -> Iterator[Callable[[str | None], None]]:
    """Set TZ, for the C library too, and put both back."""
    if sys.platform == "win32":
        pytest.skip("TZ is not heeded there")
    before = os.environ.get("TZ")

    def put(value: str | None) -> None:
        if value is None:
            os.environ.pop("TZ", None)
        else:
            os.environ["TZ"] = value
        time.tzset()

    yield put
    put(before)


@pytest.mark.parametrize(
    ("tz", "tzid"),
    [
        ("Europe/Berlin", "Europe/Berlin"),
        (":Asia/Tokyo", "Asia/Tokyo"),
        ("UTC", "UTC"),
        ("", "UTC"),
        (":", "UTC"),
        ("Nowhere/City", "UTC"),
        ("EST5EDT", "EST5EDT"),
        # No names, but at least the hours are right while no summer time holds.
        ("CET-1CEST,M3.5.0,M10.5.0/3", "Etc/GMT-1"),
        ("<-03>3", "Etc/GMT+3"),
        ("IST-5:30", "UTC"),  # there is no such name with half an hour
        ("/nowhere/zoneinfo/Asia/Tokyo", "Asia/Tokyo"),
        ("/nowhere/at/all", "UTC"),
    ],
)
def test_the_zone_that_tz_says(set_tz: Callable[[str | None], None], tz: str, tzid: str) -> None:
    set_tz(tz)
    assert machine_tzid() == tzid
    assert zone(machine_tzid()).key == machine_tzid()


def test_the_zone_of_the_machine(
    set_tz: Callable[[str | None], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    set_tz(None)
    assert zone(machine_tzid()).key == machine_tzid()
    linked = {"/etc/localtime": "/var/db/timezone/zoneinfo/Asia/Tokyo"}
    monkeypatch.setattr(os.path, "realpath", lambda path: linked[path])
    assert machine_tzid() == "Asia/Tokyo"
    # A copy instead of a link tells no name; Debian has the name in a file of its own.
    linked["/etc/localtime"] = "/etc/localtime"
    monkeypatch.setattr(module, "_zone_in_file", {"/etc/timezone": "Asia/Tokyo"}.get)
    assert machine_tzid() == "Asia/Tokyo"
    monkeypatch.setattr(module, "_zone_in_file", lambda _: None)
    monkeypatch.setattr(time, "timezone", -3600)
    assert machine_tzid() == "Etc/GMT-1"
    monkeypatch.setattr(time, "timezone", 0)
    assert machine_tzid() == "UTC"


@pytest.mark.parametrize(
    ("content", "tzid"),
    [
        (b"Asia/Tokyo\n", "Asia/Tokyo"),
        (b"", None),
        (b"Nowhere", None),
        (b"\xff", None),
        (None, None),
    ],
)
def test_the_zone_named_in_a_file(tmp_path: Path, content: bytes | None, tzid: str | None) -> None:
    file = tmp_path / "timezone"
    if content is not None:
        file.write_bytes(content)
    assert module._zone_in_file(str(file)) == tzid


def test_the_zone_a_link_leads_to(tmp_path: Path) -> None:
    target = tmp_path / "zoneinfo" / "Asia" / "Tokyo"
    target.parent.mkdir(parents=True)
    target.touch()
    link = tmp_path / "localtime"
    try:
        link.symlink_to(target)
    except OSError:
        pytest.skip("no links here")
    assert module._zone_of_file(str(link)) == "Asia/Tokyo"
    assert module._zone_of_file(str(tmp_path / "copy")) is None
