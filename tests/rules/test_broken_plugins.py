"""Whatever a plugin does, it is shown as its own problem, and everything else goes on."""

from __future__ import annotations

import json
import shutil
import sys
import threading
from typing import TYPE_CHECKING

import pytest
from tests.rules.conftest import GOOD, HEAD, RULE

from reconnect.paths import find_paths
from reconnect.rules.catalog import load_registry

if TYPE_CHECKING:
    from tests.conftest import Result, Run
    from tests.rules.conftest import Site

REGISTER = f"""{HEAD}
@hookimpl
def reconnect_register_rule():
    """
TEA = RULE.format(id="tea")

# What the plugin's code is, what its rule.toml is, and what must be said of it.
BROKEN: dict[str, tuple[str, str, str]] = {
    "missing module": ("import no_such_module", TEA, "No module named 'no_such_module'"),
    "syntax": ("def broken(:\n    pass", TEA, "SyntaxError: invalid syntax (__init__.py, line 1)"),
    "raises": ("1 / 0", TEA, "division by zero (reconnect_tea/__init__.py, line 1)"),
    "exits": ("import sys; sys.exit(3)", TEA, "tried to end the program (SystemExit: 3)"),
    "interrupts": ("raise KeyboardInterrupt", TEA, "KeyboardInterrupt"),
    "recursion": ("def f(): f()\nf()", TEA, "RecursionError"),
    "error without words": (
        ("class E(Exception):\n    def __str__(self): raise ValueError\nraise E"), TEA, "E",
    ),
    "escape sequence": ("raise ValueError('\\x1b[2Jgone')", TEA, "ValueError: ?[2Jgone"),
    "hangs": ("while True: pass", TEA, "took longer than 0.5 s"),
    "no hook": ("", TEA, "reconnect_tea: no hook reconnect_register_rule"),
    "no marker": (
        GOOD.replace("@hookimpl", ""), TEA,
        "reconnect_register_rule stands there, but without @hookimpl",
    ),
    "misspelt hook": (
        f"{GOOD}\n@hookimpl\ndef reconnect_entry_recorder(entry): pass", TEA,
        "no hook 'reconnect_entry_recorder': did you mean reconnect_entry_recorded?",
    ),
    "unmarked hook": (
        f"{GOOD}\ndef reconnect_after_delivery(delivered): pass", TEA,
        "reconnect_after_delivery stands there, but without @hookimpl",
    ),
    "unknown argument": (
        f"{GOOD}\n@hookimpl\ndef reconnect_after_delivery(delivery): pass", TEA,
        "Argument(s) {'delivery'} are declared in the hookimpl but can not be found",
    ),
    "hook wrapper": (
        f"{GOOD}\n@hookimpl(wrapper=True)\ndef reconnect_after_delivery(delivered): yield", TEA,
        "reconnect_after_delivery is a hook wrapper, expected a plain function",
    ),
    "async hook": (
        f"{GOOD}\n@hookimpl\nasync def reconnect_after_delivery(delivered): pass", TEA,
        "reconnect_after_delivery is async, expected a plain function",
    ),
    "hook raises": (f"{REGISTER}raise RuntimeError('no rule today')", TEA, "no rule today"),
    "returns nothing": (f"{REGISTER}pass", TEA, "returned None, expected a Rule"),
    "returns junk": (f"{REGISTER}return {{'id': 'tea'}}", TEA, "returned dict, expected a Rule"),
    "unchecked rule": (
        REGISTER + "return Rule(api=1, id='No Id!', title='T', summary='S', why='W', asks='A', "
        "habits=(HabitTemplate(id='a', title='A'),), prompts=(Prompt(id='p', text='P'),))",
        TEA, "id: expected an id of at most 40 lower-case letters and digits",
    ),
    "no file": (
        GOOD.replace("rule.toml", "rules.toml"), TEA, "rules.toml: cannot be read (No such file",
    ),
    "bad toml": (GOOD, "api = 1\nid = tea\n", "not valid TOML: Invalid value (at line 2"),
    "unknown key": (
        GOOD, TEA.replace("why =", "wy ="), "rule.toml: wy: unknown key, did you mean why?",
    ),
    "wrong type": (
        GOOD, TEA.replace("maximum = 20", 'maximum = "20"'),
        "fields.cups.maximum: expected a number, got '20'",
    ),
    "newer api": (
        GOOD, TEA.replace("api = 1", "api = 2"),
        "written for plugin API 2, this program speaks 1: upgrade reconnect",
    ),
    "taken id": (
        GOOD, RULE.format(id="listen"), "the rule id 'listen' is taken by the plugin 'listen'",
    ),
}  # fmt: skip


