"""Whoever hangs, or is late: given up, asked once more, and in nobody's way."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from typing import TYPE_CHECKING

from tests.reminders.live import until

from reconnect.store import delivery_history

if TYPE_CHECKING:
    from tests.reminders.keeping import Kept
    from tests.reminders.live import Mailbox, Receiver


def test_whoever_hangs_is_given_up_and_asked_once_more(kept: Kept, receiver: Receiver) -> None:
    kept.remind("12:05")
    receiver.behave("hang")
    kept.shown.move(minutes=5)
    runner = kept.runner()
    kept.begin(runner)
    until(lambda: receiver.arrived == 1)
    kept.clock.ahead += 61  # the deadline of a send, and a second
    kept.run(runner, kept.at_rest)
    (one,) = kept.deliveries()
    assert (one.state, one.outcome) == ("pending", "unknown")
    assert one.not_before - kept.now == timedelta(seconds=60)
    # What the thread that hung still has to say changes nothing.
    receiver.behave("hang")
    until(lambda: runner._senders.stuck == 0)
    kept.shown.move(seconds=60)
    kept.begin(runner)
    until(lambda: receiver.arrived == 2)
    kept.clock.ahead += 61
    kept.run(runner, kept.at_rest)
    # It may have arrived twice by now: it is left at that.
    assert kept.outcomes() == [("unknown", "unknown")]
    assert kept.deliveries()[0].attempts == 2


def test_how_long_one_was_waited_for_is_recorded(kept: Kept, receiver: Receiver) -> None:
    kept.remind("12:05")
    receiver.behave("hang")
    kept.shown.move(minutes=5)
    runner = kept.runner()
    kept.begin(runner)
    until(lambda: receiver.arrived == 1)
    kept.clock.ahead += 61
    kept.shown.move(seconds=61)
    kept.run(runner, kept.at_rest)
    (one,) = kept.deliveries()
    (attempt,) = delivery_history.attempts(kept.db, [one.id])[one.id]
    assert (attempt.ended - attempt.started).total_seconds() == 61


def test_one_who_hangs_does_not_stop_the_others(
    kept: Kept, receiver: Receiver, smtp: Mailbox
) -> None:
    kept.channels(hook=receiver.url, mail=smtp.url)
    kept.many(4, "2026-11-23T12:05")
    receiver.behave("hang")
    kept.shown.move(minutes=5)
    kept.run(kept.runner(), lambda: len(smtp.messages) == 4)
    assert Counter(kept.outcomes())[("sent", "accepted")] <= 4


def test_a_receiver_that_never_answers_is_a_timeout_not_a_refusal(
    kept: Kept, receiver: Receiver
) -> None:
    kept.configure(f'[channels.hook]\nurl = "{receiver.url}?rto=0.2"\n')
    kept.remind("12:05")
    receiver.behave("hang")
    kept.shown.move(minutes=5)
    kept.deliver()
    (one,) = kept.deliveries()
    # It may have been accepted: it is not sent again within seconds.
    assert (one.state, one.outcome) == ("pending", "timeout")
    assert one.not_before - kept.now == timedelta(seconds=60)


def test_the_clock_set_back_makes_nothing_wait_for_hours(kept: Kept, receiver: Receiver) -> None:
    from reconnect.reminders.housekeeping import Housekeeping

    kept.remind("12:05", window_s=7 * 86_400)
    receiver.behave(500)
    kept.shown.move(minutes=5)
    runner = kept.deliver()
    kept.shown.move(hours=-2)
    receiver.behave(200)
    Housekeeping(kept.db, kept.clock, "runner-0", lambda: kept.settings, runner.held)
    kept.deliver(runner)
    assert kept.outcomes() == [("sent", "accepted")]
    kept.shown.move(hours=2, minutes=10)
    kept.deliver(runner)
    assert len(receiver.posts) == 1


def test_only_this_process_is_at_what_it_claimed(kept: Kept, receiver: Receiver) -> None:
    """Housekeeping frees what nobody is at, and never what is on its way, however late it is."""
    from reconnect.reminders.housekeeping import Housekeeping

    kept.remind("12:05", window_s=7 * 86_400)
    receiver.behave("hang")
    kept.shown.move(minutes=5)
    runner = kept.runner()
    kept.begin(runner)
    until(lambda: receiver.arrived == 1)
    kept.shown.move(hours=8)  # the machine slept
    Housekeeping(kept.db, kept.clock, "runner-0", lambda: kept.settings, runner.held)
    assert kept.deliveries()[0].state == "leased"
    Housekeeping(kept.db, kept.clock, "runner-0", lambda: kept.settings, lambda: ())
    assert kept.outcomes()[0] == ("pending", "interrupted")
