"""Every web service, on loopback: what this process asks any host arrives at our receiver."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from requests.adapters import HTTPAdapter
from requests.sessions import Session
from tests.reminders.live import Post, Receiver

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pytest
    from requests import PreparedRequest, Response

_PLEASED = {
    "ok": True, "id": "1", "status": "ok", "code": 0, "errcode": 0, "error": 0, "success": True,
    "access_token": "x", "room_id": "!a:b", "user_id": "@u:b", "device_id": "d", "requestId": "1",
    "result": {"ok": True, "message_id": 1}, "data": {"id": "1", "userId": "1", "authToken": "1"},
}  # fmt: skip
"""An answer in which most services find what they look for."""


class Everywhere(Receiver):
    """Gets the requests to every host; keeps each whole, as it was on the wire.

    Only the way to the host is changed, as a name server of one's own would: Apprise, requests and
    the connection are real.
    """

    takes_get = True

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.requests: list[tuple[str, Mapping[str, str], bytes]] = []
        super().__init__()
        adapter = _Here(self)
        monkeypatch.setattr(Session, "get_adapter", lambda _session, **_address: adapter)

    def read(self, path: str, headers: Mapping[str, str], raw: bytes) -> Post:
        """Keep a request, whatever it holds."""
        self.requests.append((headers.get("X-Meant-For", "") + path, headers, raw))
        return Post("", "", "", path, headers)

    def answer(self, raw: bytes) -> bytes:
        """All is well; or, to what is refused, all that was sent, as some services do."""
        return json.dumps(_PLEASED).encode() if self.behaviour == 200 else raw

    def texts(self) -> list[str]:
        """All that was sent: addresses, headers, bodies."""
        found = []
        for path, headers, raw in self.requests:
            values = [value for name, value in headers.items() if name != "X-Meant-For"]
            found += [path.partition("?")[2], *values, raw.decode("utf-8", "replace")]
        return found


class _Here(HTTPAdapter):
    def __init__(self, receiver: Receiver) -> None:
        super().__init__()
        self._receiver = receiver

    def send(self, request: PreparedRequest, *arguments: Any, **more: Any) -> Response:
        assert request.url is not None
        address, _, rest = request.url.partition("://")[2].partition("/")
        request.headers["X-Meant-For"] = address
        request.url = f"http://{self._receiver.host}/{rest}"
        more["proxies"] = {}
        return super().send(request, *arguments, **more)
