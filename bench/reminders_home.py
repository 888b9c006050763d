"""A home with reminders that fall due at one instant, and daemons that send them."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import requests

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

HERE = Path(__file__).resolve().parent


@contextmanager
def receiver(delay: float = 0.0) -> Iterator[str]:
    """An HTTP receiver in a process of its own; its http:// address."""
    process = subprocess.Popen(
        [sys.executable, HERE / "receiver.py", str(delay)], stdout=subprocess.PIPE, text=True
    )
    try:
        assert process.stdout is not None
        yield f"http://127.0.0.1:{int(process.stdout.readline())}/"
    finally:
        process.terminate()
        process.wait()


@contextmanager
def home(channels: Mapping[str, str], senders: int) -> Iterator[Path]:
    """An empty home with these channels (http:// addresses), in the environment of this process."""
    with tempfile.TemporaryDirectory(prefix="reconnect-bench-") as place:
        tables = "".join(
            f'[channels.{name}]\nurl = "{url.replace("http", "json", 1)}"\n'
            for name, url in channels.items()
        )
        path = Path(place)
        (path / "config.toml").touch(0o600)
        (path / "config.toml").write_text(
            f'[person]\ntimezone = "UTC"\n[daemon]\nsenders = {senders}\n{tables}'
        )
        before = os.environ.get("RECONNECT_HOME")
        os.environ["RECONNECT_HOME"] = place
        try:
            yield path
        finally:
            if before is None:
                del os.environ["RECONNECT_HOME"]
            else:
                os.environ["RECONNECT_HOME"] = before


def plant(count: int, due: datetime, channels: str = "[]", rrule: str = "FREQ=DAILY") -> None:
    """So many reminders of listen that fall due at one instant (UTC)."""
    from reconnect.cli.app import App
    from reconnect.habits.adopt import adopt, template_of
    from reconnect.store import habits

    app = App()
    kept = habits.listed(app.db, app.person.id)
    rule = app.catalog.rule("listen")
    assert rule is not None
    habit = kept[0] if kept else adopt(app.db, app.person, rule, template_of(rule), app.now)
    wall, due_ms = due.replace(tzinfo=None).isoformat(), int(due.timestamp() * 1000)
    app.db.execute("BEGIN")
    app.db.executemany(
        "INSERT INTO reminder (person_id, habit_id, role, rrule, dtstart_wall, next_due, catchup, "
        "window_s, priority, channels, created) VALUES (?, ?, 'do', ?, ?, ?, 'all', 21600, 50, "
        "?, 0)",
        ((app.person.id, habit.id, rrule, wall, due_ms, channels) for _ in range(count)),
    )
    app.db.execute("COMMIT")
    app.close()


def soon(seconds: float) -> datetime:
    """An instant that is about to come, to the second."""
    return datetime.now(UTC).replace(microsecond=0) + timedelta(seconds=seconds)


@contextmanager
def daemon() -> Iterator[subprocess.Popen[bytes]]:
    """A daemon for the home of the environment; it is stopped in the end."""
    process = subprocess.Popen(
        [sys.executable, "-m", "reconnect", "daemon", "run", "--log-level", "error"],
        stdout=subprocess.DEVNULL,
    )
    try:
        yield process
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
            process.wait(30)


def counts(url: str) -> dict[str, float]:
    """What a receiver got so far."""
    found: dict[str, float] = requests.get(url, timeout=10).json()
    return found


def wait_for(url: str, count: int, patience_s: float = 20.0) -> dict[str, float]:
    """Wait until a receiver got so many, or for some time nothing more; what it got."""
    seen: dict[str, float] = {"total": 0.0}
    quiet_since = time.monotonic()
    while seen["total"] < count and time.monotonic() - quiet_since < patience_s:
        time.sleep(0.05)
        now = counts(url)
        if now["total"] != seen["total"]:
            quiet_since = time.monotonic()
        seen = now
    return seen


def memory_mb(pid: int) -> float:
    """The resident memory of a process, in MB (Linux)."""
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1024
    raise LookupError("no VmRSS")
