"""One instance at a time, by a lock of the operating system: it ends with the process that holds it."""

from __future__ import annotations

import os
import sys

from reconnect.errors import LockedError
from reconnect.paths import create_private_file


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
        """
        create_private_file(self.path)
        handle = os.open(self.path, os.O_RDWR)
        try:
            _lock(handle)
        except OSError as error:
            os.close(handle)
            raise LockedError(
                "reconnect is running already: see `reconnect daemon status`, or end it with "
                "`reconnect daemon stop`"
            ) from error
        self._handle = handle

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
            self.acquire()
        except LockedError:
            return True
        self.release()
        return False


if sys.platform == "win32":

    def _lock(handle: int) -> None:
        import msvcrt

        msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)

else:

    def _lock(handle: int) -> None:
        import fcntl

        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
