"""`init`: set up without starting."""

from __future__ import annotations

import stat
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.conftest import Run, Terminal


def test_it_sets_up_by_defaults(cli: Run, home: Path) -> None:
    done = cli("init")
    assert done.code == 0
    assert done.out == ""
    assert "Nobody to ask here" in done.err
    assert done.err.endswith(
        "\nReady. `reconnect start` begins to remind; `reconnect today` shows the day.\n"
    )
    assert stat.S_IMODE((home / "config.toml").stat().st_mode) == 0o600
    assert [h["name"] for h in cli("habits", "--json").json()["habits"]] == ["sincerity"]
    (reminder,) = cli("remind", "--json").json()["reminders"]
    assert (reminder["habit"], reminder["time"]) == ("sincerity", "20:00")


def test_a_second_time_changes_nothing(cli: Run, home: Path) -> None:
    cli("init")
    written = (home / "config.toml").read_text()
    again = cli("init")
    assert again.code == 0
    assert again.err == (
        f"Set up already: {home}/config.toml. `reconnect adopt RULE` takes up more.\n"
    )
    assert (home / "config.toml").read_text() == written
    assert len(cli("habits", "--json").json()["habits"]) == 1


def test_settings_that_are_there_stay(cli: Run, home: Path) -> None:
    home.mkdir(mode=0o700)
    (home / "config.toml").write_text('[person]\nname = "Ada"\n')
    done = cli("init")
    assert done.code == 0
    assert "Settings" not in done.err
    assert (home / "config.toml").read_text() == '[person]\nname = "Ada"\n'


def test_what_it_writes_is_a_good_config(cli: Run) -> None:
    cli("init")
    assert cli("config", "check").code == 0


def test_on_a_terminal_it_asks(terminal: Callable[..., Terminal], home: Path, cli: Run) -> None:
    shown = terminal("init")
    shown.expect("What may I call you")
    shown.send('Ada "the \\ great"')
    shown.expect("Channel")
    shown.send("mailto://me:word@mail.example.org")
    shown.expect("Take up .*Y/n")
    shown.send("")
    shown.expect("Remind you at")
    shown.send("")
    shown.expect("One more now")
    shown.send("")
    shown.expect("Ready.")
    assert shown.end() == 0
    assert cli("config", "check").code == 0
    (channel,) = cli("channels", "--json").json()["channels"]
    assert channel == {
        "channel": "mail", "address": "mailto://mail.example.org/…", "default": True,
        "state": "on", "code": None, "since": None, "until": None,
    }  # fmt: skip
    assert stat.S_IMODE((home / "config.toml").stat().st_mode) == 0o600


def test_no_input_asks_nobody(terminal: Callable[..., Terminal]) -> None:
    shown = terminal("--no-input", "init")
    shown.expect("Nobody to ask here")
    assert shown.end() == 0
