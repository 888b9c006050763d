"""Leases: whoever holds one may say what became of it, and nobody else."""

from __future__ import annotations

import logging
import time
from typing import TYPE_CHECKING

from tests.reminders.live import until

from reconnect.store import leases
from reconnect.store.database import writing
from reconnect.store.leases import Ack

if TYPE_CHECKING:
    import pytest
    from tests.reminders.keeping import Kept
    from tests.reminders.live import Receiver

    from reconnect.model.reminder import Delivery


def claimed(kept: Kept, owner: str) -> list[Delivery]:
    with writing(kept.db):
        return leases.claim(
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
        runner._claimer.claim(0)
    (mine,) = claimed(kept, "a")
    with writing(kept.db):
        leases.begin(kept.db, "a", [(mine, None)], 0)
        assert (
            leases.free_leases(kept.db, owner="b", held=(), alone=True, now_ms=0, resend_ms=0) == 1
        )
    (theirs,) = claimed(kept, "b")
    assert (theirs.id, theirs.attempts) == (mine.id, 2)
    late = Ack(mine, "sent", "accepted", 0, 0, prompt="listen-01", rule="listen")
    assert leases.acknowledge(kept.db, "a", [late]) == 0
    assert [d.state for d in kept.deliveries()] == ["leased"]
    attempts = kept.db.execute("SELECT n, code FROM attempt").fetchall()
    assert attempts == [(1, "interrupted")]
    assert kept.db.execute("SELECT count(*) FROM prompt_shown").fetchone() == (0,)
    # Not even the owner's own, from before it was given another lease.
    with writing(kept.db):
        leases.give_back(kept.db, [theirs], "b")
    claimed(kept, "a")
    assert leases.acknowledge(kept.db, "a", [late]) == 0


def test_another_ones_lease_holds_until_it_runs_out(kept: Kept) -> None:
    kept.remind("12:05")
    kept.shown.move(minutes=5)
    with writing(kept.db):
        kept.runner(owner="a")._claimer.claim(0)
    now_ms = int(kept.now.timestamp() * 1000)
    with writing(kept.db):
        leases.begin(kept.db, "a", [(one, None) for one in claimed(kept, "a")], now_ms)

    def freed(at: int) -> int:
        with writing(kept.db):
            return leases.free_leases(
                kept.db, owner="b", held=(), alone=False, now_ms=at, resend_ms=0
            )

    assert freed(now_ms + 999) == 0
    assert freed(now_ms + 1000) == 1


def test_no_delivery_is_claimed_twice(kept: Kept) -> None:
    kept.many(50, "2026-11-23T12:05")
    kept.shown.move(minutes=5)
    with writing(kept.db):
        kept.runner(owner="a")._claimer.claim(0)
    now_ms = int(kept.now.timestamp() * 1000)
    seen: list[int] = []
    for owner in "abcabc":
        with writing(kept.db):
            got = leases.claim(kept.db, owner=owner, now_ms=now_ms, lease_ms=1, limit=10)
        seen += [d.id for d in got]
    assert len(seen) == len(set(seen)) == 50


def left(kept: Kept, *, begun: bool) -> None:
    """A process claims what is due, begins it or not, and is killed after a minute."""
    gone = kept.runner(owner="gone")
    kept.shown.move(seconds=60)
    with writing(kept.db):
        gone._claimer.claim(5)  # planned
        gone._claimer.look()
        wanted = gone._claimer.claim(5).wanted
        if begun:
            prompts = [(one.delivery, "listen-07") for one in wanted]
            leases.begin(kept.db, "gone", prompts, int(kept.now.timestamp() * 1000))


def test_what_a_process_before_claimed_and_did_not_begin_is_sent_at_once(
    kept: Kept, receiver: Receiver, caplog: pytest.LogCaptureFixture
) -> None:
    kept.remind("12:05")
    kept.shown.move(minutes=5)
    left(kept, begun=False)
    with caplog.at_level(logging.WARNING, "reconnect"):
        kept.deliver(kept.runner(owner="new"))
    assert "interrupted" not in caplog.text
    once_each(kept, receiver)
    assert (kept.deliveries()[0].attempts, kept.deliveries()[0].unsure) == (1, 0)


def test_what_a_process_before_began_is_sent_once_more_with_the_same_words(
    kept: Kept, receiver: Receiver, caplog: pytest.LogCaptureFixture
) -> None:
    kept.remind("12:05")
    kept.shown.move(minutes=5)
    left(kept, begun=True)
    with caplog.at_level(logging.WARNING, "reconnect"):
        runner = kept.deliver(kept.runner(owner="new"))
    assert "interrupted deliveries=1" in caplog.text
    assert kept.outcomes() == [("pending", "interrupted")]
    kept.shown.move(seconds=60)
    kept.deliver(runner)
    once_each(kept, receiver)
    assert kept.deliveries()[0].attempts == 2
    prompts = {p.id: p.text for p in kept.app.rule("listen").prompts}
    assert receiver.posts[0].body.startswith(prompts["listen-07"])


def test_a_process_killed_again_and_again_while_it_starts_spends_no_resend(
    kept: Kept, receiver: Receiver
) -> None:
    kept.remind("12:05")
    kept.shown.move(minutes=5)
    left(kept, begun=True)
    for _ in range(5):
        kept.runner()
        kept.shown.move(seconds=59)
    runner = kept.runner()
    kept.deliver(runner)
    assert kept.outcomes() == [("pending", "interrupted")]
    kept.shown.move(seconds=60)
    kept.deliver(runner)
    once_each(kept, receiver)


def test_interrupted_twice_it_is_left_at_that(kept: Kept) -> None:
    kept.remind("12:05")
    kept.shown.move(minutes=5)
    left(kept, begun=True)
    left(kept, begun=True)
    kept.runner(owner="new")
    assert kept.outcomes() == [("unknown", "interrupted")]
    codes = kept.db.execute("SELECT code FROM attempt ORDER BY n").fetchall()
    assert codes == [("interrupted",), ("interrupted",)]


def test_a_stop_gives_back_what_was_not_begun(kept: Kept, receiver: Receiver) -> None:
    kept.many(30, "2026-11-23T12:05")
    receiver.behave("hang")
    kept.shown.move(minutes=5)
    runner = kept.runner()
    kept.begin(runner)
    until(lambda: receiver.arrived == 1)
    assert not runner.finish(0.2, time.sleep)
    states = [d.state for d in kept.deliveries()]
    assert (states.count("leased"), states.count("pending")) == (1, 29)
    assert {d.attempts for d in kept.deliveries() if d.state == "pending"} == {0}


def test_a_clock_set_back_forgets_nothing_that_may_have_arrived(
    kept: Kept, receiver: Receiver
) -> None:
    kept.remind("12:05")
    kept.shown.move(minutes=4)
    left(kept, begun=True)  # on its way at 12:05, and killed
    kept.shown.move(days=2)
    kept.deliver(kept.runner(owner="later"))
    kept.shown.set("2026-11-23T11:00:00+01:00")  # the clock was ahead
    kept.deliver(kept.runner(owner="last"))
    (one,) = [d for d in kept.deliveries() if d.occ_wall.day == 23]
    assert one.unsure == 1
