"""Signals: tension, mood and "a lapse happened" are all that one rule learns of another's day."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import msgspec
import pytest
from tests.rules.conftest import HEAD, RULE

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import Clock, Run
    from tests.plugins.conftest import Passing
    from tests.rules.conftest import Site

SECRETS = (
    "secret-why", "secret-joke", "secret-issue", "secret-goal", "secret-act", "secret-promise",
    "secret-memory", "secret-note", "secret-question", "secret-reason",
)  # fmt: skip

# A plugin that writes down whatever the API shows it, wherever it is asked.
SPY = f"""
import json, os
import click
{HEAD}

def tell(where, *things):
    with open(os.environ["SPY"], "a", encoding="utf-8") as file:
        for thing in things:
            file.write(where + " " + repr(thing) + "\\n")

class Spy(Rule, frozen=True, kw_only=True):
    def prompts_for(self, context):
        tell("prompts_for", context)
        return self.prompts

    def choose_prompt(self, context):
        tell("choose_prompt", context, context.history, context.signals, context.shown)
        return super().choose_prompt(context)

    def measure(self, history):
        tell("measure", history)
        return super().measure(history)

@hookimpl
def reconnect_register_rule():
    return load_rule(Path(__file__).with_name("rule.toml"), Spy)

@hookimpl
def reconnect_before_reminder(message):
    tell("before_reminder", message)

@hookimpl
def reconnect_after_delivery(delivered):
    tell("after_delivery", delivered)

@hookimpl
def reconnect_entry_recorded(entry, session):
    tell("entry_recorded", entry, session.history())

@hookimpl
def reconnect_entry_taken_back(entry, session):
    tell("entry_taken_back", entry, session.history())

@hookimpl
def reconnect_register_commands():
    return [PluginCommand("look", "Look at everything.", lambda: look)]

KINDS = ("goal", "issue", "promise", "draft", "setting", "pause", "last", "help-shown", "")

@click.command()
@pass_session
def look(session):
    tell("session", session.history(), session.rule, session.templates, session.person_name)
    for kind in KINDS:
        tell("records", session.records(kind))
        for key in ("last", "0001", "", "1"):
            tell("get", session.get(kind, key))
            tell("drop", session.drop(kind, key))
    tell("cancel", *[session.cancel(number) for number in range(1, 40)])
    public = [name for name in dir(session) if not name.startswith("_")]
    tell("public", *public)
"""


@pytest.fixture
def spied(site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the spy writes; it is enabled, and its rule adopted by the caller."""
    seen = tmp_path / "seen.txt"
    seen.touch()
    monkeypatch.setenv("SPY", str(seen))
    site.install("spy", SPY)
    return seen


def live(cli: Run) -> None:
    """A day on which everything is logged that should stay where it is."""
    rules = ("sincerity", "humor", "honesty", "support", "apology", "quality_time", "listen")
    for rule in (*rules, "peace", "inspire", "tone"):
        assert cli("adopt", rule, "--no-reminder").code == 0
    cli("support", "add", "secret-goal", "--why", "secret-reason", "--on", "2026-12-24")
    for entry in (
        ("sincerity", "2", "--why", "secret-why"),
        ("humor", "3", "--tension", "4", "--funny", "secret-joke"),
        ("honesty", "hard-truth", "--issue", "secret-issue"),
        ("support", "secret-act", "--goal", "secret-goal"),
        ("apology", "apology", "--promise", "secret-promise", "--promise-date", "2026-12-01"),
        ("quality_time", "77", "--memory", "secret-memory"),
        ("inspire", "asked", "--question", "secret-question"),
        ("peace", "stormy", "--warm", "41"),
    ):
        done = cli("log", *entry, "--note", "-", stdin="secret-note")
        assert done.code == 0, done.err
    assert cli("lapse", "tone", "contempt", "--note", "-", stdin="secret-note").code == 0


