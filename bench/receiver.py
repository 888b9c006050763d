"""An HTTP receiver on loopback, in a process of its own, that keeps what it got."""

from __future__ import annotations

import json
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Receiver(ThreadingHTTPServer):
    """Counts POSTs by their Idempotency-Key; GET / tells the counts, DELETE / forgets them.

    Args:
        port: 0 takes a free one.
        delay: seconds to wait before each answer.
    """

    request_queue_size = 512
    daemon_threads = True

    def __init__(self, port: int = 0, delay: float = 0.0) -> None:
        """Listen on loopback."""
        super().__init__(("127.0.0.1", port), _Handler)
        self.delay = delay
        self.lock = threading.Lock()
        self.forget()

    def forget(self) -> None:
        """Start counting anew."""
        with self.lock:
            self.keys: dict[str, int] = {}
            self.total = 0
            self.first = self.last = 0.0


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Receiver

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        if self.server.delay:
            time.sleep(self.server.delay)
        key = self.headers.get("Idempotency-Key", "")
        with self.server.lock:
            now = time.time()
            self.server.first = self.server.first or now
            self.server.last = now
            self.server.total += 1
            self.server.keys[key] = self.server.keys.get(key, 0) + 1
        self._answer(b"")

    def do_GET(self) -> None:
        server = self.server
        with server.lock:
            counts = {
                "total": server.total,
                "distinct": len(server.keys),
                "first": server.first,
                "last": server.last,
            }
        self._answer(json.dumps(counts).encode())

    def do_DELETE(self) -> None:
        self.server.forget()
        self._answer(b"")

    def _answer(self, body: bytes) -> None:
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_args: object) -> None:
        """Say nothing: the figures are the output."""


if __name__ == "__main__":
    receiver = Receiver(delay=float(sys.argv[1]) if len(sys.argv) > 1 else 0.0)
    print(receiver.server_address[1], flush=True)
    receiver.serve_forever()
