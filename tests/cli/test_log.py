from __future__ import annotations

import stat
import sys
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.conftest import Clock, Rows, Run, Terminal


@pytest.fixture(autouse=True)
def adopted(cli: Run) -> None:
    assert cli("adopt", "listen").code == 0
    assert cli("adopt", "peace").code == 0


def test_what_was_logged_shows_in_today_and_in_history(cli: Run) -> None:
    logged = cli("log", "listen", "--minutes", 20, "--phone-away", "--heard", 80)
    assert logged.code == 0
    assert logged.out == ""
    assert logged.err == ("+ listen: 20 minutes, phone away, heard 80\n  today: 20 of 8 minutes\n")
    assert "+ listen" in cli("today").out
    (day,) = cli("history", "--json").json()["days"]
    assert day["day"] == "2026-11-23"
    assert day["entries"][0]["fields"] == {"minutes": 20, "phone_away": True, "heard": 80}
    assert day["states"][0]["state"] == "yes"


def test_the_defining_field_needs_no_option(cli: Run) -> None:
    entry = cli("log", "listen", "12", "--json").json()["entry"]
    assert entry["fields"] == {"minutes": 12}
    assert cli("log", "peace", "storm", "--json").json()["entry"]["fields"] == {"day": "stormy"}


def test_a_field_given_twice_is_refused(cli: Run) -> None:
    twice = cli("log", "listen", "12", "--minutes", "13")
    assert twice.code == 2
    assert "minutes is given twice" in twice.err


def test_one_is_said_as_one(cli: Run) -> None:
    assert cli("log", "listen", "1").err.startswith("~ listen: 1 minute\n")
    assert "1 minute\n" in cli("history").out


def test_many_entries_a_day_add_up(cli: Run) -> None:
    assert "~ listen" in cli("log", "listen", "3").err
    second = cli("log", "listen", "5.0")
    assert "today: 8 of 8 minutes" in second.err
    assert second.err.startswith("+ listen")


@pytest.mark.parametrize(
    ("given", "day"),
    [
        ("today", "2026-11-23"),
        ("yesterday", "2026-11-22"),
        ("mon", "2026-11-23"),
        ("tuesday", "2026-11-17"),
        ("-3", "2026-11-20"),
        ("2026-11-03", "2026-11-03"),
        ("2024-02-29", "2024-02-29"),
    ],
)
def test_a_day_in_words(cli: Run, given: str, day: str) -> None:
    logged = cli("log", "listen", "9", f"--on={given}", "--json")
    assert logged.json()["entry"]["day"] == day


@pytest.mark.parametrize(
    ("now", "day"),
    [
        ("2026-11-24T02:59:59+01:00", "2026-11-23"),
        ("2026-11-24T03:00:00+01:00", "2026-11-24"),
        ("2027-01-01T01:00:00+01:00", "2026-12-31"),
        ("2028-03-01T02:00:00+01:00", "2028-02-29"),
        ("2026-03-29T03:00:00+02:00", "2026-03-29"),  # the hour before never was
        ("2026-10-25T02:30:00+01:00", "2026-10-24"),  # the second 02:30 of that night
    ],
)
def test_the_day_that_a_moment_counts_for(cli: Run, clock: Clock, now: str, day: str) -> None:
    clock.set(now)
    assert cli("log", "listen", "9", "--json").json()["entry"]["day"] == day


def test_both_halves_of_a_repeated_hour_keep_their_order(cli: Run, clock: Clock) -> None:
    clock.set("2026-10-25T02:45:00+02:00")
    cli("log", "listen", "1")
    clock.set("2026-10-25T02:15:00+01:00")
    cli("log", "listen", "2")
    (day,) = cli("history", "--json").json()["days"]
    assert [entry["fields"]["minutes"] for entry in day["entries"]] == [1, 2]


def test_an_id_from_outside_is_one_entry(cli: Run, rows: Rows) -> None:
    assert cli("log", "listen", "9", "--id", "watch:7", "--json").json()["new"] is True
    before = rows()
    again = cli("log", "listen", "9", "--id", "watch:7")
    assert again.code == 0
    assert "logged before" in again.err
    assert rows() == before


def test_a_note_from_stdin_is_kept_and_not_shown(cli: Run) -> None:
    logged = cli("log", "listen", "9", "--note", "-", "--json", stdin="  The dentist.\n")
    entry = logged.json()["entry"]
    assert entry["has_note"] is True
    assert "note" not in entry
    assert "dentist" not in logged.out + logged.err
    (day,) = cli("history", "--json", "--notes").json()["days"]
    assert day["entries"][0]["note"] == "The dentist."


def test_a_note_on_the_command_line_is_warned_of(cli: Run) -> None:
    logged = cli("log", "listen", "9", "--note", "secret")
    assert logged.code == 0
    assert "shell's history" in logged.err
    assert "with a note" in logged.err
    assert "secret" not in logged.err


def editor(tmp_path: Path, body: str) -> str:
    script = tmp_path / "editor.py"
    script.write_text(f"import os, sys\npath = sys.argv[1]\n{body}\n", encoding="utf-8")
    return f"{sys.executable} {script}"


