"""What the daemon tells systemd: over a real datagram socket, from a real process."""

from __future__ import annotations

import os
import re
import socket
import sqlite3
import sys
import time
from typing import TYPE_CHECKING
from uuid import uuid4

import pytest
from tests.reminders.live import until

from reconnect.service.notify import Notifier

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from tests.conftest import Clock
    from tests.reminders.keeping import Kept
    from tests.reminders.live import DaemonProcess, Receiver

pytestmark = pytest.mark.skipif(
    not hasattr(socket, "AF_UNIX"), reason="this system has no Unix sockets"
)


class Manager:
    """The socket of a service manager; `said` is each line that it was sent, with its time."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.said: list[str] = []
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._socket.bind(f"\0{address[1:]}" if address.startswith("@") else address)
        self._socket.setblocking(False)

    def heard(self) -> list[str]:
        """All that was said so far."""
        while True:
            try:
                self.said += self._socket.recv(65536).decode().splitlines()
            except BlockingIOError:
                return self.said

    def count(self, line: str) -> int:
        """How often a line was said so far."""
        return self.heard().count(line)

    def close(self) -> None:
        """Listen no longer."""
        self._socket.close()


@pytest.fixture(params=["path", "abstract"])
def manager(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Manager]:
    """A service manager that listens at a path, or at an abstract name."""
    if request.param == "abstract" and sys.platform != "linux":
        pytest.skip("abstract sockets are Linux's alone")
    abstract = request.param == "abstract"
    one = Manager(f"@reconnect-{uuid4().hex}" if abstract else str(tmp_path / "n"))
    yield one
    one.close()


def test_ready_alive_and_stopping(
    kept: Kept,
    manager: Manager,
    daemon: Callable[..., DaemonProcess],
    receiver: Receiver,
    clock: Clock,
) -> None:
    kept.remind("12:01")
    kept.remind("12:02")
    running = daemon(NOTIFY_SOCKET=manager.address, WATCHDOG_USEC="3000000")
    until(lambda: manager.count("READY=1"))
    # It said so after the database had taken it up.
    told = kept.db.execute("SELECT pid FROM runner WHERE ended IS NULL").fetchall()
    assert told == [(running.process.pid,)]
    until(lambda: manager.count("WATCHDOG=1") >= 2)
    receiver.behave(500)
    clock.move(minutes=1)
    until(lambda: any(": 0 sent, 1 to be tried again, " in line for line in manager.heard()))
    receiver.behave(200)
    clock.move(minutes=1)
    until(lambda: any(": 2 sent, " in line for line in manager.heard()))
    assert running.interrupt() == 0
    lines = manager.heard()
    assert lines.count("READY=1") == lines.count("STOPPING=1") == 1
    assert lines.index("READY=1") < lines.index("WATCHDOG=1") < lines.index("STOPPING=1")
    # The status has numbers in it, and the name of nothing.
    pattern = r"STATUS=Since the start: \d+ sent, \d+ to be tried again, \d+ not sent"
    statuses = [line for line in lines if line.startswith("STATUS=")]
    assert statuses
    assert all(re.fullmatch(pattern, line) for line in statuses)
    assert {line for line in lines if not line.startswith("STATUS=")} == {
        "READY=1", "WATCHDOG=1", "STOPPING=1",
    }  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("manager", ["path"], indirect=True)
def test_no_sign_of_life_while_the_database_is_stuck(
    kept: Kept, manager: Manager, daemon: Callable[..., DaemonProcess]
) -> None:
    running = daemon(NOTIFY_SOCKET=manager.address, WATCHDOG_USEC="1500000")
    until(lambda: manager.count("WATCHDOG=1") >= 2)
    holder = sqlite3.connect(kept.home / "reconnect.db", isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    manager.heard()
    # One that was on its way when the lock was taken may still come.
    held = time.monotonic()
    until(lambda: time.monotonic() - held > 1)
    before = manager.count("WATCHDOG=1")
    running.says("cannot go on for now: SQLITE_BUSY")  # ten seconds of asking
    assert manager.count("WATCHDOG=1") == before
    assert running.process.poll() is None
    holder.execute("ROLLBACK")
    holder.close()
    until(lambda: manager.count("WATCHDOG=1") > before)
    assert running.interrupt() == 0


def test_a_manager_that_is_gone_or_deaf_holds_up_nothing(
    kept: Kept,
    tmp_path: Path,
    daemon: Callable[..., DaemonProcess],
    receiver: Receiver,
    clock: Clock,
) -> None:
    kept.remind("12:01")
    running = daemon(NOTIFY_SOCKET=str(tmp_path / "nobody"), WATCHDOG_USEC="300000").ready()
    clock.move(minutes=1)
    until(lambda: receiver.posts)
    assert running.interrupt() == 0
    assert "cannot go on" not in running.err


def test_a_queue_that_is_full_is_given_up_after_a_second(tmp_path: Path) -> None:
    deaf = Manager(str(tmp_path / "n"))
    notifier = Notifier({"NOTIFY_SOCKET": deaf.address})
    for _ in range(10_000):
        if not notifier.tell("STATUS=" + "x" * 1000):
            break
    else:
        pytest.fail("the queue never filled up")
    deaf.close()


@pytest.mark.parametrize(
    ("environment", "heard", "watchdog_s"),
    [
        ({}, False, None),
        ({"NOTIFY_SOCKET": ""}, False, None),
        ({"NOTIFY_SOCKET": "vsock:2:1234"}, False, None),
        ({"NOTIFY_SOCKET": "relative/n"}, False, None),
        ({"NOTIFY_SOCKET": "/run/n"}, True, None),
        ({"NOTIFY_SOCKET": "@n", "WATCHDOG_USEC": "90000000"}, True, 90.0),
        ({"NOTIFY_SOCKET": "/n", "WATCHDOG_USEC": "9", "WATCHDOG_PID": "1"}, True, None),
        ({"NOTIFY_SOCKET": "/n", "WATCHDOG_USEC": "9000000", "WATCHDOG_PID": "own"}, True, 9.0),
        ({"NOTIFY_SOCKET": "/n", "WATCHDOG_USEC": "soon"}, True, None),
        ({"NOTIFY_SOCKET": "/n", "WATCHDOG_USEC": "0"}, True, None),
        ({"WATCHDOG_USEC": "9000000"}, False, None),
    ],
)
def test_what_systemd_says_of_itself(
    environment: dict[str, str], heard: bool, watchdog_s: float | None
) -> None:
    if environment.get("WATCHDOG_PID") == "own":
        environment = {**environment, "WATCHDOG_PID": str(os.getpid())}
    notifier = Notifier(environment)
    assert (notifier.heard, notifier.watchdog_s) == (heard, watchdog_s)
    assert heard or notifier.tell("READY=1") is False
