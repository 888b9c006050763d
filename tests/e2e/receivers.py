"""Receivers that tell themselves what they got: a server of its own kind, and a second client."""

from __future__ import annotations

import contextlib
import json
import socket
import subprocess
import threading
from typing import TYPE_CHECKING, NamedTuple, Protocol
from urllib.parse import quote

from tests.e2e.servers import DBUS, Server, answers, free_port, module, program
from tests.reminders.live import Mailbox, Receiver, plain_text, until
from tests.reminders.wire import Ntfy

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


class Got(NamedTuple):
    """A message as it arrived; no title where the service has no place for one."""

    title: str | None
    text: str


class Kind(Protocol):
    """A receiver: where Apprise sends, what it got so far, and how it is ended."""

    url: str
    environment: dict[str, str]

    def got(self) -> list[Got]:
        """Every message that arrived, in order."""

    def close(self) -> None:
        """Leave nothing running."""


class Http:
    """json://, form:// and xml://, read as the content type says."""

    def __init__(self, place: Path, schema: str = "json") -> None:
        self.environment: dict[str, str] = {}
        self.receiver = Receiver()
        self.url = f"{schema}://{self.receiver.host}/"
        self.close = self.receiver.close

    def got(self) -> list[Got]:
        return [Got(post.title, post.body) for post in self.receiver.posts]


class NtfyPhone:
    """ntfy, with three buttons and a priority in the address."""

    ACTIONS = (
        "http, Done, http://127.0.0.1:9/done, method=POST, clear=true; "
        "http, Later, http://127.0.0.1:9/later; view, Skip, http://127.0.0.1:9/skip"
    )

    def __init__(self, place: Path) -> None:
        self.environment: dict[str, str] = {}
        self.receiver = Ntfy()
        more = f"priority=high&tags=seedling&actions={quote(self.ACTIONS, safe='')}"
        self.url = f"{self.receiver.url}?{more}"
        self.close = self.receiver.close

    def got(self) -> list[Got]:
        assert self.receiver.refused == []
        return [Got(pushed.title, pushed.message) for pushed in self.receiver.pushed]


class Mail:
    """A mail server."""

    def __init__(self, place: Path) -> None:
        self.environment: dict[str, str] = {}
        self.box = Mailbox()
        self.url = self.box.url
        self.close = self.box.close

    def got(self) -> list[Got]:
        return [Got(str(one["Subject"]), plain_text(one)) for one in self.box.messages]


class Mqtt:
    """mosquitto, and a subscriber of the topic."""

    def __init__(self, place: Path) -> None:
        module("paho", "paho-mqtt")
        path = program("mosquitto", "mosquitto")
        from paho.mqtt.client import Client
        from paho.mqtt.enums import CallbackAPIVersion

        self.environment: dict[str, str] = {}
        port = free_port()
        place.mkdir(parents=True, exist_ok=True)
        (place / "conf").write_text(
            f"listener {port} 127.0.0.1\nallow_anonymous true\npersistence false\nuser root\n"
        )
        self._server = Server(place, [path, "-c", place / "conf"]).ready(lambda: answers(port))
        self._got: list[Got] = []
        subscribed = threading.Event()
        self._client = Client(CallbackAPIVersion.VERSION2)
        self._client.on_message = lambda _c, _u, one: self._got.append(
            Got(None, one.payload.decode())
        )
        self._client.on_subscribe = lambda *_: subscribed.set()
        self._client.connect("127.0.0.1", port)
        self._client.loop_start()
        self._client.subscribe("home/moments", qos=1)
        assert subscribed.wait(20)
        self.url = f"mqtt://127.0.0.1:{port}/home/moments?qos=1"

    def got(self) -> list[Got]:
        return list(self._got)

    def close(self) -> None:
        self._client.disconnect()
        self._client.loop_stop()
        self._server.close()


