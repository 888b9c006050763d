"""Trying again, by the class of what went wrong: refused, throttled, down, unsure, no network."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from tests.reminders.live import until

from reconnect.reminders.deliver import Sender
from reconnect.reminders.outcomes import Outcome, kind_of
from reconnect.store import channels, delivery_history

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tests.reminders.keeping import Kept
    from tests.reminders.live import Receiver

    from reconnect.reminders.runner import Runner


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("accepted", "accepted"), ("vetoed", "unwanted"), ("bad-url", "permanent"),
        ("http-301", "permanent"), ("http-400", "permanent"), ("http-404", "permanent"),
        ("http-408", "down"), ("http-429", "throttled"), ("http-500", "down"),
        ("http-503", "down"), ("mail-451", "down"), ("mail-550", "permanent"),
        ("no-connection", "down"), ("no-such-host", "down"), ("tls", "down"),
        ("timeout", "unsure"), ("cut-off", "unsure"), ("raised-KeyError", "unsure"),
        ("no-network", "offline"), ("no-secret", "down"), ("whatever", "down"),
    ],
)  # fmt: skip
def test_each_code_has_its_class(code: str, kind: str) -> None:
    assert kind_of(code) == kind


@pytest.fixture
def said(monkeypatch: pytest.MonkeyPatch) -> list[Outcome | str]:
    """What the next sends answer, in order; after that they are accepted. The fault is planted."""
    answers: list[Outcome | str] = []

    def send(*_arguments: object) -> Outcome:
        answer = answers.pop(0) if answers else "accepted"
        return answer if isinstance(answer, Outcome) else Outcome(answer == "accepted", answer)

    monkeypatch.setattr(Sender, "send", send)
    return answers


def after(kept: Kept, runner: Runner, minutes: Iterable[int]) -> None:
    for step in minutes:
        kept.shown.move(minutes=step)
        kept.deliver(runner)


def codes(kept: Kept) -> list[str]:
    (one,) = kept.deliveries()
    return [a.code for a in delivery_history.attempts(kept.db, [one.id])[one.id]]


@pytest.mark.parametrize(
    "answers",
    [
        ["timeout", "http-503", "timeout"],
        ["timeout", "cut-off"],
        ["http-500", "cut-off", "http-503", "http-503", "unknown"],
        ["raised-KeyError", "timeout"],
    ],
)
def test_what_is_unsure_is_sent_once_more_whatever_comes_between(
    kept: Kept, said: list[Outcome | str], answers: list[str]
) -> None:
    kept.remind("12:05")
    said += answers
    runner = kept.runner()
    after(kept, runner, [5, *[31] * 8])
    assert kept.outcomes() == [("unknown", answers[-1])]
    assert codes(kept) == answers
    assert kept.deliveries()[0].unsure == 2


def test_a_permanent_refusal_is_not_tried_again(kept: Kept, said: list[Outcome | str]) -> None:
    kept.remind("12:05")
    said.append("http-404")
    after(kept, kept.runner(), [5, 31, 31])
    assert kept.outcomes() == [("dead", "http-404")]
    assert codes(kept) == ["http-404"]


@pytest.mark.parametrize(("asked", "waits"), [(None, 60), (600.0, 600), (7200.0, 7200)])
def test_a_service_that_throttles_is_left_alone_as_long_as_it_asks(
    kept: Kept, said: list[Outcome | str], asked: float | None, waits: int
) -> None:
    from reconnect.reminders.housekeeping import Housekeeping

    kept.many(3, "2026-11-23T12:05")
    said.append(Outcome(False, "http-429", asked))
    kept.shown.move(minutes=5)
    runner = kept.deliver()
    # The others wait as well, and were not tried.
    assert sorted(kept.outcomes(), key=str)[0] == ("pending", "http-429")
    assert sum(one.attempts for one in kept.deliveries()) == 1
    kept.shown.move(seconds=waits - 1)
    Housekeeping(kept.db, kept.clock, "runner-0", lambda: kept.settings, runner.held)
    for _ in range(5):
        runner.step()
    assert sum(one.attempts for one in kept.deliveries()) == 1
    kept.shown.move(seconds=1)
    kept.deliver(runner)
    assert {one.state for one in kept.deliveries()} == {"sent"}


def test_a_service_that_throttles_and_asks_for_no_pause_gets_one(
    kept: Kept, said: list[Outcome | str]
) -> None:
    kept.remind("12:05")
    said += [Outcome(False, "http-429", 1.0)] * 9
    kept.shown.move(minutes=5)
    runner, pauses = kept.runner(), []
    for _ in range(9):
        kept.deliver(runner)
        (one,) = kept.deliveries()
        pauses.append(round((one.not_before - kept.now).total_seconds()))
        kept.shown.move(seconds=pauses[-1])
    assert pauses == [1, 2, 4, 8, 16, 32, 60, 60, 60]


@pytest.mark.parametrize(("asked", "waits"), [(600.0, 600), (86_400.0, 1800)])
def test_a_service_that_is_down_says_when_to_come_back(
    kept: Kept, said: list[Outcome | str], asked: float, waits: int
) -> None:
    kept.remind("12:05")
    said.append(Outcome(False, "http-503", asked))
    kept.shown.move(minutes=5)
    kept.deliver()
    (one,) = kept.deliveries()
    assert round((one.not_before - kept.now).total_seconds()) == waits


def test_retry_after_is_heard_from_a_real_receiver(kept: Kept, receiver: Receiver) -> None:
    receiver.headers = {"Retry-After": "90"}
    receiver.behave(429)
    assert Sender().send(receiver.url, "t", "b") == Outcome(False, "http-429", 90.0)
    receiver.headers = {
        "Date": "Mon, 23 Nov 2026 11:00:00 GMT", "Retry-After": "Mon, 23 Nov 2026 11:02:00 GMT",
    }  # fmt: skip
    assert Sender().send(receiver.url, "t", "b").retry_after_s == 120.0
    for junk in ("soon", "-5", "1e400", ""):
        receiver.headers = {"Retry-After": junk}
        assert Sender().send(receiver.url, "t", "b").retry_after_s in (None, 1.0)


def test_a_channel_that_is_down_rests_and_is_tried_with_one_message(
    kept: Kept, receiver: Receiver
) -> None:
    kept.many(40, "2026-11-23T12:05")
    receiver.behave(503)
    kept.shown.move(minutes=5)
    runner = kept.deliver()
    # Five failures, one at a time; the others were not tried at all.
    assert receiver.arrived == 5
    state = channels.states(kept.db)[kept.person.id, "hook"]
    assert (state.state, state.fail_streak, state.code) == ("on", 5, "http-503")
    assert 0 < state.next_ok - int(kept.now.timestamp() * 1000) <= 30_000
    kept.shown.move(seconds=31)
    kept.deliver(runner)
    assert receiver.arrived == 6  # one probe
    receiver.behave(200)
    kept.shown.move(minutes=2)
    kept.deliver(runner)
    kept.shown.move(minutes=30)
    kept.deliver(runner)
    assert {one.state for one in kept.deliveries()} == {"sent"}
    assert set(receiver.counts().values()) == {1}
    assert channels.states(kept.db)[kept.person.id, "hook"].fail_streak == 0


def test_without_a_network_one_message_is_tried_and_no_attempt_is_burnt(
    kept: Kept, said: list[Outcome | str]
) -> None:
    kept.configure('[channels.phone]\nurl = "ntfys://ntfy.example.org/a-topic"\n')
    kept.many(8, "2026-11-23T12:05", channels=("phone",))
    said += ["no-network"] * 3
    kept.shown.move(minutes=5)
    runner = kept.runner()
    tried = []
    for _ in range(60):
        runner.step()
        until(lambda: not runner._senders.under_way())
        runner.step()
        tried.append(3 - len(said))
        kept.shown.move(seconds=1)
    # At once, two seconds later, four seconds after that; then there is one again.
    assert tried.index(1) <= 1
    assert tried.index(2) <= 5
    assert tried.index(3) <= 11
    assert kept.db.execute("SELECT count(*) FROM attempt WHERE code = 'no-network'").fetchone() == (
        0,
    )
    assert max(one.attempts for one in kept.deliveries()) == 1
    assert channels.states(kept.db) == {}  # nothing of it speaks against the channel


def test_the_same_prompt_comes_with_every_try(kept: Kept, receiver: Receiver) -> None:
    kept.remind("12:05")
    receiver.behave(503)
    kept.shown.move(minutes=5)
    runner = kept.deliver()
    first = kept.deliveries()[0].prompt
    assert first is not None
    receiver.behave(200)
    kept.shown.move(minutes=1)
    kept.deliver(kept.runner())
    del runner
    text = next(p.text for p in kept.app.rule("listen").prompts if p.id == first)
    assert receiver.posts[0].body.startswith(text)


def test_a_public_service_gets_ten_at_once_and_then_its_pace(
    kept: Kept, said: list[Outcome | str]
) -> None:
    kept.configure('[channels.phone]\nurl = "ntfys://ntfy.example.org/a-topic"\n')
    kept.many(15, "2026-11-23T12:05", channels=("phone",))
    kept.shown.move(minutes=5)
    runner = kept.runner()

    def sent() -> int:
        for _ in range(80):
            runner.step()
            until(lambda: not runner._senders.under_way())
        return sum(one.state == "sent" for one in kept.deliveries())

    assert sent() == 10
    kept.shown.move(seconds=6)
    assert sent() == 11
    kept.shown.move(seconds=60)
    assert sent() == 15
    assert said == []


def test_many_channels_that_hang_hold_one_sender_each(kept: Kept, receiver: Receiver) -> None:
    kept.many(30, "2026-11-23T12:05")
    receiver.behave("hang")
    kept.configure(f'[channels.hook]\nurl = "{receiver.url}?rto=60"\n')
    kept.shown.move(minutes=5)
    runner = kept.runner()
    runner.step()
    kept.run(runner, lambda: receiver.arrived == 1)
    for _ in range(20):
        runner.step()
    assert receiver.arrived == 1
    assert sum(one.state == "leased" for one in kept.deliveries()) == 1


def test_a_minute_between_a_timeout_and_its_resend(kept: Kept, said: list[Outcome | str]) -> None:
    kept.remind("12:05")
    said.append("timeout")
    kept.shown.move(minutes=5)
    kept.deliver()
    (one,) = kept.deliveries()
    assert one.not_before - kept.now == timedelta(seconds=60)
