"""One at a time, and free at once when its holder is gone."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from typing import TYPE_CHECKING

import pytest

from reconnect.errors import LockedError, ReconnectError
from reconnect.lock import InstanceLock

if TYPE_CHECKING:
    from pathlib import Path

HOLD = """
import sys
from reconnect.lock import InstanceLock
InstanceLock(sys.argv[1]).acquire()
print("held", flush=True)
sys.stdin.read()
"""


def test_who_is_killed_holds_nothing(tmp_path: Path) -> None:
    mine = InstanceLock(str(tmp_path / "lock"))
    assert not mine.held_by_another()
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, mine.path], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as other:
        assert other.stdout is not None
        other.stdout.readline()
        assert mine.held_by_another()
        with pytest.raises(LockedError, match="running already"):
            mine.acquire()
        other.kill()
        other.wait()
        assert not mine.held_by_another()
        mine.acquire()
    assert InstanceLock(mine.path).held_by_another()
    mine.release()
    mine.release()
    assert not mine.held_by_another()


def test_looking_keeps_nobody_from_starting(tmp_path: Path) -> None:
    path = str(tmp_path / "lock")
    over = threading.Event()

    def look() -> None:
        while not over.wait(0.002):
            InstanceLock(path).held_by_another()

    looking = threading.Thread(target=look)
    looking.start()
    try:
        begin = time.monotonic()
        while time.monotonic() - begin < 0.5:
            mine = InstanceLock(path)
            mine.acquire()
            mine.release()
    finally:
        over.set()
        looking.join()


def test_a_place_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    nowhere = InstanceLock(str(tmp_path / "file" / "lock"))
    assert not nowhere.held_by_another()
    with pytest.raises(ReconnectError, match="cannot open"):
        nowhere.acquire()
