"""Send one message through Apprise. The only module that imports it, and only when sending."""

from __future__ import annotations

import contextlib
import logging
import os
import re
import sys
import textwrap
import threading
from typing import TYPE_CHECKING, Any, NamedTuple

from reconnect.reminders.channels import TERMINAL
from reconnect.reminders.first_hop import doubt_of
from reconnect.reminders.watched import SAID, watch

if TYPE_CHECKING:
    from types import ModuleType
    from typing import TextIO

# Where a header can carry the key that lets the receiver drop what it has already.
_WITH_HEADERS = frozenset({"json", "jsons", "xml", "xmls", "form", "forms", "mailto", "mailtos"})


# What Apprise says, and raises, in the order in which it is looked for. A timeout while connecting
# is a failure; one later, or a connection that is cut off, leaves open whether it was accepted.
_CODES = (
    (r"name or service not known|nameresolution|getaddrinfo|no address associated", "no-such-host"),
    (r"connect timeout|newconnection|refused|unreachable|no route", "no-connection"),
    (r"\(53[0-9], |authentication", "not-allowed"),
    (r"timed out", "timeout"),
    (SAID, "not-handed-over"),
    (r"aborted|reset by peer|broken pipe|closed", "cut-off"),
    (r"connection error", "no-connection"),
    (r"disabled on this system", "not-here"),
)


class Outcome(NamedTuple):
    """How a send went: accepted by the first hop or not, and a small code that names why.

    The code never holds text of the service: Apprise's words carry addresses, tokens and bodies.
    """

    accepted: bool
    code: str


class Sender:
    """Sends messages; keeps what was parsed of each URL, never an open connection.

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
        _Terminal.stream = terminal or sys.stdout

    def check(self, url: str) -> Outcome:
        """Whether Apprise can use the URL here, without sending anything."""
        return Outcome(True, "ok") if self._parse(url) else Outcome(False, "bad-url")

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
        with _Ear() as ear:
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
        return Outcome(True, "accepted") if accepted else Outcome(False, ear.code())

    def _parse(self, url: str) -> dict[str, Any] | None:
        if url not in self._parsed:
            parsed: dict[str, Any] | None = None
            with _Ear():
                try:
                    service = self._apprise.Apprise.instantiate(url, asset=self._asset)
                    if service is not None:
                        parsed = dict(type(service).parse_url(url))
                        # Apprise would try again at once, in memory: our own retries are durable.
                        parsed.pop("retry", None)
                        # It would keep a connection and its thread after each single send.
                        parsed.pop("keepalive", None)
                        watch(str(parsed["schema"]))
                except Exception:  # noqa: BLE001 - a URL that breaks a parser is a bad URL
                    parsed = None
            self._parsed[url] = parsed
        return self._parsed[url]


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
        with _Ear():
            service = apprise.Apprise.instantiate(url)
        if service is not None and getattr(service, "enabled", False):
            return url
    return None


class _Ear:
    """Listens to what Apprise says on this thread, and keeps nothing of it but a code."""

    _local = threading.local()

    def __enter__(self) -> _Ear:
        self._said: list[str] = []
        self._raised: list[str] = []
        self._local.ear = self
        return self

    def __exit__(self, *_: object) -> None:
        self._local.ear = None

    @classmethod
    def hear(cls, record: logging.LogRecord) -> None:
        """Take note of a warning or an error."""
        ear: _Ear | None = getattr(cls._local, "ear", None)
        if ear is not None:
            ear.note(record.getMessage())

    @classmethod
    def overhear(cls, text: object, *arguments: object, **_more: object) -> None:
        """Take note of an exception among the many lines that would be a DEBUG log.

        The other lines hold the message itself, which may well say "timed out".
        """
        ear: _Ear | None = getattr(cls._local, "ear", None)
        if ear is not None and isinstance(text, str) and text.startswith("Socket Exception"):
            ear.note(text % arguments if arguments else text, raised=True)

    def note(self, text: str, *, raised: bool = False) -> None:
        """Keep a line until the send is over."""
        (self._raised if raised else self._said).append(text)

    def code(self) -> str:
        """A small code for what went wrong."""
        said = "\n".join(self._said)
        status = re.search(r"error[= ](\d{3})\b", said)
        if status:
            return f"http-{status[1]}"
        both = "\n".join((*self._raised, said))
        for pattern, code in _CODES:
            if re.search(pattern, both, re.IGNORECASE):
                return code
        return "refused"


class _Router(logging.Handler):
    def emit(self, record: logging.LogRecord) -> None:
        _Ear.hear(record)


class _Terminal:
    """Where `terminal://` prints; one lock, so that two reminders never mix their lines."""

    stream: TextIO | None = None
    lock = threading.Lock()

    @classmethod
    def show(cls, title: str, body: str) -> bool:
        if cls.stream is None:
            return False
        lines = [part for line in body.splitlines() for part in cls._wrapped(line)]
        text = "".join(c for c in "\n".join(["", f"* {title}", *lines, "", ""]) if _shown(c))
        # A terminal that has not every character shows what it has.
        encoding = cls.stream.encoding or "utf-8"
        text = text.encode(encoding, "replace").decode(encoding)
        try:
            with cls.lock:
                cls.stream.write(text)
                cls.stream.flush()
        except (OSError, ValueError):
            if cls.stream is sys.stdout:
                _hush()
            cls.stream = None
            return False
        return True

    @classmethod
    def _wrapped(cls, line: str) -> list[str]:
        from shutil import get_terminal_size

        isatty = getattr(cls.stream, "isatty", bool)
        width = min(get_terminal_size().columns, 100) - 2 if isatty() else 0
        lines = textwrap.wrap(line, width) if width > 20 else [line]
        return [f"  {part}".rstrip() for part in lines or [""]]


def _shown(character: str) -> bool:
    return character == "\n" or character.isprintable()


def _hush() -> None:
    """Let what stdout still holds go nowhere: flushed at the end, it would fail once more."""
    if sys.stdout is not None:
        with contextlib.suppress(OSError, ValueError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


_loaded: ModuleType | None = None


def _apprise() -> ModuleType:
    """Import Apprise once: its log goes nowhere but to our ear, our channel is known to it."""
    global _loaded
    if _loaded is not None:
        return _loaded
    import apprise
    from apprise.decorators import notify

    log = logging.getLogger("apprise")
    log.propagate = False
    log.handlers[:] = [_Router()]
    log.setLevel(logging.WARNING)
    # The packages that it uses log addresses, and Python prints what nobody takes.
    logging.getLogger().addHandler(logging.NullHandler())
    # Only at DEBUG it tells a timeout from a refusal: that one line is heard, and the others, which
    # take a twentieth of the time of a send to word, are not.
    log.debug = _Ear.overhear  # type: ignore[method-assign, assignment]

    @notify(on=TERMINAL, name="This terminal")  # type: ignore[no-untyped-call, untyped-decorator]
    def _terminal(body: str, title: str, *_args: object, **_kwargs: object) -> bool:
        return _Terminal.show(title, body)

    _loaded = apprise
    return apprise
