"""Logging: ids and codes, never a text that a person wrote or that was sent to them."""

from __future__ import annotations

import logging
import re
import sys
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from typing import TextIO

    Form = Literal["text", "json"]

LINE = "%(asctime)s %(levelname)s %(name)s %(message)s"
PLAIN = "reconnect: %(message)s"

_SLOT = re.compile(r"(?:\b(\w+)=)?%[-.\d]*[a-z]")
"""A place in a log call's text where a value goes, with the name that stands before it."""


def log_to(stream: TextIO | None, level: str, line: str = LINE, form: Form = "text") -> None:
    """Write the program's log lines to a stream, and to nothing that was named before.

    Args:
        stream: stderr when None.
        level: debug, info, warning or error.
        line: how a line of text looks: for a log, or plain, for the person in front of it.
        form: text, or one JSON object a line.
    """
    quiet()
    add(logging.StreamHandler(stream or sys.stderr), level, form, line)


def add(handler: logging.Handler, level: str, form: Form = "text", line: str = LINE) -> None:
    """Write the program's log lines to one more place."""
    handler.setFormatter(JsonLines() if form == "json" else logging.Formatter(line))
    handler.setLevel(level.upper())
    root = logging.getLogger("reconnect")
    root.addHandler(handler)
    root.setLevel(min(one.level for one in root.handlers))


def quiet() -> None:
    """Let log lines go nowhere, until a place for them is added."""
    # Without any handler Python prints the warnings of other packages itself, addresses and all.
    logging.getLogger().addHandler(logging.NullHandler())
    # A log that cannot be written (a full disk) is no reason to print pages about it.
    logging.raiseExceptions = False
    root = logging.getLogger("reconnect")
    root.handlers.clear()
    root.propagate = False


class JsonLines(logging.Formatter):
    """One JSON object a line: time, level, logger, message, and each `name=value` as a key."""

    def format(self, record: logging.LogRecord) -> str:
        """The record as JSON."""
        import msgspec

        found, words = _taken_apart(record)
        whole = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": words or record.name.rpartition(".")[2],
        }
        # What is logged is ours, but its keys must not take the place of those above.
        return msgspec.json.encode({**found, **whole}, enc_hook=str).decode()


def _taken_apart(record: logging.LogRecord) -> tuple[dict[str, object], str]:
    """The named values of a record, and what its text says besides."""
    given = list(record.args) if isinstance(record.args, tuple) else []
    if not isinstance(record.msg, str) or len(_SLOT.findall(record.msg)) != len(given):
        return {}, record.getMessage()
    found: dict[str, object] = {}
    others: list[object] = []

    def take(slot: re.Match[str]) -> str:
        value = given.pop(0)
        if slot[1] is None:
            others.append(value)
            return slot[0]
        found[slot[1]] = value
        return ""

    text = _SLOT.sub(take, record.msg)
    return found, " ".join((text % tuple(others) if others else text).split())
