"""Where Apprise reports "sent" and the receiver got nothing, Reconnect says that it failed."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import pytest
from tests.e2e.receivers import Got, Irc, NtfyPhone, Xmpp
from tests.e2e.servers import DBUS, MissingError, Server, module, program
from tests.reminders.live import until

from reconnect.reminders.deliver import Sender

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.conftest import Clock, Run
    from tests.e2e.receivers import Kind
    from tests.reminders.keeping import Kept
    from tests.reminders.live import DaemonProcess

pytestmark = pytest.mark.e2e

NOT_TAKEN = "the server took nothing for whom it was meant"


def raw_apprise(url: str) -> bool:
    """What Apprise says of a send by itself, in a process where nobody watches it."""
    import subprocess
    import sys

    code = (
        "import apprise, os, sys\n"
        "one = apprise.Apprise.instantiate(sys.argv[1])\n"
        "print(bool(one.notify(body='b', title='t')), flush=True)\n"
        "os._exit(0)\n"
    )
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", code, url],
        check=True, capture_output=True, text=True, timeout=60,
    )  # fmt: skip
    return done.stdout.split()[-1] == "True"


@pytest.mark.receivers("xmpp")
def test_xmpp_without_a_session(
    receive: Callable[[str], Kind],
    kept: Kept,
    clock: Clock,
    process: Run,
    daemon: Callable[..., DaemonProcess],
) -> None:
    there = receive("xmpp")
    assert isinstance(there, Xmpp)
    before = len(there.got())
    urls = {
        # A certificate of one's own, which verify=yes refuses.
        "unverified": f"{there.plain}?mode=starttls",
        # Not the server's name: it does not serve that host.
        "elsewhere": there.url.replace("localhost:", "127.0.0.1:", 1),
        # No TLS, which the server wants.
        "bare": f"{there.plain}?mode=none",
        "wrong": there.url.replace("secret", "mistaken"),
    }
    assert raw_apprise(urls["unverified"])
    kept.channels(**urls)
    tried = process("channels", "test")
    assert tried.code == 1
    assert "FAIL unverified: no safe connection could be made (TLS)" in tried.out
    assert tried.out.count("FAIL") == len(urls)

    kept.remind("12:05")
    clock.move(minutes=5)
    running = daemon()
    until(lambda: len(kept.deliveries()) == len(urls) and kept.at_rest(), what=running.err)
    assert running.interrupt() == 0
    assert not [one for one in kept.deliveries() if one.state == "sent"]
    assert len(there.got()) == before


@pytest.mark.receivers("irc")
def test_irc_where_nobody_gets_it(receive: Callable[[str], Kind], kept: Kept, process: Run) -> None:
    there = receive("irc")
    assert isinstance(there, Irc)
    before = len(there.got())
    urls = {
        "nobody": there.url.replace("%23moments", "@nobody"),
        "moderated": there.url.replace("%23moments", "%23quiet"),
    }
    assert [raw_apprise(url) for url in urls.values()] == [True, True]
    kept.channels(**urls)
    tried = process("channels", "test")
    assert tried.code == 1
    assert tried.out.count(NOT_TAKEN) == 2
    assert len(there.got()) == before


@pytest.mark.receivers("amqp")
def test_amqp_without_a_queue(receive: Callable[[str], Kind]) -> None:
    there = receive("amqp")
    before = len(there.got())
    gone = there.url.replace("/moments", "/nobody-reads-this")
    assert not Sender(io.StringIO()).send(gone, "t", "b").accepted
    assert len(there.got()) == before


def test_a_bus_on_which_nobody_shows_notifications(
    tmp_path: Path, kept: Kept, process: Run
) -> None:
    try:
        module("dbus", "dbus-python", DBUS)
        bus = program("dbus-daemon", "dbus-daemon")
    except MissingError as missing:
        pytest.skip(f"desktop: {missing}")
    # Without services: nothing can be started to show them.
    (tmp_path / "bus.conf").write_text(
        "<busconfig><type>session</type>"
        f"<listen>unix:path={tmp_path}/bus</listen>"
        '<policy context="default"><allow send_destination="*" eavesdrop="true"/>'
        '<allow eavesdrop="true"/><allow own="*"/></policy></busconfig>'
    )
    server = Server(tmp_path, [bus, "--nofork", f"--config-file={tmp_path}/bus.conf"])
    try:
        server.ready((tmp_path / "bus").exists)
        kept.channels(desk="dbus://")
        tried = process(
            "channels", "test", env={"DBUS_SESSION_BUS_ADDRESS": f"unix:path={tmp_path}/bus"}
        )
    finally:
        server.close()
    assert (tried.code, tried.out) == (
        1, "FAIL desk: no desktop answers that shows notifications\n",
    )  # fmt: skip


@pytest.mark.receivers("ntfy")
def test_ntfy_shows_buttons_and_priority(
    receive: Callable[[str], Kind], kept: Kept, process: Run
) -> None:
    there = receive("ntfy")
    assert isinstance(there, NtfyPhone)
    kept.channels(phone=there.url)
    before = len(there.receiver.pushed)
    assert process("channels", "test").code == 0
    (pushed,) = there.receiver.pushed[before:]
    assert there.got()[-1] == Got(pushed.title, pushed.message)
    assert (pushed.topic, pushed.title, pushed.priority) == ("moments", "A moment for us", 4)
    assert pushed.tags == ("seedling",)
    assert (pushed.icon, pushed.attach, pushed.click) == ("", "", "")
    assert [dict(one) for one in pushed.actions] == [
        {"action": "http", "label": "Done", "url": "http://127.0.0.1:9/done", "method": "POST",
         "clear": True},
        {"action": "http", "label": "Later", "url": "http://127.0.0.1:9/later", "method": "POST",
         "clear": False},
        {"action": "view", "label": "Skip", "url": "http://127.0.0.1:9/skip", "clear": False},
    ]  # fmt: skip
