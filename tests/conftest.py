"""What every test runs under: a home of its own, a clock that stands still, a plain environment."""

from __future__ import annotations

import contextlib
import io
import json
import os
import re
import select
import sqlite3
import subprocess
import sys
import time
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    Run = Callable[..., "Result"]
    Rows = Callable[[], dict[str, int]]

RECONNECT = (sys.executable, "-m", "reconnect")
_INFLUENCES = (
    "NO_COLOR", "FORCE_COLOR", "CLICOLOR", "CLICOLOR_FORCE", "EDITOR", "VISUAL", "PYTHONWARNINGS",
    "PYTHONUNBUFFERED", "PYTHONDONTWRITEBYTECODE",
    "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME", "_RECONNECT_COMPLETE",
)  # fmt: skip


@dataclass(frozen=True)
class Result:
    """How one run of the command ended, and what it printed."""

    code: int
    out: str
    err: str

    def json(self) -> Any:
        """What stdout holds, as JSON."""
        return json.loads(self.out)


@dataclass
class Clock:
    """The clock of the test and of every process that it starts."""

    path: Path

    @property
    def now(self) -> datetime:
        """The instant it shows."""
        return datetime.fromisoformat(self.path.read_text(encoding="ascii"))

    def set(self, iso: str) -> None:
        """Show this instant, given with an offset: `2026-11-23T12:00:00+01:00`."""
        assert datetime.fromisoformat(iso).tzinfo is not None, "the instant needs an offset"
        # Replaced whole: a process that reads it meanwhile never finds half an instant.
        draft = self.path.with_suffix(".new")
        draft.write_text(iso, encoding="ascii")
        draft.replace(self.path)

    def move(self, **by: float) -> None:
        """Move on by a timedelta: `clock.move(hours=2)`."""
        self.set((self.now + timedelta(**by)).isoformat())


