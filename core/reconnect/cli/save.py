"""Write what was asked for into a file that the person named."""

from __future__ import annotations

import os

from reconnect.cli.output import talk
from reconnect.errors import ReconnectError, UsageError

_HEAD = 1000


def save(path: str, text: str, *, what: str, mark: bytes, force: bool) -> None:
    """Write a file whole, readable by its owner alone; another kind of file is left alone.

    Args:
        path: where to; what stands there is replaced when it holds the same kind of thing.
        text: the content.
        what: what it is, in an error: "SVG".
        mark: what stands near the beginning of a file of that kind.
        force: replace whatever file is there.

    Raises:
        UsageError: no such directory, no ordinary file, or something else stands there.
        ReconnectError: it cannot be written.
    """
    from reconnect.paths import write_private_file

    check(path, what=what, mark=mark, force=force)
    try:
        write_private_file(path, text.encode(), durable=False)
    except OSError as error:
        raise ReconnectError(
            f"{path} cannot be written ({error.strerror or error}): name another file"
        ) from error
    talk(f"wrote {path} (only you can read it)")


def check(path: str, *, what: str, mark: bytes, force: bool) -> None:
    """Refuse a place that `save` would refuse, before anything is done; the arguments are its.

    Raises:
        UsageError: no such directory, no ordinary file, or something else stands there.
        ReconnectError: what stands there cannot be read.
    """
    above = os.path.dirname(path) or "."
    if not os.path.isdir(above):
        raise UsageError(f"no directory {above}: create it first, or name another place")
    if os.path.lexists(path) and os.path.exists(path):
        if not os.path.isfile(path):
            raise UsageError(f"{path} is no ordinary file: expected the name of a file to write")
        if not force and not _is(path, mark):
            raise UsageError(
                f"{path} exists and is no {what}: name another file, or add --force to replace it"
            )


def _is(path: str, mark: bytes) -> bool:
    """Whether the file is of the kind, or holds nothing at all."""
    try:
        with open(path, "rb") as file:
            head = file.read(_HEAD)
    except OSError as error:
        raise ReconnectError(
            f"{path} cannot be read ({error.strerror or error}): name another file"
        ) from error
    return not head or mark in head
