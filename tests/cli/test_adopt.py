from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.conftest import Clock, Rows, Run, Terminal


def habit_of(cli: Run, *arguments: object) -> dict[str, Any]:
    done = cli("adopt", *arguments, "--json")
    assert done.code == 0, done.err
    assert done.err == ""
    habit: dict[str, Any] = done.json()["habit"]
    return habit


def test_the_starter_with_all_its_defaults(cli: Run) -> None:
    done = cli("adopt", "listen")
    assert done.code == 0
    assert done.out == ""
    assert done.err.splitlines() == [
        "adopted listen: Eight undivided minutes (every day)",
        "  cue: after we clear the table, I put my phone in a drawer and face them",
        "  next reminder: 20:30",
        "  log it: reconnect log listen 8",
    ]
    assert cli("log", "listen", "8").code == 0


def test_json(cli: Run) -> None:
    habit = habit_of(cli, "listen")
    assert habit["next_reminder"] == "2026-11-23T19:30:00+00:00"
    assert (habit["name"], habit["template"], habit["rrule"]) == (
        "listen",
        "undivided",
        "FREQ=DAILY",
    )
    assert (habit["target"], habit["since"], habit["archived"]) == (8, "2026-11-23", None)


def test_another_habit_of_the_rule(cli: Run) -> None:
    habit = habit_of(cli, "listen", "phone-free-meal", "--at", "7:15")
    # It is called what was typed for it.
    assert habit["name"] == "phone-free-meal"
    assert habit["next_reminder"] == "2026-11-28T06:15:00+00:00"
    assert habit_of(cli, "listen")["name"] == "listen"
    assert habit_of(cli, "apology", "apology")["name"] == "apology"
    assert habit_of(cli, "apology")["name"] == "apology-amends"


def test_where_the_name_is_taken_both_are_in_it(cli: Run) -> None:
    assert habit_of(cli, "listen", "--name", "phone-free-meal")["name"] == "phone-free-meal"
    assert habit_of(cli, "listen", "phone-free-meal")["name"] == "listen-phone-free-meal"


def test_a_habit_is_found_by_its_id_within_the_rule(cli: Run) -> None:
    habit_of(cli, "listen", "phone-free-meal", "--name", "supper")
    assert cli("log", "phone-free-meal", "20").code == 0
    habit_of(cli, "listen", "phone-free-meal", "--name", "lunch")
    unclear = cli("log", "phone-free-meal", "20")
    assert unclear.code == 3
    assert "phone-free-meal has more than one habit: say which of supper, lunch" in unclear.err


@pytest.mark.parametrize(
    ("arguments", "rrule", "due"),
    [
        (("--days", "mon,wed"), "FREQ=WEEKLY;BYDAY=MO,WE", "2026-11-23T19:30:00+00:00"),
        (("--days", "daily"), "FREQ=DAILY", "2026-11-23T19:30:00+00:00"),
        (("--days", "weekends"), "FREQ=WEEKLY;BYDAY=SA,SU", "2026-11-28T19:30:00+00:00"),
        (("--days", "tue", "--at", "11:59"), "FREQ=WEEKLY;BYDAY=TU", "2026-11-24T10:59:00+00:00"),
        (("--every", "freq=weekly"), "FREQ=WEEKLY", "2026-11-23T19:30:00+00:00"),
        (("--at", "11:59"), "FREQ=DAILY", "2026-11-24T10:59:00+00:00"),
        (("--every", ""), "", None),
    ],
)  # fmt: skip
def test_when(cli: Run, arguments: tuple[str, ...], rrule: str, due: str | None) -> None:
    habit = habit_of(cli, "listen", *arguments)
    assert habit["rrule"] == rrule
    assert habit["next_reminder"] == due


@pytest.mark.parametrize(
    ("now", "due"),
    [
        ("2026-03-28T23:00:00+01:00", "2026-03-29T01:30:00+00:00"),  # 02:30 is skipped: 03:30 CEST
        ("2026-10-24T23:00:00+02:00", "2026-10-25T00:30:00+00:00"),  # 02:30 comes twice: the first
        ("2026-12-31T23:00:00+01:00", "2027-01-01T01:30:00+00:00"),
        ("2028-02-28T23:00:00+01:00", "2028-02-29T01:30:00+00:00"),
    ],
)
def test_the_first_reminder_where_the_calendar_is_hard(
    cli: Run, clock: Clock, now: str, due: str
) -> None:
    clock.set(now)
    assert habit_of(cli, "listen", "--at", "02:30")["next_reminder"] == due


def test_a_when_needed_habit_has_no_reminder(cli: Run) -> None:
    done = cli("adopt", "peace", "pause")
    assert done.code == 0
    assert "(when needed)" in done.err
    assert "reminder" not in done.err


def test_without_a_reminder(cli: Run, rows: Rows) -> None:
    done = cli("adopt", "listen", "--no-reminder")
    assert "`reconnect remind add listen" in done.err
    assert rows()["reminder"] == 0


