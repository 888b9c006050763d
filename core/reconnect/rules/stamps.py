"""When a file was changed last, told apart well enough to know whether a cache still holds."""

from __future__ import annotations

import os

Stamp = tuple[int, ...]
"""Of a file or directory: its times of change, size and number; empty where there is none."""

_TICK_NS = 20_000_000
_COARSE_TICK_NS = 2_000_000_000


def stamp(path: str) -> Stamp:
    """What changes with the file, its replacement, and (of a directory) its list of names."""
    try:
        stat = os.stat(path)
    except (OSError, ValueError):
        return ()
    return (stat.st_mtime_ns, stat.st_ctime_ns, stat.st_size, stat.st_ino)


def holds(path: str, before: Stamp, written_ns: int) -> bool:
    """Whether the file is surely what it was when something was made from it.

    Args:
        path: the file.
        before: its stamp then.
        written_ns: when what was made from it was written, in the file system's ns.
    """
    now = stamp(path)
    if now != before:
        return False
    if not now:
        return True
    # Changed once more within a tick of the file system's clock, it would look the same.
    tick = _TICK_NS if now[0] % 1_000_000_000 else _COARSE_TICK_NS
    return abs(written_ns - now[0]) > tick
