"""Stopping in the midst of it, again and again: nothing is lost, and nothing comes twice."""

from __future__ import annotations

import random
import signal
from typing import TYPE_CHECKING

import pytest
from tests.reminders.live import until

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.conftest import Clock
    from tests.reminders.keeping import Kept
    from tests.reminders.live import DaemonProcess, Receiver

COUNT = 600
STOPS = 9
SIGNALS = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)  # SIGHUP: its terminal was closed


@pytest.mark.slow
def test_a_clean_stop_repeats_nothing(
    kept: Kept, clock: Clock, receiver: Receiver, daemon: Callable[..., DaemonProcess]
) -> None:
    chance = random.Random(20261124)  # noqa: S311 - points in time, no secret
    kept.many(COUNT, "2026-11-23T12:05")
    clock.move(minutes=5)
    for number in range(STOPS):
        running = daemon()
        goal = min(COUNT, receiver.arrived + chance.randrange(1, COUNT // STOPS))
        until(lambda goal=goal: receiver.arrived >= goal, step=0.0005)
        assert running.interrupt(SIGNALS[number % 3]) == 0
        assert "interrupted" not in running.err
        assert not {d.id for d in kept.deliveries() if d.state == "leased"}
    daemon()
    until(lambda: len(receiver.counts()) == COUNT and kept.at_rest())
    assert set(receiver.counts().values()) == {1}
    assert {d.state for d in kept.deliveries()} == {"sent"}
