"""What the tests of the ten rules share: days that pass, a daemon, and what arrived."""

from __future__ import annotations

import contextlib
import sqlite3
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple
from zoneinfo import ZoneInfo

import pytest
from tests.cli.conftest import letter
from tests.reminders.live import daemon, receiver, until

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.conftest import Clock
    from tests.reminders.live import DaemonProcess, Receiver

__all__ = ["daemon", "letter", "receiver"]

BERLIN = ZoneInfo("Europe/Berlin")


class Sent(NamedTuple):
    """A delivery as the database knows it."""

    wall: str
    state: str
    prompt: str | None
    outcome: str | None


@dataclass
class Passing:
    """Time that passes before a running daemon; its reminders go to a receiver on loopback."""

    home: Path
    clock: Clock
    receiver: Receiver

    def to(self, wall: str) -> None:
        """Move the clock to a wall time in Berlin: `to("2026-11-27 18:30")`."""
        self.clock.set(datetime.fromisoformat(wall).replace(tzinfo=BERLIN).isoformat())

    def deliveries(self) -> list[Sent]:
        """All deliveries, in the order of their wall times."""
        with contextlib.closing(sqlite3.connect(self.home / "reconnect.db")) as db:
            rows = db.execute(
                "SELECT occ_wall, state, prompt, outcome FROM delivery ORDER BY 1, id"
            )
            return [Sent(row[0].replace("T", " ")[:16], *row[1:]) for row in rows]

    def arrives(self, wall: str) -> tuple[Sent, str]:
        """Move to a wall time at which one thing is due; how it is recorded, and what arrived."""
        before = len(self.receiver.posts)
        self.to(wall)
        try:
            (found,) = until(
                lambda: [d for d in self.deliveries() if d.wall == wall and d.state == "sent"]
            )
        except AssertionError as error:
            raise AssertionError(f"{wall}: there is {self.deliveries()}") from error
        assert len(self.receiver.posts) == before + 1
        return found, self.receiver.posts[-1].body.partition("\n")[0]


@pytest.fixture
def hooked(home: Path, receiver: Receiver) -> None:
    """Settings whose only channel is the receiver."""
    home.mkdir(mode=0o700, exist_ok=True)
    config = home / "config.toml"
    config.touch(0o600)
    config.write_text(
        f'[person]\ntimezone = "Europe/Berlin"\n\n[channels.hook]\nurl = "{receiver.url}"\n'
    )


@pytest.fixture
def passing(
    home: Path,
    clock: Clock,
    receiver: Receiver,
    hooked: None,
    daemon: Callable[..., DaemonProcess],
) -> Passing:
    """A daemon that runs, and the means to let time pass before it."""
    one = Passing(home, clock, receiver)
    daemon().ready()
    return one


def stored(home: Path, text: str) -> bool:
    """Whether a text stands anywhere in the files of the program."""
    raw = text.encode()
    return any(raw in path.read_bytes() for path in home.iterdir() if path.is_file())
