from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.conftest import Rows, Run, Terminal

BACK = "I don't like how we left that"


@pytest.fixture(autouse=True)
def adopted(cli: Run) -> None:
    assert cli("adopt", "peace").code == 0


def test_a_slip_is_answered_with_the_way_back(cli: Run) -> None:
    done = cli("lapse", "peace", "argued")
    assert done.code == 0
    assert "peace: slip: argued" in done.err
    assert BACK in " ".join(done.out.split())
    assert "Next: Make one small repair before the day ends." in done.out


def test_a_slip_is_counted_as_a_slip(cli: Run) -> None:
    assert "today:" not in cli("lapse", "peace", "argued").err
    assert "  today: 1 entry, 1 slip\n" in cli("log", "peace", "mixed").err
    assert "  today: 1 entry, 2 slips\n" in cli("lapse", "peace", "argued").err
    assert "  today: 2 entries, 2 slips\n" in cli("log", "peace", "stormy").err


def test_json_gives_entry_and_antidote(cli: Run) -> None:
    done = cli("lapse", "peace", "bickered", "--on", "yesterday", "--json").json()
    assert done["schema_version"] == 1
    assert done["entry"]["kind"] == "lapse"
    assert done["entry"]["lapse"] == "bickered"
    assert done["entry"]["day"] == "2026-11-22"
    assert done["antidote"].startswith("Let your next word")
    assert done["next_act"].startswith("Let one small thing pass")


def test_without_a_terminal_the_kinds_are_named(cli: Run, rows: Rows) -> None:
    before = rows()
    done = cli("lapse", "peace")
    assert done.code == 2
    assert done.err == "reconnect: which lapse of peace? One of: argued, bickered, flooded\n"
    assert rows() == before


def test_an_unknown_kind_is_not_found(cli: Run, rows: Rows) -> None:
    before = rows()
    done = cli("lapse", "peace", "argud")
    assert done.code == 3
    assert "did you mean argued?" in done.err
    assert rows() == before


def test_on_a_terminal_one_chooses_by_number(terminal: Callable[..., Terminal], cli: Run) -> None:
    shown = terminal("lapse", "peace")
    shown.expect("1  We argued, and I took part")
    shown.expect("Number: ")
    shown.send("4")
    shown.expect("Number: ")
    shown.send("3")
    shown.expect("Remind you of it")
    shown.send("")
    assert shown.end() == 0
    assert "at least twenty minutes" in shown.text
    (day,) = cli("history", "--json").json()["days"]
    assert day["entries"][0]["lapse"] == "flooded"


def test_the_only_kind_needs_no_name(letter: Path, cli: Run) -> None:
    cli("adopt", "letter", "--no-reminder")
    done = cli("lapse", "letter")
    assert done.code == 0
    assert done.out == "Put it where they will find it.\n"
    assert "- letter: slip: unsent" in done.err  # an at-most habit: its day is a no


def test_a_rule_without_slips(letter: Path, cli: Run, rows: Rows) -> None:
    text = letter.read_text(encoding="utf-8")
    start, end = text.index("[[lapses]]"), text.index("[[prompts]]")
    letter.write_text(text[:start] + text[end:], encoding="utf-8")
    cli("adopt", "letter", "--no-reminder")
    before = rows()
    done = cli("lapse", "letter")
    assert done.code == 3
    assert done.err == "reconnect: letter knows no lapses\n"
    assert rows() == before


def test_a_note_goes_with_it(cli: Run) -> None:
    cli("lapse", "peace", "argued", "--note", "-", stdin="About the keys.")
    assert "About the keys." in cli("history", "--notes").out
    assert "About the keys." not in cli("history").out


def test_an_id_sent_twice_is_one_entry_and_still_answered(cli: Run, rows: Rows) -> None:
    cli("lapse", "peace", "argued", "--id", "x1")
    before = rows()
    again = cli("lapse", "peace", "argued", "--id", "x1")
    assert again.code == 0
    assert BACK in " ".join(again.out.split())
    assert rows() == before


def test_help_lists_the_kinds(cli: Run) -> None:
    text = cli("lapse", "peace", "--help").out
    assert "argued: We argued, and I took part" in text
    assert "flooded:" in text