def taught(listed: Result) -> set[str]:
    """The rules that can be taken up."""
    return {row["rule"] for row in listed.json()["rules"] if row["state"] == "available"}


@pytest.mark.parametrize("kind", BROKEN)
def test_a_broken_plugin_is_shown_and_the_rest_goes_on(
    kind: str, site: Site, cli: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    code, rule, expected = BROKEN[kind]
    monkeypatch.setenv("RECONNECT_PLUGINS_SECONDS", "0.5")
    site.install("tea", code, rule=rule)

    shown = cli("plugins", "--json")

    assert shown.code == 0
    by_name = {row["plugin"]: row for row in shown.json()["plugins"]}
    tea = by_name["tea"]
    assert tea["state"] == "broken"
    assert (tea["rule"], tea["version"], tea["origin"]) == (None, "1.0", "installed")
    assert expected in tea["why"]
    assert tea["problems"] == [{"where": "loading", "why": tea["why"]}]
    assert "\n" not in tea["why"]
    assert by_name["listen"]["state"] == by_name["peace"]["state"] == "on"
    assert expected in cli("plugins").out
    # From the catalog that was kept, too: nothing of the plugin may be lost there.
    for _ in range(2):
        assert taught(cli("rules", "--json")) >= {"listen", "peace"}
        assert cli("today", "--json").code == 0
        assert cli("adopt", "tea").code == 3


def test_a_hopeless_crowd_of_plugins_leaves_every_command_working(
    site: Site, process: Run, home: object
) -> None:
    for number, (code, rule, _) in enumerate(BROKEN.values()):
        site.install(f"tea{number}", code.replace("reconnect_tea", f"reconnect_tea{number}"),
                     rule=rule.replace('"tea"', f'"tea{number}"'))  # fmt: skip
    environment = {"RECONNECT_PLUGINS_SECONDS": "0.5"}
    process("adopt", "listen", env=environment)
    for arguments in (["--help"], ["rules", "--json"], ["today", "--json"], ["plugins", "--json"],
                      ["log", "listen", "5", "--json"]):  # fmt: skip
        done = process(*arguments, env=environment)
        assert done.code == 0, done
        if "--json" in arguments:
            assert json.loads(done.out)["schema_version"] == 1
    shown = process("plugins", "--json", env=environment).json()
    assert {row["state"] for row in shown["plugins"] if row["plugin"].startswith("tea")} == {
        "broken"
    }
    assert process("plugins", "disable", "tea3", env=environment).code == 0


@pytest.mark.parametrize(
    "noise",
    [
        "print('noise')",
        "import sys; sys.stdout.write('noise')",
        "import sys; sys.__stdout__.write('noise')",
        "import os; os.write(1, b'noise')",
        "import subprocess, sys; subprocess.run([sys.executable, '-c', 'print(\"noise\")'])",
        "import sys; sys.stdout.buffer.write(b'noise')",
    ],
)
def test_what_a_plugin_prints_stays_off_stdout(noise: str, site: Site, process: Run) -> None:
    site.install("tea", f"{noise}\n{GOOD}")
    done = process("rules", "--json")
    assert taught(done) >= {"listen", "peace", "tea"}
    assert "noise" in done.err


def test_a_plugin_may_hang_where_python_cannot_end_it(site: Site, process: Run) -> None:
    site.install("tea", "import threading; threading.Event().wait()")
    environment = {"RECONNECT_PLUGINS_SECONDS": "0.5"}
    done = process("rules", "--json", env=environment)
    assert done.code == 0
    assert taught(done) >= {"listen", "peace"}
    assert "took longer than 0.5 s" in process("plugins", env=environment).out


def test_nothing_runs_where_the_environment_says_so(
    site: Site, cli: Run, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    site.install("tea")
    site.folder("mine")
    monkeypatch.setenv("RECONNECT_PLUGINS", "")
    rows = cli("plugins", "--json").json()["plugins"]
    assert {row["state"] for row in rows} == {"off"}
    assert {row["why"] for row in rows} == {"left out by RECONNECT_PLUGINS"}
    assert taught(cli("rules", "--json")) == set()
    monkeypatch.setenv("RECONNECT_PLUGINS", "peace, tea,lisen")
    assert taught(cli("rules", "--json")) == {"peace", "tea"}
    missing = "RECONNECT_PLUGINS names 'lisen', but no such plugin is there: did you mean listen?"
    for command in (["plugins"], ["rules"], ["adopt", "peace"], ["log", "peace", "mixed"]):
        assert cli(*command).err.count(missing) == 1, command
    assert missing in cli("doctor").out
    load_registry(find_paths(), 5.0)
    assert missing in caplog.text


def test_where_no_rule_runs_none_is_offered(cli: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "takes it up" in cli("rules").err
    monkeypatch.setenv("RECONNECT_PLUGINS", "")
    shown = cli("rules")
    assert "takes it up" not in shown.err
    assert "No rule runs" in shown.err


def test_the_doctor_finds_habits_that_nobody_teaches(site: Site, cli: Run) -> None:
    folder = site.install("tea")
    assert cli("adopt", "tea", "--name", "cuppa").code == 0
    assert "you keep" not in cli("doctor").out
    assert cli("plugins", "disable", "tea").code == 0
    assert "you keep cuppa (rule tea), but its plugin does not run" in cli("doctor").out
    shutil.rmtree(folder)
    shutil.rmtree(site.place / "reconnect_tea-1.0.dist-info")
    told = cli("doctor")
    assert told.code == 0
    assert "you keep cuppa (rule tea), but no plugin teaches it" in told.out
    assert "`reconnect habits archive cuppa`" in told.out
    assert cli("habits", "archive", "cuppa").code == 0
    assert "you keep" not in cli("doctor").out


def test_naming_a_plugin_in_the_environment_is_no_consent(
    site: Site, cli: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    site.install("tea", enable=False)
    monkeypatch.setenv("RECONNECT_PLUGINS", "tea")
    assert taught(cli("rules", "--json")) == set()


def test_strict_mode_lets_the_exception_through(
    site: Site, cli: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    site.install("tea", "1 / 0")
    assert cli("rules").code == 0
    monkeypatch.setenv("RECONNECT_PLUGINS_STRICT", "1")
    for _ in range(2):
        with pytest.raises(ZeroDivisionError):
            cli("rules")
    assert cli("plugins").code == 0
    monkeypatch.delenv("RECONNECT_PLUGINS_STRICT")
    assert cli("rules").code == 0


def test_two_plugins_of_one_name(site: Site, cli: Run) -> None:
    site.install("listen", GOOD, rule=RULE.format(id="tea"), distribution="tea_house",
                 target="reconnect_tea")  # fmt: skip
    (site.place / "reconnect_listen").rename(site.place / "reconnect_tea")
    rows = cli("plugins", "--json").json()["plugins"]
    first, second = [row for row in rows if row["plugin"] == "listen"]
    assert (first["state"], first["origin"]) == ("on", "built-in")
    assert (second["state"], second["origin"]) == ("broken", "installed")
    assert second["why"] == "the name 'listen' is taken by a plugin of reconnect"


def test_one_module_as_two_plugins(site: Site, cli: Run) -> None:
    site.install("tea")
    site.install("more_tea", target="reconnect_tea")
    by_name = {row["plugin"]: row for row in cli("plugins", "--json").json()["plugins"]}
    assert {by_name["tea"]["state"], by_name["more_tea"]["state"]} == {"on", "broken"}
    assert "this code runs already as the plugin" in by_name["tea"]["why"]


def test_an_entry_point_may_name_an_object(site: Site, cli: Run) -> None:
    site.install(
        "tea",
        f"{HEAD}\nclass House:\n    @hookimpl\n    def reconnect_register_rule(self):\n"
        "        return load_rule(Path(__file__).with_name('rule.toml'))\nhouse = House()\n",
        target="reconnect_tea : house",
    )
    assert "tea" in taught(cli("rules", "--json"))


def test_a_thread_that_a_plugin_leaves_behind_is_told_to_end(
    site: Site, cli: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    site.install("tea", "while True: pass")
    monkeypatch.setenv("RECONNECT_PLUGINS_SECONDS", "0.2")
    cli("plugins")
    for thread in threading.enumerate():
        if thread.name == "plugin":
            thread.join(10)
            assert not thread.is_alive()
    assert type(sys.stdout).__name__ != "_Outlet"
