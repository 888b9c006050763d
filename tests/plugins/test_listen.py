"""Listen: what was heard against the baseline; the timer has a file of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.conftest import Clock, Rows, Run


@pytest.fixture(autouse=True)
def adopted(cli: Run) -> None:
    assert cli("adopt", "listen", "--no-reminder").code == 0


def values(cli: Run, *options: str) -> dict[str, float | None]:
    (rule,) = cli("metrics", "listen", "--json", *options).json()["rules"]
    return {one["metric"]: one["points"][-1]["value"] for one in rule["metrics"]}


def test_what_was_heard_stands_beside_the_baseline(cli: Run, clock: Clock) -> None:
    assert values(cli)["heard"] is None
    cli("log", "listen", "8", "--heard", "90")
    cli("log", "listen", "8", "--heard", "50%")
    cli("log", "listen", "8")  # left open, so not counted
    assert values(cli)["heard"] == 70
    (rule,) = cli("metrics", "listen", "--json").json()["rules"]
    (heard,) = [m for m in rule["metrics"] if m["metric"] == "heard"]
    assert (heard["baseline"], heard["unit"], heard["window_days"]) == (75, "%", 28)
    assert "70 %, over 28 days, to compare: 75 %" in " ".join(cli("metrics", "listen").out.split())
    clock.move(days=28)
    assert values(cli)["heard"] is None


@pytest.mark.parametrize("heard", ["-1", "101", "most"])
def test_a_share_is_from_0_to_100(cli: Run, rows: Rows, heard: str) -> None:
    before = rows()
    done = cli("log", "listen", "8", "--heard", heard)
    assert done.code == 2
    assert "a number from 0 to 100" in done.err
    assert rows() == before


def test_the_other_figures(cli: Run) -> None:
    cli("log", "listen", "20", "--phone-away", "--eye-contact")
    cli("log", "listen", "5", "--no-phone-away", "--on", "yesterday")
    cli("log", "listen", "5", "--on", "-7")
    cli("lapse", "listen", "looked-at-phone")
    now = values(cli)
    assert now["minutes-week"] == 25
    assert now["phone-away"] == 50
    assert now["faced"] == 100
    assert now["listening-days"] == 3
    assert now["half-listened"] == 1
