from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.conftest import Clock, Run


def test_seven_days_and_what_came_of_them(cli: Run, clock: Clock) -> None:
    cli("adopt", "listen")
    cli("adopt", "honesty")
    cli("log", "listen", "20")
    clock.move(days=1)
    cli("log", "listen", "5")
    clock.move(days=1)
    cli("skip", "listen")
    clock.move(days=1)
    cli("log", "listen", "--no")
    assert cli("week").out == (
        "Fri 20 Nov 2026 to Thu 26 Nov 2026\n"
        "\n"
        "         Fri   Sat   Sun   Mon   Tue   Wed   Thu\n"
        "listen                     + 20  ~ 5   s     -\n"
        "honesty                    .           .\n"
        "\n"
        "+ kept  ~ partly  - not this time  s rested  . nothing logged\n"
    )
    assert cli("week", "--ending", "tue").out.endswith(
        "         Wed   Thu   Fri   Sat   Sun   Mon   Tue\n"
        "listen                                 + 20  ~ 5\n"
        "honesty                                .\n"
        "\n"
        "+ kept  ~ partly  . nothing logged\n"
    )


def test_days_without_a_slip_are_kept_as_in_the_review(cli: Run, clock: Clock) -> None:
    cli("adopt", "tone")
    clock.move(days=2)
    cli("lapse", "tone", "sarcasm", "--on", "yesterday")
    grid = cli("week").out.splitlines()
    assert grid[3].split() == ["tone", "+", "-", "."]
    assert grid[-1] == "+ kept  - not this time  . nothing logged"
    # What was logged is told as it was.
    days = cli("week", "--json").json()["habits"][0]["days"]
    assert [day["state"] for day in days][-3:] == ["unknown", "no", "unknown"]


def test_before_anything_is_there_and_before_it_was_taken_up(cli: Run) -> None:
    assert "Nothing adopted yet" in cli("week").err
    assert cli("week", "--json").json()["habits"] == []
    cli("adopt", "listen")
    assert cli("week", "--ending", "yesterday", "--json").json()["habits"] == []


@pytest.mark.parametrize("day", ["tomorrow", "soon", "2026-11-24"])
def test_a_day_that_is_none(cli: Run, day: str) -> None:
    refused = cli("week", "--ending", day)
    assert (refused.code, refused.out) == (2, "")
    assert len(refused.err.splitlines()) == 1


def test_over_the_end_of_a_year_and_a_leap_day(cli: Run, clock: Clock) -> None:
    clock.set("2028-02-28T12:00:00+01:00")
    cli("adopt", "listen")
    cli("log", "listen", "8")
    clock.move(days=1)
    cli("log", "listen", "9")
    clock.move(days=1)
    days = cli("week", "--json").json()["habits"][0]["days"]
    assert [(d["day"], d["amount"]) for d in days[-3:]] == [
        ("2028-02-28", 8), ("2028-02-29", 9), ("2028-03-01", None),
    ]  # fmt: skip
    clock.set("2029-01-02T12:00:00+01:00")
    shown = cli("week", "--json").json()
    assert (shown["from"], shown["to"]) == ("2028-12-27", "2029-01-02")


def test_the_past_is_judged_by_the_terms_of_its_time(cli: Run, clock: Clock) -> None:
    cli("adopt", "listen")
    cli("log", "listen", "8")
    clock.move(days=1)
    cli("habits", "edit", "listen", "--target", "15", "--days", "mon")
    cli("log", "listen", "8")
    days = cli("week", "--json").json()["habits"][0]["days"][-2:]
    assert [(d["state"], d["target"], d["due"]) for d in days] == [
        ("yes", 8, True),
        ("partly", 15, False),
    ]
