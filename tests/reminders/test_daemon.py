"""The daemon as a process: what is due arrives, at a real mail server and a real HTTP receiver."""

from __future__ import annotations

import signal
import sqlite3
import time
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from tests.cli.conftest import LETTER
from tests.reminders.live import plain_text, until

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.conftest import Clock, Run
    from tests.reminders.keeping import Kept, Planted
    from tests.reminders.live import DaemonProcess, Mailbox, Receiver

    Daemons = Callable[..., DaemonProcess]

EVENING = "2026-11-23T20:30:00+01:00"


def channels(home: Path, **urls: str) -> None:
    home.mkdir(parents=True, mode=0o700, exist_ok=True)
    text = "".join(f'[channels.{name}]\nurl = "{url}"\n' for name, url in urls.items())
    draft = home / "config.new"
    draft.touch(0o600)
    draft.write_text(text)
    draft.replace(home / "config.toml")


def test_adopt_be_reminded_log_see(
    home: Path, clock: Clock, process: Run, daemon: Daemons, receiver: Receiver, smtp: Mailbox
) -> None:
    channels(home, hook=receiver.url, mail=smtp.url)
    assert process("adopt", "listen").code == 0
    daemon().ready()
    assert receiver.posts == []
    clock.set(EVENING)
    moved = time.monotonic()
    until(lambda: receiver.posts and smtp.messages)
    assert time.monotonic() - moved < 10  # one second for the tick, and the import of Apprise
    (post,), (message,) = receiver.posts, smtp.messages
    assert post.title == message["Subject"] == "A moment for us"
    assert post.body.split() == plain_text(message).split()
    assert process("log", "listen", "--minutes", "20").code == 0
    assert "20 of 8 min" in process("today").out
    (day,) = process("history", "--json").json()["days"]
    assert day["day"] == "2026-11-23"
    assert day["entries"][0]["fields"]["minutes"] == 20


def test_a_rule_in_a_folder(
    home: Path, clock: Clock, process: Run, daemon: Daemons, receiver: Receiver
) -> None:
    channels(home, hook=receiver.url)
    running = daemon().ready()
    place = home / "rules" / "letter"
    place.mkdir(parents=True)
    (place / "rule.toml").write_text(LETTER, encoding="utf-8")
    assert "letter" in process("rules").out
    assert process("adopt", "letter", "--days", "daily", "--at", "20:30").code == 0
    # It was not there when the daemon began.
    running.says("plugins loaded again")
    clock.set(EVENING)
    until(lambda: receiver.posts)
    assert receiver.posts[0].body.startswith("Begin with the weather.\n")
    assert process("log", "letter", "--drafts", "1").code == 0
    (day,) = process("history", "letter", "--json").json()["days"]
    assert day["entries"][0]["rule"] == "letter"


def test_there_is_one(kept: Kept, process: Run, daemon: Daemons) -> None:
    running = daemon().ready()
    for command in (("daemon", "run"), ("start",)):
        second = process(*command)
        assert second.code == 4
        assert second.err.count("\n") == 1
        assert "running already" in second.err
        assert second.out == ""
    assert running.process.poll() is None


def test_the_newer_one_stays_where_the_file_of_the_lock_was_deleted(
    kept: Kept, process: Run, daemon: Daemons
) -> None:
    first = daemon().ready()
    Path(kept.app.paths.lock).unlink()
    second = daemon().ready()
    assert until(lambda: first.process.poll() is not None)
    assert first.process.returncode == 0
    status = process("daemon", "status", "--json").json()
    assert (status["running"], status["pid"]) == (True, second.process.pid)
    assert second.interrupt() == 0


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_ends_when_it_is_told_to(kept: Kept, process: Run, daemon: Daemons, number: int) -> None:
    running = daemon().ready()
    assert process("daemon", "status", "--json").json()["running"] is True
    assert running.interrupt(number) == 0
    assert "stopped clean=True" in running.err
    assert "Traceback" not in running.err
    told = process("daemon", "status", "--json").json()
    assert (told["running"], told["pid"]) == (False, None)
    assert kept.db.execute("SELECT count(*) FROM runner WHERE ended IS NULL").fetchone() == (0,)


def test_it_ends_when_it_is_told_to_while_it_starts(kept: Kept, daemon: Daemons) -> None:
    starting = daemon()
    lock = kept.home / "daemon.lock"
    until(lock.exists, step=0.001)
    assert starting.interrupt() == 0
    assert "Traceback" not in starting.err


def test_daemon_stop_and_status(kept: Kept, process: Run, daemon: Daemons) -> None:
    kept.remind("19:30")
    before = process("daemon", "status")
    assert (before.code, before.out) == (0, "not running, next reminder: 19:30\n")
    running = daemon().ready()
    now = process("daemon", "status", "--json").json()
    assert now["running"] is True
    assert now["pid"] == running.process.pid
    assert now["next_due"] == "2026-11-23T18:30:00+00:00"
    assert datetime.fromisoformat(now["started"]) == datetime(2026, 11, 23, 11, tzinfo=UTC)
    assert f"process {running.process.pid}" in process("daemon", "status").out
    stop = process("daemon", "stop")
    assert (stop.code, stop.err) == (0, "stopped\n")
    assert running.process.wait(5) == 0
    again = process("daemon", "stop")
    assert (again.code, again.err) == (0, "the daemon does not run\n")


