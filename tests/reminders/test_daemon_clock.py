"""The daemon under a clock that is moved: by days, back, and away for a moment."""

from __future__ import annotations

import signal
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from tests.reminders.live import until

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.conftest import Clock, Run
    from tests.reminders.keeping import Kept
    from tests.reminders.live import DaemonProcess, Receiver

    Daemons = Callable[..., DaemonProcess]


def test_another_zone_in_config_moves_what_is_to_come(
    kept: Kept, daemon: Daemons, receiver: Receiver, process: Run
) -> None:
    kept.remind("19:30")
    daemon().ready()
    config = kept.home / "config.toml"
    config.write_text(config.read_text().replace("Europe/Berlin", "Asia/Tokyo"))
    # In Tokyo it is 20:00 by now.
    until(lambda: receiver.posts)
    due = process("daemon", "status", "--json").json()["next_due"]
    assert due == "2026-11-24T10:30:00+00:00"


def test_after_days_asleep_it_catches_up_once(
    kept: Kept, daemon: Daemons, receiver: Receiver, clock: Clock
) -> None:
    kept.remind("19:30")
    kept.remind("12:05", "FREQ=HOURLY")
    daemon().ready()
    clock.set("2026-11-27T20:30:00+01:00")
    until(lambda: len(receiver.posts) == 2)
    until(kept.at_rest)
    sent = [d.due for d in kept.deliveries() if d.state == "sent"]
    assert sent == [
        datetime(2026, 11, 27, 18, 30, tzinfo=UTC), datetime(2026, 11, 27, 19, 5, tzinfo=UTC),
    ]  # fmt: skip
    assert len(kept.deliveries()) == 5 + 4 * 24 + 9
    clock.move(minutes=35)
    until(lambda: len(receiver.posts) == 3)


def test_a_clock_set_back_neither_stalls_nor_repeats(
    kept: Kept, daemon: Daemons, receiver: Receiver, clock: Clock
) -> None:
    kept.remind("12:30")
    daemon().ready()
    clock.move(minutes=30)
    until(lambda: len(receiver.posts) == 1)
    clock.move(hours=-2)
    kept.remind("11:00")
    clock.move(minutes=30)
    until(lambda: len(receiver.posts) == 2)
    clock.move(minutes=90, seconds=30)  # past 12:30 again
    kept.once("2026-11-23T12:30:10", text="later")
    until(lambda: len(receiver.posts) == 3)
    assert set(receiver.counts().values()) == {1}


def test_a_clock_that_cannot_be_read_for_a_moment(
    kept: Kept, daemon: Daemons, receiver: Receiver, clock: Clock
) -> None:
    kept.remind("12:05")
    running = daemon().ready()
    clock.path.unlink()
    running.says("cannot go on for now")
    clock.set("2026-11-23T12:05:00+01:00")
    until(lambda: receiver.posts)
    assert running.interrupt() == 0


def test_a_machine_that_sleeps_eight_hours_catches_up_once(
    kept: Kept, daemon: Daemons, receiver: Receiver, clock: Clock
) -> None:
    kept.remind("19:30")
    kept.remind("18:30", "FREQ=HOURLY;COUNT=2")
    running = daemon().ready()
    running.process.send_signal(signal.SIGSTOP)
    clock.move(hours=8)  # 20:00; its own seconds stood still
    running.process.send_signal(signal.SIGCONT)
    until(lambda: len(receiver.posts) == 2, seconds=35)
    until(kept.at_rest)
    assert "the machine slept" in running.err
    assert set(receiver.counts().values()) == {1}
    assert sorted(kept.outcomes(), key=str) == [
        ("sent", "accepted"), ("sent", "accepted"), ("suppressed", "coalesced"),
    ]  # fmt: skip


def test_an_hourly_reminder_takes_the_first_of_the_two_hours_in_autumn(
    kept: Kept, receiver: Receiver, clock: Clock
) -> None:
    """02:30 is there twice: it comes with the first, the next one at 03:30, two hours later."""
    clock.set("2026-10-24T23:00:00+02:00")
    kept.remind("23:30", "FREQ=HOURLY")
    runner = kept.runner()
    sent = []
    for _ in range(20):
        clock.move(minutes=30)
        kept.deliver(runner)
    sent = [d.due.astimezone(UTC).strftime("%H:%M") for d in kept.deliveries()]
    assert sent == [
        "21:30", "22:30", "23:30", "00:30", "02:30", "03:30", "04:30", "05:30", "06:30",
    ]  # fmt: skip
    assert set(receiver.counts().values()) == {1}