class Irc:
    """ngircd, and a second person in the channel."""

    def __init__(self, place: Path) -> None:
        path = program("ngircd", "ngircd")
        self.environment: dict[str, str] = {}
        self.port = free_port()
        place.mkdir(parents=True, exist_ok=True)
        (place / "conf").write_text(
            "[Global]\nName = irc.test.local\nInfo = test\nListen = 127.0.0.1\n"
            f"Ports = {self.port}\nServerUID = root\nServerGID = root\n"
            "[Limits]\nMaxPenaltyTime = 0\n[Options]\nPAM = no\nIdent = no\nDNS = no\n"
            "[Channel]\nName = #quiet\nModes = mnt\n"
        )
        command = [path, "--nodaemon", "--config", place / "conf"]
        self._server = Server(place, command).ready(lambda: answers(self.port))
        self._got: list[Got] = []
        self._socket = socket.create_connection(("127.0.0.1", self.port), 20)
        self._socket.settimeout(None)
        self._joined = threading.Event()
        threading.Thread(target=self._listen, daemon=True).start()
        self._say("NICK reader", "USER reader 0 * :reader", "JOIN #moments")
        assert self._joined.wait(20), self._server.said()
        self.url = f"irc://127.0.0.1:{self.port}/%23moments"

    def got(self) -> list[Got]:
        return list(self._got)

    def close(self) -> None:
        with contextlib.suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
        self._server.close()

    def _say(self, *lines: str) -> None:
        self._socket.sendall("".join(f"{line}\r\n" for line in lines).encode())

    def _listen(self) -> None:
        with contextlib.suppress(OSError), self._socket.makefile(encoding="utf-8") as lines:
            for line in lines:
                _, _, rest = line.rstrip("\n").partition(" ")
                command, _, parameters = rest.partition(" ")
                if line.startswith("PING"):
                    self._say(line.replace("PING", "PONG").strip())
                elif command == "366":
                    self._joined.set()
                elif command == "PRIVMSG" and parameters.startswith("#moments"):
                    self._got.append(Got(None, parameters.partition(" :")[2]))


class Xmpp:
    """prosody with TLS of its own making, and a second client of it."""

    def __init__(self, place: Path) -> None:
        module("slixmpp", "slixmpp")
        path, openssl = program("prosody", "prosody"), program("openssl", "openssl")
        self.environment: dict[str, str] = {}
        self.port = free_port()
        place.mkdir(parents=True, exist_ok=True)
        subprocess.run(
            [openssl, "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj",
             "/CN=localhost", "-addext", "subjectAltName=DNS:localhost",
             "-keyout", place / "key", "-out", place / "certificate"],
            check=True, capture_output=True,
        )  # fmt: skip
        for name in ("sender", "reader"):
            account = place / "data" / "localhost" / "accounts" / f"{name}.dat"
            account.parent.mkdir(parents=True, exist_ok=True)
            account.write_text('return { ["password"] = "secret" };\n')
        (place / "conf.lua").write_text(
            'run_as_root = true\ninterfaces = { "127.0.0.1" }\n'
            f"c2s_ports = {{ {self.port} }}\ns2s_ports = {{ }}\ndata_path = "
            f'"{place / "data"}"\nmodules_enabled = {{ "roster", "saslauth", "tls", "disco" }}\n'
            'modules_disabled = { "s2s" }\nauthentication = "internal_plain"\n'
            "c2s_require_encryption = true\n"
            f'ssl = {{ key = "{place / "key"}", certificate = "{place / "certificate"}" }}\n'
            'log = { info = "*console" }\nVirtualHost "localhost"\n'
        )
        command = [path, "-F", "--config", place / "conf.lua"]
        self._server = Server(place, command).ready(lambda: answers(self.port))
        self._reader = XmppReader(self.port)
        where = f"localhost:{self.port}/reader@localhost"
        self.plain = f"xmpp://sender:secret@{where}"
        self.url = f"{self.plain}?mode=starttls&verify=no"

    def got(self) -> list[Got]:
        return list(self._reader.got)

    def said(self) -> str:
        """What the server logged."""
        return self._server.said()

    def close(self) -> None:
        self._reader.close()
        self._server.close()


class XmppReader:
    """A client that reads."""

    def __init__(self, port: int) -> None:
        import asyncio
        import ssl

        import slixmpp

        self.got: list[Got] = []
        self._loop = asyncio.new_event_loop()
        self._ready = threading.Event()

        async def read() -> None:
            client = slixmpp.ClientXMPP("reader@localhost/phone", "secret")
            client.ssl_context = ssl.create_default_context()
            client.ssl_context.check_hostname = False
            client.ssl_context.verify_mode = ssl.CERT_NONE

            def started(_event: object) -> None:
                client.send_presence()
                self._ready.set()

            client.add_event_handler("session_start", started)
            client.add_event_handler(
                "message", lambda one: self.got.append(Got(one["subject"] or None, one["body"]))
            )
            client.connect("127.0.0.1", port)
            self._stop = asyncio.Event()
            await self._stop.wait()
            await client.disconnect()

        def run() -> None:
            asyncio.set_event_loop(self._loop)
            self._loop.run_until_complete(read())
            for task in asyncio.all_tasks(self._loop):
                task.cancel()
                with contextlib.suppress(asyncio.CancelledError, Exception):
                    self._loop.run_until_complete(task)
            self._loop.close()

        self._thread = threading.Thread(target=run, daemon=True)
        self._thread.start()
        assert self._ready.wait(20), "the reading client cannot log in"

    def close(self) -> None:
        """Log out."""
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join(10)


