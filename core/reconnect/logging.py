"""Logging: ids and codes, never a text that a person wrote or that was sent to them."""

from __future__ import annotations

import logging
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import TextIO


LINE = "%(asctime)s %(levelname)s %(name)s %(message)s"
PLAIN = "reconnect: %(message)s"


def log_to(stream: TextIO | None, level: str, line: str = LINE) -> None:
    """Write the program's log lines to a stream.

    Args:
        stream: stderr when None.
        level: debug, info, warning or error.
        line: how a line looks: for a log, or plain, for the person in front of it.
    """
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(logging.Formatter(line))
    # Without any handler Python prints the warnings of other packages itself, addresses and all.
    logging.getLogger().addHandler(logging.NullHandler())
    root = logging.getLogger("reconnect")
    root.handlers[:] = [handler]
    root.setLevel(level.upper())
    root.propagate = False