def test_what_another_process_adds_is_sent(
    kept: Kept, process: Run, daemon: Daemons, receiver: Receiver, clock: Clock
) -> None:
    daemon().ready()
    assert process("remind", "add", "listen", "--at", "12:01", "--days", "daily").code == 0
    clock.move(minutes=1)
    until(lambda: receiver.posts)
    # And what is due already when it is added.
    kept.once("2026-11-23T12:00", text="now")
    until(lambda: len(receiver.posts) == 2)


def test_config_is_taken_up_and_a_broken_one_is_not(
    kept: Kept, daemon: Daemons, receiver: Receiver, smtp: Mailbox, clock: Clock
) -> None:
    for at in ("12:01", "12:02", "12:03", "12:04"):
        kept.remind(at)
    running = daemon().ready()
    clock.move(minutes=1)
    until(lambda: len(receiver.posts) == 1)
    channels(kept.home, mail=smtp.url)
    running.says("settings read again")
    clock.move(minutes=1)
    until(lambda: len(smtp.messages) == 1)
    (kept.home / "config.toml").write_text("[channels.hook]\nurl = ")
    running.says("settings not taken up")
    clock.move(minutes=1)
    until(lambda: len(smtp.messages) == 2)
    # An editor that deletes the file and writes it anew leaves no moment without channels.
    (kept.home / "config.toml").unlink()
    clock.move(minutes=1)
    until(lambda: len(smtp.messages) == 3)
    assert len(receiver.posts) == 1
    until(kept.at_rest)
    assert {state for state, _ in kept.outcomes()} == {"sent"}


def test_a_database_in_use_at_the_start_is_said(kept: Kept, process: Run) -> None:
    with closing(sqlite3.connect(kept.app.paths.database, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        refused = process("daemon", "run")
    assert refused.code == 4
    assert refused.err.count("\n") == 1
    assert "in use by another program" in refused.err


def test_a_database_in_use_does_not_hold_up_a_stop(kept: Kept, daemon: Daemons) -> None:
    running = daemon().ready()
    with closing(sqlite3.connect(kept.app.paths.database, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        began = time.monotonic()
        assert running.interrupt() == 0
    assert time.monotonic() - began < 8  # and not twice ten seconds
    assert "the end is not recorded: SQLITE_BUSY" in running.err


def test_without_a_place_to_print_it_goes_on(kept: Kept, daemon: Daemons, clock: Clock) -> None:
    kept.configure('[channels.here]\nurl = "terminal://"\n')
    kept.remind("12:05")
    import subprocess
    import sys

    with subprocess.Popen(
        [sys.executable, "-m", "reconnect", "daemon", "run"],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    ) as running:  # fmt: skip
        assert running.stdout is not None
        assert running.stderr is not None
        running.stdout.close()
        until(lambda: b"started" in running.stderr.readline())
        clock.move(minutes=5)
        until(lambda: kept.outcomes() == [("pending", "refused")])
        running.send_signal(signal.SIGTERM)
        rest = running.stderr.read()
        assert running.wait(20) == 0
    assert b"Traceback" not in rest


def test_a_plugin_that_hangs_at_the_start_holds_up_nobody_for_long(
    kept: Kept, daemon: Daemons, receiver: Receiver, clock: Clock, plant: Callable[..., Planted]
) -> None:
    plant("slow", "import os\nif os.environ.get('SLOW'):\n    time.sleep(60)\n")
    kept.configure((kept.home / "config.toml").read_text() + "[daemon]\nplugin_seconds = 0.5\n")
    kept.remind("12:05")
    clock.move(minutes=5)
    running = daemon(SLOW="1")
    until(lambda: receiver.posts)
    assert "plugin=slow" in running.err
    assert "took longer than 0.5 s" in running.err
    assert running.interrupt() == 0


@pytest.mark.slow
def test_a_send_that_hangs_does_not_hold_up_a_stop(
    kept: Kept, daemon: Daemons, receiver: Receiver, clock: Clock
) -> None:
    # A receiver that may take its time: Apprise would give up after four seconds.
    kept.configure(f'[channels.hook]\nurl = "{receiver.url}?rto=60"\n')
    kept.many(20, "2026-11-23T12:05")
    receiver.behave("hang")
    running = daemon().ready()
    clock.move(minutes=5)
    until(lambda: receiver.arrived == 1)
    began = time.monotonic()
    assert running.interrupt() == 0
    assert 9 < time.monotonic() - began < 12
    assert "stopped clean=False" in running.err
    receiver.behave(200)
    daemon().ready()
    until(lambda: len(receiver.posts) == 19)
    clock.move(seconds=61)
    until(lambda: len(receiver.posts) == 20)
    assert set(receiver.counts().values()) == {1}


def test_a_second_signal_does_not_wait(
    kept: Kept, daemon: Daemons, receiver: Receiver, clock: Clock
) -> None:
    kept.configure(f'[channels.hook]\nurl = "{receiver.url}?rto=60"\n')
    kept.remind("12:05")
    receiver.behave("hang")
    running = daemon().ready()
    clock.move(minutes=5)
    until(lambda: receiver.arrived == 1)
    running.process.send_signal(signal.SIGINT)
    until(lambda: running.process.poll() is not None or "stopping" in running.err)
    assert running.process.poll() is None
    began = time.monotonic()
    assert running.interrupt(signal.SIGINT) == 0
    assert time.monotonic() - began < 5
