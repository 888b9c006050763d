"""Single keys from a terminal, without Enter and without losing what is typed ahead.

click.getchar does that for one key: what is typed between two it shows, and drops.
"""

from __future__ import annotations

import codecs
import os
import re
import sys
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    import signal
    from collections.abc import Callable, Iterator
    from types import FrameType

_SEQUENCE = re.compile(r"\x1b(?:\[[0-9;]*[A-Za-z~]|O[A-Z])?")
"""What keys such as the arrows send, and the key Esc."""


class Keys:
    """The keys of the terminal on stdin; while it is open, what is typed is not shown.

    However it ends, by a signal too, the terminal is left as it was found.
    """

    def __init__(self) -> None:
        """Nothing is changed yet."""
        self._before: list[Any] | None = None
        self._typed = ""
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self._resting = self._waiting = self._stale = False
        self._handlers: dict[int, Any] = {}
        self.shown = ""
        """The line that waits for a key: shown again after Ctrl-Z and `fg`."""

    def __enter__(self) -> Keys:
        """Take single keys from now on."""
        if sys.platform != "win32":
            import signal
            import termios

            self._before = termios.tcgetattr(sys.stdin)
            handlers: dict[signal.Signals, Callable[[int, FrameType | None], None]] = {
                signal.SIGTERM: self._end, signal.SIGHUP: self._end,
                signal.SIGTSTP: self._stop, signal.SIGCONT: self._go_on,
            }  # fmt: skip
            self._handlers = {one: signal.signal(one, what) for one, what in handlers.items()}
            self._take_keys()
        return self

    def __exit__(self, *_error: object) -> None:
        """Leave the terminal as it was."""
        if sys.platform != "win32":
            import signal

            self._as_before()
            for one, what in self._handlers.items():
                signal.signal(one, what)

    def ahead(self) -> tuple[str, bool]:
        """What was typed ahead, up to Enter, and whether Enter was pressed: it is taken out."""
        line, enter, self._typed = re.sub(r"\r\n?", "\n", self._typed).partition("\n")
        return line, bool(enter)

    @contextmanager
    def paused(self) -> Iterator[None]:
        """Let a whole line be typed, and shown, in between."""
        self._resting = True
        self._as_before()
        try:
            yield
        finally:
            self._resting = False
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
                self._waiting = True
                self._show_again()
                read = os.read(sys.stdin.fileno(), 1024)
            except OSError as error:
                raise EOFError from error
            finally:
                self._waiting = False
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
        if sys.platform != "win32" and not self._resting:
            import termios
            import tty

            with suppress(termios.error):  # it is gone: then there is nothing to read either
                tty.setcbreak(sys.stdin, termios.TCSADRAIN)

    def _as_before(self) -> None:
        if sys.platform != "win32" and self._before is not None:
            import termios

            with suppress(termios.error):
                termios.tcsetattr(sys.stdin, termios.TCSADRAIN, self._before)

    def _end(self, number: int, _frame: object) -> None:
        """Somebody ends the program: it ends as it would have, the terminal as it was."""
        self._as_before()
        self._by_default(number)

    def _stop(self, number: int, _frame: object) -> None:
        """Ctrl-Z: whoever has the terminal meanwhile finds it as it was."""
        import signal

        self._as_before()
        self._by_default(number)
        signal.signal(number, self._stop)
        self._take_keys()

    def _go_on(self, _number: int, _frame: object) -> None:
        """It goes on, on a terminal that was set anew meanwhile."""
        self._take_keys()
        self._stale = True
        if self._waiting:
            self._show_again()

    def _show_again(self) -> None:
        if self._stale:
            self._stale = False
            os.write(sys.stderr.fileno(), f"\r{self.shown}".encode(errors="replace"))

    @staticmethod
    def _by_default(number: int) -> None:
        import signal

        signal.signal(number, signal.SIG_DFL)
        os.kill(os.getpid(), number)
