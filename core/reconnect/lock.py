"""One instance at a time, by a lock of the operating system: it ends with who holds it."""

from __future__ import annotations

import os
import sys
import time

from reconnect.errors import LockedError, ReconnectError
from reconnect.paths import create_private_file

_LOOKS = 6
_LOOK_S = 0.05


class InstanceLock:
    """A lock on a file. Never a number in a file: after kill -9 the lock is free at once."""

    def __init__(self, path: str) -> None:
        """Name the file; nothing is locked yet."""
        self.path = path
        self._handle: int | None = None

    def acquire(self) -> None:
        """Take the lock.

        Raises:
            LockedError: another process holds it.
            ReconnectError: its file cannot be created.
        """
        for _ in range(_LOOKS):
            try:
                if self._taken():
                    return
            except OSError as error:
                raise ReconnectError(
                    f"cannot open {self.path}: {error.strerror}. Set RECONNECT_HOME to a directory "
                    "that you can write to."
                ) from error
            # Whoever only looks whether it is held holds it for a moment.
            time.sleep(_LOOK_S)
        raise LockedError(
            "reconnect is running already: see `reconnect daemon status`, or end it with "
            "`reconnect daemon stop`"
        )

    def release(self) -> None:
        """Give the lock back."""
        if self._handle is not None:
            os.close(self._handle)
            self._handle = None

    def held_by_another(self) -> bool:
        """Whether another process holds the lock now."""
        if not os.path.exists(self.path):
            return False
        try:
            if not self._taken():
                return True
        except OSError:
            return False  # Where the file cannot be written nobody holds a lock on it.
        self.release()
        return False

    def _taken(self) -> bool:
        create_private_file(self.path)
        handle = os.open(self.path, os.O_RDWR)
        try:
            _lock(handle)
        except OSError:
            os.close(handle)
            return False
        self._handle = handle
        return True


if sys.platform == "win32":

    def _lock(handle: int) -> None:
        import msvcrt

        msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)

else:

    def _lock(handle: int) -> None:
        import fcntl

        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
