"""Lanes: what is under way is counted where it began, whatever becomes of its channel meanwhile."""

from __future__ import annotations

import contextlib
import sqlite3
import threading
from typing import TYPE_CHECKING

import pytest
from tests.reminders.live import until

from reconnect.reminders.deliver import Sender
from reconnect.reminders.outcomes import Outcome

if TYPE_CHECKING:
    from tests.reminders.keeping import Kept
    from tests.reminders.live import Receiver

AWAY = '[channels.hook]\nurl = "json://away.example.org/"\n'
ZONE = '[person]\ntimezone = "Europe/Berlin"\n'


@pytest.mark.parametrize("channel", ["hook", "renamed"])
def test_an_address_that_changes_under_way_leaves_nothing_in_its_lane(
    kept: Kept, receiver: Receiver, monkeypatch: pytest.MonkeyPatch, channel: str
) -> None:
    kept.configure(ZONE + AWAY)
    began, released = threading.Event(), threading.Event()

    def send(*_arguments: object) -> Outcome:
        began.set()
        released.wait(30)
        return Outcome(True, "accepted")

    monkeypatch.setattr(Sender, "send", send)
    kept.remind("12:05")
    kept.shown.move(minutes=5)
    runner = kept.begin(kept.runner())
    until(began.is_set)
    kept.configure(f'{ZONE}[channels.{channel}]\nurl = "{receiver.url}"\n')
    released.set()
    kept.run(runner, kept.at_rest)
    assert kept.outcomes() == [("sent", "accepted")]
    # Without a network one message is tried at a time: nothing may be thought to be on its way.
    lanes = runner._claimer.lanes
    kept.configure(ZONE + AWAY)
    taken = lanes.take("hook")
    assert taken is not None
    lanes.leave(taken, Outcome(False, "no-network"))
    kept.shown.move(seconds=3)
    assert lanes.take("hook") == taken


def test_a_claim_that_is_taken_back_leaves_nothing_in_its_lane(
    kept: Kept, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept.remind("12:05")
    kept.shown.move(minutes=5)
    runner = kept.runner()
    failed = []

    def full(*_arguments: object) -> None:
        failed.append(1)
        raise sqlite3.OperationalError("database or disk is full")

    with monkeypatch.context() as broken:
        broken.setattr("reconnect.store.leases.give_back", full)
        for _ in range(6):
            with contextlib.suppress(sqlite3.OperationalError):
                runner.step()
    assert failed
    kept.deliver(runner)
    assert kept.outcomes() == [("sent", "accepted")]
    assert len(receiver.posts) == 1


@pytest.mark.parametrize(
    "address", ["json://nowhere.example.org/", "json://10.0.0.7/", "json://printer.local/"]
)
def test_one_that_has_no_network_keeps_no_other_from_being_sent(
    kept: Kept, monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    tried: list[str] = []

    def send(_self: Sender, url: str, *_more: object) -> Outcome:
        tried.append(url)
        found = url != address
        return Outcome(found, "accepted" if found else "no-network")

    monkeypatch.setattr(Sender, "send", send)
    kept.configure(f'{ZONE}{AWAY}[channels.lost]\nurl = "{address}"\n')
    kept.remind("12:05", channels=("lost",))
    kept.remind("12:15", channels=("hook",))
    kept.shown.move(minutes=5)
    runner = kept.runner()

    def minutes(count: int) -> None:
        for _ in range(count * 60):
            kept.shown.move(seconds=1)
            for _ in range(3):
                runner.step()
                until(lambda: not runner._senders.under_way())

    minutes(9)
    assert set(tried) == {address}
    assert 6 <= len(tried) <= 10  # a wait that doubles, and not every two seconds
    minutes(2)
    (away,) = [one for one in kept.deliveries() if one.channel == "hook"]
    assert away.state == "sent"
    assert away.sent_at is not None
    assert (away.sent_at - away.due).total_seconds() <= 5


def test_the_most_urgent_comes_first(kept: Kept, receiver: Receiver) -> None:
    kept.configure(f'{ZONE}[daemon]\nsenders = 1\n[channels.hook]\nurl = "{receiver.url}"\n')
    plain = kept.many(8, "2026-11-23T12:05")
    urgent = kept.change(plain[-1], priority=1)
    kept.remind("12:04", priority=1)
    kept.shown.move(minutes=5)
    kept.deliver()
    number = {one.idem_key: one for one in kept.deliveries()}
    order = [number[post.key] for post in receiver.posts]
    assert [one.due.minute for one in order[:2]] == [4, 5]
    assert order[1].reminder_id == urgent.id
