"""Real parts for tests of sending: an HTTP receiver, a mail server, and the daemon as a process."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from dataclasses import dataclass
from email import message_from_bytes
from email.policy import default as email_policy
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    import socket
    from collections.abc import Callable, Iterator, Mapping
    from email.message import EmailMessage
    from pathlib import Path

PATIENCE_S = 30.0
"""How long a condition may take to come true on a slow machine; no test waits that long."""


def until(
    condition: Callable[[], object], seconds: float = PATIENCE_S, what: str = "", step: float = 0.01
) -> Any:
    """Wait for the condition to hold; what it answered then."""
    deadline = time.monotonic() + seconds
    while not (answer := condition()):
        if time.monotonic() > deadline:
            raise AssertionError(f"waited {seconds:g} s in vain {what}")
        time.sleep(step)
    return answer


@dataclass(frozen=True)
class Post:
    """One POST of Apprise's json://, form:// or xml:// service."""

    key: str
    title: str
    body: str
    path: str
    headers: Mapping[str, str]


class Receiver:
    """An HTTP server on loopback that keeps what it got; `behave` says how it answers."""

    takes_get = False

    def __init__(self) -> None:
        self.posts: list[Post] = []
        self.behaviour: int | str = 200
        self.arrived = 0
        self.headers: Mapping[str, str] = {}
        self._released = threading.Event()
        self._port = 0
        self._server: ThreadingHTTPServer | None = None
        self.behave(200)

    @property
    def host(self) -> str:
        """Where it listens, as host:port."""
        return f"127.0.0.1:{self._port}"

    @property
    def url(self) -> str:
        """Its address as an Apprise URL."""
        return f"json://{self.host}/"

    def behave(self, how: int | str) -> None:
        """Answer with this status, never ("hang"), hang up ("cut"), or do not listen ("refuse")."""
        self.behaviour = how
        self._released.set()
        self._released = threading.Event()
        if how == "refuse":
            self._stop()
        elif self._server is None:
            self._server = _Server(self, self._port)
            self._port = self._server.server_address[1]
            threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()

    def counts(self) -> dict[str, int]:
        """How often each key arrived."""
        found: dict[str, int] = {}
        for post in list(self.posts):
            found[post.key] = found.get(post.key, 0) + 1
        return found

    def close(self) -> None:
        """Let hung requests go, and stop."""
        self._released.set()
        self._stop()

    def read(self, path: str, headers: Mapping[str, str], raw: bytes) -> Post:
        """Read a request: Apprise's json://, form:// or xml://."""
        from tests.reminders.wire import read_post

        title, body = read_post(headers.get("Content-Type", ""), raw)
        return Post(headers.get("Idempotency-Key", ""), title, body, path, headers)

    def answer(self, raw: bytes) -> bytes:
        """What stands in the answer to a request."""
        return b""

    def take(self, post: Post) -> int | None:
        """Keep a post; the status to answer with, or None for no answer at all."""
        self.arrived += 1
        if self.behaviour == "hang":
            released = self._released
            released.wait(60)
            return None
        if self.behaviour == "cut":
            return None
        if self.behaviour == 200:
            self.posts.append(post)
        return int(self.behaviour)

    def _stop(self) -> None:
        if self._server is not None:
            self._server.shutdown()
            self._server.server_close()
            self._server = None


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 256

    def __init__(self, receiver: Receiver, port: int) -> None:
        self.receiver = receiver
        super().__init__(("127.0.0.1", port), _Handler)

    def handle_error(self, request: socket.socket | tuple[bytes, socket.socket], _at: Any) -> None:
        """Say nothing of a sender that was killed."""


class _Handler(BaseHTTPRequestHandler):
    server: _Server

    def do_POST(self) -> None:
        raw = self.rfile.read(int(self.headers["Content-Length"] or 0))
        receiver = self.server.receiver
        status = receiver.take(receiver.read(self.path, dict(self.headers.items()), raw))
        if status is None:
            self.close_connection = True
            return
        more = receiver.headers
        self.send_response_only(status)
        self.send_header("Date", more.get("Date", self.date_time_string()))
        for name in more.keys() - {"Date"}:
            self.send_header(name, more[name])
        if status in (301, 302, 307, 308):
            self.send_header("Location", f"http://{receiver.host}/elsewhere")
        answer = receiver.answer(raw)
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def do_PUT(self) -> None:
        """As a POST."""
        self.do_POST()

    def do_GET(self) -> None:
        """A page that says that all is well, as a page to log in would."""
        if self.server.receiver.takes_get:
            self.do_POST()
            return
        self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_args: object) -> None:
        """Say nothing."""


