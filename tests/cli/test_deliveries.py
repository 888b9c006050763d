"""`deliveries`: what became of each reminder, and why; never an address, never a text."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.reminders.keeping import kept

if TYPE_CHECKING:
    from tests.conftest import Run
    from tests.reminders.keeping import Kept
    from tests.reminders.live import Receiver

__all__ = ["kept"]


@pytest.fixture
def past(kept: Kept, receiver: Receiver) -> Kept:
    """One was accepted at the third try, one refused, one was done already."""
    kept.configure(
        '[person]\ntimezone = "Europe/Berlin"\n'
        f'[channels.hook]\nurl = "{receiver.url}SECRETPATH?+X-Token=SECRETHEAD"\n'
    )
    runner = kept.runner()
    kept.remind("12:05")
    receiver.behave(503)
    kept.shown.move(minutes=5)
    kept.deliver(runner)
    kept.shown.move(minutes=1)
    kept.deliver(runner)
    receiver.behave(200)
    kept.shown.move(minutes=2)
    kept.deliver(runner)
    kept.remind("12:20")
    receiver.behave(404)
    kept.shown.move(minutes=15)
    kept.deliver(runner)
    receiver.behave(200)
    return kept


def test_it_lists_what_became_of_each_newest_first(past: Kept, cli: Run) -> None:
    shown = cli("deliveries")
    assert shown.code == 0
    lines = [line.split(maxsplit=6) for line in shown.out.splitlines()]
    assert lines[0] == ["no", "due", "habit", "channel", "state", "tries", "why"]
    assert lines[1][:6] == ["2", "12:20", "listen", "hook", "refused", "1"]
    assert lines[1][6] == "not found (404): check the topic, room or path in the address"
    assert lines[2] == [
        "1",
        "12:05",
        "listen",
        "hook",
        "accepted",
        "3",
        "accepted by the first hop",
    ]


def test_what_waits_says_until_when(kept: Kept, cli: Run) -> None:
    kept.configure(
        '[person]\ntimezone = "Europe/Berlin"\n[quiet]\nfrom = "12:00"\nuntil = "14:00"\n'
    )
    kept.remind("12:05")
    kept.shown.move(minutes=5)
    kept.deliver()
    assert "it fell into quiet hours; next try 14:00" in cli("deliveries").out
    assert cli("deliveries", "--json").json()["deliveries"][0]["not_before"] is not None


def test_it_filters(past: Kept, cli: Run) -> None:
    def ids(*more: str) -> list[int]:
        return [row["id"] for row in cli("deliveries", *more, "--json").json()["deliveries"]]

    assert ids() == [2, 1]
    assert ids("--state", "sent") == [1]
    assert ids("--state", "sent", "--state", "dead") == [2, 1]
    assert ids("--limit", "1") == [2]
    assert ids("--since", "today") == [2, 1]
    past.shown.move(days=1)
    assert ids("--since", "today") == []
    assert ids("--since", "yesterday") == [2, 1]
    assert cli("deliveries", "--since", "nonsense").code == 2
    assert cli("deliveries", "--state", "gone").code == 2
    assert "Nothing of the kind" in cli("deliveries", "--state", "expired").err


def test_every_try_is_shown_in_words(past: Kept, cli: Run) -> None:
    shown = cli("deliveries", "show", "1")
    assert shown.code == 0
    assert shown.out.count("the receiver is in trouble (503): try again later") == 2
    assert "accepted by the first hop" in shown.out
    one = cli("deliveries", "show", "1", "--json").json()["delivery"]
    assert [attempt["code"] for attempt in one["tries"]] == ["http-503", "http-503", "accepted"]
    assert [attempt["n"] for attempt in one["tries"]] == [1, 2, 3]
    assert cli("deliveries", "show", "99").code == 3


def test_it_holds_no_address_and_no_text(past: Kept, cli: Run) -> None:
    texts = [prompt.text for prompt in past.app.rule("listen").prompts]
    for arguments in (
        ("deliveries",), ("deliveries", "--json"), ("deliveries", "show", "1"),
        ("deliveries", "show", "2", "--json"), ("channels",), ("channels", "--json"),
    ):  # fmt: skip
        shown = cli(*arguments)
        assert "SECRET" not in shown.out + shown.err
        assert not any(text in shown.out for text in texts)


def test_one_that_was_refused_is_tried_again(past: Kept, cli: Run, receiver: Receiver) -> None:
    before = len(receiver.posts)
    assert cli("deliveries", "retry", "2").code == 0
    past.deliver()
    assert len(receiver.posts) == before + 1
    (one,) = [d for d in past.deliveries() if d.id == 2]
    assert (one.state, one.attempts) == ("sent", 2)


def test_one_that_is_long_over_is_tried_for_an_hour(
    past: Kept, cli: Run, receiver: Receiver
) -> None:
    past.shown.move(days=2)
    assert cli("deliveries", "retry", "2").code == 0
    past.deliver()
    (one,) = [d for d in past.deliveries() if d.id == 2]
    assert one.state == "sent"


def test_what_cannot_be_tried_again_says_why(past: Kept, cli: Run) -> None:
    assert "was accepted at" in cli("deliveries", "retry", "1").err
    assert cli("deliveries", "retry", "1").code == 2
    assert cli("deliveries", "retry", "99").code == 3
    cli("channels", "off", "hook")
    refused = cli("deliveries", "retry", "2")
    assert refused.code == 2
    assert "`reconnect channels on hook` comes first" in refused.err
