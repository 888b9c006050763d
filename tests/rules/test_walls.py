"""An outside plugin that tries every door of the API: of other rules it gets signals, no more."""

from __future__ import annotations

import contextlib
import sqlite3
from typing import TYPE_CHECKING

import pytest
from tests.habits.test_signals import SECRETS, live
from tests.plugins.conftest import hooked, passing
from tests.reminders.live import daemon, receiver
from tests.rules.conftest import GOOD, HEAD

from reconnect.paths import find_paths
from reconnect.rules.catalog import load_registry

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import Run
    from tests.plugins.conftest import Passing
    from tests.rules.conftest import Site

__all__ = ["daemon", "hooked", "passing", "receiver"]

# Whatever it gets hold of it writes down, and whatever it can change it changes.
THIEF = f"""
import os
import click
import msgspec
{HEAD}

OTHERS = {{
    "peace": ("pause", "seven-minute-view", "evening"), "apology": ("amends", "apology"),
    "support": ("weekly",), "sincerity": ("check-in",), "honesty": ("truths",),
    "tone": ("restart",),
}}
KINDS = ("goal", "issue", "promise", "draft", "setting", "pause", "turned", "help-shown")

def tell(where, *things):
    with open(os.environ["LOOT"], "a", encoding="utf-8") as file:
        for thing in things:
            file.write(where + " " + repr(thing) + "\\n")

def attempt(where, call):
    try:
        tell(where, call())
    except Exception as error:
        tell(where, type(error).__name__, str(error))

def spoil(mapping, where):
    for change in (
        lambda: mapping.clear(), lambda: mapping.update({{}}), lambda: mapping.popitem(),
        lambda: [mapping.__setitem__(day, Signals(tension=5)) for day in list(mapping)],
    ):
        attempt(where, change)

class Thief(Rule, frozen=True, kw_only=True):
    def prompts_for(self, context):
        tell("prompts_for", context)
        return self.prompts

    def choose_prompt(self, context):
        tell("choose_prompt", context)
        spoil(context.shown, "spoil-shown")
        spoil(context.history.signals, "spoil-signals")
        # Counted as shown, it would keep a prompt of another rule back.
        return Prompt(id="sincerity-weekly-01", text="A prompt by another's id.")

    def measure(self, history):
        tell("measure", history)
        spoil(history.signals, "spoil-signals")
        for rule in OTHERS:
            attempt("turn", lambda: msgspec.structs.force_setattr(history, "rule", rule))
        return super().measure(history)

    def due(self, reminder, context):
        tell("due", reminder, context)
        return True

@hookimpl
def reconnect_register_rule():
    return load_rule(Path(__file__).with_name("rule.toml"), Thief)

@hookimpl
def reconnect_before_reminder(message):
    tell("before_reminder", message)
    return msgspec.structs.replace(message, rule="sincerity", habit="sincerity")

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
    return [
        PluginCommand("rob", "Try every door.", lambda: rob),
        PluginCommand("object", "What click hands out.", lambda: handed),
    ]

@click.command()
@click.pass_obj
def handed(thing):
    tell("handed", type(thing).__name__)

@click.command()
@pass_session
def rob(session):
    for name in sorted(n for n in dir(RuleSession) if not n.startswith("_")):
        tell("value", name, getattr(session, name))
    attempt("history", session.history)
    for kind in KINDS:
        attempt("records", lambda: session.records(kind))
        for key in ("last", "pace", "idea", "0001", "1", ""):
            attempt("get", lambda: session.get(kind, key))
            attempt("drop", lambda: session.drop(kind, key))
            attempt("put", lambda: session.put(kind, key, {{"text": "robbed"}}))
    for number in range(1, 60):
        attempt("cancel", lambda: session.cancel(number))
    for rule, templates in OTHERS.items():
        for template in (rule, *templates):
            attempt("require", lambda: session.require(template))
            attempt("record", lambda: session.record(fields={{"cups": 1}}, habit=template))
            attempt("remind_at", lambda: session.remind_at(
                session.wall.replace(hour=23), "Robbed.", habit=template))
    for lapse in ("contempt", "broke-promise", "held-back"):
        attempt("lapse", lambda: session.record(kind="lapse", lapse=lapse))
    for answer in ({{"heart": 0}}, {{"promise": "robbed"}}, {{"goal": "robbed"}}):
        attempt("fields", lambda: session.record(fields=answer))
"""


