"""`review`: which week, in which form, into which file; and the one thing for next week."""

from __future__ import annotations

import stat
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.conftest import Clock, Run, Terminal


@pytest.mark.parametrize(
    ("now", "week", "said"),
    [
        ("2026-11-22T20:00:00+01:00", "16 to 22 November 2026", "ends today"),
        ("2026-11-23T02:59:00+01:00", "16 to 22 November 2026", "ends today"),
        ("2026-11-23T03:00:00+01:00", "16 to 22 November 2026", "The last whole week"),
        ("2026-11-28T20:00:00+01:00", "16 to 22 November 2026", "The last whole week"),
        ("2026-11-29T08:00:00+01:00", "23 to 29 November 2026", "ends today"),
        ("2027-01-03T20:00:00+01:00", "28 December 2026 to 3 January 2027", "ends today"),
        ("2027-01-05T20:00:00+01:00", "28 December 2026 to 3 January 2027", "last whole week"),
    ],
)
def test_the_week_that_is_meant(
    effort_cli: Run, clock: Clock, now: str, week: str, said: str
) -> None:
    clock.set(now)
    found = effort_cli("review")
    assert found.code == 0
    assert found.out.startswith(f"Your week, {week}\n")
    assert said in found.err


def test_a_week_of_your_own(effort_cli: Run) -> None:
    assert "9 to 15 November" in effort_cli("review", "--week", "2026-W46").out
    assert "9 to 15 November" in effort_cli("review", "--week", "last").out
    assert effort_cli("review", "--week", "2026-W46").err == ""
    assert effort_cli("review", "--week", "2026-W48").code == 2
    assert effort_cli("review", "--week", "2025-W53").code == 2


def test_the_first_week_is_shown_as_it_goes_on(cli: Run) -> None:
    cli("adopt", "listen")
    found = cli("review")
    assert found.out.startswith("Your week, 23 to 29 November 2026\nSo far, up to Monday.")


def test_before_anything_is_adopted(cli: Run) -> None:
    found = cli("review")
    assert found.code == 0
    assert "Nothing is logged for this week" in found.out


def test_a_page_is_written_for_its_owner_alone(effort_cli: Run, tmp_path: Path) -> None:
    file = tmp_path / "week.html"
    found = effort_cli("review", "--html", file)
    assert (found.code, found.out) == (0, "")
    assert "only you can read it" in found.err
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    first = file.read_text(encoding="utf-8")
    assert first.startswith("<!doctype html>")
    # Its own review is replaced, and nothing is left beside it.
    assert effort_cli("review", "--week", "last", "--html", file).code == 0
    assert file.read_text(encoding="utf-8") != first
    assert [one.name for one in tmp_path.glob("*week*")] == ["week.html"]


@pytest.mark.parametrize(("form", "name"), [("--html", "a.html"), ("--markdown", "a.md")])
def test_another_file_is_left_alone(effort_cli: Run, tmp_path: Path, form: str, name: str) -> None:
    file = tmp_path / name
    file.write_text("<html>my diary</html>\n# diary")
    found = effort_cli("review", form, file)
    assert found.code == 2
    assert "--force" in found.err
    assert "diary" in file.read_text()
    assert effort_cli("review", form, file, "--force").code == 0
    assert "diary" not in file.read_text()
    assert effort_cli("review", form, file).code == 0


def test_a_review_in_one_form_is_none_in_the_other(effort_cli: Run, tmp_path: Path) -> None:
    file = tmp_path / "week"
    assert effort_cli("review", "--markdown", file).code == 0
    assert effort_cli("review", "--html", file).code == 2


def test_where_nothing_can_be_written(effort_cli: Run, tmp_path: Path) -> None:
    for place in (tmp_path / "none" / "week.html", tmp_path):
        found = effort_cli("review", "--html", place)
        assert found.code == 2
        assert found.err.count("\n") == 1


def test_both_forms_at_once_and_one_to_stdout(effort_cli: Run, tmp_path: Path) -> None:
    found = effort_cli("review", "--html", tmp_path / "w.html", "--markdown", "-")
    assert found.out.startswith("<!-- reconnect: weekly review -->\n\n# Your week, 16 to 22")
    assert (tmp_path / "w.html").exists()
    assert effort_cli("review", "--html", "-").out.startswith("<!doctype html>")
    assert effort_cli("review", "--html", "-", "--markdown", "-").code == 2
    assert effort_cli("review", "--html", "-", "--json").code == 2