def test_a_plugin_cannot_read_what_other_rules_keep(
    cli: Run, spied: Path, hooked: None, passing: Passing
) -> None:
    live(cli)
    assert cli("adopt", "spy", "--at", "18:00").code == 0
    assert cli("log", "spy", "2", "--note", "-", stdin="a note of its own").code == 0
    assert cli("undo").code == 0
    for command in (("prompt", "spy", "--why"), ("metrics",), ("metrics", "spy", "--weeks", "9")):
        assert cli(*command).code == 0
    passing.arrives("2026-11-23 18:00")
    looked = cli("spy", "look")
    assert looked.code == 0, looked.err
    seen = spied.read_text(encoding="utf-8")
    for where in (
        "choose_prompt", "prompts_for", "measure", "before_reminder", "after_delivery",
        "entry_recorded", "entry_taken_back", "session",
    ):  # fmt: skip
        assert f"{where} " in seen, where
    assert "a note of its own" in seen
    assert [secret for secret in SECRETS if secret in seen] == []
    # Of other rules' numbers and choices nothing but the signals came through.
    assert "Signals(tension=4, mood='stormy', lapsed=True)" in seen
    for detail in ("contempt", "hard-truth", "41", "77"):
        assert f"'{detail}'" not in seen
        assert f": {detail}" not in seen
    # And nothing of them was changed: its own reminder is the only one that it could take back.
    assert seen.count("cancel True") == 1
    assert "drop True" not in seen
    assert "secret-goal" in cli("support", "goals").out
    assert "secret-promise" in cli("apology", "promises").out
    assert len(cli("remind", "--json").json()["reminders"]) == 2


def test_a_session_offers_nothing_more(cli: Run, spied: Path) -> None:
    from reconnect.rules.session import RuleSession

    cli("adopt", "spy", "--no-reminder")
    cli("spy", "look")
    public = {line.split("'")[1] for line in spied.read_text().splitlines() if "public" in line}
    assert public == {name for name in vars(RuleSession) if not name.startswith("_")}


# What becomes a signal, and what does not.


def signals(cli: Run, *days: str) -> list[tuple[Any, ...]]:
    from reconnect.cli.app import App
    from reconnect.habits.signals import signals_between

    app = App()
    try:
        found = signals_between(
            app.db, app.person.id, app.catalog.rules(), date(2026, 1, 1), date(2026, 12, 31)
        )
        return [msgspec.structs.astuple(found[date.fromisoformat(day)]) for day in days]
    finally:
        app.close()


def test_the_highest_tension_and_the_last_mood_of_a_day(cli: Run, clock: Clock) -> None:
    for rule in ("humor", "peace", "tone"):
        cli("adopt", rule, "--no-reminder")
    for tension, mood in ((2, "stormy"), (5, "peaceful"), (1, "mixed")):
        clock.move(minutes=1)
        cli("log", "humor", "0", "--tension", tension)
        cli("log", "peace", mood)
    cli("lapse", "tone", "sarcasm", "--on", "yesterday")
    assert signals(cli, "2026-11-23", "2026-11-22") == [(5, "mixed", False), (None, None, True)]


@pytest.mark.parametrize(
    ("signal", "kind", "wrong", "right", "expected"),
    [
        ("mood", "text", "secret words", "stormy", (None, "stormy", False)),
        ("tension", "integer", "99", "3", (3, None, False)),
        ("tension", "integer", "0", "1", (1, None, False)),
        ("tension", "number", "2.5", "2", (2, None, False)),
        ("tension", "text", "5", "5", (None, None, False)),
        ("tension", "boolean", "yes", "yes", (None, None, False)),
    ],
)
def test_what_is_no_tension_and_no_mood_is_not_published(
    cli: Run, site: Site, signal: str, kind: str, wrong: str, right: str, expected: object
) -> None:
    field = (
        f'[[fields]]\nid = "loud"\ntitle = "T"\nask = "?"\ntype = "{kind}"\nsignal = "{signal}"\n'
    )
    text = RULE.format(id="loud").replace("[[lapses]]", f"{field}\n[[lapses]]", 1)
    site.folder("loud", text)
    assert cli("adopt", "loud", "--no-reminder").code == 0
    options = ["--loud"] if kind == "boolean" else ["--loud", wrong]
    assert cli("log", "loud", "1", *options).code == 0
    assert signals(cli, "2026-11-23") == [(None, None, False)]
    if kind != "boolean":
        assert cli("log", "loud", "1", "--loud", right).code == 0
    assert signals(cli, "2026-11-23") == [expected]