class Terminal:
    """A process on a terminal of its own; `text` is all that it has shown so far."""

    def __init__(self, arguments: Sequence[str], **environment: str) -> None:
        import fcntl
        import pty
        import termios

        self._master, slave = pty.openpty()
        self.text = ""
        self._read_to = 0
        self.process = subprocess.Popen(
            arguments, stdin=slave, stdout=slave, stderr=slave, start_new_session=True,
            env={**os.environ, **environment},
            # Without a controlling terminal a typed Ctrl-C would reach nobody.
            preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0),
        )  # fmt: skip
        os.close(slave)

    def expect(self, pattern: str, seconds: float = 20) -> str:
        """Read until the pattern shows up, after what was expected before; what was read."""
        deadline = time.monotonic() + seconds
        while not (found := re.search(pattern, self.text[self._read_to :])):
            if not self._read(deadline):
                raise AssertionError(f"{pattern!r} never came up; the terminal shows:\n{self.text}")
        start, self._read_to = self._read_to, self._read_to + found.end()
        return self.text[start : self._read_to]

    def send(self, line: str) -> None:
        """Type a line and Enter."""
        os.write(self._master, f"{line}\n".encode())

    def press(self, keys: str) -> None:
        """Press keys, without Enter."""
        os.write(self._master, keys.encode())

    def interrupt(self, pattern: str | None = None) -> None:
        """Press Ctrl-C until the pattern shows up, or (None) the process has ended.

        One that comes in the moment in which Python's input() begins is lost; a person presses it
        once more.
        """
        for _ in range(8):
            self._wait_until_it_waits()
            os.write(self._master, b"\x03")
            try:
                if pattern is not None:
                    self.expect(pattern, 3)
                elif self._ended(3):
                    return
                else:
                    continue
            except AssertionError:
                continue
            return
        raise AssertionError(f"Ctrl-C changed nothing; the terminal shows:\n{self.text}")

    def _wait_until_it_waits(self, seconds: float = 3) -> None:
        # Where the system tells: pressed while it still works, the key might reach the next step.
        stat = Path(f"/proc/{self.process.pid}/stat")
        deadline = time.monotonic() + seconds
        while stat.exists() and time.monotonic() < deadline:
            with contextlib.suppress(OSError):
                if stat.read_text().rpartition(")")[2].split()[0] in "SZ":
                    return
            time.sleep(0.005)

    def _ended(self, seconds: float) -> bool:
        deadline = time.monotonic() + seconds
        while self._read(deadline):
            pass
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(max(0.5, deadline - time.monotonic()))
        return self.process.returncode is not None

    def end(self, seconds: float = 20) -> int:
        """Read on until the process ends; its exit code."""
        deadline = time.monotonic() + seconds
        while self._read(deadline):
            pass
        try:
            return self.process.wait(max(0.1, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            raise AssertionError(f"it did not end; the terminal shows:\n{self.text}") from None

    def close(self) -> None:
        """Leave nothing running."""
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        os.close(self._master)

    def _read(self, deadline: float) -> bool:
        ready, _, _ = select.select([self._master], [], [], max(0.0, deadline - time.monotonic()))
        if not ready:
            return False
        try:
            chunk = os.read(self._master, 65536)
        except OSError:  # EIO: the other side is gone
            return False
        self.text += chunk.decode("utf-8", "replace").replace("\r\n", "\n")
        return bool(chunk)


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """RECONNECT_HOME: a directory that does not exist yet, and nothing else that could reach in."""
    for name in [n for n in os.environ if n.startswith("RECONNECT_")] + list(_INFLUENCES):
        monkeypatch.delenv(name, raising=False)
    place = tmp_path / "reconnect"
    user = tmp_path / "user"
    user.mkdir()
    monkeypatch.setenv("RECONNECT_HOME", str(place))
    monkeypatch.setenv("HOME", str(user))
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setenv("COLUMNS", "100")
    monkeypatch.setenv("TZ", "Europe/Berlin")
    return place


@pytest.fixture(autouse=True)
def clock(home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Clock:
    """The clock that every test runs under: Monday, 23 November 2026, noon in Berlin."""
    shown = Clock(tmp_path / "clock")
    shown.set("2026-11-23T12:00:00+01:00")
    monkeypatch.setenv("RECONNECT_CLOCK", str(shown.path))
    return shown


@pytest.fixture
def cli(monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run the real command in this process: `cli("log", "listen", "20", stdin="…")`.

    Nobody is there to be asked: stdin is a pipe, empty unless given as text or bytes.
    """
    from reconnect.cli import main

    def run(*arguments: object, stdin: str | bytes = b"") -> Result:
        given = stdin.encode() if isinstance(stdin, str) else stdin
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(given), encoding="utf-8"))
        out, err = io.StringIO(), io.StringIO()
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            code = main.run([str(argument) for argument in arguments])
        return Result(code, out.getvalue(), err.getvalue())

    return run


@pytest.fixture
def process() -> Run:
    """Run `python -m reconnect` as a process of its own: `process("today", input="…", env={…})`.

    `env` is added to the environment, `before` stands before the command; what else is given goes
    to subprocess.run.
    """

    def run(
        *arguments: object,
        env: dict[str, str] | None = None,
        before: Sequence[str] = (),
        **more: Any,
    ) -> Result:
        given = more.pop("input", "")
        streams: dict[str, Any] = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
        streams |= (
            {}
            if "stdin" in more
            else {"input": given.encode() if isinstance(given, str) else given}
        )
        done = subprocess.run(
            [*before, *RECONNECT, *map(str, arguments)], check=False, timeout=60,
            env={**os.environ, **(env or {})}, **(streams | more),
        )  # fmt: skip
        return Result(
            done.returncode,
            (done.stdout or b"").decode("utf-8", "replace"),
            (done.stderr or b"").decode("utf-8", "replace"),
        )

    return run


@pytest.fixture
def terminal() -> Iterator[Callable[..., Terminal]]:
    """Run `python -m reconnect` on a terminal: `shown = terminal("adopt", "listen")`."""
    if sys.platform == "win32":
        pytest.skip("a pseudo-terminal needs a POSIX system")
    started: list[Terminal] = []

    def run(*arguments: object, **environment: str) -> Terminal:
        started.append(Terminal([*RECONNECT, *map(str, arguments)], **environment))
        return started[-1]

    yield run
    for one in started:
        one.close()


@pytest.fixture
def rows(home: Path) -> Rows:
    """Count the rows of every table of the database: to show that nothing was written."""

    def count() -> dict[str, int]:
        with contextlib.closing(sqlite3.connect(home / "reconnect.db")) as db:
            names = db.execute("SELECT name FROM sqlite_schema WHERE type = 'table'").fetchall()
            return {
                name: db.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0]  # noqa: S608
                for (name,) in names
            }

    return count
