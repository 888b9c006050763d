"""The moment of a promise: the next such time, and a wall time that means no other instant."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconnect.clock import zone
from reconnect.recurrence import to_instant
from reconnect.reminders.promised import next_time, unmistakable

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.conftest import Clock, Run

ZONES = ("Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kolkata", "UTC")


@pytest.mark.parametrize(
    ("now", "clock", "expected"),
    [
        ("2026-11-23T19:30:00+01:00", "20:45", "2026-11-23T20:45:00+01:00"),
        ("2026-11-23T19:30:00+01:00", "19:30", "2026-11-24T19:30:00+01:00"),
        ("2026-11-23T23:59:59+01:00", "00:00", "2026-11-24T00:00:00+01:00"),
        # The hour from two to three, twice.
        ("2026-10-25T01:50:00+02:00", "02:30", "2026-10-25T02:30:00+02:00"),
        ("2026-10-25T02:40:00+02:00", "02:30", "2026-10-25T02:30:00+01:00"),
        ("2026-10-25T02:10:00+01:00", "02:30", "2026-10-25T02:30:00+01:00"),
        ("2026-10-25T02:40:00+01:00", "02:30", "2026-10-26T02:30:00+01:00"),
        # And left out.
        ("2026-03-29T01:50:00+01:00", "02:30", "2026-03-29T03:30:00+02:00"),
        ("2026-03-29T03:40:00+02:00", "02:30", "2026-03-30T02:30:00+02:00"),
    ],
)
def test_the_next_such_time(now: str, clock: str, expected: str) -> None:
    found = next_time(time.fromisoformat(clock), datetime.fromisoformat(now), "Europe/Berlin")
    assert found == datetime.fromisoformat(expected)


@given(
    st.integers(946_684_800, 2_114_380_800).map(lambda s: datetime.fromtimestamp(s, UTC)),
    st.times(),
    st.sampled_from(ZONES),
)
def test_it_lies_ahead_and_within_a_day_and_an_hour(now: datetime, clock: time, tzid: str) -> None:
    found = next_time(clock.replace(second=0, microsecond=0), now, tzid)
    assert timedelta(0) < found - now <= timedelta(hours=25)
    wall = unmistakable(found, tzid)
    assert timedelta(0) <= to_instant(wall, tzid) - found <= timedelta(hours=1)


@pytest.fixture
def travel(home: Path) -> Callable[[str], None]:
    """Go to another zone."""

    def go(tzid: str) -> None:
        home.mkdir(mode=0o700, exist_ok=True)
        config = home / "config.toml"
        config.touch(0o600)
        config.write_text(f'[person]\ntimezone = "{tzid}"\n')

    return go


def due(cli: Run) -> list[datetime]:
    reminders = cli("remind", "--json").json()["reminders"]
    return [datetime.fromisoformat(one["next"][0]) for one in reminders if not one["rrule"]]


@pytest.mark.parametrize(
    ("command", "promised"),
    [
        (("peace", "pause"), "2026-11-23T12:20:00+01:00"),
        (("peace", "pause", "--back-at", "20:45"), "2026-11-23T20:45:00+01:00"),
        (("lapse", "peace", "argued", "--remind", "20:45"), "2026-11-23T20:45:00+01:00"),
    ],
)
def test_another_zone_does_not_move_a_promise(
    cli: Run, travel: Callable[[str], None], command: tuple[str, ...], promised: str
) -> None:
    travel("Europe/Berlin")
    assert cli("adopt", "peace").code == 0
    assert cli(*command).code == 0
    assert due(cli) == [datetime.fromisoformat(promised)]
    travel("America/New_York")
    assert cli("today").code == 0
    assert due(cli) == [datetime.fromisoformat(promised)]
    # The evening's own reminder goes with the person.
    (evening,) = (r for r in cli("remind", "--json").json()["reminders"] if r["rrule"])
    assert datetime.fromisoformat(evening["next"][0]).astimezone(zone("America/New_York")).hour > 18


def test_a_day_that_was_promised_goes_with_the_person(
    cli: Run, travel: Callable[[str], None]
) -> None:
    travel("Europe/Berlin")
    assert cli("adopt", "apology").code == 0
    promise = ("--promise", "Call", "--promise-date", "2026-11-27")
    assert cli("log", "apology", "apology", *promise).code == 0
    assert due(cli) == [datetime.fromisoformat("2026-11-27T18:30:00+01:00")]
    travel("America/New_York")
    assert cli("today").code == 0
    assert due(cli) == [datetime.fromisoformat("2026-11-27T18:30:00-05:00")]


@pytest.mark.parametrize(
    ("now", "at", "not_before"),
    [
        ("2026-10-25T02:10:00+02:00", "02:30", "2026-10-25T02:30:00+02:00"),
        ("2026-10-25T02:50:00+02:00", "02:30", "2026-10-25T02:30:00+01:00"),
        ("2026-10-25T02:10:00+01:00", "02:30", "2026-10-25T02:30:00+01:00"),
    ],
)
def test_in_the_hour_that_comes_twice_nothing_comes_too_early(
    cli: Run, clock: Clock, now: str, at: str, not_before: str
) -> None:
    clock.set(now)
    assert cli("adopt", "peace", "--no-reminder").code == 0
    for command in (
        ("lapse", "peace", "argued", "--remind", at), ("peace", "pause", "--back-at", at),
    ):  # fmt: skip
        assert cli(*command).code == 0
    for found in due(cli):
        late = found - datetime.fromisoformat(not_before)
        assert timedelta(0) <= late <= timedelta(minutes=30), command
