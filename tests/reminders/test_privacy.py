"""Nothing that was sent, and nothing of an address, stands in a log, a table or an answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.reminders.live import Receiver, until

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from tests.conftest import Clock, Run
    from tests.reminders.keeping import Kept
    from tests.reminders.live import DaemonProcess, Mailbox

TITLE = "PlantedTitle"
SECRETS = (
    "PlantedUser", "PlantedPassword", "PlantedPath", "PlantedQuery", "PlantedHeader", "PlantedHost",
    "plantedmailbox", TITLE,
)  # fmt: skip
LOGIN, REST = "PlantedUser:PlantedPassword", "PlantedPath?-p=PlantedQuery&+X-Token=PlantedHeader"


@pytest.fixture
def deaf() -> Iterator[Receiver]:
    """A receiver that takes everything and answers nothing."""
    one = Receiver()
    one.behave("hang")
    yield one
    one.close()


@pytest.fixture
def planted(kept: Kept, receiver: Receiver, deaf: Receiver, smtp: Mailbox) -> dict[str, str]:
    """Channels full of secrets, and what becomes of what is sent there."""
    mail = "from=plantedmailbox@example.org&to=plantedmailbox@example.org&mode=insecure&cto=0.3"
    rest = f"{mail}&+X-Token=PlantedHeader"
    urls = {
        "fine": (f"json://{LOGIN}@{receiver.host}/{REST}", "accepted"),
        "refused": (f"json://{LOGIN}@127.0.0.1:9/{REST}", "no-connection"),
        "timeout": (f"json://{LOGIN}@{deaf.host}/{REST}&rto=0.2", "timeout"),
        "nobody": (f"json://{LOGIN}@PlantedHost.invalid/{REST}", "no-such-host"),
        "strange": (f"nosuch://{LOGIN}@PlantedHost/{REST}", "bad-url"),
        "mail": (f"mailto://127.0.0.1:{smtp.port}/?{rest}", "accepted"),
        "login": (f"mailto://{LOGIN}@127.0.0.1:{smtp.port}/?{rest}", ""),
        "silent": (f"mailto://{LOGIN}@{deaf.host}/?{rest}", "no-service"),
        "closed": (f"mailto://{LOGIN}@127.0.0.1:9/?{rest}", "no-connection"),
    }
    text = f'[reminders]\ntitle = "{TITLE}"\n'
    kept.configure(
        text + "".join(f'[channels.{n}]\nurl = "{url}"\n' for n, (url, _) in urls.items())
    )
    return {name: outcome for name, (_, outcome) in urls.items()}


def hits(kept: Kept, texts: dict[str, str | bytes]) -> set[tuple[str, str]]:
    """Where a secret or a prompt stands."""
    words = [*SECRETS, *(prompt.text for prompt in kept.app.rule("listen").prompts)]
    return {
        (where, word)
        for where, text in texts.items()
        for word in words
        if (word.encode() if isinstance(text, bytes) else word) in text  # type: ignore[operator]
    }


def files(place: Path) -> dict[str, str | bytes]:
    kept = (*place.glob("reconnect.db*"), *place.glob("logs/*"))
    return {path.name: path.read_bytes() for path in kept}


@pytest.mark.parametrize("level", ["debug", "info", "warning", "error"])
def test_no_text_and_no_address_is_kept(
    kept: Kept,
    planted: dict[str, str],
    clock: Clock,
    process: Run,
    daemon: Callable[..., DaemonProcess],
    receiver: Receiver,
    smtp: Mailbox,
    level: str,
) -> None:
    kept.many(2, "2026-11-23T12:05")
    clock.move(minutes=5)
    running = daemon("daemon", "run", "--log-level", level)
    until(lambda: len(kept.deliveries()) == 2 * len(planted) and kept.at_rest())
    found = {d.channel: d.outcome for d in kept.deliveries()}
    assert {name: found[name] for name, code in planted.items() if code} == {
        name: code for name, code in planted.items() if code
    }
    # They did arrive where they should, with all that they carry.
    assert {post.path for post in receiver.posts} == {"/PlantedPath?p=PlantedQuery"}
    assert {post.headers["X-Token"] for post in receiver.posts} == {"PlantedHeader"}
    assert smtp.messages
    said = {
        "status": process("daemon", "status", "--json").out,
        "channels": process("channels").out + process("channels", "--json").out,
        "remind": process("remind", "--json").out,
    }
    before = files(kept.home)
    assert running.interrupt() == 0
    texts = {"out": running.out, "err": running.err, **said, **files(kept.home), **before}
    assert hits(kept, texts) == set()
    assert (f"code={planted['refused']}" in running.err) == (level != "error")


def test_trying_channels_tells_nothing_either(
    kept: Kept, planted: dict[str, str], process: Run
) -> None:
    kept.once("2026-11-23T12:00", text="Told by the person")
    tried = process("channels", "test")
    assert tried.code == 1
    assert hits(kept, {"out": tried.out, "err": tried.err, **files(kept.home)}) == set()
    assert b"Told by the person" in b"".join(path.read_bytes() for path in kept.home.glob("*.db*"))
