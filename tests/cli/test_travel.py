"""On a journey: each local day counts once, whatever the zone, and none that was lived is lost."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import Clock, Run


def settle(home: Path, zone: str) -> None:
    home.mkdir(exist_ok=True)
    (home / "config.toml").write_text(f'[person]\ntimezone = "{zone}"\n')


@pytest.mark.parametrize(
    ("moments", "days", "length"),
    [
        pytest.param(
            # From Auckland to Los Angeles: the 25th is lived twice, and counts once.
            [("Pacific/Auckland", "2026-11-24T20:00:00+13:00"),
             ("Pacific/Auckland", "2026-11-25T09:00:00+13:00"),
             ("America/Los_Angeles", "2026-11-25T19:00:00-08:00"),
             ("America/Los_Angeles", "2026-11-26T19:00:00-08:00")],
            ["2026-11-24", "2026-11-25", "2026-11-26"], 3, id="back over the date line"),
        pytest.param(
            # The other way the 25th is a few hours in the air: still a day of its own.
            [("America/Los_Angeles", "2026-11-24T20:00:00-08:00"),
             ("America/Los_Angeles", "2026-11-25T04:00:00-08:00"),
             ("Pacific/Auckland", "2026-11-26T20:00:00+13:00")],
            ["2026-11-24", "2026-11-25", "2026-11-26"], 3, id="ahead over the date line"),
        pytest.param(
            [("Europe/Berlin", "2026-11-23T23:30:00+01:00"),
             ("Europe/London", "2026-11-23T23:45:00+00:00"),
             ("Europe/London", "2026-11-25T01:30:00+00:00")],
            ["2026-11-23", "2026-11-24"], 2, id="one hour back, after midnight"),
    ],
)  # fmt: skip
def test_every_local_day_counts_once(
    cli: Run, clock: Clock, home: Path, moments: list[tuple[str, str]], days: list[str], length: int
) -> None:
    zone, first = moments[0]
    settle(home, zone)
    clock.set(first)
    cli("adopt", "listen")
    for zone, moment in moments:
        settle(home, zone)
        clock.set(moment)
        assert cli("log", "listen", 8).code == 0
    shown = cli("history", "--days", 30, "--json").json()["days"]
    assert sorted(day["day"] for day in shown) == days
    assert [day["states"][0]["state"] for day in shown] == ["yes"] * len(days)
    told = cli("habits", "--json").json()["habits"][0]
    assert told["streak"]["length"] == length
    assert told["kept"]["kept"] == len(days)
