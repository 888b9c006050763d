"""kill -9 at random points of thousands of reminders: nothing is lost, what comes twice is bounded.

RECONNECT_KILLS=50 kills so many times; `bench/reminders.py kill` runs it so and prints the counts.
"""

from __future__ import annotations

import os
import random
import re
from typing import TYPE_CHECKING

import pytest
from tests.reminders.live import until

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.conftest import Clock
    from tests.reminders.keeping import Kept
    from tests.reminders.live import DaemonProcess, Receiver

KILLS = int(os.environ.get("RECONNECT_KILLS", "8"))
THREADS = [int(n) for n in os.environ.get("RECONNECT_KILL_THREADS", "8,1").split(",")]
EACH = 120
"""So many reminders there are for each kill."""

MEAN = {8: 10, 1: 2}
SEED = 20261123


@pytest.mark.slow
@pytest.mark.parametrize("threads", THREADS)
def test_kill_9_loses_nothing(
    kept: Kept,
    clock: Clock,
    receiver: Receiver,
    daemon: Callable[..., DaemonProcess],
    record_property: Callable[[str, object], None],
    threads: int,
) -> None:
    chance = random.Random(SEED)  # noqa: S311 - points in time, no secret
    count = EACH * KILLS
    kept.configure(
        f'[daemon]\nsenders = {threads}\n[person]\ntimezone = "Europe/Berlin"\n'
        f'[channels.hook]\nurl = "{receiver.url}"\n'
    )
    kept.many(count, "2026-11-23T12:05")
    clock.move(minutes=5)
    told = []
    for number in range(KILLS):
        running = daemon()
        if number % 4 == 3:  # while it starts
            running.ready()
        else:  # in the midst of it
            goal = min(count, receiver.arrived + chance.randrange(1, 2 * EACH))
            until(lambda goal=goal: receiver.arrived >= goal, step=0.0005)
        running.kill()
        told += _interrupted(running)
        assert kept.db.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    last = daemon().ready()
    clock.move(seconds=61)  # what may have arrived is left alone for a minute
    until(lambda: len(receiver.counts()) == count and kept.at_rest(), seconds=120)
    assert last.interrupt() == 0
    told += _interrupted(last)

    counts = receiver.counts()
    twice = sum(counts.values()) - count
    mean, most = twice / KILLS, max(told, default=0)
    record_property("seed", SEED)
    record_property("duplicates_per_kill", mean)
    print(  # noqa: T201 - the counts are the result
        f"\nkills={KILLS} threads={threads} reminders={count} lost={count - len(counts)} "
        f"doubled={twice} mean={mean:.2f} most={most} seed={SEED}"
    )
    assert set(counts) == {d.idem_key for d in kept.deliveries()}
    assert {d.state for d in kept.deliveries()} == {"sent"}
    assert most <= 2 * threads
    assert twice <= sum(told)
    assert mean <= MEAN[threads]
    assert max(counts.values()) <= 2


def _interrupted(process: DaemonProcess) -> list[int]:
    """How many deliveries the process found that one before it had begun and not recorded."""
    return [int(n) for n in re.findall(r"interrupted deliveries=(\d+)", process.err)]
