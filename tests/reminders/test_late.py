"""Several late ones: one message tells of them, each of them is recorded, none is sent besides."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.reminders.live import until

from reconnect.habits.adopt import adopt
from reconnect.habits.record import record

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.conftest import Clock
    from tests.reminders.keeping import Kept
    from tests.reminders.live import DaemonProcess, Receiver

    from reconnect.model.reminder import Delivery

PART = ("suppressed", "coalesced")
SENT = ("sent", "accepted")


def in_the_afternoon(kept: Kept, count: int, **changes: object) -> None:
    for number in range(count):
        kept.remind(f"13:{number:02d}", **changes)
    kept.shown.set("2026-11-23T15:00:00+01:00")


def digest_of(kept: Kept) -> Delivery:
    (one,) = [delivery for delivery in kept.deliveries() if delivery.reminder_id == 0]
    return one


def test_four_are_one(kept: Kept, receiver: Receiver) -> None:
    in_the_afternoon(kept, 4)
    kept.deliver()
    assert sorted(kept.outcomes()) == [SENT, *[PART] * 4]
    (post,) = receiver.posts
    one = digest_of(kept)
    assert post.key == one.idem_key
    assert post.title == "A moment for us"
    assert post.body == "4 small moments waited for you. One of them is enough.\n\nreconnect today"
    parts = kept.db.execute("SELECT digest_id FROM delivery WHERE reminder_id <> 0").fetchall()
    assert parts == [(one.id,)] * 4


def test_three_come_by_themselves(kept: Kept, receiver: Receiver) -> None:
    in_the_afternoon(kept, 3)
    kept.deliver()
    assert kept.outcomes() == [SENT] * 3
    assert len(receiver.posts) == 3


def test_as_many_as_is_set(kept: Kept, receiver: Receiver) -> None:
    kept.configure(f'[channels.hook]\nurl = "{receiver.url}"\n[reminders]\ndigest_above = 4\n')
    in_the_afternoon(kept, 4)
    kept.deliver()
    assert kept.outcomes() == [SENT] * 4


def test_what_is_due_now_is_not_late(kept: Kept, receiver: Receiver) -> None:
    kept.many(5, "2026-11-23T15:00")
    kept.shown.set("2026-11-23T15:01:00+01:00")
    kept.deliver()
    assert kept.outcomes() == [SENT] * 5


def test_only_those_count_that_would_be_sent(kept: Kept, receiver: Receiver) -> None:
    rule = kept.app.rule("peace")
    done = adopt(kept.db, kept.person, rule, rule.habits[0], kept.now)
    record(kept.db, kept.person, done, rule, kept.now, kind="done", fields={"day": "peaceful"})
    kept.remind("13:00", habit=done)
    in_the_afternoon(kept, 3)
    kept.deliver()
    assert sorted(kept.outcomes()) == [SENT] * 3 + [("suppressed", "done")]


def test_urgent_ones_and_promises_come_by_themselves(kept: Kept, receiver: Receiver) -> None:
    kept.remind("13:30", priority=10)
    kept.once("2026-11-23T13:40", text="Sample: a promise")
    in_the_afternoon(kept, 4)
    kept.deliver()
    assert sorted(kept.outcomes()) == [SENT] * 3 + [PART] * 4
    assert len(receiver.posts) == 3


def test_where_each_is_wanted_each_comes(kept: Kept) -> None:
    in_the_afternoon(kept, 5, catchup="all")
    kept.deliver()
    assert kept.outcomes() == [SENT] * 5


def test_each_channel_has_one(kept: Kept, receiver: Receiver) -> None:
    kept.channels(hook=receiver.url, other=f"{receiver.url}other")
    in_the_afternoon(kept, 4)
    kept.deliver()
    assert sorted(kept.outcomes()) == [SENT] * 2 + [PART] * 8
    assert {post.path for post in receiver.posts} == {"/", "/other"}


def test_after_quiet_hours_too(kept: Kept, receiver: Receiver) -> None:
    kept.configure(
        f'[person]\ntimezone = "Europe/Berlin"\n[channels.hook]\nurl = "{receiver.url}"\n'
        '[quiet]\nfrom = "12:30"\nuntil = "14:00"\n'
    )
    runner = kept.runner()
    for number in range(4):
        kept.remind(f"13:{number:02d}")
    for minute in range(4):
        kept.shown.set(f"2026-11-23T13:{minute:02d}:00+01:00")
        kept.deliver(runner)
    kept.shown.set("2026-11-23T14:00:00+01:00")
    kept.deliver(runner)
    assert sorted(kept.outcomes()) == [SENT, *[PART] * 4]
    assert len(receiver.posts) == 1


def test_another_try_tells_the_same(kept: Kept, receiver: Receiver) -> None:
    receiver.behave(500)
    in_the_afternoon(kept, 4)
    runner = kept.deliver()
    assert digest_of(kept).state == "pending"
    receiver.behave(200)
    kept.shown.move(minutes=1)
    kept.deliver(runner)
    assert sorted(kept.outcomes()) == [SENT, *[PART] * 4]


@pytest.mark.slow
def test_kill_9_sends_it_under_one_key(
    kept: Kept, clock: Clock, receiver: Receiver, daemon: Callable[..., DaemonProcess]
) -> None:
    receiver.behave("hang")
    in_the_afternoon(kept, 6)
    first = daemon()
    until(lambda: receiver.arrived)
    first.kill()
    receiver.behave(200)
    second = daemon().ready()
    clock.move(seconds=61)
    until(lambda: receiver.posts and kept.at_rest())
    assert second.interrupt() == 0
    one = digest_of(kept)
    assert set(receiver.counts()) == {one.idem_key}
    assert sorted(kept.outcomes()) == [SENT, *[PART] * 6]
