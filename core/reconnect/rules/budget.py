"""A budget of time per plugin: many calls, each under its limit, must not take all there is."""

from __future__ import annotations

from collections import deque

WINDOW_S = 60.0
"""Over so many seconds the time that a plugin takes is added up."""

CALLS = 2.0
"""So many times the limit of a single call a plugin may take within them."""


class Budget:
    """What one plugin took lately."""

    def __init__(self) -> None:
        """It took nothing yet."""
        self._calls: deque[tuple[float, float]] = deque()
        self._total = 0.0
        self._spent = False

    def allows(self, now: float, most: float) -> bool:
        """Whether it may be called at an instant (seconds that never run backwards).

        Args:
            now: the instant.
            most: how many seconds it may take within a minute.
        """
        while self._calls and now - self._calls[0][0] >= WINDOW_S:
            self._total -= self._calls.popleft()[1]
        if self._total < most:
            self._spent = False
        return not self._spent

    def spend(self, now: float, took: float, most: float) -> bool:
        """Add a call that ended at an instant. Whether the budget is spent by it."""
        self._calls.append((now, took))
        self._total += took
        before, self._spent = self._spent, self._total >= most
        return self._spent and not before
