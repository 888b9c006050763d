"""What is done about addresses of which Apprise says "sent" although nobody got anything."""

from __future__ import annotations

import io
import socket
from typing import TYPE_CHECKING

import apprise
import pytest
from tests.reminders.live import until

from reconnect.reminders import first_hop
from reconnect.reminders.deliver import Outcome, Sender
from reconnect.reminders.first_hop import doubt_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from tests.conftest import Clock, Run
    from tests.reminders.keeping import Kept
    from tests.reminders.live import DaemonProcess, Receiver

ALERTS = "opsgenie://0123456789-SECRET"
REFUSED = {"syslog://": "no-syslog", ALERTS: "creates-nothing", "jira://SECRET": "creates-nothing"}


@pytest.fixture(autouse=True)
def no_syslog(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """No syslog service runs; where its socket would be."""
    place = tmp_path / "log"
    monkeypatch.setattr(first_hop, "SYSLOG_SOCKETS", (str(place),))
    return place


@pytest.fixture
def there(no_syslog: Path) -> Iterator[Path]:
    """A syslog service, as far as its socket goes."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as one:
        one.bind(str(no_syslog))
        yield no_syslog


@pytest.mark.parametrize(
    ("url", "code", "refused"),
    [
        ("syslog://", "no-syslog", True),
        ("syslog://local5?logpid=no", "no-syslog", True),
        ("SYSLOG://", "no-syslog", True),
        ("rsyslog://127.0.0.1", "never-confirmed", False),
        ("mqtt://127.0.0.1/topic", "never-confirmed", False),
        ("mqtts://u:p@127.0.0.1/topic?qos=0", "never-confirmed", False),
        (ALERTS, "creates-nothing", True),
        (f"{ALERTS}/#team?action=map", "creates-nothing", True),
        (f"{ALERTS}?:info=note", "creates-nothing", True),
        ("jira://token", "creates-nothing", True),
    ],
)
def test_addresses_that_are_doubted(url: str, code: str, refused: bool) -> None:
    doubt = doubt_of(url)
    assert doubt is not None
    assert (doubt.code, doubt.refused) == (code, refused)
    assert "SECRET" not in doubt.text


@pytest.mark.parametrize(
    "url",
    [
        "json://127.0.0.1/", "ntfys://ntfy.sh/topic", "mailto://127.0.0.1", "terminal://",
        f"{ALERTS}?action=new", f"{ALERTS}?:info=new", "jira://token?action=New",
        "mqtt://127.0.0.1/topic?qos=1", "mqtts://127.0.0.1/topic?QOS=2", "json://syslog://", "",
    ],
)  # fmt: skip
def test_addresses_that_are_not(url: str) -> None:
    assert doubt_of(url) is None


def test_a_syslog_that_is_there_is_doubted_all_the_same(there: Path) -> None:
    doubt = doubt_of("syslog://")
    assert doubt is not None
    assert (doubt.code, doubt.refused) == ("never-confirmed", False)


@pytest.mark.parametrize("url", REFUSED)
def test_nothing_is_sent_where_it_is_refused(url: str) -> None:
    assert Sender(io.StringIO()).send(url, "t", "b") == Outcome(False, REFUSED[url])


@pytest.mark.parametrize("url", [ALERTS, "jira://0123456789"])
def test_the_reason_still_holds(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Apprise says "sent" without a single request: once it does not, the row can go."""
    import requests

    def never(*_arguments: object, **_more: object) -> None:
        raise AssertionError("it sent something")

    monkeypatch.setattr(requests.sessions.Session, "request", never)
    memory = apprise.PersistentStoreMode.MEMORY
    asset = apprise.AppriseAsset(service_timeout=0, storage_mode=memory)
    service = apprise.Apprise.instantiate(url, asset=asset)
    assert service is not None
    assert service.notify(body="b", title="t")


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_a_redirect_is_no_success(receiver: Receiver, status: int) -> None:
    receiver.behave(status)
    assert Sender(io.StringIO()).send(receiver.url, "t", "b") == Outcome(False, f"http-{status}")


def test_a_redirect_is_followed_where_the_address_says_so(receiver: Receiver) -> None:
    receiver.behave(302)
    assert Sender(io.StringIO()).send(f"{receiver.url}?redirect=yes", "t", "b").accepted


def test_config_check_and_channels_test_say_so(cli: Run, kept: Kept) -> None:
    kept.channels(log="syslog://", far="rsyslog://127.0.0.1:9", team=ALERTS)
    checked = cli("config", "check")
    assert checked.code == 0
    for name in ("log", "far", "team"):
        doubt = doubt_of(kept.settings.channels[name].url)
        assert doubt is not None
        assert f"warning: channels.{name}.url: {doubt.text}" in checked.err
    assert "SECRET" not in checked.out + checked.err

    tried = cli("channels", "test")
    assert tried.code == 1
    assert "FAIL log: no syslog service runs on this machine" in tried.out
    assert "FAIL team: this service only adds notes to alerts" in tried.out
    assert "ok   far" in tried.out
    assert tried.err == (
        "warning: far: it goes out as one packet that nobody confirms: a reminder that gets lost "
        "is still recorded as sent\n"
    )
    rows = cli("channels", "test", "--json").json()["channels"]
    assert {row["channel"]: (row["code"], row["doubt"]) for row in rows} == {
        "log": ("no-syslog", None),
        "far": ("accepted", "never-confirmed"),
        "team": ("creates-nothing", None),
    }


def test_a_redirect_is_explained(cli: Run, kept: Kept, receiver: Receiver) -> None:
    receiver.behave(301)
    assert cli("channels", "test").out == (
        "FAIL hook: the receiver sends us on to another address (301): is it https? Write the new "
        "address into config.toml\n"
    )


def test_the_daemon_warns_once_and_records_what_was_refused(
    kept: Kept, clock: Clock, daemon: Callable[..., DaemonProcess]
) -> None:
    kept.channels(far="rsyslog://127.0.0.1:9", team=ALERTS)
    kept.many(3, "2026-11-23T12:05")
    clock.move(minutes=5)
    running = daemon().ready()
    running.says("channel=far never-confirmed")
    until(lambda: len(kept.deliveries()) == 6 and kept.at_rest())
    assert running.interrupt() == 0
    assert running.err.count("channel=far never-confirmed: see `reconnect config check`") == 1
    assert running.err.count("channel=team creates-nothing: see") == 1
    assert "SECRET" not in running.err
    found = {(one.channel, one.state, one.outcome) for one in kept.deliveries()}
    assert found == {("far", "sent", "accepted"), ("team", "dead", "creates-nothing")}
