"""What Reconnect sends arrives, once and whole: told by each receiver itself, not by Apprise."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from tests.e2e.conftest import ALL
from tests.reminders.live import until

from reconnect.cli.channels import MESSAGE

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.conftest import Clock, Run
    from tests.e2e.receivers import Kind
    from tests.reminders.keeping import Kept
    from tests.reminders.live import DaemonProcess

pytestmark = pytest.mark.e2e

TITLE = "A moment for us"


def text_of(kind: Kind, since: int) -> str:
    """All that arrived since so many messages, without the shape of its lines."""
    found = " ".join(f"{one.title or ''} {one.text}" for one in kind.got()[since:])
    return re.sub(r"\s+", " ", found).strip()


@pytest.mark.parametrize("name", ALL)
def test_it_arrives_once_and_whole(
    name: str,
    receive: Callable[[str], Kind],
    kept: Kept,
    clock: Clock,
    process: Run,
    daemon: Callable[..., DaemonProcess],
) -> None:
    there = receive(name)
    kept.channels(there=there.url)

    checked = process("config", "check", "--json", env=there.environment)
    assert checked.json()["warnings"] == []

    before = len(there.got())
    tried = process("channels", "test", env=there.environment)
    assert (tried.code, tried.out) == (0, "ok   there: accepted by the first hop\n"), tried.err
    until(lambda: text_of(there, before).endswith(MESSAGE), 20, f"for {name}")
    assert text_of(there, before) == f"{TITLE} {MESSAGE}"

    before = len(there.got())
    kept.remind("12:05")
    clock.move(minutes=5)
    running = daemon("daemon", "run", "--log-level", "debug", **there.environment)
    until(lambda: [one.state for one in kept.deliveries()] == ["sent"], what=running.err)
    assert running.interrupt() == 0
    (delivery,) = kept.deliveries()
    prompts = {prompt.id: prompt.text for prompt in kept.app.rule("listen").prompts}
    assert delivery.prompt is not None
    body = re.sub(r"\s+", " ", prompts[delivery.prompt])
    until(lambda: text_of(there, before).endswith("reconnect today"), 20, f"for {name}")
    assert text_of(there, before) == f"{TITLE} {body} reconnect today"
    assert (delivery.outcome, delivery.attempts) == ("accepted", 1)
