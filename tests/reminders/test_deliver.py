"""Sending through Apprise: what comes of it is a small code, whatever the message says."""

from __future__ import annotations

import io
import logging
import socket
import subprocess
import sys
import threading
from typing import TYPE_CHECKING

import pytest

from reconnect.reminders.deliver import Outcome, Sender
from reconnect.reminders.outcomes import kind_of
from reconnect.reminders.terminal import Terminal

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.reminders.live import Mailbox, Receiver

TRICKY = "It timed out with error=500, connection refused, (535, authentication aborted."


@pytest.fixture
def sender() -> Iterator[Sender]:
    """A sender whose terminal is a text."""
    before = Terminal.stream
    yield Sender(io.StringIO())
    Terminal.stream = before


@pytest.mark.parametrize(
    ("behaviour", "code"),
    [
        (200, "accepted"),
        (201, "accepted"),
        (401, "http-401"),
        (429, "http-429"),
        (500, "http-500"),
        (503, "http-503"),
        ("refuse", "no-connection"),
        ("hang", "timeout"),
        ("cut", "cut-off"),
    ],
)
def test_a_code_says_what_came_of_it(
    sender: Sender, receiver: Receiver, behaviour: int | str, code: str
) -> None:
    receiver.behave(behaviour)
    outcome = sender.send(f"{receiver.url}?rto=0.3", TRICKY, TRICKY)
    assert outcome == Outcome(code == "accepted", code)


def test_an_answer_that_cannot_be_read_may_mean_that_it_was_accepted(
    sender: Sender, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    receiver.headers = {"Content-Encoding": "gzip"}
    monkeypatch.setattr(receiver, "answer", lambda _raw: b"no gzip")
    assert sender.send(receiver.url, "t", "b") == Outcome(False, "cut-off")
    assert len(receiver.posts) == 1


@pytest.mark.parametrize(("hangs", "code"), [(True, "unreachable"), (False, "tls")])
def test_without_a_safe_connection_nothing_was_sent(sender: Sender, hangs: bool, code: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        ended = threading.Event()

        def accept() -> None:
            connection, _ = server.accept()
            with connection:
                connection.recv(1)
                ended.wait(30 if hangs else 0)

        threading.Thread(target=accept, daemon=True).start()
        url = f"jsons://127.0.0.1:{server.getsockname()[1]}/?rto=0.3&cto=0.3"
        assert sender.send(url, "t", "b", "key") == Outcome(False, code)
        ended.set()
    assert kind_of(code) == "down"


def test_there_is_no_second_try_in_memory(sender: Sender, receiver: Receiver) -> None:
    receiver.behave(500)
    assert sender.send(f"{receiver.url}?retry=5&wait=0", "t", "b") == Outcome(False, "http-500")
    assert receiver.arrived == 1


def test_the_key_is_passed_on_beside_headers_of_ones_own(
    sender: Sender, receiver: Receiver
) -> None:
    url = f"{receiver.url}?+X-Own=mine"
    for key in ("one", "two"):
        assert sender.send(url, "t", "b", key).accepted
    assert [(p.key, p.headers["X-Own"]) for p in receiver.posts] == [
        ("one", "mine"), ("two", "mine"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        ("250 kept", "accepted"),
        ("550 no such mailbox", "mail-550"),
        ("530 authentication required", "not-allowed"),
        ("451 try later", "mail-451"),
    ],
)
def test_mail(sender: Sender, smtp: Mailbox, answer: str, code: str) -> None:
    smtp.refusal = answer
    assert sender.send(smtp.url, "t", "b", "key").code == code


@pytest.mark.parametrize(
    "url", ["", "nonsense", "nosuch://host", "json://", "mailto://", "ntfy://?", "://", "json://:x"]
)
def test_what_is_no_address(sender: Sender, url: str) -> None:
    assert sender.check(url) == Outcome(False, "bad-url")
    assert sender.send(url, "t", "b") == Outcome(False, "bad-url")


def test_a_service_that_raises_is_an_outcome(
    sender: Sender, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    from apprise.plugins.custom_json import NotifyJSON

    def raises(*_arguments: object, **_more: object) -> bool:
        raise RuntimeError("a secret")

    monkeypatch.setattr(NotifyJSON, "notify", raises)
    assert sender.send(receiver.url, "t", "b") == Outcome(False, "raised-RuntimeError")


def test_what_apprise_says_goes_nowhere(
    sender: Sender, receiver: Receiver, capfd: pytest.CaptureFixture[str]
) -> None:
    receiver.behave(500)
    sender.send(f"{receiver.url}SECRET", "t", "SECRET")
    sender.send("nosuch://SECRET", "t", "SECRET")
    assert logging.getLogger("apprise").propagate is False
    assert capfd.readouterr() == ("", "")


def test_no_warning_tells_the_name_of_a_host() -> None:
    code = (
        "from reconnect.reminders.deliver import Sender\nSender()\n"
        "import urllib3, warnings\n"
        "warnings.warn('SECRET', urllib3.exceptions.InsecureRequestWarning)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True)
    assert done.stderr == b""


def test_the_terminal_shows_nothing_but_text(sender: Sender) -> None:
    assert sender.send("terminal://", "A \x1b[31mtitle\x07", "first\n\nsecond\x1b]0;x\x07").accepted
    shown = Terminal.stream
    assert isinstance(shown, io.StringIO)
    assert shown.getvalue() == "\n* A [31mtitle\n  first\n\n  second]0;x\n\n"


def test_a_terminal_that_is_closed_is_no_receiver(sender: Sender) -> None:
    assert Terminal.stream is not None
    Terminal.stream.close()
    assert sender.send("terminal://", "t", "b") == Outcome(False, "refused")
