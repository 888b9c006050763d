"""kill -9 at random points of 2,000 reminders: nothing is lost, and what comes twice is bounded."""

from __future__ import annotations

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

COUNT = 2000
KILLS = 12
IN_FLIGHT = 16  # twice as many as there are senders


@pytest.mark.slow
def test_kill_9_loses_nothing(
    kept: Kept,
    clock: Clock,
    receiver: Receiver,
    daemon: Callable[..., DaemonProcess],
    record_property: Callable[[str, object], None],
) -> None:
    seed = 20261123
    chance = random.Random(seed)  # noqa: S311 - points in time, no secret
    kept.many(COUNT, "2026-11-23T12:05")
    clock.move(minutes=5)
    told = []
    for number in range(KILLS):
        running = daemon()
        if number % 4 == 3:  # while it starts
            running.ready()
        else:  # in the midst of it
            goal = min(COUNT, receiver.arrived + chance.randrange(1, 2 * COUNT // KILLS))
            until(lambda goal=goal: receiver.arrived >= goal, step=0.0005)
        running.kill()
        told += _interrupted(running)
        assert kept.db.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    last = daemon().ready()
    clock.move(seconds=61)  # what may have arrived is left alone for a minute
    until(lambda: len(receiver.counts()) == COUNT and kept.at_rest(), seconds=60)
    assert last.interrupt() == 0
    told += _interrupted(last)

    counts = receiver.counts()
    twice = sum(counts.values()) - COUNT
    record_property("seed", seed)
    record_property("duplicates_per_kill", twice / KILLS)
    assert set(counts) == {d.idem_key for d in kept.deliveries()}
    assert {d.state for d in kept.deliveries()} == {"sent"}
    assert max(told) <= IN_FLIGHT
    assert twice <= sum(told)
    assert max(counts.values()) <= 1 + KILLS


def _interrupted(process: DaemonProcess) -> list[int]:
    """How many deliveries the process found that one before it had claimed."""
    return [int(n) for n in re.findall(r"interrupted deliveries=(\d+)", process.err)]
