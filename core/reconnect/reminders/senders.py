"""Threads that send: as many as are set, more while some are slow, one stuck per destination."""

from __future__ import annotations

import contextlib
import queue
import threading
from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from reconnect.errors import ReconnectError
from reconnect.reminders import wire
from reconnect.reminders.contained import Children
from reconnect.reminders.outcomes import Outcome

if TYPE_CHECKING:
    from collections.abc import Callable

    from reconnect.model.habit import Habit
    from reconnect.model.reminder import Delivery
    from reconnect.reminders.deliver import Letter
    from reconnect.rules.events import Message

SLOW_S = 0.1
"""A send that takes longer no longer counts among those that may be under way at once."""

MOST = 192
"""So many threads there are at the most, those that are slow or stuck included.

One that hangs takes 70 KB (measured). A destination that took messages well until it began to hang
has up to 16 of them: twelve such destinations at once hold up the others until the deadline.
"""

_IDLE_S = wire.REUSE_S
# A thread that has had nothing to do for so long closes its connections.


class Job(NamedTuple):
    """A claimed delivery with what it says and where it goes.

    `told` names channels of which its text says that they are off.
    """

    delivery: Delivery
    habit: Habit
    message: Message | None
    letter: Letter | None = None
    lane: str = ""
    told: tuple[str, ...] = ()


class Result(NamedTuple):
    """What became of a job. `started` and `ended` are UTC ms."""

    job: Job
    outcome: Outcome
    started: int
    ended: int


class _Send(NamedTuple):
    """One that is under way, since when, and whether a thread of ours carries it.

    `began` are seconds that never run backwards, `started` is in UTC ms.
    """

    job: Job
    began: float
    started: int
    own: bool


