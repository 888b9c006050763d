"""Sincerity: a private mirror, a page of questions, and help after three low looks in a row."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.conftest import Clock, Rows, Run, Terminal

HELP = "A couples counsellor is one more option"


@pytest.fixture(autouse=True)
def adopted(cli: Run) -> None:
    assert cli("adopt", "sincerity", "--no-reminder").code == 0


def look(cli: Run, heart: int, *options: str) -> str:
    done = cli("log", "sincerity", heart, *options)
    assert done.code == 0, done.err
    return done.err


def entries(cli: Run) -> list[dict[str, Any]]:
    days = cli("history", "--json", "--notes").json()["days"]
    return [entry for day in days for entry in day["entries"]]


def test_the_mirror_shows_the_last_twelve(cli: Run) -> None:
    for back in range(13, -1, -1):
        look(cli, back % 11, "--on", f"-{back}")
    lines = cli("sincerity", "mirror").out.splitlines()
    assert len(lines) == 12
    assert lines[0] == "2026-11-12  ..........   0 of 10"
    assert lines[1] == "2026-11-13  ##########  10 of 10"
    assert lines[-1] == "2026-11-23  ..........   0 of 10"


def test_reasons_are_shown_only_when_asked_for(cli: Run) -> None:
    look(cli, 4, "--why", "עייפות 😴,\nand the flat")
    plain = cli("sincerity", "mirror")
    assert "flat" not in plain.out + plain.err
    assert "עייפות 😴, and the flat" in cli("sincerity", "mirror", "--why").out
    assert "flat" not in cli("history").out


def test_an_empty_mirror_says_how_to_begin(cli: Run, rows: Rows) -> None:
    before = rows()
    done = cli("sincerity", "mirror")
    assert (done.code, done.out) == (0, "")
    assert "`reconnect log sincerity`" in done.err
    assert rows() == before


def test_without_a_terminal_the_questions_are_to_read(cli: Run, rows: Rows) -> None:
    before = rows()
    done = cli("sincerity", "reflect")
    assert [line[:2] for line in done.out.splitlines()] == ["1.", "2.", "3.", "4.", "5."]
    assert "You need not decide anything today." in done.err
    assert rows() == before


def answered(shown: Terminal, *answers: str) -> None:
    for number, answer in enumerate(answers, start=1):
        shown.expect(rf"{number}\. (?s:.)*\n.*: ")
        shown.send(answer)


def test_answers_are_kept_as_a_note(terminal: Callable[..., Terminal], cli: Run) -> None:
    shown = terminal("sincerity", "reflect")
    answered(shown, "", "Tired of being right. 🌧️", "", "אהבה", "")
    shown.expect("how far is your heart in it now")
    shown.send("eleven")
    shown.expect("A whole number from 0 to 10")
    shown.send("11")
    shown.expect("A whole number from 0 to 10")
    shown.send("6")
    shown.expect("heart 6")
    assert shown.end() == 0
    (entry,) = entries(cli)
    assert entry["fields"] == {"heart": 6}
    questions = [part.splitlines() for part in entry["note"].split("\n\n")]
    assert [lines[1] for lines in questions] == ["Tired of being right. 🌧️", "אהבה"]


def test_without_a_number_nothing_is_kept(terminal: Callable[..., Terminal], cli: Run) -> None:
    shown = terminal("sincerity", "reflect")
    answered(shown, "At the lake.", "", "", "", "")
    shown.expect("how far is your heart")
    shown.send("")
    shown.expect("Nothing is kept then")
    assert shown.end() == 0
    assert entries(cli) == []


def test_empty_answers_ask_for_no_number(terminal: Callable[..., Terminal], cli: Run) -> None:
    shown = terminal("sincerity", "reflect")
    answered(shown, "", "", "", "", "")
    shown.expect("You need not decide")
    assert shown.end() == 0
    assert "how far" not in shown.text
    assert entries(cli) == []


def test_help_comes_with_the_third_low_look_in_a_row(cli: Run, clock: Clock) -> None:
    for heart in (3, 0):
        assert HELP not in look(cli, heart)
        clock.move(days=7)
    said = look(cli, 2)
    assert HELP in " ".join(said.split())
    assert "What to look for:" in said
    assert "`reconnect sincerity reflect`" in said
    assert "`reconnect help-lines`" in said


@pytest.mark.parametrize("hearts", [(3, 4, 3, 3), (2, 2, 10, 1), (4, 4, 4), (1, 1)])
def test_no_help_without_three_in_a_row(cli: Run, clock: Clock, hearts: tuple[int, ...]) -> None:
    for heart in hearts:
        assert HELP not in look(cli, heart)
        clock.move(days=7)


def test_three_low_ones_that_are_old_are_no_reason(cli: Run, clock: Clock) -> None:
    for _ in range(3):
        assert HELP not in look(cli, 1)
        clock.move(days=29)


def test_the_order_of_the_days_counts_and_not_that_of_logging(cli: Run) -> None:
    assert HELP not in look(cli, 2)
    assert HELP not in look(cli, 3, "--on", "-14")
    assert HELP not in look(cli, 9, "--on", "-7")
    # Of the last three looks one was high; a low one before them changes nothing.
    assert HELP not in look(cli, 1, "--on", "-21")
    assert HELP not in look(cli, 1, "--on", "-2")
    assert HELP in " ".join(look(cli, 1, "--on", "-1").split())


def test_help_is_offered_once_a_month_at_the_most(cli: Run, clock: Clock) -> None:
    for _ in range(3):
        said = look(cli, 2)
    assert HELP in said
    clock.move(days=29, hours=23)
    assert HELP not in look(cli, 2)
    clock.move(hours=2)
    assert HELP in look(cli, 2)
    assert HELP not in look(cli, 2)


def test_json_is_json(cli: Run) -> None:
    for _ in range(3):
        done = cli("log", "sincerity", "1", "--json")
        assert done.json()["entry"]["fields"] == {"heart": 1}
        assert HELP not in done.err


def test_it_re_weights_nothing(cli: Run) -> None:
    (one,) = [r for r in cli("rules", "--json").json()["rules"] if r["rule"] == "sincerity"]
    before = cli("rules", "--json").out
    look(cli, 0)
    assert cli("rules", "--json").out == before
    assert one["state"] == "adopted"
