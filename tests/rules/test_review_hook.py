"""A rule's part of the weekly review: asked with care, and left out where it is none."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.rules.conftest import GOOD, HEAD

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import Run
    from tests.rules.conftest import Site

PRIVATE_FIELD = """
[[fields]]
id = "secret"
title = "Secret"
ask = "Secret?"
type = "text"
private = true
"""
REVIEWS = (
    HEAD
    + """
class Tea(Rule, frozen=True, kw_only=True):
    def review(self, context):
        {body}

@hookimpl
def reconnect_register_rule():
    return load_rule(Path(__file__).with_name("rule.toml"), Tea)
"""
)


def install(site: Site, body: str) -> None:
    from tests.rules.conftest import RULE

    text = RULE.format(id="tea").replace("[[lapses]]", f"{PRIVATE_FIELD}\n[[lapses]]", 1)
    site.install("tea", REVIEWS.format(body=body), rule=text)


def reviewed(cli: Run, *more: str) -> tuple[list[list[str]], str]:
    found = cli("review", "--week", "this", "--json", *more)
    assert found.code == 0, found.err
    return [[one["title"], *one["lines"]] for one in found.json()["sections"]], found.err


def test_a_rule_adds_parts_about_its_own_week(site: Site, cli: Run) -> None:
    install(
        site,
        'return (ReviewSection(title="Tea", lines=(f"{len(context.history.entries)} cups from '
        '{context.first} to {context.last}, {context.history.day}",)),)',
    )
    assert cli("adopt", "tea").code == 0
    cli("log", "tea", "2", "--on", "-30")
    cli("log", "tea", "2")
    sections, problems = reviewed(cli)
    assert sections == [["Tea", "2 cups from 2026-11-23 to 2026-11-29, 2026-11-23"]]
    assert problems == ""
    assert "Tea" in cli("review", "--week", "this").out


def test_a_rule_that_nobody_keeps_is_not_asked(site: Site, cli: Run) -> None:
    install(site, 'raise ValueError("asked")')
    cli("adopt", "listen")
    assert reviewed(cli) == ([], "")


SECTION = 'ReviewSection(title="Tea", lines=({},))'
WRONG = {
    "raises": ('raise ValueError("no tea")', "ValueError: no tea"),
    "exits": ("raise SystemExit(3)", "SystemExit"),
    "a list": ("return [" + SECTION.format('"x"') + "]", "returned list, expected a tuple"),
    "text": ('return ("tea",)', "returned str in the tuple"),
    "no lines": ('return (ReviewSection(title="Tea", lines="abc"),)', "lines are no tuple"),
    "a number": ("return (" + SECTION.format("7") + ",)", "a line that is none"),
    "empty": ("return (" + SECTION.format('" "') + ",)", "a line that is none"),
    "long": ("return (" + SECTION.format('"x" * 401') + ",)", "a line that is none"),
    "an escape": ("return (" + SECTION.format('"\\x1b[2J"') + ",)", "a control character"),
    "two lines": ("return (" + SECTION.format('"a\\nb"') + ",)", "a control character"),
    "many": ("return (" + SECTION.format('"x"') + ",) * 4", "returned 4 sections"),
    "many lines": ('return (ReviewSection(title="T", lines=("x",) * 13),)', "no tuple of 12"),
}


@pytest.mark.parametrize("name", WRONG)
def test_what_is_no_part_is_left_out_and_is_a_problem(site: Site, cli: Run, name: str) -> None:
    body, why = WRONG[name]
    install(site, body)
    assert cli("adopt", "tea").code == 0
    cli("adopt", "listen")
    cli("log", "listen", "9")
    sections, problems = reviewed(cli)
    assert sections == []
    assert "plugin tea: review: " in problems
    assert why in problems
    assert "Eight undivided minutes" in cli("review", "--week", "this").out


@pytest.mark.parametrize("what", ["entry.note", 'entry.fields["secret"]'])
def test_what_is_private_stays_private_unasked(site: Site, cli: Run, what: str) -> None:
    section = SECTION.format(f"'So: ' + {what}")
    install(site, f"entry = context.history.entries[0]; return ({section},)")
    cli("adopt", "tea")
    kept = "the letter in the blue drawer, unsent"
    cli("log", "tea", "2", "--secret", kept, "--note", kept)
    sections, problems = reviewed(cli)
    assert sections == []
    assert "a private answer or a note that nobody asked for" in problems
    assert kept not in problems
    sections, problems = reviewed(cli, "--notes")
    assert sections == [["Tea", f"So: {kept}"]]
    assert problems == ""


def test_a_rule_of_texts_alone_adds_nothing(site: Site, cli: Run) -> None:
    site.install("tea", GOOD)
    cli("adopt", "tea")
    assert reviewed(cli) == ([], "")


def test_one_that_hangs_is_left_behind(
    site: Site, cli: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    install(site, "import threading; threading.Event().wait(60)")
    assert cli("adopt", "tea").code == 0
    monkeypatch.setenv("RECONNECT_PLUGINS_SECONDS", "0.5")
    sections, problems = reviewed(cli)
    assert sections == []
    assert "took longer than 0.5 s" in problems


def test_a_rule_is_shown_its_own_week_and_of_others_signals_alone(
    site: Site, cli: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    loot = tmp_path / "loot"
    monkeypatch.setenv("LOOT", str(loot))
    install(site, 'import os; Path(os.environ["LOOT"]).write_text(repr(context)); return ()')
    for rule in ("tea", "peace", "sincerity"):
        assert cli("adopt", rule).code == 0
    cli("log", "tea", "2", "--note", "my own note")
    cli("log", "peace", "stormy", "--note", "a note of peace")
    cli("log", "sincerity", "3", "--why", "a reason of the heart")
    cli("closeness", "2")
    cli("review", "--week", "this", "--choose", "a choice of mine")
    assert reviewed(cli) == ([], "")
    seen = loot.read_text()
    assert "my own note" in seen
    assert "mood='stormy'" in seen
    assert not [t for t in ("note of peace", "reason of", "choice of", "closeness") if t in seen]