class Amqp:
    """rabbitmq-server, whose queue is read."""

    def __init__(self, place: Path) -> None:
        module("pika", "pika")
        path = program("rabbitmq-server", "rabbitmq-server")
        # Debian puts a wrapper of that name in the path, which changes the user.
        path = "/usr/lib/rabbitmq/bin/rabbitmq-server" if "sbin" in path else path
        self.environment: dict[str, str] = {}
        self.port, names, nodes = free_port(), free_port(), free_port()
        place.mkdir(parents=True, exist_ok=True)
        (place / "rabbitmq.conf").write_text(f"listeners.tcp.1 = 127.0.0.1:{self.port}\n")
        (place / "enabled_plugins").write_text("[].\n")
        # Its own directory of nodes: otherwise one is left running for the whole machine.
        self._names = Server(
            place / "epmd", [program("epmd", "erlang-base"), "-port", str(names)],
            ERL_EPMD_ADDRESS="127.0.0.1",
        ).ready(lambda: answers(names))  # fmt: skip
        self._server = Server(
            place, [path],
            ERL_EPMD_PORT=str(names), ERL_EPMD_ADDRESS="127.0.0.1",
            RABBITMQ_NODENAME="moments@localhost", RABBITMQ_DIST_PORT=str(nodes),
            RABBITMQ_NODE_IP_ADDRESS="127.0.0.1", RABBITMQ_NODE_PORT=str(self.port),
            RABBITMQ_CONFIG_FILE=str(place / "rabbitmq.conf"),
            RABBITMQ_ENABLED_PLUGINS_FILE=str(place / "enabled_plugins"),
            RABBITMQ_MNESIA_BASE=str(place / "mnesia"), RABBITMQ_LOG_BASE=str(place / "logs"),
            RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS="+S 1:1 +sbwt none",
        ).ready(lambda: answers(self.port))  # fmt: skip
        self._got: list[Got] = []
        self._connection = until(self._connected, 30, "for the broker")
        self._channel = self._connection.channel()
        self._channel.queue_declare("moments")
        self.url = f"amqp://guest:guest@127.0.0.1:{self.port}/moments"

    def got(self) -> list[Got]:
        while True:
            method, _properties, body = self._channel.basic_get("moments", auto_ack=True)
            if method is None:
                return list(self._got)
            self._got.append(Got(None, body.decode()))

    def close(self) -> None:
        with contextlib.suppress(Exception):
            self._connection.close()
        self._server.close()
        self._names.close()

    def _connected(self) -> object:
        import pika

        with contextlib.suppress(pika.exceptions.AMQPConnectionError):
            # No heartbeat: nobody reads while a test waits for something else.
            return pika.BlockingConnection(
                pika.ConnectionParameters("127.0.0.1", self.port, heartbeat=0)
            )
        return None


class Desktop:
    """dunst on a screen and a session bus of its own."""

    def __init__(self, place: Path) -> None:
        module("dbus", "dbus-python", DBUS)
        dunst, self._ctl = program("dunst", "dunst"), program("dunstctl", "dunst")
        bus, screen = program("dbus-run-session", "dbus"), program("Xvfb", "xvfb")
        place.mkdir(parents=True, exist_ok=True)
        (place / "number").touch()
        with (place / "number").open("w") as number:
            self._screen = Server(
                place / "screen",
                ["sh", "-c", f'exec "$0" -displayfd 1 -nolisten tcp >"{number.name}"', screen],
            ).ready(lambda: (place / "number").read_text().strip())
        display = f":{(place / 'number').read_text().strip()}"
        (place / "dunstrc").write_text("[global]\nhistory_length = 100\n")
        script = 'printf %s "$DBUS_SESSION_BUS_ADDRESS" >address; exec "$0" -conf dunstrc'
        self._bus = Server(place, [bus, "--", "sh", "-c", script, dunst], DISPLAY=display)
        self.environment: dict[str, str] = {"DISPLAY": display}
        self._bus.ready(lambda: (place / "address").exists() and (place / "address").read_text())
        self.environment["DBUS_SESSION_BUS_ADDRESS"] = (place / "address").read_text()
        self._bus.ready(lambda: self._run("count").returncode == 0)
        self.url = "dbus://"

    def got(self) -> list[Got]:
        self._run("close-all")
        shown = json.loads(self._run("history").stdout)["data"][0][::-1]
        return [Got(one["summary"]["data"], one["body"]["data"]) for one in shown]

    def close(self) -> None:
        self._bus.close()
        self._screen.close()

    def _run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        import os

        return subprocess.run(
            [self._ctl, *arguments], check=False, capture_output=True, text=True,
            env={**os.environ, **self.environment}, timeout=20,
        )  # fmt: skip


KINDS: dict[str, Callable[[Path], Kind]] = {
    "json": Http,
    "form": lambda place: Http(place, "form"),
    "xml": lambda place: Http(place, "xml"),
    "ntfy": NtfyPhone,
    "mail": Mail,
    "mqtt": Mqtt,
    "irc": Irc,
    "xmpp": Xmpp,
    "amqp": Amqp,
    "desktop": Desktop,
}
