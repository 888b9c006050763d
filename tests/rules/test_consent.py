"""What may run: built-in rules and folders at once, other people's code with a word of yours."""

from __future__ import annotations

import json
import os
import stat
import sys
from typing import TYPE_CHECKING

import pytest
from tests.rules.conftest import GOOD, HEAD, RULE

from reconnect.rules.consent import Choices, disable, read_choices, why_off
from reconnect.rules.discovery import Found
from reconnect.rules.peek import hooks_in_code

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.conftest import Run, Terminal
    from tests.rules.conftest import Site


def row(cli: Run, name: str) -> dict[str, object]:
    rows: list[dict[str, object]] = cli("plugins", "--json").json()["plugins"]
    return next(one for one in rows if one["plugin"] == name)


def test_an_installed_plugin_is_off_until_enabled(site: Site, cli: Run) -> None:
    site.install("tea", f"open({str(site.place / 'ran')!r}, 'w').close()\n{GOOD}", enable=False)
    assert row(cli, "tea")["state"] == "off"
    assert row(cli, "tea")["why"] == "not enabled: `reconnect plugins enable tea`"
    assert cli("adopt", "tea").code == 3
    refused = cli("plugins", "enable", "tea")
    assert refused.code == 2
    assert "say --yes" in refused.err
    # Nothing of its code may run before somebody agreed.
    assert not (site.place / "ran").exists()
    done = cli("plugins", "enable", "tea", "--yes")
    assert done.code == 0, done.err
    for told in ("tea 1.0, from the distribution reconnect_tea", "author: Ann Author",
                 "about: Tea for two.", "home: https://tea.example",
                 "hooks in its code: reconnect_register_rule",
                 "It can read everything that you can"):  # fmt: skip
        assert told in done.err
    assert row(cli, "tea")["state"] == "on"
    assert cli("adopt", "tea").code == 0
    assert "is on already" in cli("plugins", "enable", "tea").err
    choices = site.home / "plugins.json"
    assert stat.S_IMODE(choices.stat().st_mode) == 0o600
    assert json.loads(choices.read_text()) == {
        "enabled": {"tea": {"distribution": "reconnect_tea", "version": "1.0"}},
        "disabled": {},
    }


def test_it_asks_on_a_terminal(site: Site, cli: Run, terminal: Callable[..., Terminal]) -> None:
    site.install("tea", enable=False)
    shown = terminal("plugins", "enable", "tea")
    shown.expect(r"A plugin is code")
    shown.expect(r"Enable tea\? \[y/N\]")
    shown.send("")
    assert shown.end() == 130
    assert row(cli, "tea")["state"] == "off"
    shown = terminal("plugins", "enable", "tea")
    shown.expect(r"Enable tea\?")
    shown.send("y")
    shown.expect("tea is on: see `reconnect rules tea`")
    assert shown.end() == 0
    assert row(cli, "tea")["state"] == "on"


def test_disable_and_enable_of_a_built_in_rule(cli: Run) -> None:
    assert cli("plugins", "disable", "peace").code == 0
    assert row(cli, "peace")["why"] == "turned off by you"
    assert "is off already" in cli("plugins", "disable", "peace").err
    assert cli("adopt", "peace").code == 3
    assert cli("plugins", "enable", "peace").code == 0
    assert cli("adopt", "peace").code == 0


def test_a_running_daemon_is_mentioned(cli: Run, terminal: Callable[..., Terminal]) -> None:
    assert "daemon" not in cli("plugins", "disable", "peace").err
    shown = terminal("daemon", "run")
    shown.expect("started")
    assert "when it is started again" in cli("plugins", "enable", "peace").err


def test_a_folder_with_only_a_rule_is_on(site: Site, cli: Run) -> None:
    site.folder("tea")
    found = row(cli, "tea")
    assert (found["state"], found["origin"], found["rule"]) == ("on", "folder", "tea")
    assert cli("adopt", "tea").code == 0
    assert cli("log", "tea", "2", "--json").json()["entry"]["fields"] == {"cups": 2}
    assert cli("plugins", "disable", "tea").code == 0
    assert row(cli, "tea")["state"] == "off"
    assert cli("plugins", "enable", "tea").code == 0
    assert row(cli, "tea")["state"] == "on"


@pytest.mark.parametrize("verb", ["enable", "disable"])
def test_an_unknown_name(cli: Run, verb: str) -> None:
    done = cli("plugins", verb, "lisen")
    assert done.code == 3
    assert done.err == "reconnect: no plugin 'lisen', did you mean listen?\n"
    assert cli("plugins", verb, "zzzzzz").code == 3


def test_one_that_takes_its_process_down_stays_off(site: Site, cli: Run) -> None:
    site.install("tea", "import os; os._exit(0)", enable=False)
    done = cli("plugins", "enable", "tea", "--yes")
    assert done.code == 1
    assert "tea stays off: when it was loaded, it ended the whole program (exit code 0)" in done.err
    assert row(cli, "tea")["state"] == "off"


