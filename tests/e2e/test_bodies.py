"""How much a message says is the person's choice, and holds up to the receiver."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.e2e.test_receivers import TITLE, text_of
from tests.reminders.live import until

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.conftest import Clock
    from tests.e2e.receivers import Kind
    from tests.reminders.keeping import Kept
    from tests.reminders.live import DaemonProcess

pytestmark = [
    pytest.mark.e2e,
]


@pytest.mark.receivers("json", "ntfy", "mail", "irc", "mqtt", "xmpp")
@pytest.mark.parametrize("body", ["full", "prompt", "nudge"])
def test_no_receiver_gets_more_than_was_chosen(
    receive: Callable[[str], Kind],
    available: Callable[..., list[str]],
    kept: Kept,
    clock: Clock,
    daemon: Callable[..., DaemonProcess],
    body: str,
) -> None:
    kinds = {
        name: receive(name) for name in available("json", "ntfy", "mail", "irc", "mqtt", "xmpp")
    }
    kept.configure(
        "".join(
            f'[channels.{name}]\nurl = "{kind.url}"\nbody = "{body}"\n'
            for name, kind in kinds.items()
        )
    )
    before = {name: len(kind.got()) for name, kind in kinds.items()}
    kept.remind("12:05")
    clock.move(minutes=5)
    running = daemon()
    until(lambda: len(kept.deliveries()) == len(kinds) and kept.at_rest(), what=running.err)
    assert {(one.state, one.attempts) for one in kept.deliveries()} == {("sent", 1)}
    assert running.interrupt() == 0

    rule = kept.app.rule("listen")
    prompts = [" ".join(prompt.text.split()) for prompt in rule.prompts]
    names = [rule.id, rule.title, kept.habit.title]
    for name, kind in kinds.items():
        until(lambda kind=kind, name=name: len(kind.got()) > before[name], 20, f"for {name}")
        end = "reconnect log listen" if body == "full" else "reconnect today"
        until(
            lambda kind=kind, name=name, end=end: text_of(kind, before[name]).endswith(end),
            20, f"for {name}: {text_of(kind, before[name])}",
        )  # fmt: skip
        text = text_of(kind, before[name])
        assert text.startswith(f"{TITLE} ")
        assert text.count(TITLE) == 1
        said = text.removeprefix(TITLE).removesuffix(end).strip()
        if body == "nudge":
            assert not [one for one in prompts if one in said]
        else:
            assert said in prompts
        if body != "full":
            outside = text if body == "nudge" else text.replace(said, "")
            assert not [one for one in names if one.lower() in outside.lower()]
