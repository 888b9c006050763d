"""Threads that send: as many as are set, replaced when one is stuck past its deadline."""

from __future__ import annotations

import contextlib
import queue
import threading
from typing import TYPE_CHECKING, NamedTuple

from reconnect.errors import ReconnectError
from reconnect.reminders.deliver import Outcome

if TYPE_CHECKING:
    from collections.abc import Callable

    from reconnect.model.habit import Habit
    from reconnect.model.reminder import Delivery
    from reconnect.rules.events import Message


class Job(NamedTuple):
    """A claimed delivery with what it says, and how to send it."""

    delivery: Delivery
    habit: Habit
    message: Message | None
    send: Callable[[], Outcome]


class Result(NamedTuple):
    """What became of a job. `started` and `ended` are UTC ms."""

    job: Job
    outcome: Outcome
    started: int
    ended: int


class Senders:
    """A pool of sending threads.

    Apprise's own pool has six threads for everything: 110 sends a second to a receiver that takes
    50 ms, where as many threads as are wanted reach six times that (measured).

    Args:
        count: how many sends may be under way at once.
        monotonic: seconds that never run backwards.
        now_ms: the present instant, in UTC ms.
        wake: called (from a sending thread) when results are worth recording: when there are as
            many as threads, or nothing is left to begin.
    """

    def __init__(
        self,
        count: int,
        monotonic: Callable[[], float],
        now_ms: Callable[[], int],
        wake: Callable[[], None],
    ) -> None:
        """Start the threads."""
        self.count = count
        self._monotonic = monotonic
        self._now_ms = now_ms
        self._wake = wake
        self._jobs: queue.SimpleQueue[Job | None] = queue.SimpleQueue()
        self._results: queue.SimpleQueue[Result] = queue.SimpleQueue()
        self._running: dict[int, tuple[Job, float]] = {}
        self._lock = threading.Lock()
        self._open = 0
        self._last_ms = now_ms()
        self.stuck = 0
        for _ in range(count):
            self._start_thread()

    def submit(self, job: Job) -> None:
        """Hand over a job; it begins when a thread is free."""
        with self._lock:
            self._open += 1
        self._jobs.put(job)

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

    def overdue(self, deadline_s: float) -> list[Job]:
        """Jobs under way for longer than the deadline: given up, their threads replaced.

        Python cannot end a thread. What such a thread still does is not known to us: its outcome is
        unknown, and a result that comes late is dropped.
        """
        now = self._monotonic()
        given_up = []
        with self._lock:
            for key, (job, started) in list(self._running.items()):
                if now - started > deadline_s:
                    del self._running[key]
                    given_up.append(job)
            self._open -= len(given_up)
            self.stuck += len(given_up)
        for _ in given_up:
            self._start_thread()
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

    def under_way(self) -> int:
        """How many jobs were handed over and have neither a result yet nor been given up."""
        with self._lock:
            return self._open

    def close(self) -> None:
        """Let the threads end when they are through."""
        for _ in range(self.count + self.stuck):
            self._jobs.put(None)

    def _start_thread(self) -> None:
        threading.Thread(target=self._work, name="sender", daemon=True).start()

    def _work(self) -> None:
        while True:
            job = self._jobs.get()
            if job is None:
                return
            key = id(job)
            started = self._now()
            with self._lock:
                self._running[key] = (job, self._monotonic())
            outcome = _outcome(job)
            ended = self._now()
            # In one: who counts what is under way must find it there, or find its result.
            with self._lock:
                if self._running.pop(key, None) is None:
                    self.stuck -= 1
                    return
                self._open -= 1
                self._results.put(Result(job, outcome, started, ended))
            if self._jobs.empty() or self._results.qsize() >= self.count:
                self._wake()

    def _now(self) -> int:
        # The file that shows the time may not be there for a moment: the thread must go on.
        with contextlib.suppress(ReconnectError):
            self._last_ms = self._now_ms()
        return self._last_ms


def _outcome(job: Job) -> Outcome:
    try:
        return job.send()
    except BaseException as error:  # noqa: BLE001 - a dead thread would print what it raised
        return Outcome(False, f"raised-{type(error).__name__}")
