"""A broken config.toml: what needs no settings says so in one line, and goes on."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.reminders.live import daemon

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.conftest import Run
    from tests.reminders.live import DaemonProcess

__all__ = ["daemon"]

BROKEN = {
    "a bad value": ("[daemon]\nsenders = 0\n", "line 2: daemon.senders: expected a whole number"),
    "half written": ("[person\n", "not valid TOML: "),
    "another zone": ('[person]\ntimezone = "Mars/Base"\n', "person.timezone: unknown time zone"),
}


@pytest.fixture
def used(cli: Run, home: Path) -> Path:
    """A home in use, in New York; the path of its config.toml."""
    home.mkdir(mode=0o700)
    file = home / "config.toml"
    file.touch(0o600)
    file.write_text('[person]\ntimezone = "America/New_York"\n')
    assert cli("adopt", "listen", "--at", "20:30").code == 0
    return file


@pytest.mark.parametrize("kind", BROKEN)
@pytest.mark.parametrize(
    ("command", "shown"),
    [
        (("log", "listen", "20"), ""),
        (("today",), "Monday, 23 November 2026"),
        (("history",), ""),
        (("undo",), ""),
        (("habits",), "listen"),
        (("daemon", "status"), "not running, next reminder: 20:30"),
    ],
)
def test_commands_that_need_no_settings_go_on(
    cli: Run, used: Path, kind: str, command: tuple[str, ...], shown: str
) -> None:
    assert cli("log", "listen", "5").code == 0
    text, problem = BROKEN[kind]
    used.write_text(text)
    for _ in range(2):
        done = cli(*command)
        assert done.code == 0
        assert shown in done.out
        warnings = [line for line in done.err.splitlines() if line.startswith("warning: ")]
        assert len(warnings) == 1
        assert str(used) in warnings[0]
        assert problem in warnings[0]
        assert warnings[0].endswith("; what held before holds until that is mended")
        if command == ("undo",):
            break


def test_what_is_logged_counts_for_the_day_of_the_zone_that_held(
    cli: Run, used: Path, rows: Callable[[], dict[str, int]]
) -> None:
    used.write_text("[person]\ntimezone = 3\n")
    assert cli("log", "listen", "20").code == 0
    assert rows()["entry"] == 1
    (day,) = cli("history", "--json").json()["days"]
    assert day["entries"][0]["zone"] == "America/New_York"
    # Mended, it is taken up at once, and nothing is said any more.
    used.write_text('[person]\ntimezone = "Asia/Tokyo"\n')
    assert cli("log", "listen", "20").err.count("warning") == 0
    (day,) = cli("history", "--json").json()["days"]
    assert {entry["zone"] for entry in day["entries"]} == {"America/New_York", "Asia/Tokyo"}


def test_the_daemon_can_be_seen_and_stopped(
    process: Run, used: Path, daemon: Callable[..., DaemonProcess]
) -> None:
    running = daemon().ready()
    used.write_text("[daemon]\nsenders = 0\n")
    seen = process("daemon", "status")
    assert (seen.code, seen.err.count("warning: ")) == (0, 1)
    assert f"process {running.process.pid}" in seen.out
    told = process("daemon", "status", "--json").json()
    assert told["running"] is True
    assert "daemon.senders" in told["config_problem"]
    stopped = process("daemon", "stop")
    assert (stopped.code, stopped.err.count("warning: ")) == (0, 1)
    assert stopped.err.startswith("stopped\nwarning: ")
    assert running.process.wait(10) == 0
    assert process("daemon", "stop").code == 0


@pytest.mark.parametrize("kind", BROKEN)
def test_doctor_finds_nothing_wrong_with_the_zone(cli: Run, used: Path, kind: str) -> None:
    used.write_text(BROKEN[kind][0])
    done = cli("doctor", "--json")
    assert done.code == 1
    found = {check["name"]: check for check in done.json()["checks"]}
    assert found["config"]["verdict"] == "problem"
    assert BROKEN[kind][1] in found["config"]["text"]
    assert found["zone"]["verdict"] == "ok"
    assert found["zone"]["text"].startswith("America/New_York: it is Monday 06:00")


def test_where_nothing_was_set_up_there_is_nothing_to_go_on_with(cli: Run, home: Path) -> None:
    home.mkdir(mode=0o700)
    (home / "config.toml").write_text("[daemon]\nsenders = 0\n")
    assert cli("today").code == 2
    assert cli("daemon", "status").code == 0
    assert cli("daemon", "stop").code == 0
    assert not list(home.glob("reconnect.db*")) or cli("daemon", "status").code == 0
