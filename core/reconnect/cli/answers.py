"""Where answers come from: keys of a terminal, one at a time, or the lines of a pipe."""

from __future__ import annotations

import os
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, Protocol

import click

from reconnect.cli.output import encodable, on_terminal, talk
from reconnect.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reconnect.cli.keys import Keys
    from reconnect.habits.asking import Question

_VERBS = "ynsltuq?-"
_MOST = 70_000
"""Bytes of one line that are read: a little more than the longest note."""


class Answers(Protocol):
    """Answers to questions, in the order in which they are asked."""

    alone: bool
    """Whether nobody is there: then what cannot be read ends it, for the rest would shift."""

    number: int
    """How many lines were read."""

    def key(self, prompt: str, question: Question) -> str:
        """The answer: a key, what was typed up to Enter, or a line. EOFError: there are no more."""

    def line(self, prompt: str) -> str:
        """A line of text that is asked for besides; empty where nothing was given."""


@contextmanager
def open_answers() -> Iterator[Answers]:
    """The keys of a terminal where there is one that can do that, lines otherwise."""
    if on_terminal() and os.environ.get("TERM") != "dumb":
        from reconnect.cli.keys import Keys

        with Keys() as keys:
            yield _Typed(keys)
    else:
        yield _Lines(alone=not on_terminal())


class _Lines:
    """One line per answer."""

    def __init__(self, *, alone: bool) -> None:
        self.alone = alone
        self.number = 0

    def key(self, prompt: str, question: Question) -> str:
        talk(prompt, nl=False)
        return self._read()

    def line(self, prompt: str) -> str:
        talk(prompt, nl=False)
        try:
            return self._read()
        except EOFError:
            return ""

    def _read(self) -> str:
        if sys.stdin is None:
            raise EOFError
        raw = sys.stdin.buffer.readline(_MOST)
        if not raw:
            raise EOFError
        self.number += 1
        try:
            return raw.decode("utf-8-sig" if self.number == 1 else "utf-8").strip()
        except UnicodeDecodeError as error:
            raise UsageError(
                f"line {self.number} of the answers: not UTF-8 text (byte {error.start})"
            ) from error


class _Typed:
    """Keys: a letter, or a digit of a short list, answers at once; a number ends with Enter."""

    alone = False
    number = 0

    def __init__(self, keys: Keys) -> None:
        self._keys = keys

    def key(self, prompt: str, question: Question) -> str:
        from reconnect.habits.asking import may_go_on

        talk(prompt, nl=False)
        typed = ""
        while True:
            self._keys.shown = encodable(f"{prompt}{typed}", sys.stderr)
            key = self._keys.get()
            if not key:
                continue
            if key in "\r\n":
                self._erase(typed)
                return typed
            if key in "\x7f\b":
                self._erase(typed[-1:])
                typed = typed[:-1]
            elif self._counts(question, typed, key):
                typed += key
                talk(key, nl=False)
                if not may_go_on(question, typed):
                    self._erase(typed)
                    return typed
            elif not typed and key.lower() in _VERBS:
                return key.lower()
            elif not typed and key.isprintable():
                return f"{key}?"  # no answer to anything, and said so

    def line(self, prompt: str) -> str:
        from reconnect.habits.text import without_control

        text, whole = self._keys.ahead()
        if whole:
            talk(f"{prompt}{text}")
        else:
            with self._keys.paused():
                shown = encodable(f"{prompt}{text}", sys.stderr)
                text += click.prompt(
                    shown, default="", show_default=False, prompt_suffix="", err=True
                )
        return without_control(text).strip()

    @staticmethod
    def _erase(typed: str) -> None:
        talk("\b \b" * len(typed), nl=False)

    @staticmethod
    def _counts(question: Question, typed: str, key: str) -> bool:
        """Whether a key goes on with the number that is typed."""
        if key.isdecimal():
            return bool(question.values) or question.numeric
        low = question.field.bounds[0] if question.field else None
        if key == "-":
            return question.numeric and not typed and low is not None and low < 0
        return question.numeric and not question.values and key in ".," and bool(typed)
