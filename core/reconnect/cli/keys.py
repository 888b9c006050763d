"""Single keys from a terminal, without Enter and without losing what is typed ahead.

click.getchar does that for one key: what is typed between two it shows, and drops.
"""

from __future__ import annotations

import codecs
import os
import re
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from collections.abc import Iterator

_SEQUENCE = re.compile(r"\x1b(?:\[[0-9;]*[A-Za-z~]|O[A-Z])?")
"""What keys such as the arrows send, and the key Esc."""


class Keys:
    """The keys of the terminal on stdin; while it is open, what is typed is not shown."""

    def __init__(self) -> None:
        """Nothing is changed yet."""
        self._before: list[Any] | None = None
        self._typed = ""
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")

    def __enter__(self) -> Keys:
        """Take single keys from now on."""
        if sys.platform != "win32":
            import signal
            import termios

            self._before = termios.tcgetattr(sys.stdin)
            self._take_keys()
            # Whoever stopped it with Ctrl-Z comes back to a terminal that was set anew meanwhile.
            signal.signal(signal.SIGCONT, lambda *_: self._take_keys())
        return self

    def __exit__(self, *_error: object) -> None:
        """Leave the terminal as it was."""
        if sys.platform != "win32":
            import signal

            signal.signal(signal.SIGCONT, signal.SIG_DFL)
            self._as_before()

    def ahead(self) -> tuple[str, bool]:
        """What was typed ahead, up to Enter, and whether Enter was pressed: it is taken out."""
        line, enter, self._typed = re.sub(r"\r\n?", "\n", self._typed).partition("\n")
        return line, bool(enter)

    @contextmanager
    def paused(self) -> Iterator[None]:
        """Let a whole line be typed, and shown, in between."""
        self._as_before()
        try:
            yield
        finally:
            self._take_keys()

    def get(self) -> str:
        """The next key; "" of one that is no character. Ctrl-C raises KeyboardInterrupt.

        Raises:
            EOFError: Ctrl-D, or the terminal is gone.
        """
        if sys.platform == "win32":
            key = click.getchar()
            return key if len(key) == 1 else ""
        while not self._typed:
            try:
                read = os.read(sys.stdin.fileno(), 1024)
            except OSError as error:
                raise EOFError from error
            if not read:
                raise EOFError
            self._typed = self._decoder.decode(read)
        if found := _SEQUENCE.match(self._typed):
            self._typed = self._typed[found.end() :]
            return ""
        key, self._typed = self._typed[0], self._typed[1:]
        if key == "\x04":
            raise EOFError
        return key

    def _take_keys(self) -> None:
        if sys.platform != "win32":
            import termios
            import tty

            tty.setcbreak(sys.stdin, termios.TCSADRAIN)

    def _as_before(self) -> None:
        if sys.platform != "win32" and self._before is not None:
            import termios

            termios.tcsetattr(sys.stdin, termios.TCSADRAIN, self._before)
