"""The channel terminal://: the terminal in which the daemon runs."""

from __future__ import annotations

import contextlib
import os
import sys
import textwrap
import threading
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import TextIO


class Terminal:
    """Where `terminal://` prints; one lock, so that two reminders never mix their lines."""

    stream: TextIO | None = None
    lock = threading.Lock()

    @classmethod
    def show(cls, title: str, body: str) -> bool:
        """Print a message; whether it could be printed."""
        if cls.stream is None:
            return False
        lines = [part for line in body.splitlines() for part in cls._wrapped(line)]
        text = "".join(c for c in "\n".join(["", f"* {title}", *lines, "", ""]) if _shown(c))
        # A terminal that has not every character shows what it has.
        encoding = cls.stream.encoding or "utf-8"
        text = text.encode(encoding, "replace").decode(encoding)
        try:
            with cls.lock:
                cls.stream.write(text)
                cls.stream.flush()
        except (OSError, ValueError):
            if cls.stream is sys.stdout:
                _hush()
            cls.stream = None
            return False
        return True

    @classmethod
    def _wrapped(cls, line: str) -> list[str]:
        from shutil import get_terminal_size

        isatty = getattr(cls.stream, "isatty", bool)
        width = min(get_terminal_size().columns, 100) - 2 if isatty() else 0
        lines = textwrap.wrap(line, width) if width > 20 else [line]
        return [f"  {part}".rstrip() for part in lines or [""]]


def _shown(character: str) -> bool:
    return character == "\n" or character.isprintable()


def _hush() -> None:
    """Let what stdout still holds go nowhere: flushed at the end, it would fail once more."""
    if sys.stdout is not None:
        with contextlib.suppress(OSError, ValueError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
