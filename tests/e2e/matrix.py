"""A Matrix server of its own, from the Python index: a room, a sender, and a reader of it."""

from __future__ import annotations

import hashlib
import hmac
import json
import subprocess
import sys
import urllib.error
import urllib.request
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from tests.e2e.receivers import Got
from tests.e2e.servers import MissingError, Server, answers, free_port

if TYPE_CHECKING:
    from pathlib import Path

SYNAPSE = "matrix-synapse>=1.150"
SHARED = "a secret of the test"


def installed(place: Path) -> Path:
    """The Python that has matrix-synapse, in an environment of its own; made at the first time.

    Raises:
        MissingError: it is not there, and the index cannot be reached.
    """
    import fcntl

    python = place / "venv" / "bin" / "python"
    # One at a time, where tests run in several processes.
    with (place / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if (place / "complete").exists():
            return python
        try:
            subprocess.run(
                [sys.executable, "-m", "venv", "--clear", place / "venv"],
                check=True, capture_output=True, timeout=120,
            )  # fmt: skip
            subprocess.run(
                [python, "-m", "pip", "install", "--quiet", "--only-binary", ":all:",
                 "--retries", "1", SYNAPSE],
                check=True, capture_output=True, timeout=300,
            )  # fmt: skip
        except (OSError, subprocess.SubprocessError) as error:
            raise MissingError(
                f"matrix-synapse cannot be installed ({type(error).__name__}): is the Python "
                "index in reach?"
            ) from error
        (place / "complete").touch()
    return python


class Matrix:
    """matrix-synapse; `got` reads the room by the client API."""

    cache: Path
    """Where the environment with matrix-synapse is kept; set before the first one is made."""

    def __init__(self, place: Path) -> None:
        python = installed(self.cache)
        self.environment: dict[str, str] = {}
        self._port = free_port()
        place.mkdir(parents=True, exist_ok=True)
        (place / "homeserver.yaml").write_text(json.dumps(self._settings(place)))
        (place / "logging.yaml").write_text("version: 1\n")
        self._server = Server(
            place, [python, "-m", "synapse.app.homeserver", "-c", "homeserver.yaml",
                    "--generate-keys"],
        )  # fmt: skip
        assert self._server.process.wait(60) == 0, self._server.said()
        self._server = Server(
            place, [python, "-m", "synapse.app.homeserver", "-c", "homeserver.yaml"]
        ).ready(lambda: answers(self._port))
        self._token = ""
        self._token = self._person("reader")
        self._person("sender")
        made = self._ask("POST", "createRoom", {"preset": "public_chat", "name": "moments"})
        self._room = made["room_id"]
        room = quote(self._room, safe="")
        # A room of version 12 has no server in its name; without this Apprise puts one there.
        self.url = f"matrix://sender:secret@127.0.0.1:{self._port}/{room}?hsreq=no"

    def got(self) -> list[Got]:
        """The messages of the room."""
        where = f"rooms/{quote(self._room, safe='')}/messages?dir=f&limit=100"
        events = self._ask("GET", where)["chunk"]
        texts = [one["content"]["body"] for one in events if one["type"] == "m.room.message"]
        # Apprise writes the title as a heading.
        return [Got(None, text.removeprefix("# ")) for text in texts]

    def close(self) -> None:
        """End it."""
        self._server.close()

    def _person(self, name: str) -> str:
        where = "/_synapse/admin/v1/register"
        nonce = self._ask("GET", where)["nonce"]
        text = "\0".join((nonce, name, "secret", "notadmin"))
        mac = hmac.new(SHARED.encode(), text.encode(), hashlib.sha1).hexdigest()
        content = {"nonce": nonce, "username": name, "password": "secret", "admin": False}
        return str(self._ask("POST", where, {**content, "mac": mac})["access_token"])

    def _ask(self, method: str, where: str, content: object = None) -> Any:
        path = where if where.startswith("/") else f"/_matrix/client/v3/{where}"
        headers = {"Authorization": f"Bearer {self._token}"} if self._token else {}
        request = urllib.request.Request(
            f"http://127.0.0.1:{self._port}{path}", method=method, headers=headers,
            data=None if content is None else json.dumps(content).encode(),
        )  # fmt: skip
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        try:
            with opener.open(request, timeout=20) as answer:
                return json.load(answer)
        except urllib.error.HTTPError as error:
            raise AssertionError(f"{method} {where}: {error.read()!r}") from error

    def _settings(self, place: Path) -> dict[str, Any]:
        generous = {"per_second": 1000, "burst_count": 1000}
        limits = ("rc_message", "rc_registration")
        logins = dict.fromkeys(("address", "account", "failed_attempts"), generous)
        joins = dict.fromkeys(("local", "remote"), generous)
        return {
            "server_name": "localhost",
            "listeners": [
                {
                    "port": self._port, "type": "http", "tls": False,
                    "bind_addresses": ["127.0.0.1"], "resources": [{"names": ["client"]}],
                }
            ],
            "database": {"name": "sqlite3", "args": {"database": str(place / "matrix.db")}},
            "media_store_path": str(place / "media"),
            "signing_key_path": str(place / "signing.key"),
            "log_config": str(place / "logging.yaml"),
            "registration_shared_secret": SHARED,
            "report_stats": False,
            "trusted_key_servers": [],
            "suppress_key_server_warning": True,
            **dict.fromkeys(limits, generous),
            "rc_login": logins,
            "rc_joins": joins,
        }  # fmt: skip
