"""`start`: the whole thing in one command, on a terminal and without one."""

from __future__ import annotations

import re
import signal
import stat
import subprocess
import sys
from typing import TYPE_CHECKING

from tests.reminders.live import until

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.conftest import Clock, Rows, Run, Terminal
    from tests.reminders.live import DaemonProcess, Receiver

    Daemons = Callable[..., DaemonProcess]

READY = "In another terminal"
STOPPED = "\nStopped. What falls due meanwhile is caught up when you start again.\n"


def test_the_first_start_without_a_terminal(
    home: Path, daemon: Daemons, process: Run, clock: Clock
) -> None:
    running = daemon("start")
    running.says("* A moment for us")
    running.says(READY)
    assert running.err.startswith(
        "Nobody to ask here, so defaults are taken: reminders go to this terminal.\n"
        f"Settings: {home}/config.toml (only you can read it)\n"
        "+ sincerity: Weekly look at your own heart, every Sunday at 20:00\n"
    )
    assert "\nReminding to: terminal. Ctrl-C stops.\n" in running.err
    assert re.search(r"\n  Sun 20:00 +sincerity +Weekly look at your own heart\n", running.err)
    assert "`reconnect log sincerity 10`, `reconnect today`\n" in running.err
    # stdout has the reminder and nothing else: its title, a prompt, how to answer.
    lines = [line for line in running.out.splitlines() if line]
    assert lines[0] == "* A moment for us"
    assert len(lines) == 3
    assert lines[2] == "  reconnect log sincerity"
    assert stat.S_IMODE(home.stat().st_mode) == 0o700
    for name in ("config.toml", "reconnect.db", "daemon.lock"):
        assert stat.S_IMODE((home / name).stat().st_mode) == 0o600
    assert process("daemon", "status", "--json").json()["running"] is True
    # What falls due now appears too.
    assert process("remind", "add", "sincerity", "--at", "12:30", "--days", "daily").code == 0
    clock.move(minutes=30)
    until(lambda: running.out.count("* A moment for us") == 2)
    assert running.interrupt(signal.SIGINT) == 0
    assert running.err.endswith(STOPPED)
    assert "Traceback" not in running.err


def test_the_second_start_welcomes_nobody_again(
    daemon: Daemons, process: Run, clock: Clock
) -> None:
    first = daemon("start")
    first.says("* A moment for us")
    until(lambda: process("daemon", "status", "--json").json()["deliveries"] == {"sent": 1})
    assert first.interrupt() == 0
    process("remind", "add", "sincerity", "--at", "13:00", "--days", "daily")
    second = daemon("start")
    second.says(READY)
    assert second.err.startswith("\nReminding to: terminal.")
    assert second.interrupt() == 0
    assert second.out == ""
    # What fell due while nothing ran is caught up.
    clock.move(hours=2)
    third = daemon("start")
    third.says("* A moment for us")
    assert third.interrupt() == 0


def test_on_a_terminal_it_asks(
    terminal: Callable[..., Terminal], home: Path, process: Run, clock: Clock
) -> None:
    shown = terminal("start")
    shown.expect("What may I call you")
    shown.send("Ada")
    shown.expect("Channel")
    shown.send("nosuch://host")
    shown.expect("(?s)Apprise does not know this address.*Channel")
    shown.send("env:NOWHERE")
    shown.expect("(?s)the environment variable NOWHERE is not set.*Channel")
    shown.send("")
    shown.expect("Take up .*Y/n")
    shown.send("")
    shown.expect("Remind you at .20:00.")
    shown.send("25:00")
    shown.expect("(?s)'25:00' is no time of day.*Remind you at")
    shown.send("7:45")
    shown.expect("every Sunday at 07:45")
    shown.expect("One more now")
    shown.send("y")
    shown.expect("Take up .*Y/n")
    shown.send("n")
    shown.expect("One more now")
    shown.send("y")
    shown.expect("Take up .*Y/n")
    shown.send("")
    shown.expect("Remind you at")
    shown.send("")
    shown.expect("One more now")
    shown.send("")
    shown.expect(READY)
    shown.expect("A moment for us")
    shown.interrupt("Stopped.")
    assert shown.end() == 0
    assert 'name = "Ada"' in (home / "config.toml").read_text()
    assert [h["name"] for h in process("habits", "--json").json()["habits"]] == [
        "sincerity", "humor",
    ]  # fmt: skip


