"""Readying: what was claimed becomes a message, quick ones first, and waits to be begun."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reconnect.reminders.senders import Job, Result
from reconnect.reminders.standing import notice

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from reconnect.model.reminder import Delivery
    from reconnect.reminders.prepare import Claimed, Preparer
    from reconnect.reminders.standing import Standing

STEP_S = 0.25
"""So long one step prepares messages; what is left is for the next one."""


class Readying:
    """What is claimed and not begun yet.

    A rule whose code is slow holds up its own messages: the others are prepared before them.

    Args:
        preparer: makes the messages.
        standing: knows which channels are off and not told of.
        monotonic: seconds that never run backwards.
    """

    def __init__(
        self,
        preparer: Preparer,
        standing: Standing,
        monotonic: Callable[[], float],
    ) -> None:
        """Nothing is claimed yet."""
        self._preparer = preparer
        self._standing = standing
        self._monotonic = monotonic
        self._claimed: list[Claimed] = []
        self._took: dict[str, float] = {}
        self.ready: list[Job] = []

    @property
    def waiting(self) -> bool:
        """Whether something is to be prepared."""
        return bool(self._claimed)

    def add(self, claimed: Iterable[Claimed]) -> None:
        """Take up what was claimed."""
        self._claimed += claimed

    def prepare(self, now_ms: Callable[[], int]) -> list[Result]:
        """Make jobs of what was claimed, for a moment. Returns what needs, or gets, no sending."""
        until = self._monotonic() + STEP_S
        ended = []
        while self._claimed:
            place = self._next()
            claimed = self._claimed[place]
            begun = self._monotonic()
            made = self._preparer.prepare(claimed)
            # What raises (a busy database) stays in the row, for the next step.
            del self._claimed[place]
            if isinstance(made, Job):
                self.ready.append(self._addressed(made, claimed.lane))
            else:
                at = now_ms()
                job = Job(claimed.delivery, claimed.habit, None, lane=claimed.lane)
                ended.append(Result(job, made, at, at))
            now = self._monotonic()
            self._took[claimed.habit.rule] = now - begun
            if now > until:
                break
        return ended

    def _next(self) -> int:
        """The first in the row whose rule did not take long the last time, or the first of all."""
        quick = (
            place
            for place, one in enumerate(self._claimed)
            if self._took.get(one.habit.rule, 0.0) <= STEP_S
        )
        return next(quick, 0)

    def give_up(self) -> list[Delivery]:
        """Let go of everything that was not begun."""
        found = [*(c.delivery for c in self._claimed), *(job.delivery for job in self.ready)]
        self._claimed.clear()
        self.ready.clear()
        return found

    def _addressed(self, job: Job, lane: str) -> Job:
        """The job with its lane, and a line on channels that are off."""
        delivery, letter = job.delivery, job.letter
        off = self._standing.untold(delivery.person_id, delivery.channel)
        if off and letter is not None:
            lines = "\n".join(notice(one) for one in off)
            letter = letter._replace(body=f"{letter.body}\n\n{lines}")
        return job._replace(letter=letter, lane=lane, told=tuple(one.name for one in off))