class Mailbox:
    """A mail server on loopback that keeps what it got."""

    def __init__(self) -> None:
        from aiosmtpd.controller import Controller

        class OnAnyPort(Controller):
            def _trigger_server(self) -> None:
                self.port = self.server.sockets[0].getsockname()[1]
                super()._trigger_server()

        self.messages: list[EmailMessage] = []
        self.refusal: str | None = None
        self._controller = OnAnyPort(self, hostname="127.0.0.1", port=0)
        self._controller.start()
        self.port: int = self._controller.port

    @property
    def url(self) -> str:
        """Its address as an Apprise URL, from one person to the same."""
        who = "from=me@example.org&to=me@example.org"
        return f"mailto://127.0.0.1:{self.port}/?{who}&mode=insecure"

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802
        """Called by aiosmtpd for each message."""
        if self.refusal:
            return self.refusal
        message = message_from_bytes(envelope.content, policy=email_policy)
        self.messages.append(message)
        return "250 kept"

    def close(self) -> None:
        """Stop."""
        self._controller.stop()


def plain_text(message: EmailMessage) -> str:
    """What a message says in its plain part."""
    part = message.get_body(("plain",))
    assert part is not None
    return str(part.get_content())


class DaemonProcess:
    """`python -m reconnect …` as a process of its own, its output in files."""

    def __init__(self, place: Path, *arguments: str, **environment: str) -> None:
        place.mkdir(parents=True, exist_ok=True)
        number = len(list(place.glob("*.err")))
        self._files = [place / f"{number}.out", place / f"{number}.err"]
        command = arguments or ("daemon", "run", "--log-level", "debug")
        with self._files[0].open("wb") as out, self._files[1].open("wb") as err:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "reconnect", *command],
                stdin=subprocess.DEVNULL, stdout=out, stderr=err,
                env={**os.environ, **environment},
            )  # fmt: skip

    @property
    def out(self) -> str:
        """What it printed so far."""
        return self._files[0].read_text(encoding="utf-8", errors="replace")

    @property
    def err(self) -> str:
        """What it said and logged so far."""
        return self._files[1].read_text(encoding="utf-8", errors="replace")

    def ready(self) -> DaemonProcess:
        """Wait until it is loaded and sends."""
        self.says("started version=")
        return self

    def says(self, text: str, seconds: float = PATIENCE_S) -> None:
        """Wait until the text stands in what it said or printed."""
        until(lambda: text in self.err or text in self.out or self._over(), seconds, f"for {text}")
        assert text in self.err or text in self.out, f"it ended: {self.out}{self.err}"

    def interrupt(self, number: int = signal.SIGTERM) -> int:
        """Send a signal; the exit code."""
        self.process.send_signal(number)
        return self.process.wait(PATIENCE_S)

    def kill(self) -> None:
        """kill -9."""
        self.process.kill()
        self.process.wait(PATIENCE_S)

    def close(self) -> None:
        """Leave nothing running."""
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(20)
            except subprocess.TimeoutExpired:
                self.kill()

    def _over(self) -> bool:
        return self.process.poll() is not None


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    """An HTTP receiver for json:// channels."""
    one = Receiver()
    yield one
    one.close()


@pytest.fixture
def smtp() -> Iterator[Mailbox]:
    """A mail server for mailto:// channels."""
    one = Mailbox()
    yield one
    one.close()


@pytest.fixture
def daemon(tmp_path: Path) -> Iterator[Callable[..., DaemonProcess]]:
    """Start the daemon (or another command that runs for long) as a process of its own."""
    started: list[DaemonProcess] = []

    def start(*arguments: str, **environment: str) -> DaemonProcess:
        started.append(DaemonProcess(tmp_path / "daemons", *arguments, **environment))
        return started[-1]

    yield start
    for one in started:
        one.close()
