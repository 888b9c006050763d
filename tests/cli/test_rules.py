from __future__ import annotations

import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import pytest
    from tests.conftest import Run, Terminal


def states(cli: Run) -> dict[str, str]:
    shown = cli("rules", "--json").json()
    assert shown["schema_version"] == 1
    return {rule["rule"]: rule["state"] for rule in shown["rules"]}


def test_all_rules_in_the_order_of_introduction(cli: Run, letter: Path) -> None:
    assert letter.exists()
    cli("adopt", "peace")
    found = states(cli)
    assert list(found) == [
        "sincerity", "listen", "humor", "quality_time", "tone", "inspire", "support", "peace",
        "honesty", "apology", "letter",
    ]  # fmt: skip
    assert (found["listen"], found["peace"], found["letter"]) == (
        "available",
        "adopted",
        "available",
    )
    lines = cli("rules").out.splitlines()
    assert lines[0].split() == ["rule", "state", "what", "it", "is"]
    assert lines[1].split()[:2] == ["sincerity", "available"]
    assert lines[2].split()[:2] == ["listen", "available"]


def test_a_rule_that_is_off_is_listed_with_the_reason(
    cli: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RECONNECT_PLUGINS", "listen")
    assert states(cli)["peace"] == "off"
    assert "left out by RECONNECT_PLUGINS" in cli("rules").out
    one = cli("rules", "peace")
    assert one.code == 3
    assert "does not run (left out by RECONNECT_PLUGINS)" in one.err


def test_no_rule_at_all(cli: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RECONNECT_PLUGINS", "")
    shown = cli("rules")
    assert shown.code == 0
    assert "off" in shown.out


def test_one_rule_whole(cli: Run) -> None:
    shown = cli("rules", "listen")
    assert shown.code == 0
    text = " ".join(shown.out.split())
    for part in (
        "Listen (listen, available)",
        "Think of what it is like to be heard.",
        "What it asks Eight minutes a day.",
        "undivided: Eight undivided minutes (every day, 20:30, 8 minutes)",
        "phone-free-meal: A meal without my phone (every Saturday, 18:00, 20 minutes)",
        "cue: after we clear the table",
        "minutes: How many minutes did you really listen? (a whole number from 1 to 480)",
        "half-listened: I listened with half an ear Say so",
        "Prompts, 3 of",
        "minutes-week: How many minutes did I really listen in the last seven days? (minutes)",
        "Kuhn et al. (2018)",
        "Take it up: reconnect adopt listen",
    ):
        assert part in text, part
    assert text.count(" - ") >= 3 + 2  # the samples and the sources


def test_a_when_needed_habit_says_so(cli: Run) -> None:
    assert "pause: A break, and coming back (when needed)" in cli("rules", "peace").out


def test_at_most_is_said(cli: Run, letter: Path) -> None:
    assert letter.exists()
    assert "(every Sunday, 09:00, at most 2 drafts)" in cli("rules", "letter").out


def test_one_rule_as_json_holds_everything(cli: Run) -> None:
    cli("adopt", "listen")
    whole = cli("rules", "listen", "--json").json()
    assert (whole["kind"], whole["state"], whole["adopted"]) == ("rule", "adopted", ["listen"])
    assert whole["rule"]["id"] == "listen"
    assert len(whole["rule"]["prompts"]) > 3
    assert json.dumps(whole["rule"]["metrics"])


def test_an_unknown_rule_names_the_nearest(cli: Run) -> None:
    shown = cli("rules", "lisen")
    assert shown.code == 3
    assert shown.err == "reconnect: no rule 'lisen': did you mean listen?\n"
    assert "lists them all" in cli("rules", "zzz").err


def test_looking_at_rules_wraps_to_the_terminal(
    terminal: Callable[..., Terminal],
) -> None:
    shown = terminal("--color", "never", "rules", "listen", COLUMNS="60")
    assert shown.end() == 0
    assert max(map(len, shown.text.splitlines())) <= 60