@pytest.fixture
def loot(site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the thief writes; it is enabled."""
    seen = tmp_path / "loot.txt"
    seen.touch()
    monkeypatch.setenv("LOOT", str(seen))
    site.install("thief", THIEF)
    return seen


def belongings(home: Path) -> dict[str, list[tuple[object, ...]]]:
    """All that the other rules have in the database."""
    others = "habit_id IN (SELECT id FROM habit WHERE rule <> 'thief')"
    wanted = {
        "habit": "rule <> 'thief'", "entry": others, "rule_data": "rule <> 'thief'",
        "prompt_shown": "rule <> 'thief'", "reminder": others, "delivery": others,
    }  # fmt: skip
    with contextlib.closing(sqlite3.connect(home / "reconnect.db")) as db:
        return {
            name: db.execute(f"SELECT * FROM {name} WHERE {which}").fetchall()  # noqa: S608
            for name, which in wanted.items()
        }


def test_a_plugin_that_tries_every_door_gets_signals_and_no_more(
    cli: Run, home: Path, loot: Path, hooked: None, passing: Passing
) -> None:
    live(cli)
    # What a habit is called is the person's own, too.
    meal = ("listen", "phone-free-meal", "--name", "secret-name", "--days", "daily")
    assert cli("adopt", *meal, "--at", "17:00").code == 0
    assert cli("peace", "pause", "--minutes", "600").code == 0
    assert cli("adopt", "thief", "--at", "18:00").code == 0
    passing.arrives("2026-11-23 17:00")
    before = belongings(home)
    assert all(before.values()), {name: len(rows) for name, rows in before.items()}
    own_metrics = cli("metrics", "humor", "--json").json()
    assert cli("log", "thief", "2", "--note", "-", stdin="a note of its own").code == 0
    assert cli("undo").code == 0
    for command in (("prompt", "thief", "--why"), ("metrics",), ("metrics", "--weeks", "5")):
        assert cli(*command).code == 0
    _, body = passing.arrives("2026-11-23 18:00")
    assert body == "A prompt by another's id."
    assert cli("thief", "rob").code == 0
    assert cli("thief", "object").code == 0
    assert belongings(home) == before
    assert cli("metrics", "humor", "--json").json() == own_metrics
    seen = loot.read_text(encoding="utf-8")
    for where in (
        "choose_prompt", "measure", "due", "before_reminder", "after_delivery", "entry_recorded",
        "entry_taken_back", "history", "records", "get", "drop", "put", "cancel", "require",
        "record", "remind_at", "lapse", "fields", "handed",
    ):  # fmt: skip
        assert f"\n{where} " in f"\n{seen}", where
    assert "a note of its own" in seen
    assert [secret for secret in (*SECRETS, "secret-name") if secret in seen] == []
    assert "Signals(tension=4, mood='stormy', lapsed=True)" in seen
    for detail in ("contempt'", "hard-truth", "rule='listen'", "rule='peace'", "'App'"):
        assert detail not in seen.replace("no lapse 'contempt'", ""), detail


def test_what_one_rule_does_to_the_signals_reaches_no_other(cli: Run, loot: Path) -> None:
    # The thief is asked first here: the built-in ones come before it, folders and others after.
    for rule in ("humor", "peace", "thief"):
        assert cli("adopt", rule, "--no-reminder").code == 0
    assert cli("log", "humor", "2", "--tension", "5").code == 0
    from reconnect.cli.app import App
    from reconnect.habits.measuring import answers

    app = App()
    registry = load_registry(app.paths)
    rules = [registry.rules["thief"], registry.rules["humor"]]
    (_, _), (humor, (values,)) = answers(app.db, app.person.id, registry, rules, [app.today])
    app.close()
    found = {one.metric: one.value for one in values}
    assert humor.id == "humor"
    assert found["tense-days-with-laugh"] == 100.0
    assert not registry.problems


CHANGELING = f"""
import os
{HEAD}
class Changeling(Rule, frozen=True, kw_only=True):
    def measure(self, history):
        with open(os.environ["LOOT"], "a", encoding="utf-8") as file:
            file.write(repr(history))
        return super().measure(history)

@hookimpl
def reconnect_register_rule():
    return load_rule(Path(__file__).with_name("rule.toml"), Changeling)

@hookimpl
def reconnect_entry_recorded(entry, session):
    with open(os.environ["LOOT"], "a", encoding="utf-8") as file:
        file.write(repr(entry) + repr(session.history()))

@hookimpl
def reconnect_before_reminder(message):
    1 / 0

@hookimpl
def reconnect_register_commands():
    # Called once it is loaded and checked: from now on it gives itself out for another rule.
    Changeling.id = property(lambda self: "sincerity")
    return []
"""


def test_a_rule_cannot_give_itself_out_for_another(
    process: Run, site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    loot = tmp_path / "loot.txt"
    monkeypatch.setenv("LOOT", str(loot))
    site.install("changeling", CHANGELING)
    for rule in ("sincerity", "changeling"):
        assert process("adopt", rule, "--no-reminder").code == 0
    assert process("log", "sincerity", "2", "--why", "secret-why").code == 0
    registry = load_registry(find_paths())
    changeling = registry.owner("changeling")
    assert changeling is not None
    registry.commands(changeling)
    for hook in ("reconnect_entry_recorded", "reconnect_before_reminder"):
        owners = [p.name for p, _ in registry.implementations(hook, "sincerity")]
        assert owners == []
    from reconnect.cli.app import App
    from reconnect.habits.measuring import answers

    app = App()
    answers(app.db, app.person.id, registry, list(registry.rules.values()), [app.today])
    app.close()
    assert "History(rule='changeling'" in loot.read_text(encoding="utf-8")
    assert "secret-why" not in loot.read_text(encoding="utf-8")


def test_the_id_of_a_built_in_rule_is_its_own_even_while_it_is_off(
    cli: Run, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tests.rules.conftest import RULE

    assert cli("adopt", "sincerity", "--no-reminder").code == 0
    assert cli("log", "sincerity", "2", "--why", "secret-why").code == 0
    assert cli("plugins", "disable", "sincerity").code == 0
    site.install("heir", GOOD, rule=RULE.format(id="sincerity"))
    rows = {row["plugin"]: row for row in cli("plugins", "--json").json()["plugins"]}
    assert rows["heir"]["state"] == "broken"
    assert (
        "the rule id 'sincerity' belongs to the built-in plugin 'sincerity'" in rows["heir"]["why"]
    )
    assert cli("sincerity", "mirror").code == 3
    monkeypatch.setenv("RECONNECT_PLUGINS", "heir")
    (heir,) = (r for r in cli("plugins", "--json").json()["plugins"] if r["plugin"] == "heir")
    assert heir["state"] == "broken"


def test_a_folder_of_ones_own_may_take_the_place_of_a_built_in_rule(cli: Run, site: Site) -> None:
    from tests.rules.conftest import RULE

    assert cli("plugins", "disable", "listen").code == 0
    site.folder("mine", RULE.format(id="listen"))
    shown = cli("rules", "listen")
    assert shown.code == 0, shown.err
    assert "A cup of tea together." in shown.out
