"""A mail server that answers as it is told to, stage by stage."""

from __future__ import annotations

import contextlib
import socketserver
import threading
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

ANSWERS = {
    "greet": "220 hi", "ehlo": "250-hi\r\n250 AUTH PLAIN", "auth": "235 in", "mail": "250 go on",
    "rcpt": "250 go on", "data": "354 go on", "end": "250 kept", "quit": "221 bye",
}  # fmt: skip


class Script(socketserver.ThreadingTCPServer):
    """Answers as `answers` says, by stage; None: never, "": by hanging up."""

    daemon_threads = True
    block_on_close = False
    request_queue_size = 16

    def __init__(self) -> None:
        self.answers: dict[str, str | None] = dict(ANSWERS)
        self.letters: list[bytes] = []
        self.ended = threading.Event()
        super().__init__(("127.0.0.1", 0), _Talk)

    def url(self, more: str = "", user: str = "") -> str:
        who = "from=me@example.org&to=me@example.org"
        host = f"{user}127.0.0.1:{self.server_address[1]}"
        return f"mailto://{host}/?{who}{more}&mode=insecure&cto=0.3"


class _Talk(socketserver.StreamRequestHandler):
    server: Script

    def handle(self) -> None:
        with contextlib.suppress(OSError, EOFError):
            self._say("greet")
            while line := self.rfile.readline():
                verb = line[:4].lower().decode()
                if verb == "rset":
                    self.wfile.write(b"250 go on\r\n")
                    continue
                refused = verb == "rcpt" and b"bad@" in line
                self._say("bad" if refused else verb)
                if verb == "data" and (self.server.answers["data"] or "").startswith("3"):
                    letter = b"".join(iter(self.rfile.readline, b".\r\n"))
                    self.server.letters.append(letter)
                    self._say("end")

    def _say(self, stage: str) -> None:
        answer = self.server.answers[stage]
        if answer is None:
            self.server.ended.wait(30)
        if not answer:
            raise EOFError
        self.wfile.write(f"{answer}\r\n".encode())


@pytest.fixture
def script() -> Iterator[Script]:
    server = Script()
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    yield server
    server.ended.set()
    server.shutdown()
    server.server_close()
