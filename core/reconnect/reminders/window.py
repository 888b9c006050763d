"""The window: how many deliveries one process may be at, claimed or begun."""

from __future__ import annotations

from math import ceil
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from reconnect.reminders.senders import Senders

BEGUN = 1.5
"""So many per sender are begun and not recorded: after a crash they may arrive twice.

With 2 the path of a message is no quicker (measured), and a busy machine leaves more unrecorded.
"""

HELD = 5
"""So many per sender are claimed at the most: the more at once, the fewer transactions. What is not
begun may not arrive twice: the next process sends it as if it had never been claimed."""


class Window:
    """The deliveries that this process is at.

    Args:
        senders: those that are slow do not count.
    """

    def __init__(self, senders: Senders) -> None:
        """It is at none."""
        self._senders = senders
        self.held: set[int] = set()
        self._begun: set[int] = set()

    def to_claim(self, ended: int) -> int:
        """How many more may be claimed, once so many that ended are recorded."""
        return self._room(HELD) - len(self.held) + ended

    def to_begin(self, ended: Iterable[int]) -> int:
        """How many more may be begun, once those that ended are recorded."""
        return max(0, self._room(BEGUN) - len(self._begun.difference(ended)))

    def claimed(self, numbers: Iterable[int]) -> None:
        """These are held from now on."""
        self.held.update(numbers)

    def begun(self, numbers: Iterable[int]) -> None:
        """These are on their way."""
        self._begun.update(numbers)

    def ended(self, numbers: Iterable[int]) -> None:
        """What became of these is recorded."""
        gone = set(numbers)
        self.held -= gone
        self._begun -= gone

    def _room(self, each: float) -> int:
        return ceil(each * self._senders.count) + self._senders.slow()