def test_notes_enter_only_when_asked_for(effort_cli: Run, tmp_path: Path) -> None:
    secrets = (
        "rain on the tin roof",
        "burnt on one side",
        "wrong scene",
        "storks",
        "mother is ill",
    )
    for form in (("--json",), ("--markdown", "-"), ("--html", "-"), ()):
        for back in ("this", "last", "-2", "-3"):
            out = effort_cli("review", "--week", back, *form).out
            assert not [secret for secret in secrets if secret in out]
        assert any(
            secret in " ".join(effort_cli("review", "--week", back, "--notes", *form).out.split())
            for back in ("this", "last", "-2", "-3")
            for secret in secrets
        )


def test_one_thing_is_chosen_changed_and_taken_back(effort_cli: Run) -> None:
    first = effort_cli("review", "--choose", "Tea on the balcony on Tuesday")
    assert (first.code, first.out) == (0, "")
    assert first.err == "For 23 to 29 November 2026: Tea on the balcony on Tuesday\n"
    assert "It was: Tea on" in effort_cli("review", "--choose", "Coffee").err
    assert effort_cli("review", "--json").json()["choice"] == "Coffee"
    assert "You chose   Coffee" in effort_cli("review").out
    assert "Nothing is chosen" in effort_cli("review", "--choose", "").err
    assert effort_cli("review", "--json").json()["choice"] is None


def test_the_choice_stands_in_the_next_review(effort_cli: Run, clock: Clock) -> None:
    effort_cli("review", "--choose", "Tea on the balcony")
    clock.set("2026-11-29T20:00:00+01:00")
    found = effort_cli("review")
    assert "What you chose for this week\n  Tea on the balcony\n" in found.out


@pytest.mark.parametrize(
    ("text", "why"), [("x" * 201, "at most 200"), ("a\x1b[31mb", "control character")]
)
def test_a_choice_that_cannot_be_is_refused(effort_cli: Run, text: str, why: str) -> None:
    found = effort_cli("review", "--choose", text)
    assert found.code == 2
    assert why in found.err
    assert effort_cli("review", "--json").json()["choice"] is None


def test_it_asks_at_the_end_on_a_terminal(
    effort: None, cli: Run, terminal: Callable[..., Terminal]
) -> None:
    cli("closeness", "--remove")
    shown = terminal("review")
    shown.expect("Next week, 23 to 29 November 2026")
    shown.expect("1 to 7: ")
    shown.send("5")
    shown.expect("One thing: ")
    shown.send("Put the phone away")
    shown.expect("For 23 to 29 November 2026: Put the phone away")
    assert shown.end() == 0
    found = cli("review", "--json").json()
    assert (found["circles"], found["choice"]) == (5, "Put the phone away")
    again = terminal("review")
    assert again.end() == 0
    assert "One thing: " not in again.text


def test_enter_chooses_nothing(effort: None, cli: Run, terminal: Callable[..., Terminal]) -> None:
    shown = terminal("review")
    shown.expect("One thing: ")
    shown.send("")
    assert shown.end() == 0
    assert cli("review", "--json").json()["choice"] is None


def test_nobody_is_asked_about_a_week_long_past(
    effort: None, terminal: Callable[..., Terminal]
) -> None:
    shown = terminal("review", "--week", "-5")
    assert shown.end() == 0
    assert "One thing: " not in shown.text
    assert "Nothing is chosen" not in shown.text


def test_json_is_whole(effort_cli: Run) -> None:
    found = effort_cli("review", "--json").json()
    assert found["kind"] == "review"
    assert (found["week"], found["from"], found["to"]) == ("2026-W47", "2026-11-16", "2026-11-22")
    assert {one["habit"] for one in found["habits"]} >= {"listen", "quality_time", "tone"}
    for one in found["habits"]:
        assert len(one["days"]) == 7
    assert found["question"].endswith("?")
    assert len(found["closeness"]) == 26
    assert found["next_week"]["week"] == "2026-W48"
    assert found["with_private"] is False


@pytest.mark.parametrize("columns", ["20", "40", "80"])
def test_it_prints_where_there_is_no_utf_8(effort: None, process: Run, columns: str) -> None:
    env = {"COLUMNS": columns, "PYTHONIOENCODING": "ascii"}
    found = process("review", env=env)
    assert found.code == 0
    assert found.out.isascii()
    assert max(map(len, found.out.splitlines())) <= int(columns)


@pytest.mark.parametrize(
    "wrong", [("--json", "--html", "a.html"), ("--html", "-", "--markdown", "-"), ()]
)
def test_where_something_is_refused_nothing_is_chosen_or_written(
    cli: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, wrong: tuple[str, ...]
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "diary.md").write_text("mine")
    cli("adopt", "listen")
    given = wrong or ("--html", "week.html", "--markdown", "diary.md")
    refused = cli("review", "--week", "this", "--choose", "A walk", *given)
    assert refused.code == 2
    assert cli("review", "--week", "this", "--json").json()["choice"] is None
    assert (tmp_path / "diary.md").read_text() == "mine"
    assert not list(tmp_path.glob("*.html"))