def test_a_note_from_the_editor(process: Run, cli: Run, tmp_path: Path) -> None:
    seen = tmp_path / "seen"
    write = (
        "with open(path, 'w') as note:\n    note.write('From vi.')\n"
        f"with open({str(seen)!r}, 'w') as seen:\n"
        "    seen.write(path + ' ' + oct(os.stat(path).st_mode))"
    )
    logged = process("log", "listen", "9", "--note", env={"VISUAL": editor(tmp_path, write)})
    assert logged.code == 0, logged.err
    path, mode = seen.read_text(encoding="utf-8").split()
    assert stat.S_IMODE(int(mode, 8)) == 0o600
    assert not (tmp_path / path).exists()
    (day,) = cli("history", "--json", "--notes").json()["days"]
    assert day["entries"][0]["note"] == "From vi."


@pytest.mark.parametrize("command", [None, "no-such-editor-here"])
def test_an_editor_that_fails_logs_nothing(
    process: Run, rows: Rows, tmp_path: Path, command: str | None
) -> None:
    before = rows()
    failing = command or editor(tmp_path, "sys.exit(3)")
    logged = process("log", "listen", "9", "--note", env={"EDITOR": failing})
    assert logged.code == 2
    assert logged.err.count("\n") == 1
    assert rows() == before


def test_the_rest_is_asked_on_a_terminal(terminal: Callable[..., Terminal], cli: Run) -> None:
    shown = terminal("log", "listen")
    shown.expect("How many minutes did you really listen\\?.*: ")
    shown.send("")
    shown.expect("this one is needed")
    shown.send("soon")
    shown.expect("minutes: 'soon' is not a whole number from 1 to 480")
    shown.send("20")
    shown.expect("Was your phone out of sight\\?.*: ")
    shown.send("y")
    shown.expect("Did you face them")
    shown.send("")
    shown.expect("How much of what they said")
    shown.send("80%")
    assert shown.end() == 0
    (day,) = cli("history", "--json").json()["days"]
    assert day["entries"][0]["fields"] == {"minutes": 20, "phone_away": True, "heard": 80}


def test_nothing_is_asked_that_was_given(terminal: Callable[..., Terminal]) -> None:
    given = ("--minutes", 5, "--no-phone-away", "--eye-contact", "--heard", 10)
    shown = terminal("log", "listen", *given)
    assert shown.end() == 0
    assert "?" not in shown.text


def test_no_input_asks_nothing(terminal: Callable[..., Terminal], rows: Rows) -> None:
    before = rows()
    shown = terminal("--no-input", "log", "listen")
    assert shown.end() == 2
    assert "minutes: missing, expected a whole number from 1 to 480" in shown.text
    assert rows() == before


def test_ctrl_c_logs_nothing(terminal: Callable[..., Terminal], rows: Rows) -> None:
    before = rows()
    shown = terminal("log", "listen")
    shown.expect("really listen\\?.*: ")
    shown.interrupt()
    assert shown.end() == 130
    assert "Traceback" not in shown.text
    assert rows() == before


def test_no_and_skip_are_recorded_as_such(cli: Run) -> None:
    assert cli("log", "listen", "--no", "--json").json()["entry"]["kind"] == "no"
    assert cli("skip", "peace", "--json").json()["entry"]["kind"] == "skip"
    states = cli("today", "--json").json()["habits"]
    assert {state["habit"]: state["state"] for state in states} == {"listen": "no", "peace": "skip"}


def test_how_it_landed(cli: Run) -> None:
    entry = cli("log", "listen", "9", "--landed", "warm", "--json").json()["entry"]
    assert entry["landed"] == "warm"
    assert cli("log", "listen", "9", "--landed", "hot").code == 2


def test_a_rule_of_ones_own_is_logged_and_its_private_text_stays_inside(
    letter: Path, cli: Run
) -> None:
    assert cli("adopt", "letter").code == 0
    logged = cli("log", "letter", "--words-for-them", "You are the sea", "--drafts", 2)
    assert logged.err == "+ letter: with words for them, 2 drafts\n  today: 2 of 2 drafts\n"
    assert "sea" not in cli("history").out + cli("history", "--json").out
    assert "sea" in cli("history", "--notes").out
    letter.unlink()  # nothing says any more what was private
    assert "sea" not in cli("history").out + cli("history", "--json").out


def test_a_habit_whose_plugin_is_gone(letter: Path, cli: Run, rows: Rows) -> None:
    cli("adopt", "letter")
    letter.unlink()
    before = rows()
    logged = cli("log", "letter")
    assert logged.code == 3
    assert "the plugin of the rule 'letter' is missing, off or broken" in logged.err
    assert rows() == before


def test_help_names_the_fields(cli: Run) -> None:
    text = cli("log", "listen", "--help").out
    for option in ("--minutes", "--phone-away / --no-phone-away", "--heard", "--on", "--note"):
        assert option in text
    assert "Your cue: after we clear the table" in text
