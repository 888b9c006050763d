"""Call the programs of a service manager."""

from __future__ import annotations

import os
import shutil
import subprocess
from typing import NamedTuple

from reconnect.errors import ReconnectError

QUICK_S = 30.0
SLOW_S = 180.0
"""Longer than a service may take to start or to stop."""


class Done(NamedTuple):
    """How a call ended, and what it said; -1 is a program that is missing or never ended."""

    code: int
    out: str
    err: str


def call(*command: str, seconds: float = QUICK_S) -> Done:
    """Run a program to its end; never raises."""
    found = shutil.which(command[0])
    if found is None:
        return Done(-1, "", f"{command[0]} is not installed")
    try:
        done = subprocess.run(  # noqa: S603 - the names are constants of the managers
            [found, *command[1:]], env={**os.environ, "LC_ALL": "C"}, stdin=subprocess.DEVNULL,
            capture_output=True, timeout=seconds, check=False,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        return Done(-1, "", f"no answer after {seconds:.0f} seconds")
    except OSError as error:
        return Done(-1, "", error.strerror or "it cannot be started")
    return Done(done.returncode, _text(done.stdout), _text(done.stderr))


def must(*command: str, seconds: float = QUICK_S) -> str:
    """Run a program; what it printed.

    Raises:
        ReconnectError: it failed; with its own words.
    """
    done = call(*command, seconds=seconds)
    if done.code:
        said = " ".join((done.err or done.out).split())[:300] or f"exit code {done.code}"
        raise ReconnectError(f"`{' '.join(command)}` failed: {said}")
    return done.out


def _text(raw: bytes) -> str:
    return raw.decode("utf-8", "replace").strip()
