"""Several receivers behind one address: who took a message does not get it with the next try."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator
    from contextvars import ContextVar

_MOST = 1000
# So many messages are remembered that some took and some did not.


class Reached:
    """Who has got which message, for as long as this process runs.

    Apprise keeps that for its own retries, which are off here: they would be lost with the process.
    """

    def __init__(self) -> None:
        """Nobody has got anything."""
        self._kept: dict[str, set[Any]] = {}

    @contextmanager
    def skipped(self, key: str) -> Iterator[set[Any]]:
        """While this lasts, the service on this thread skips who has got the message of that key.

        Yields those who have; empty them where there will be no other try.
        """
        reached = self._kept.pop(key, set())
        tracker = _tracker()
        if tracker is None or not key:
            yield reached
            return
        token = tracker.set(reached)
        try:
            yield reached
        finally:
            tracker.reset(token)
            if reached:
                self._kept[key] = reached
                while len(self._kept) > _MOST:
                    self._kept.pop(next(iter(self._kept)), None)


def _tracker() -> ContextVar[Any] | None:
    from apprise.plugins import base

    # A name of Apprise 2.2 that it does not promise; without it all get the message again.
    found: ContextVar[Any] | None = getattr(base, "_delivery_tracker", None)
    return found