def test_name_target_and_cue(cli: Run) -> None:
    habit = habit_of(
        cli, "listen", "--name", "evening", "--target", "12.5", "--cue", "after tea, I sit down"
    )
    assert (habit["name"], habit["target"], habit["cue"]) == (
        "evening",
        12.5,
        "after tea, I sit down",
    )
    assert habit_of(cli, "peace", "--cue", "")["cue"] is None


def test_the_same_once_more_needs_a_name(cli: Run, rows: Rows) -> None:
    cli("adopt", "listen")
    before = rows()
    again = cli("adopt", "listen")
    assert again.code == 2
    assert "already adopted as listen" in again.err
    assert "--name listen-again" in again.err
    assert rows() == before
    named = cli("adopt", "listen", "--name", "listen-again")
    assert named.code == 0
    assert "you keep the same habit as listen too" in named.err


def test_the_same_in_the_archive_is_named(cli: Run, rows: Rows) -> None:
    cli("adopt", "listen")
    cli("habits", "archive", "listen")
    before = rows()
    again = cli("adopt", "listen")
    assert again.code == 2
    assert "`reconnect habits restore listen` brings it back" in again.err
    assert rows() == before
    assert cli("adopt", "listen", "--name", "anew").code == 0


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("lisen",), 3, "did you mean listen?"),
        (("listen", "undividet"), 3, "it has: undivided, phone-free-meal"),
        (("listen", "--days", "mon", "--every", "FREQ=DAILY"), 2, "give one of them"),
        (("listen", "--days", "someday"), 2, "'someday'"),
        (("listen", "--every", "FREQ=SECONDLY"), 2, "FREQ"),
        (("listen", "--every", "FREQ=MONTHLY;BYMONTHDAY=31;BYMONTH=2"), 2, "never occurs"),
        (("listen", "--every", "FREQ=DAILY;UNTIL=20200101"), 2, "no occurrence left"),
        (("listen", "--at", "25:00"), 2, "'25:00' is no time of day"),
        (("listen", "--at", "noon"), 2, "'noon' is no time of day"),
        (("listen", "--at", "07:00", "--no-reminder"), 2, "exclude each other"),
        (("listen", "--target", "-1"), 2, "should be a number above 0"),
        (("listen", "--target", "nan"), 2, "should be a number above 0"),
        (("listen", "--target", "many"), 2, "'many' is not a valid float"),
        (("peace", "--target", "3"), 2, "takes no target"),
        (("listen", "--name", "My Habit"), 2, "is no name for a habit"),
        (("listen", "--cue", "x" * 201), 2, "at most 200"),
        (("listen", "--cue", "a\x1b[31mb"), 2, "U+001B"),
        (("peace", "pause", "--at", "07:00"), 2, "say on which days"),
        ((), 2, "missing argument 'RULE'"),
    ],
)
def test_what_cannot_be_adopts_nothing(
    cli: Run, rows: Rows, arguments: tuple[str, ...], code: int, said: str
) -> None:
    cli("today")
    before = rows()
    done = cli("adopt", *arguments)
    assert (done.code, said in done.err) == (code, True), done
    assert done.err.count("\n") == 1
    assert rows() == before


def test_a_taken_name_is_refused(cli: Run, rows: Rows) -> None:
    cli("adopt", "listen")
    before = rows()
    assert "exists already" in cli("adopt", "peace", "--name", "listen").err
    assert rows() == before


@pytest.mark.parametrize(
    ("answer", "cue"),
    [
        ("", "after we clear the table, I put my phone in a drawer and face them"),
        ("-", None),
        ("after tea", "after tea"),
    ],
)
def test_the_cue_is_suggested_on_a_terminal(
    terminal: Callable[..., Terminal], cli: Run, answer: str, cue: str | None
) -> None:
    shown = terminal("adopt", "listen")
    shown.expect("Suggested: .*after we clear the table")
    shown.expect("Enter keeps it, - for none.*: ")
    shown.send(answer)
    assert shown.end() == 0
    assert cli("habits", "--json").json()["habits"][0]["cue"] == cue


def test_a_cue_that_cannot_be_is_asked_again(terminal: Callable[..., Terminal], cli: Run) -> None:
    shown = terminal("adopt", "listen")
    shown.expect("for none.*: ")
    shown.send("x" * 201)
    shown.expect("at most 200 are kept")
    shown.expect("for none.*: ")
    shown.send("after tea")
    assert shown.end() == 0
    assert cli("habits", "--json").json()["habits"][0]["cue"] == "after tea"


@pytest.mark.parametrize("given", [("--cue", "after tea"), ("--json",)])
def test_nothing_is_asked_that_needs_no_answer(
    terminal: Callable[..., Terminal], given: tuple[str, ...]
) -> None:
    shown = terminal("adopt", "listen", *given)
    assert shown.end() == 0
    assert "Enter" not in shown.text


def test_a_rule_in_a_folder_is_adopted_reminded_of_and_logged(letter: Path, cli: Run) -> None:
    assert letter.exists()
    habit = habit_of(cli, "letter")
    assert habit["next_reminder"] == "2026-11-29T08:00:00+00:00"
    assert (habit["goal"], habit["target"], habit["recurrence"]) == ("at-most", 2, "every Sunday")
    assert cli("log", "letter", "--drafts", "1").code == 0
