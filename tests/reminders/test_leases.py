"""Leases: whoever holds one may say what became of it, and nobody else."""

from __future__ import annotations

import logging
import time
from typing import TYPE_CHECKING

from tests.reminders.live import until

from reconnect.store import deliveries
from reconnect.store.database import writing
from reconnect.store.deliveries import Ack

if TYPE_CHECKING:
    import pytest
    from tests.reminders.keeping import Kept
    from tests.reminders.live import Receiver


def claimed(kept: Kept, owner: str) -> list[deliveries.Delivery]:
    with writing(kept.db):
        return deliveries.claim(
            kept.db, owner=owner, now_ms=int(kept.now.timestamp() * 1000), lease_ms=1000, limit=100
        )


def once_each(kept: Kept, receiver: Receiver) -> None:
    assert {d.state for d in kept.deliveries()} == {"sent"}
    assert receiver.counts() == {d.idem_key: 1 for d in kept.deliveries()}


def test_a_late_answer_changes_nothing(kept: Kept) -> None:
    kept.remind("12:05")
    kept.shown.move(minutes=5)
    runner = kept.runner(owner="a")
    with writing(kept.db):
        runner._claim(0)
    (mine,) = claimed(kept, "a")
    with writing(kept.db):
        assert deliveries.free_leases(kept.db, owner="b", held=(), alone=True) == 1
    (theirs,) = claimed(kept, "b")
    assert (theirs.id, theirs.attempts) == (mine.id, 2)
    late = Ack(mine, "sent", "accepted", 0, 0, prompt="listen-01", rule="listen")
    assert deliveries.acknowledge(kept.db, "a", [late]) == 0
    assert [d.state for d in kept.deliveries()] == ["leased"]
    assert kept.db.execute("SELECT count(*) FROM attempt").fetchone() == (0,)
    assert kept.db.execute("SELECT count(*) FROM prompt_shown").fetchone() == (0,)
    # Not even the owner's own, from before it was given another lease.
    with writing(kept.db):
        deliveries.give_back(kept.db, [theirs], "b")
    claimed(kept, "a")
    assert deliveries.acknowledge(kept.db, "a", [late]) == 0


def test_another_ones_lease_holds_until_it_runs_out(kept: Kept) -> None:
    kept.remind("12:05")
    kept.shown.move(minutes=5)
    with writing(kept.db):
        kept.runner(owner="a")._claim(0)
    claimed(kept, "a")
    now_ms = int(kept.now.timestamp() * 1000)

    def freed(at: int) -> int:
        with writing(kept.db):
            return deliveries.free_leases(kept.db, owner="b", held=(), alone=False, now_ms=at)

    assert freed(now_ms + 999) == 0
    assert freed(now_ms + 1000) == 1


def test_no_delivery_is_claimed_twice(kept: Kept) -> None:
    kept.many(50, "2026-11-23T12:05")
    kept.shown.move(minutes=5)
    with writing(kept.db):
        kept.runner(owner="a")._claim(0)
    now_ms = int(kept.now.timestamp() * 1000)
    seen: list[int] = []
    for owner in "abcabc":
        with writing(kept.db):
            got = deliveries.claim(kept.db, owner=owner, now_ms=now_ms, lease_ms=1, limit=10)
        seen += [d.id for d in got]
    assert len(seen) == len(set(seen)) == 50


def test_what_a_process_before_left_is_sent_at_once(
    kept: Kept, receiver: Receiver, caplog: pytest.LogCaptureFixture
) -> None:
    kept.remind("12:05")
    kept.shown.move(minutes=5)
    with writing(kept.db):
        kept.runner(owner="gone")._claim(5)
    with caplog.at_level(logging.WARNING, "reconnect"):
        kept.deliver(kept.runner(owner="new"))
    assert "interrupted deliveries=1" in caplog.text
    once_each(kept, receiver)
    assert kept.deliveries()[0].attempts == 2


def test_a_stop_gives_back_what_was_not_begun(kept: Kept, receiver: Receiver) -> None:
    kept.many(30, "2026-11-23T12:05")
    receiver.behave("hang")
    kept.shown.move(minutes=5)
    runner = kept.runner()
    runner.step()
    until(lambda: receiver.arrived == 8)
    assert not runner.finish(0.2, time.sleep)
    states = [d.state for d in kept.deliveries()]
    assert (states.count("leased"), states.count("pending")) == (8, 22)
    assert {d.attempts for d in kept.deliveries() if d.state == "pending"} == {0}
