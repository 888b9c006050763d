"""Send one message through Apprise. The only module that imports it, and only when sending."""

from __future__ import annotations

import logging
import os
import sys
from typing import TYPE_CHECKING, Any, NamedTuple

from reconnect.digest import sha256
from reconnect.reminders.channels import TERMINAL
from reconnect.reminders.ear import Ear, Router
from reconnect.reminders.first_hop import doubt_of
from reconnect.reminders.outcomes import Outcome
from reconnect.reminders.reached import Reached
from reconnect.reminders.terminal import Terminal
from reconnect.reminders.watched import watch

if TYPE_CHECKING:
    from types import ModuleType
    from typing import TextIO

__all__ = ["Destination", "Letter", "Outcome", "Sender", "desktop_url"]

# Where a header can carry the key that lets the receiver drop what it has already.
_WITH_HEADERS = frozenset({"json", "jsons", "xml", "xmls", "form", "forms", "mailto", "mailtos"})


class Letter(NamedTuple):
    """One message and where it goes: what `Sender.send` takes, in its order."""

    url: str
    title: str
    body: str
    idem_key: str = ""


class Destination(NamedTuple):
    """Where an address leads.

    `lane` names the destination (24 hex digits, no secret): addresses of one service share it.
    `pace_s` is how many seconds lie between two messages to it in the long run, 0.0 for no limit.
    A `local` one is reached without the network.
    """

    lane: str
    pace_s: float = 0.0
    local: bool = False


class Sender:
    """Sends messages; keeps what was parsed of each URL.

    Args:
        terminal: where the channel `terminal://` prints.
    """

    def __init__(self, terminal: TextIO | None = None) -> None:
        """Import Apprise and make its own log silent."""
        self._apprise = _apprise()
        self._asset = self._apprise.AppriseAsset(
            app_id="Reconnect",
            app_desc="Reconnect",
            app_url="",
            # Otherwise some thirty services send the address of an icon along, and the phone
            # fetches it from there: a stranger learns when a reminder was read, and where.
            image_url_mask="",
            image_url_logo="",
            # A redirected POST becomes a GET without the message, and that GET succeeds.
            http_redirects=False,
            service_timeout=0,
            storage_mode=self._apprise.PersistentStoreMode.MEMORY,
        )
        self._parsed: dict[str, dict[str, Any] | None] = {}
        self._paces: dict[str, float] = {}
        self._reached = Reached()
        Terminal.stream = terminal or sys.stdout

    def check(self, url: str) -> Outcome:
        """Whether Apprise can use the URL here, without sending anything."""
        return Outcome(True, "ok") if self._parse(url) else Outcome(False, "bad-url")

    def destination(self, url: str) -> Destination:
        """Where the URL leads, without sending anything."""
        parsed = self._parse(url)
        if parsed is None:
            return Destination(_lane("bad", url), local=True)
        schema = str(parsed.get("schema") or "")
        host = parsed.get("smtp_host") or parsed.get("host")
        if not host or schema == TERMINAL:
            return Destination(_lane(schema, url), local=True)
        local = is_near(str(host))
        lane = _lane(schema.removesuffix("s"), f"{host}:{parsed.get('port') or ''}")
        return Destination(lane, 0.0 if local else self._paces.get(url, 0.0), local)

    def send(self, url: str, title: str, body: str, idem_key: str = "") -> Outcome:
        """Send one message, on the calling thread; never raises.

        Args:
            url: an Apprise URL.
            title: what a lock screen may show.
            body: the message.
            idem_key: passed on where the protocol has a place for it.
        """
        parsed = self._parse(url)
        if parsed is None:
            return Outcome(False, "bad-url")
        doubt = doubt_of(url)
        if doubt is not None and doubt.refused:
            return Outcome(False, doubt.code)
        # A copy each time: services change what they are given.
        parts = {k: dict(v) if isinstance(v, dict) else v for k, v in parsed.items()}
        if idem_key and parts.get("schema") in _WITH_HEADERS:
            parts["headers"] = {**(parts.get("headers") or {}), "Idempotency-Key": idem_key}
        with Ear() as ear, self._reached.skipped(idem_key) as reached:
            try:
                # Otherwise it would word the whole address for its log, at a tenth of the cost.
                service = self._apprise.Apprise.instantiate(
                    parts, asset=self._asset, suppress_exceptions=False
                )
                # What the body is must be said: mail and some messengers take HTML otherwise, where
                # line breaks get lost and a "<" stops the message.
                accepted = service is not None and bool(
                    service.notify(body=body, title=title, body_format="text")
                )
            except Exception as error:  # noqa: BLE001 - a service of 170 may raise anything
                return Outcome(False, f"raised-{type(error).__name__}")
            if accepted:
                reached.clear()
                return Outcome(True, "accepted")
            return Outcome(False, ear.code(), ear.retry_after_s)

    def _parse(self, url: str) -> dict[str, Any] | None:
        if url not in self._parsed:
            parsed: dict[str, Any] | None = None
            with Ear():
                try:
                    service = self._apprise.Apprise.instantiate(url, asset=self._asset)
                    if service is not None:
                        parsed = dict(type(service).parse_url(url))
                        # Apprise would try again at once, in memory: our own retries are durable.
                        parsed.pop("retry", None)
                        # It would keep a connection and its thread after each single send.
                        parsed.pop("keepalive", None)
                        watch(str(parsed["schema"]))
                        self._paces[url] = float(service.request_rate_per_sec)
                except Exception:  # noqa: BLE001 - a URL that breaks a parser is a bad URL
                    parsed = None
            self._parsed[url] = parsed
        return self._parsed[url]


