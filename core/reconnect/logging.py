"""Logging: ids and codes, never a text that a person wrote or that was sent to them."""

from __future__ import annotations

import logging
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import TextIO


def log_to(stream: TextIO | None, level: str) -> None:
    """Write the program's log lines to a stream.

    Args:
        stream: stderr when None.
        level: debug, info, warning or error.
    """
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s %(message)s"))
    # Without any handler Python prints the warnings of other packages itself, addresses and all.
    logging.getLogger().addHandler(logging.NullHandler())
    root = logging.getLogger("reconnect")
    root.handlers[:] = [handler]
    root.setLevel(level.upper())
    root.propagate = False