def test_a_channel_given_at_set_up_is_used(
    terminal: Callable[..., Terminal], home: Path, receiver: Receiver
) -> None:
    shown = terminal("start", HOOK=receiver.url)
    shown.expect("What may I call you")
    shown.send("")
    shown.expect("Channel")
    shown.send("env:HOOK")
    shown.expect("Take up .*Y/n")
    shown.send("")
    shown.expect("Remind you at")
    shown.send("")
    shown.expect("One more now")
    shown.send("")
    shown.expect("12:00 sent to json")
    assert receiver.posts[0].title == "A moment for us"
    assert 'url = "env:HOOK"' in (home / "config.toml").read_text()
    shown.interrupt("Stopped.")
    assert shown.end() == 0


def test_what_does_not_arrive_is_said_in_words(
    home: Path, daemon: Daemons, receiver: Receiver
) -> None:
    home.mkdir(mode=0o700)
    (home / "config.toml").write_text(f'[channels.phone]\nurl = "{receiver.url}"\n')
    receiver.behave(401)
    running = daemon("start")
    running.says(
        "12:00 not sent to phone: not allowed (401): check the user name, password or token. "
        "`reconnect deliveries retry 1` sends it again.\n"
    )
    assert "WARNING" not in running.err
    assert running.interrupt() == 0


def test_a_half_done_set_up_goes_on(
    terminal: Callable[..., Terminal], home: Path, process: Run, daemon: Daemons
) -> None:
    shown = terminal("start")
    shown.expect("What may I call you")
    shown.send("Ada")
    shown.expect("Channel")
    shown.send("")
    shown.expect("Take up .*Y/n")
    shown.interrupt("stopped")
    assert shown.end() == 130
    assert "Traceback" not in shown.text
    assert process("habits", "--json").json()["habits"] == []
    written = (home / "config.toml").read_text()
    running = daemon("start")
    running.says("* A moment for us")
    assert running.err.startswith("+ sincerity")
    assert (home / "config.toml").read_text() == written
    assert running.interrupt() == 0


def test_who_adopted_first_is_welcomed_too(daemon: Daemons, process: Run) -> None:
    assert process("init").code == 0
    running = daemon("start")
    running.says("* A moment for us")
    assert running.interrupt() == 0


def test_a_place_that_cannot_be_written(process: Run, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    refused = process("start", env={"RECONNECT_HOME": str(tmp_path / "file" / "home")})
    assert refused.code == 1
    lines = refused.err.splitlines()
    assert lines[-1].startswith("reconnect: cannot ")
    assert "Set RECONNECT_HOME to a directory that you can write to" in lines[-1]
    assert "Traceback" not in refused.err
    assert refused.out == ""


def test_while_a_daemon_runs_nothing_is_begun(
    process: Run, daemon: Daemons, rows: Rows, home: Path
) -> None:
    daemon().ready()
    before = rows()
    refused = process("start")
    assert refused.code == 4
    assert refused.err.count("\n") == 1
    assert rows() == before
    assert not (home / "config.toml").exists()


def test_a_config_that_is_broken(process: Run, home: Path) -> None:
    home.mkdir(mode=0o700)
    (home / "config.toml").write_text("[channels.x]\nurl = 3\n")
    refused = process("start")
    assert refused.code == 2
    assert refused.err.count("\n") == 1
    assert f"{home}/config.toml, line 2: channels.x.url" in refused.err


def test_ctrl_c_before_it_is_ready(daemon: Daemons) -> None:
    starting = daemon("start")
    starting.says("Settings:")
    assert starting.interrupt(signal.SIGINT) in (0, 130)
    assert "Traceback" not in starting.err


def test_ctrl_c_while_a_send_hangs(home: Path, daemon: Daemons, receiver: Receiver) -> None:
    home.mkdir(mode=0o700)
    (home / "config.toml").write_text(f'[channels.phone]\nurl = "{receiver.url}?rto=60"\n')
    receiver.behave("hang")
    running = daemon("start")
    until(lambda: receiver.arrived)
    running.process.send_signal(signal.SIGINT)
    running.says("Waiting a few seconds for what is on its way. Ctrl-C again leaves at once.")
    assert running.interrupt(signal.SIGINT) == 0
    assert running.err.endswith(STOPPED)


def test_into_a_pipe_that_closes(process: Run) -> None:
    assert process("init").code == 0
    with subprocess.Popen(
        [sys.executable, "-m", "reconnect", "start"],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, stdin=subprocess.DEVNULL, text=True,
    ) as running:  # fmt: skip
        assert running.stdout is not None
        assert running.stderr is not None
        running.stdout.close()
        said = ""
        while READY not in said:
            line = running.stderr.readline()
            assert line, said
            said += line
        until(lambda: process("daemon", "status", "--json").json()["deliveries"])
        running.send_signal(signal.SIGINT)
        rest = running.stderr.read()
        assert running.wait(20) == 0
    assert "Traceback" not in rest
    assert "Exception" not in rest
