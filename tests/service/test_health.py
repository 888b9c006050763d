"""The health ping reaches a real receiver while all is well, and disturbs nothing."""

from __future__ import annotations

import socket
import sqlite3
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any

import pytest
from tests.reminders.live import until

from reconnect.service.health import HealthPing
from reconnect.service.pulse import Pulse

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.conftest import Clock, Run
    from tests.reminders.keeping import Kept
    from tests.reminders.live import DaemonProcess, Receiver

PATH = "/ping/PlantedHealth?x=PlantedHealth"


class Watch:
    """What a health address is: it counts who asks; `status` is its answer, None is none."""

    def __init__(self) -> None:
        self.status: int | None = 200
        self.asked: list[tuple[str, str]] = []
        self.released = threading.Event()
        watch = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                watch.asked.append((self.path, self.headers["User-Agent"]))
                if watch.status is None:
                    watch.released.wait(60)
                    self.close_connection = True
                    return
                self.send_response(watch.status)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_args: object) -> None:
                """Say nothing."""

        class Server(ThreadingHTTPServer):
            daemon_threads = True
            block_on_close = False

            def handle_error(self, *_args: Any) -> None:
                """Say nothing of one who has gone."""

        self._server = Server(("127.0.0.1", 0), Handler)
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()

    @property
    def url(self) -> str:
        """Its address, with a secret in it."""
        return f"http://127.0.0.1:{self._server.server_address[1]}{PATH}"

    def close(self) -> None:
        """Let everybody go."""
        self.released.set()
        self._server.shutdown()
        self._server.server_close()


@pytest.fixture
def watch() -> Iterator[Watch]:
    """A receiver of health pings on loopback."""
    one = Watch()
    yield one
    one.close()


def configure(kept: Kept, url: str, receiver: Receiver, minutes: int = 5) -> None:
    kept.configure(
        f'[person]\ntimezone = "Europe/Berlin"\n[channels.hook]\nurl = "{receiver.url}"\n'
        f'[daemon]\nhealth_url = "{url}"\nhealth_minutes = {minutes}\n'
    )


def test_it_is_told_at_the_start_and_then_every_few_minutes(
    kept: Kept, watch: Watch, receiver: Receiver, daemon: Callable[..., DaemonProcess], clock: Clock
) -> None:
    configure(kept, watch.url, receiver)
    running = daemon().ready()
    until(lambda: len(watch.asked) == 1)
    path, agent = watch.asked[0]
    assert path == PATH
    assert agent.startswith("reconnect/")
    running.says("health ping code=ok")
    clock.move(minutes=2)
    running.says("the clock jumped")
    assert len(watch.asked) == 1
    clock.move(minutes=3)
    until(lambda: len(watch.asked) == 2)
    # A clock that is set back does not silence it.
    clock.move(hours=-6)
    until(lambda: len(watch.asked) == 3)
    assert running.interrupt() == 0


@pytest.mark.parametrize(
    ("trouble", "code"),
    [("500", "http-500"), ("refuse", "no-connection"), ("hang", ""), ("env", "no-secret")],
)
def test_one_that_fails_disturbs_no_reminder_and_tells_nothing(
    kept: Kept,
    watch: Watch,
    receiver: Receiver,
    daemon: Callable[..., DaemonProcess],
    clock: Clock,
    process: Run,
    trouble: str,
    code: str,
) -> None:
    kept.remind("12:01")
    url = watch.url
    if trouble == "refuse":
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            url = f"http://127.0.0.1:{free.getsockname()[1]}{PATH}"
    elif trouble == "env":
        url = "env:PLANTED_NOT_SET"
    watch.status = None if trouble == "hang" else 500
    configure(kept, url, receiver, minutes=1)
    running = daemon().ready()
    if code:
        running.says(f"health ping code={code}")
    else:
        until(lambda: watch.asked)
    clock.move(minutes=1)
    until(lambda: receiver.posts)
    if trouble == "hang":
        running.says("health ping code=still-waiting")
        assert len(watch.asked) == 1
    shown = [process(*c).out for c in (("config", "show"), ("config", "show", "--json"))]
    assert running.interrupt() == 0
    texts = [running.out, running.err, *shown, process("daemon", "logs").out]
    texts += [process("config", "check").out, process("doctor").out]
    assert not any("PlantedHealth" in text for text in texts)
    assert "Traceback" not in running.err


def test_it_is_silent_while_the_loop_or_the_database_is_not_well(
    kept: Kept, watch: Watch, receiver: Receiver, clock: Clock
) -> None:
    configure(kept, watch.url, receiver, minutes=1)
    pulse = Pulse(kept.db, kept.clock, lambda: kept.settings, environment={})
    pulse.ping()
    pulse.ready()
    until(lambda: len(watch.asked) == 1)
    pulse.falters()
    clock.move(minutes=1)
    pulse.ping()
    kept.db.execute("PRAGMA busy_timeout = 50")
    holder = sqlite3.connect(kept.home / "reconnect.db", isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    pulse.beat()  # nobody watches, so that nothing is asked for its sake
    with pytest.raises(sqlite3.OperationalError, match="locked"):
        pulse.ping()
    pulse.ping()
    holder.execute("ROLLBACK")
    holder.close()
    pulse.beat()
    pulse.ping()
    until(lambda: len(watch.asked) == 2)


@pytest.mark.parametrize(
    "url", ["ftp://127.0.0.1/x", "file:///etc/passwd", "http://", "http://a b", "http:/x", "hello"]
)
def test_other_addresses_are_never_asked(
    kept: Kept, url: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("HEALTH", url)
    kept.configure('[daemon]\nhealth_url = "env:HEALTH"\n')
    one = HealthPing(kept.clock, lambda: kept.settings)
    with caplog.at_level("INFO", "reconnect"):
        one.ping()
        assert one._under_way is not None
        one._under_way.join(20)
    assert "code=bad-url" in caplog.text