class Senders:
    """A pool of sending threads.

    Apprise's own pool has six threads for everything: 110 sends a second to a receiver that takes
    50 ms, where as many threads as are wanted reach six times that (measured).

    A thread that hangs cannot be ended. What bounds them is that a destination has one at the most:
    while it has, its letters go out of processes of their own, which can be killed.

    Args:
        count: how many sends may be under way at once; slow ones come on top.
        send: sends a letter on the calling thread.
        monotonic: seconds that never run backwards.
        now_ms: the present instant, in UTC ms.
        wake: called (from a sending thread) when results are worth recording: when there are as
            many as threads, or nothing is left to begin.
    """

    def __init__(
        self,
        count: int,
        send: Callable[[Letter], Outcome],
        monotonic: Callable[[], float],
        now_ms: Callable[[], int],
        wake: Callable[[], None],
    ) -> None:
        """Threads start as they are needed."""
        self.count = count
        self._send = send
        self._monotonic = monotonic
        self._now_ms = now_ms
        self._wake = wake
        self._jobs: queue.SimpleQueue[Job | None] = queue.SimpleQueue()
        self._results: queue.SimpleQueue[Result] = queue.SimpleQueue()
        self._running: dict[int, _Send] = {}
        self._stuck: Counter[str] = Counter()
        self._children = Children()
        self._deadline_s = 60.0
        self._lock = threading.Lock()
        self._threads = 0
        self._open = 0
        self._last_ms = now_ms()

    @property
    def stuck(self) -> int:
        """How many threads are past their deadline, and cannot be ended."""
        with self._lock:
            return self._stuck.total()

    def submit(self, job: Job) -> None:
        """Hand over a job; it begins when a thread is free."""
        with self._lock:
            self._open += 1
        self._jobs.put(job)
        self.look()

    def look(self) -> float | None:
        """Start threads where some are missing. Returns the seconds until it should look again."""
        now = self._monotonic()
        with self._lock:
            waiting = self._jobs.qsize()
            begun = [one.began for one in self._running.values()]
            slow = sum(now - began > SLOW_S for began in begun) + self._stuck.total()
            free = self._threads - len(begun) - self._stuck.total()
            wanted = min(waiting - free, self.count + slow - self._threads, MOST - self._threads)
            for _ in range(max(0, wanted)):
                self._threads += 1
                threading.Thread(target=self._work, name="sender", daemon=True).start()
            if waiting and len(begun) > slow:
                return SLOW_S / 2
        return None

    def results(self) -> list[Result]:
        """What was finished since the last call."""
        done = []
        while True:
            try:
                done.append(self._results.get_nowait())
            except queue.Empty:
                return done

    def put_result(self, result: Result) -> None:
        """Add a result that needed no sending."""
        self._results.put(result)
        self._wake()

    def overdue(self, deadline_s: float) -> list[Result]:
        """Jobs under way for longer than the deadline: given up.

        What the thread of such a job still does is not known to us: its outcome is unknown, and a
        result that comes late is dropped.
        """
        now = self._monotonic()
        given_up = []
        with self._lock:
            self._deadline_s = deadline_s
            for key, (job, began, started, own) in list(self._running.items()):
                # A process of its own is killed by the thread that waits for it.
                if own and now - began > deadline_s:
                    del self._running[key]
                    self._stuck[job.lane] += 1
                    ended = max(started, self._now())
                    given_up.append(Result(job, Outcome(False, "unknown"), started, ended))
            self._open -= len(given_up)
        return given_up

    def unstarted(self) -> list[Job]:
        """Take back the jobs that no thread has begun."""
        taken: list[Job] = []
        while True:
            try:
                job = self._jobs.get_nowait()
            except queue.Empty:
                break
            if job is not None:
                taken.append(job)
        with self._lock:
            self._open -= len(taken)
        return taken

    def slow(self) -> int:
        """How many jobs are under way for so long that they no longer count."""
        now = self._monotonic()
        with self._lock:
            return sum(now - one.began > SLOW_S for one in self._running.values())

    def under_way(self) -> int:
        """How many jobs were handed over and have neither a result yet nor been given up."""
        with self._lock:
            return self._open

    def close(self) -> None:
        """Let the threads end when they are through; kill the processes."""
        self._children.close()
        with self._lock:
            threads = self._threads
        for _ in range(threads):
            self._jobs.put(None)

    def _work(self) -> None:
        while True:
            try:
                job = self._jobs.get(timeout=_IDLE_S)
            except queue.Empty:
                wire.rest()
                job = self._jobs.get()
            if job is None or not self._carry(job):
                with self._lock:
                    self._threads -= 1
                wire.rest()
                return

    def _carry(self, job: Job) -> bool:
        """Send one; whether the thread goes on."""
        key, started = id(job), self._now()
        with self._lock:
            own = not self._stuck[job.lane]
            deadline_s = self._deadline_s
            self._running[key] = _Send(job, self._monotonic(), started, own)
        outcome = self._outcome(job, None if own else deadline_s)
        ended = self._now()
        # In one: who counts what is under way must find it there, or find its result.
        with self._lock:
            if self._running.pop(key, None) is None:
                self._stuck[job.lane] -= 1
                return False
            self._open -= 1
            self._results.put(Result(job, outcome, started, ended))
            idle = self._jobs.empty()
            surplus = idle and self._threads - self._stuck.total() > self.count
        if idle or self._results.qsize() >= self.count:
            self._wake()
        return not surplus

    def _outcome(self, job: Job, deadline_s: float | None) -> Outcome:
        assert job.letter is not None  # noqa: S101 - without one there is nothing to hand over
        try:
            if deadline_s is None:
                return self._send(job.letter)
            return self._children.send(job.letter, deadline_s)
        except BaseException as error:  # noqa: BLE001 - a dead thread would print what it raised
            return Outcome(False, f"raised-{type(error).__name__}")

    def _now(self) -> int:
        # The file that shows the time may not be there for a moment: the thread must go on.
        with contextlib.suppress(ReconnectError):
            self._last_ms = self._now_ms()
        return self._last_ms