def is_near(host: str) -> bool:
    """Whether a host is this machine, or stands in the same house: nobody's public service."""
    from ipaddress import ip_address

    try:
        address = ip_address(host.strip("[]"))
    except ValueError:
        name = host.lower().rstrip(".")
        near = (".local", ".lan", ".home.arpa", ".internal", ".localhost")
        # A bare number is the name of a bot or a room of a public service, not of a machine.
        return name == "localhost" or name.endswith(near)
    return address.is_loopback or address.is_private or address.is_link_local


def desktop_url() -> str | None:
    """The URL of this machine's own notifications, where Apprise can send them."""
    apprise = _apprise()
    wanted = {
        "darwin": ("macosx://",),
        "win32": ("windows://",),
    }.get(sys.platform, ("dbus://", "gnome://"))
    if sys.platform.startswith("linux") and not os.environ.get("DBUS_SESSION_BUS_ADDRESS"):
        return None
    for url in wanted:
        with Ear():
            service = apprise.Apprise.instantiate(url)
        if service is not None and getattr(service, "enabled", False):
            return url
    return None


def _lane(schema: str, place: str) -> str:
    return sha256(f"{schema}|{place}".encode()).hexdigest()[:24]


_loaded: ModuleType | None = None


def _apprise() -> ModuleType:
    """Import Apprise once: its log goes nowhere but to our ear, our channel is known to it."""
    global _loaded
    if _loaded is not None:
        return _loaded
    import apprise
    from apprise.decorators import notify

    from reconnect.reminders import wire

    wire.install()
    log = logging.getLogger("apprise")
    log.propagate = False
    log.handlers[:] = [Router()]
    log.setLevel(logging.WARNING)
    # The packages that it uses log addresses, and Python prints what nobody takes.
    logging.getLogger().addHandler(logging.NullHandler())
    # Only at DEBUG it tells a timeout from a refusal: that one line is heard, and the others, which
    # take a twentieth of the time of a send to word, are not.
    log.debug = Ear.overhear  # type: ignore[method-assign, assignment]

    @notify(on=TERMINAL, name="This terminal")  # type: ignore[no-untyped-call, untyped-decorator]
    def _terminal(body: str, title: str, *_args: object, **_kwargs: object) -> bool:
        return Terminal.show(title, body)

    _loaded = apprise
    return apprise
