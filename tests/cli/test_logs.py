"""`daemon logs`: what the daemon wrote, with ids and classes and nothing else."""

from __future__ import annotations

import json
import signal
from typing import TYPE_CHECKING

import pytest
from tests.reminders.keeping import kept, plant
from tests.reminders.live import daemon, receiver, smtp, until

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.conftest import Clock, Run
    from tests.reminders.keeping import Kept
    from tests.reminders.live import DaemonProcess, Receiver

    Daemons = Callable[..., DaemonProcess]

__all__ = ["daemon", "kept", "plant", "receiver", "smtp"]


def test_before_there_is_one(cli: Run, home: Path) -> None:
    shown = cli("daemon", "logs")
    assert (shown.code, shown.out) == (0, "")
    assert shown.err == f"No log yet: the daemon writes it to {home}/logs/daemon.log.\n"
    told = cli("daemon", "logs", "--json").json()
    assert told["kind"] == "logs"
    assert (told["files"], told["lines"]) == ([], [])
    assert not home.exists()


@pytest.mark.parametrize("form", ["text", "json"])
def test_one_line_for_each_delivery(
    kept: Kept, daemon: Daemons, receiver: Receiver, clock: Clock, process: Run, form: str
) -> None:
    kept.remind("12:01")
    running = daemon("daemon", "run", "--log-format", form, "--log-to", "file")
    until(lambda: "started" in process("daemon", "logs").out)
    clock.move(minutes=1)
    until(lambda: receiver.posts)
    assert running.interrupt() == 0
    assert running.out + running.err == ""
    assert {p.stat().st_mode & 0o777 for p in (kept.home / "logs").iterdir()} == {0o600}
    lines = process("daemon", "logs", "-n", "1000").out.splitlines()
    (delivery,) = [line for line in lines if "state" in line]
    (made,) = kept.deliveries()
    if form == "json":
        told = json.loads(delivery)
        del told["time"]
        assert told == {
            "level": "info", "logger": "reconnect.delivery", "message": "delivery",
            "delivery": made.id, "reminder": made.reminder_id, "channel": "hook", "state": "sent",
            "code": "accepted", "attempt": 1,
        }  # fmt: skip
    else:
        assert delivery.endswith(
            f"INFO reconnect.delivery delivery={made.id} reminder={made.reminder_id} channel=hook "
            "state=sent code=accepted attempt=1"
        )
    # Neither what was sent nor where to.
    text = "\n".join(lines)
    assert receiver.host not in text
    assert receiver.posts[0].body.splitlines()[0] not in text
    assert process("daemon", "logs", "-n", "1", "--json").json()["lines"] == lines[-1:]


def test_it_goes_on_until_it_is_interrupted(kept: Kept, daemon: Daemons, process: Run) -> None:
    following = daemon("daemon", "logs", "--follow")
    following.says("No log yet")
    running = daemon("daemon", "run", "--log-to", "file")
    following.says("started version=")
    assert running.interrupt() == 0
    following.says("stopped clean=True")
    assert following.interrupt(signal.SIGINT) == 130
    assert "Traceback" not in following.err


def test_following_is_no_piece_of_json(cli: Run) -> None:
    refused = cli("daemon", "logs", "--follow", "--json")
    assert refused.code == 2
    assert 'log_format = "json"' in refused.err


def test_start_writes_it_too(kept: Kept, daemon: Daemons, process: Run) -> None:
    kept.configure('[daemon]\nlog_format = "json"\n[channels.here]\nurl = "terminal://"\n')
    running = daemon("start")
    running.says("Reminding")
    until(lambda: "started" in process("daemon", "logs").out)
    assert running.interrupt() == 0
    assert "started" not in running.err
    first = process("daemon", "logs").out.splitlines()[0]
    assert json.loads(first)["senders"] == 8
