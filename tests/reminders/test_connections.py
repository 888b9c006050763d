"""HTTP beneath Apprise: connections are kept for a burst, and nothing else is."""

from __future__ import annotations

import contextlib
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING

import pytest
import requests

from reconnect.reminders import wire
from reconnect.reminders.deliver import Sender

if TYPE_CHECKING:
    from collections.abc import Iterator


class Keeping(ThreadingHTTPServer):
    """Keeps connections open; counts them, and keeps the cookies that come."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.connections = 0
        self.cookies: list[str | None] = []
        self.cut = self.promises = self.endless = False

    @property
    def url(self) -> str:
        return f"json://127.0.0.1:{self.server_address[1]}/"


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Keeping

    def setup(self) -> None:
        super().setup()
        self.server.connections += 1

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        self.server.cookies.append(self.headers.get("Cookie"))
        self.send_response(200)
        self.send_header("Set-Cookie", "who=you")
        if self.server.endless:
            self.send_header("Content-Length", str(10**12))
            self.end_headers()
            with contextlib.suppress(OSError):
                while True:
                    self.wfile.write(bytes(65_536))
            return
        self.send_header("Content-Length", "0")
        if self.server.promises:
            self.send_header("Connection", "keep-alive")
        self.end_headers()
        self.close_connection = self.server.cut

    def log_message(self, *_args: object) -> None:
        """Say nothing."""


@pytest.fixture
def keeping() -> Iterator[Keeping]:
    server = Keeping()
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    yield server
    wire.rest()
    server.shutdown()
    server.server_close()


def test_a_burst_goes_over_one_connection_without_cookies(keeping: Keeping) -> None:
    sender = Sender()
    for number in range(5):
        assert sender.send(keeping.url, "t", "b", f"key-{number}").accepted
    assert keeping.connections == 1
    assert keeping.cookies == [None] * 5


def test_later_it_is_another_one(keeping: Keeping, monkeypatch: pytest.MonkeyPatch) -> None:
    sender = Sender()
    monkeypatch.setattr(wire, "REUSE_S", 0.0)
    for _ in range(3):
        assert sender.send(keeping.url, "t", "b", "key").accepted
    assert keeping.connections == 3


def test_without_a_key_only_where_the_server_promises(keeping: Keeping) -> None:
    sender = Sender()
    for _ in range(3):
        assert sender.send(keeping.url, "t", "b").accepted
    assert keeping.connections == 3
    keeping.promises = True
    for _ in range(3):
        assert sender.send(keeping.url, "t", "b").accepted
    assert keeping.connections == 4


def test_one_that_the_server_closed_is_no_failure(keeping: Keeping) -> None:
    sender = Sender()
    keeping.cut = True
    for number in range(10):
        assert sender.send(keeping.url, "t", "b", f"key-{number}").accepted
    assert len(keeping.cookies) == 10  # and each was sent once


def test_an_answer_without_an_end_is_not_read_to_its_end(keeping: Keeping) -> None:
    sender = Sender()
    keeping.endless = keeping.promises = True
    for key in ("one", "two"):
        assert sender.send(keeping.url, "t", "b", key).accepted
    assert keeping.connections == 2


def test_who_trusts_any_certificate_shares_no_connection(keeping: Keeping) -> None:
    sender = Sender()
    for verify in ("yes", "no", "no", "yes"):
        assert sender.send(f"{keeping.url}?verify={verify}", "t", "b", "key").accepted
    assert keeping.connections == 3


def test_each_thread_has_its_own(keeping: Keeping) -> None:
    sender = Sender()

    def send() -> None:
        assert sender.send(keeping.url, "t", "b").accepted
        wire.rest()

    threads = [threading.Thread(target=send) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert keeping.connections == 4


def test_who_does_not_send_for_us_keeps_their_requests(keeping: Keeping) -> None:
    Sender()
    url = keeping.url.replace("json", "http")
    for _ in range(3):
        assert requests.post(url, data="x", timeout=10).ok
    assert keeping.connections == 3