def test_one_that_is_broken_says_so_at_once(site: Site, cli: Run) -> None:
    site.install("tea", "import no_kettle", enable=False)
    done = cli("plugins", "enable", "tea", "--yes")
    assert done.code == 1
    assert "tea is enabled, but broken in loading: ModuleNotFoundError" in done.err
    assert row(cli, "tea")["state"] == "broken"
    assert cli("plugins", "disable", "tea").code == 0
    assert row(cli, "tea")["state"] == "off"


def test_a_name_that_another_distribution_takes_over_is_off_again(site: Site, cli: Run) -> None:
    site.install("tea")
    assert row(cli, "tea")["state"] == "on"
    info = site.place / "reconnect_tea-1.0.dist-info"
    info.rename(site.place / "stranger-1.0.dist-info")
    (site.place / "stranger-1.0.dist-info" / "METADATA").write_text(
        "Metadata-Version: 2.1\nName: stranger\nVersion: 1.0\nAuthor: \x1b[2JEve\n"
    )
    assert row(cli, "tea")["state"] == "off"
    assert row(cli, "tea")["why"] == (
        "enabled as part of reconnect_tea, not of stranger: `reconnect plugins enable tea`"
    )
    told = cli("plugins", "enable", "tea", "--yes")
    assert "\x1b" not in told.err
    assert "author: [2JEve" in told.err
    assert row(cli, "tea")["state"] == "on"


def test_an_upgrade_needs_no_new_word(site: Site, cli: Run) -> None:
    site.install("tea")
    info = site.place / "reconnect_tea-1.0.dist-info"
    info.rename(site.place / "reconnect_tea-2.0.dist-info")
    found = row(cli, "tea")
    assert (found["state"], found["version"]) == ("on", "2.0")


def test_disabling_works_with_a_plugin_that_hangs(site: Site, process: Run, cli: Run) -> None:
    site.install("tea", "while True: pass")
    # It would hang for ever if it were loaded.
    done = process("plugins", "disable", "tea", env={"RECONNECT_PLUGINS_SECONDS": "1000"})
    assert done.code == 0
    assert row(cli, "tea")["state"] == "off"


def test_one_that_is_gone_can_be_disabled(site: Site, cli: Run) -> None:
    site.install("tea")
    (site.place / "reconnect_tea-1.0.dist-info" / "entry_points.txt").unlink()
    assert cli("plugins", "disable", "tea").code == 0
    assert read_choices(str(site.home / "plugins.json")).enabled == {}


def test_the_reason_of_being_off_is_kept(site: Site) -> None:
    choices = str(site.home / "plugins.json")
    disable(choices, "tea", "three faults")
    found = Found(name="tea", target="x", origin="built-in", distribution="d", version="1")
    assert why_off(found, read_choices(choices)) == "three faults"
    assert why_off(found, Choices()) is None


def test_hooks_are_read_from_the_code_without_running_it(site: Site) -> None:
    folder = site.install(
        "tea",
        f"{HEAD}\nraise SystemExit\nfrom .more import reconnect_after_delivery\n"
        "@hookimpl(specname='reconnect_register_rule')\ndef other(): pass\n"
        "def reconnect_entry_recorded(entry): pass\n",
    )
    (folder / "more.py").write_text(
        "import reconnect.api as r\n@r.hookimpl\ndef reconnect_after_delivery(delivered): pass\n"
    )
    (folder / "bad.py").write_text("def (")
    found = Found(
        name="tea", target="reconnect_tea", origin="installed", distribution="x", version="1"
    )
    assert hooks_in_code(found) == ("reconnect_after_delivery", "reconnect_register_rule")
    assert "reconnect_tea" not in sys.modules


def test_the_person_may_look_before_enabling_where_the_environment_leaves_it_out(
    site: Site, cli: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    site.install("tea", enable=False)
    monkeypatch.setenv("RECONNECT_PLUGINS", "listen")
    done = cli("plugins", "enable", "tea", "--yes")
    assert done.code == 0
    assert "RECONNECT_PLUGINS leaves it out" in done.err
    assert os.environ["RECONNECT_PLUGINS"] == "listen"
    assert RULE.format(id="tea") in (site.place / "reconnect_tea/rule.toml").read_text()


def test_enable_and_disable_answer_programs(site: Site, cli: Run) -> None:
    site.install("tea", enable=False)
    for verb, state, times in (("enable", "on", 2), ("disable", "off", 2)):
        for _ in range(times):
            done = cli("plugins", verb, "tea", "--json", *(["--yes"] if verb == "enable" else []))
            assert done.code == 0
            told = done.json()
            assert (told["schema_version"], told["kind"], told["name"]) == (1, "plugin", "tea")
            assert told["plugin"]["state"] == state
            assert told["plugin"] == row(cli, "tea")
    assert told["plugin"]["why"] == "turned off by you"
    refused = cli("plugins", "enable", "tea", "--json")
    assert (refused.code, refused.out) == (2, "")
