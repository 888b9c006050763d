"""A plugin that is slow, each time under its limit: it takes its budget, and nobody else's time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reconnect.rules.budget import Budget
from reconnect.rules.catalog import load_registry

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.reminders.keeping import Kept, Planted
    from tests.reminders.live import Receiver

SLOW = """
@hookimpl
def reconnect_before_reminder(message):
    time.sleep(0.3)
"""


def test_a_budget_is_for_a_minute_and_spent_once() -> None:
    budget = Budget()
    assert not budget.spend(10.0, 4.0, 10.0)
    assert budget.allows(10.0, 10.0)
    assert budget.spend(20.0, 6.0, 10.0)
    assert not budget.spend(21.0, 1.0, 10.0)
    assert not budget.allows(69.9, 10.0)
    assert budget.allows(70.0, 10.0)


def test_a_slow_plugin_is_left_out_for_the_rest_of_the_minute(
    kept: Kept, receiver: Receiver, plant: Callable[..., Planted]
) -> None:
    slow = plant("slow", SLOW)
    for minute in range(20):
        kept.remind("12:05", f"FREQ=DAILY;COUNT={minute + 1}", habit=slow.habit)
    for _ in range(3):
        kept.remind("12:05", f"FREQ=DAILY;COUNT={_ + 1}")
    registry = load_registry(kept.app.paths, 0.5)
    registry.budget_s = 1.0
    kept.shown.move(minutes=5)
    kept.deliver(kept.begin(kept.runner(registry=registry), wide=True))
    assert kept.outcomes() == [("sent", "accepted")] * 23
    (problem,) = [p for p in registry.problems if p.plugin == "slow"]
    assert problem.where == "reconnect_before_reminder"
    assert problem.why == "took 1 s within a minute: it is left out for the rest of it"
    # The others' messages come soon, although they were planned last.
    theirs = [n for n, post in enumerate(receiver.posts) if "outside author" not in post.body]
    assert max(theirs) < 10
