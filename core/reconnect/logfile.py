"""The log file of the daemon: written for its owner alone, rotated by size, read back."""

from __future__ import annotations

import os
import threading
from collections import deque
from contextlib import suppress
from logging.handlers import RotatingFileHandler
from typing import TYPE_CHECKING

from reconnect.paths import create_private_file

if TYPE_CHECKING:
    from collections.abc import Iterator
    from io import TextIOWrapper
    from typing import BinaryIO

MOST_BYTES = 2_000_000
"""A file is set aside when it has grown to this."""

OLDER = 4
"""So many older files are kept: with the newest one 10 MB at the most."""

LOOK_S = 0.2


class LogFile(RotatingFileHandler):
    """A log handler whose files have mode 0600 from the start, in a directory of 0700.

    Nothing is created before the first line. A file that cannot be written stops nothing.
    """

    def __init__(self, path: str, most_bytes: int = MOST_BYTES, older: int = OLDER) -> None:
        """Name the file."""
        super().__init__(
            path, maxBytes=most_bytes, backupCount=older, encoding="utf-8", delay=True,
            errors="backslashreplace",
        )  # fmt: skip

    def _open(self) -> TextIOWrapper:
        create_private_file(self.baseFilename)
        return super()._open()


def files(path: str) -> list[str]:
    """The log files there are, the oldest first."""
    names = [f"{path}.{number}" for number in range(OLDER, 0, -1)]
    return [name for name in (*names, path) if os.path.exists(name)]


def newest_lines(path: str, count: int) -> list[str]:
    """The last lines of the log, the oldest first, over as many of its files as it takes."""
    return list(deque((line for name in files(path) for line in _whole(name)), maxlen=count))


def follow(path: str, count: int) -> Iterator[str]:
    """The last lines of the log, then each one as it is written, for ever."""
    nap = threading.Event()
    before = deque((line for name in files(path)[:-1] for line in _whole(name)), maxlen=count)
    newest = _opened(path)
    if newest is not None:
        before.extend(newest.written())
    try:
        yield from before
        while True:
            # Asked first: to a file that was set aside nothing is added any more.
            gone = newest is None or newest.replaced(path)
            if newest is not None:
                yield from newest.written()
            if gone and (next_one := _opened(path)) is not None:
                if newest is not None:
                    newest.file.close()
                newest = next_one
            else:
                nap.wait(LOOK_S)
    finally:
        if newest is not None:
            newest.file.close()


class _Lines:
    """The lines of a file that grows; one that is still being written waits for its end."""

    def __init__(self, file: BinaryIO) -> None:
        self.file = file
        self._rest = b""

    def written(self) -> Iterator[str]:
        while chunk := self.file.read(65_536):
            *lines, self._rest = (self._rest + chunk).split(b"\n")
            yield from (line.decode("utf-8", "replace") for line in lines)

    def replaced(self, path: str) -> bool:
        """Whether another file stands at the path by now, or this one was emptied."""
        try:
            now, mine = os.stat(path), os.fstat(self.file.fileno())
        except OSError:
            return False
        return not os.path.samestat(now, mine) or now.st_size < self.file.tell()


def _opened(path: str) -> _Lines | None:
    try:
        return _Lines(open(path, "rb"))
    except FileNotFoundError:
        return None


def _whole(path: str) -> list[str]:
    with suppress(FileNotFoundError), open(path, "rb") as file:
        return list(_Lines(file).written())
    return []
