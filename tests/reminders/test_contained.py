"""A send that hangs: one thread per destination at the most, then processes that can be killed."""

from __future__ import annotations

import contextlib
import socket
import subprocess
import sys
import threading
import time
from typing import TYPE_CHECKING

import pytest
from tests.reminders.live import until

from reconnect.reminders.contained import Children
from reconnect.reminders.deliver import Letter
from reconnect.reminders.outcomes import Outcome

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.reminders.keeping import Kept
    from tests.reminders.live import Receiver

ANSWER = b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"


class Sticky:
    """A server that never answers its first connections, and then each."""

    def __init__(self) -> None:
        self.hangs = 1
        self.answered = 0
        self._held: list[socket.socket] = []
        self._socket = socket.create_server(("127.0.0.1", 0))
        threading.Thread(target=self._serve, daemon=True).start()

    @property
    def url(self) -> str:
        return f"json://127.0.0.1:{self._socket.getsockname()[1]}/?rto=600"

    @property
    def holds(self) -> int:
        return len(self._held)

    def peer_is_there(self) -> bool:
        """Whether who hangs still holds the connection."""
        held = self._held[0]
        held.setblocking(False)
        try:
            while held.recv(65_536):
                pass
        except BlockingIOError:
            return True
        except OSError:
            return False
        return False

    def close(self) -> None:
        for one in (*self._held, self._socket):
            with contextlib.suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
            one.close()

    def _serve(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                connection, _ = self._socket.accept()
                if len(self._held) < self.hangs:
                    self._held.append(connection)
                    continue
                connection.recv(65_536)
                connection.sendall(ANSWER)
                connection.close()
                self.answered += 1


@pytest.fixture
def sticky() -> Iterator[Sticky]:
    one = Sticky()
    yield one
    one.close()


def letter(url: str) -> Letter:
    return Letter(url, "title", "body", "key")


def test_a_letter_goes_out_of_a_process_of_its_own(receiver: Receiver) -> None:
    assert Children().send(letter(receiver.url), 30) == Outcome(True, "accepted")
    assert (receiver.posts[0].title, receiver.posts[0].key) == ("title", "key")
    receiver.headers = {"Retry-After": "90"}
    receiver.behave(429)
    assert Children().send(letter(receiver.url), 30) == Outcome(False, "http-429", 90.0)


def test_one_that_hangs_is_killed_at_its_deadline(sticky: Sticky) -> None:
    began = time.monotonic()
    assert Children().send(letter(sticky.url), 2) == Outcome(False, "unknown")
    assert time.monotonic() - began < 20


def test_a_short_deadline_leaves_time_to_begin(receiver: Receiver) -> None:
    assert Children().send(letter(receiver.url), 0.05) == Outcome(True, "accepted")


def test_closing_kills_what_is_under_way(sticky: Sticky) -> None:
    children, outcomes = Children(), []
    thread = threading.Thread(target=lambda: outcomes.append(children.send(letter(sticky.url), 60)))
    thread.start()
    until(lambda: sticky.holds)
    children.close()
    thread.join(20)
    assert outcomes == [Outcome(False, "unknown")]
    assert children.send(letter(sticky.url), 60) == Outcome(False, "not-begun")


def test_it_ends_with_the_process_that_started_it(sticky: Sticky) -> None:
    code = (
        "from reconnect.reminders.contained import Children\n"
        "from reconnect.reminders.deliver import Letter\n"
        f"Children().send(Letter({sticky.url!r}, 't', 'b'), 60)"
    )
    with subprocess.Popen([sys.executable, "-c", code]) as parent:
        until(lambda: sticky.holds)
        assert sticky.peer_is_there()
        parent.kill()
    until(lambda: not sticky.peer_is_there())


def test_a_terminal_is_nothing_for_another_process() -> None:
    assert Children().send(letter("terminal://"), 30) == Outcome(False, "not-here")


def test_a_letter_is_on_no_command_line(sticky: Sticky) -> None:
    code = (
        "from reconnect.reminders.contained import Children\n"
        "from reconnect.reminders.deliver import Letter\n"
        f"Children().send(Letter({sticky.url + '&x=SECRET'!r}, 't', 'SECRET'), 60)"
    )
    with subprocess.Popen([sys.executable, "-c", code]) as parent:
        until(lambda: sticky.holds)
        shown = subprocess.run(["ps", "-eo", "args"], capture_output=True, text=True, check=True)  # noqa: S607
        parent.kill()
    lines = [line for line in shown.stdout.splitlines() if "reminders.contained" in line]
    assert any("-m reconnect.reminders.contained" in line for line in lines)
    assert not any("SECRET" in line for line in lines if "-m reconnect" in line)


def test_a_destination_has_one_stuck_thread_and_no_more(kept: Kept, sticky: Sticky) -> None:
    kept.configure(f'[daemon]\ndeadline_seconds = 5\n[channels.hook]\nurl = "{sticky.url}"\n')
    kept.many(6, "2026-11-23T12:05")
    kept.shown.move(minutes=5)
    runner = kept.begin(kept.runner())
    until(lambda: sticky.holds == 1)
    kept.clock.ahead += 6  # past the deadline
    # The first is given up, its thread stays; the others go out of processes of their own.
    kept.run(runner, lambda: sticky.answered == 5)
    kept.run(runner, kept.at_rest)
    assert runner._senders.stuck == 1
    assert sorted(kept.outcomes()) == [("pending", "unknown"), *[("sent", "accepted")] * 5]
    threads = [t for t in threading.enumerate() if t.name == "sender"]
    assert len(threads) <= kept.settings.daemon.senders + 1
    # When it lets go, the thread ends, and threads carry again.
    sticky.close()
    until(lambda: runner._senders.stuck == 0)


def test_what_hangs_in_a_process_too_hangs_no_second_thread(kept: Kept, sticky: Sticky) -> None:
    sticky.hangs = 100
    kept.configure(f'[daemon]\ndeadline_seconds = 1\n[channels.hook]\nurl = "{sticky.url}"\n')
    kept.remind("12:05")
    kept.shown.move(minutes=5)
    runner = kept.begin(kept.runner())
    until(lambda: sticky.holds == 1)
    kept.clock.ahead += 2
    kept.run(runner, kept.at_rest)
    kept.shown.move(seconds=60)
    kept.run(runner, lambda: kept.outcomes() == [("unknown", "unknown")])
    assert runner._senders.stuck == 1
    assert kept.deliveries()[0].attempts == 2
