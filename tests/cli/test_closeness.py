"""`closeness`: pick a pair, change it, take it back; see the weeks; be asked on a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.conftest import Clock, Run, Terminal


def picked(cli: Run) -> dict[str, int]:
    weeks = cli("closeness", "--json").json()["weeks"]
    return {one["week"]: one["circles"] for one in weeks}


def test_a_pair_is_picked_changed_and_taken_back(cli: Run) -> None:
    first = cli("closeness", "4")
    assert (first.code, first.out) == (0, "")
    assert "4 of 7, 23 to 29 November 2026" in first.err
    assert "--remove` takes it back" in first.err
    second = cli("closeness", "5")
    assert "It was 4: `reconnect closeness 4` puts that back" in second.err
    assert picked(cli) == {"2026-W48": 5}
    assert "You picked 5" in cli("closeness").err
    assert "taken back: 5 of 7" in cli("closeness", "--remove").err
    assert picked(cli) == {}
    assert cli("closeness", "--remove").code == 3


def test_a_past_week_has_its_own(cli: Run) -> None:
    assert cli("closeness", "3", "--week", "last").code == 0
    assert "--week 2026-W46 --remove" in cli("closeness", "2", "--week", "2026-W46").err
    cli("closeness", "6", "--week", "-1")
    assert picked(cli) == {"2026-W46": 2, "2026-W47": 6}
    assert cli("closeness", "--week", "2026-W46", "--json").json()["circles"] == 2


def test_the_week_is_that_of_the_persons_day(cli: Run, clock: Clock) -> None:
    # Monday, one in the morning: their Sunday is not over.
    clock.set("2026-11-23T01:00:00+01:00")
    cli("closeness", "4")
    clock.set("2026-11-23T03:00:00+01:00")
    cli("closeness", "5")
    assert picked(cli) == {"2026-W47": 4, "2026-W48": 5}


def test_over_the_end_of_a_year_of_53_weeks(cli: Run, clock: Clock) -> None:
    clock.set("2026-12-31T20:00:00+01:00")
    cli("closeness", "3")
    clock.set("2027-01-03T20:00:00+01:00")
    assert "28 December 2026 to 3 January 2027" in cli("closeness", "4").err
    clock.set("2027-01-04T20:00:00+01:00")
    cli("closeness", "5")
    assert picked(cli) == {"2026-W53": 4, "2027-W01": 5}
    weeks = cli("closeness", "--json").json()["weeks"]
    assert [one["week_of"] for one in weeks] == ["2026-12-28", "2027-01-04"]


@pytest.mark.parametrize(
    ("arguments", "code", "why"),
    [
        (["0"], 2, "1<=x<=7"),
        (["8"], 2, "1<=x<=7"),
        (["close"], 2, "not a valid integer"),
        (["4", "--week", "2026-W49"], 2, "lies ahead"),
        (["4", "--week", "2025-W53"], 2, "is no week"),
        (["4", "--remove"], 2, "one of them"),
        (["--remove", "--week", "2026-W01"], 3, "nothing is picked"),
        (["--weeks", "0"], 2, "1<=x<=520"),
    ],
)
def test_what_cannot_be_is_refused_in_one_line(
    cli: Run, arguments: list[str], code: int, why: str
) -> None:
    found = cli("closeness", *arguments)
    assert found.code == code
    assert why in found.err
    assert found.err.count("\n") == 1
    assert picked(cli) == {}


def test_the_line_begins_with_the_first_pair_and_leaves_gaps(cli: Run) -> None:
    cli("closeness", "2", "--week", "-3")
    cli("closeness", "3", "--week", "-1")
    lines = cli("closeness").out.splitlines()
    drawn = lines[lines.index("Closeness") + 1 :]
    assert drawn[0] == "weeks from 2 Nov 2026 to 23 Nov 2026 \N{MIDDLE DOT} last 3 of 7"
    dots = {line[0]: line.count("\N{BLACK CIRCLE}") for line in drawn[1:8]}
    assert dots == {"7": 0, "6": 0, "5": 0, "4": 0, "3": 1, "2": 1, "1": 0}


@pytest.mark.parametrize("columns", ["20", "40", "80", "120"])
@pytest.mark.parametrize("encoding", ["utf-8", "ascii"])
def test_it_fits_any_terminal(process: Run, columns: str, encoding: str) -> None:
    process("closeness", "3", "--week", "last")
    found = process(
        "closeness", "--compare", env={"COLUMNS": columns, "PYTHONIOENCODING": encoding}
    )
    assert found.code == 0
    widest = max(len(line) for line in found.out.splitlines())
    assert widest <= int(columns), found.out
    assert found.out.isascii() is (encoding == "ascii")
    assert "\x1b" not in found.out


def test_it_asks_on_a_terminal(terminal: Callable[..., Terminal], home: Path, cli: Run) -> None:
    shown = terminal("closeness")
    shown.expect("Which pair is most like the two of you this week")
    shown.expect("1 to 7: ")
    shown.send("nine")
    shown.expect("A number from 1 to 7, please")
    shown.send("6")
    shown.expect("6 of 7")
    assert shown.end() == 0
    assert picked(cli) == {"2026-W48": 6}
    again = terminal("closeness")
    again.expect("You picked 6")
    assert again.end() == 0


def test_enter_leaves_it_open(terminal: Callable[..., Terminal], cli: Run) -> None:
    shown = terminal("closeness")
    shown.expect("1 to 7: ")
    shown.send("")
    assert shown.end() == 0
    assert picked(cli) == {}


def test_nobody_is_asked_where_nobody_is(cli: Run) -> None:
    found = cli("closeness")
    assert found.code == 0
    assert "`reconnect closeness N`, with 1 to 7" in found.err


def test_json_holds_weeks_and_comparisons(effort_cli: Run) -> None:
    found = effort_cli("closeness", "--weeks", "3", "--json").json()
    assert found["kind"] == "closeness"
    assert [one["week"] for one in found["weeks"]] == ["2026-W45", "2026-W46", "2026-W47"]
    assert found["compared"]["needed_a_side"] == 8
    assert "proves a cause" in found["compared"]["note"]
    assert "Aron, Aron & Smollan (1992)" in found["source"]
    for one in found["compared"]["comparisons"]:
        assert min(one["weeks_inside"], one["weeks_outside"]) >= 8
        low, high = one["interval_95"]
        assert low <= one["difference"] <= high
        assert one["difference"] == pytest.approx(one["mean_inside"] - one["mean_outside"])


def test_the_few_with_the_most_weeks_and_all_on_request(effort_cli: Run) -> None:
    few, every = effort_cli("closeness"), effort_cli("closeness", "--compare")
    assert few.out.count("95 % interval") == 3
    assert every.out.count("95 % interval") > 3
    said = " ".join(few.out.split())
    assert "None of this proves a cause" in said
    assert "differ by chance" in said
    assert "--compare shows all" in said
    assert "Aron, Aron & Smollan (1992)" in few.err
    assert effort_cli("closeness").out == few.out


def test_without_enough_weeks_nothing_is_compared(cli: Run) -> None:
    cli("closeness", "4", "--week", "last")
    assert "Beside your habits" not in cli("closeness").out
    assert "each side needs 8 whole weeks" in " ".join(cli("closeness", "--compare").out.split())
