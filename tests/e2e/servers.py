"""Programs of this machine as servers of a test: found, begun on free ports, ended by their id."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import socket
import subprocess
from typing import TYPE_CHECKING

from tests.reminders.live import until

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

BEGIN_S = 60.0
"""How long a server may take to begin on a slow machine."""

_PATH = os.pathsep.join((os.environ.get("PATH", ""), "/usr/sbin", "/usr/lib/rabbitmq/bin"))


DBUS = "apt-get install libdbus-1-dev libglib2.0-dev pkg-config, then pip install dbus-python"


class MissingError(Exception):
    """What a receiver needs is not on this machine; says what, and how to get it."""


def program(name: str, package: str) -> str:
    """The path of a program.

    Raises:
        MissingError: it is not there; names the Debian package.
    """
    found = shutil.which(name, path=_PATH)
    if found is None:
        raise MissingError(f"the program {name} is missing: apt-get install {package}")
    return found


def module(name: str, package: str, how: str = "pip install '.[test,e2e]'") -> None:
    """See whether Apprise has the Python package that it needs.

    Raises:
        MissingError: it is not installed beside Reconnect.
    """
    from importlib.util import find_spec

    if find_spec(name) is None:
        raise MissingError(f"the Python package {package} is missing: {how}")


_GIVEN: set[int] = set()
"""Servers start side by side: a port that one was promised may not have been taken up yet."""


def free_port() -> int:
    """A port on which nobody listens, and that was given to nobody before."""
    while True:
        with socket.socket() as one:
            one.bind(("127.0.0.1", 0))
            port = int(one.getsockname()[1])
        if port not in _GIVEN:
            _GIVEN.add(port)
            return port


def answers(port: int) -> bool:
    """Whether somebody takes connections at a port."""
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
        return True
    return False


class Server:
    """A program that runs until it is closed, with all the processes that it started.

    Args:
        place: its directory; its output goes to `log` there.
        command: the program and its arguments.
        environment: added to the environment of the test, in which HOME is the directory.
    """

    def __init__(self, place: Path, command: Sequence[str | Path], **environment: str) -> None:
        place.mkdir(parents=True, exist_ok=True)
        self.log = place / "log"
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [str(part) for part in command],
                stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd=place,
                env={**os.environ, "HOME": str(place), **environment},
                # Its own group: the processes that it starts are ended together with it.
                start_new_session=True,
            )  # fmt: skip

    def ready(self, condition: Callable[[], object]) -> Server:
        """Wait until it serves."""
        try:
            until(lambda: self._over() or condition(), BEGIN_S, "for a server", step=0.05)
        except AssertionError as error:
            raise AssertionError(f"{error}: {self.said()}") from None
        assert not self._over(), f"it ended with {self.process.returncode}: {self.said()}"
        return self

    def said(self) -> str:
        """What it printed so far."""
        return self.log.read_text(encoding="utf-8", errors="replace")[-3000:]

    def close(self) -> None:
        """End it, and what it started."""
        for number in (signal.SIGTERM, signal.SIGKILL):
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.process.pid, number)
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.process.wait(8)
        self.process.wait()

    def _over(self) -> bool:
        return self.process.poll() is not None
