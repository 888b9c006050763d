"""`daemon run|status|stop`, where no daemon runs yet. With one: tests/reminders/test_daemon.py."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import Run


def test_status_before_anything_is_set_up(cli: Run, home: Path) -> None:
    shown = cli("daemon", "status")
    assert (shown.code, shown.out) == (0, "not running, next reminder: none\n")
    assert shown.err == "start it with `reconnect start`\n"
    told = cli("daemon", "status", "--json").json()
    assert (told["schema_version"], told["kind"]) == (1, "daemon")
    assert (told["running"], told["pid"], told["started"], told["next_due"]) == (
        False, None, None, None,
    )  # fmt: skip
    assert told["deliveries"] == {}


def test_status_says_what_comes(cli: Run) -> None:
    cli("adopt", "listen", "--at", "20:30")
    assert cli("daemon", "status").out == "not running, next reminder: 20:30\n"
    assert cli("daemon", "status", "--json").json()["next_due"] == "2026-11-23T19:30:00+00:00"


def test_stop_where_none_runs(cli: Run) -> None:
    stopped = cli("daemon", "stop")
    assert (stopped.code, stopped.out, stopped.err) == (0, "", "the daemon does not run\n")


def test_a_level_that_is_none(cli: Run) -> None:
    refused = cli("daemon", "run", "--log-level", "loud")
    assert refused.code == 2
    assert "'loud' is not one of" in refused.err


def test_a_config_that_is_broken(process: Run, home: Path) -> None:
    home.mkdir(mode=0o700)
    (home / "config.toml").write_text("[daemon]\nsenders = 0\n")
    refused = process("daemon", "run")
    assert refused.code == 2
    assert refused.err.count("\n") == 1
    assert f"{home}/config.toml, line 2: daemon.senders" in refused.err


def test_a_database_that_is_none(process: Run, home: Path) -> None:
    home.mkdir(mode=0o700)
    (home / "reconnect.db").write_bytes(b"not a database at all, but long enough" * 100)
    refused = process("daemon", "run")
    assert refused.code == 5
    assert refused.err.count("\n") == 1
    assert "is damaged or no database" in refused.err
    # The lock is free again.
    assert process("daemon", "status", "--json").code == 5
    assert process("daemon", "stop").err == "the daemon does not run\n"


def test_it_runs_where_nothing_was_ever_set_up(process: Run, home: Path) -> None:
    from tests.reminders.live import DaemonProcess

    running = DaemonProcess(home.parent / "daemons")
    try:
        running.ready()
        assert process("daemon", "stop").code == 0
        assert running.process.wait(10) == 0
    finally:
        running.close()
