"""Listen to what Apprise says and meets while it sends, and keep nothing of it but a code."""

from __future__ import annotations

import logging
import re
import sys
import threading
import traceback

from reconnect.reminders.outcomes import kind_of
from reconnect.reminders.watched import SAID

# What Apprise says, and raises, in the order in which it is looked for. A timeout while connecting
# is a failure; one later, or a connection that is cut off, leaves open whether it was accepted.
_CODES = (
    (r"temporary failure in name|network is unreachable", "no-network"),
    (r"name or service not known|nameresolution|getaddrinfo|no address associated", "no-such-host"),
    (r"connect timeout|unreachable|no route|host is down", "unreachable"),
    (r"newconnection|refused", "no-connection"),
    (r"certificate|\bssl\b|sslerror|tls", "tls"),
    (r"authentication", "not-allowed"),
    (r"timed out", "timeout"),
    (SAID, "not-handed-over"),
    (r"aborted|reset by peer|broken pipe|closed", "cut-off"),
    (r"connection error", "no-connection"),
    (r"disabled on this system", "not-here"),
)

# A mail server's own code comes before all words: the text beside it may say anything.
_MAIL = r"\(([45]\d\d), b?['\"]"
_RECIPIENT = r"SMTP recipient .* was refused: ([45]\d\d) "


class Ear:
    """Listens on one thread, for the length of one send."""

    _local = threading.local()

    def __enter__(self) -> Ear:
        """Begin to listen on this thread."""
        self._said: list[str] = []
        self._raised: list[str] = []
        self._met: str | None = None
        self._early: bool | None = None
        self.retry_after_s: float | None = None
        self._local.ear = self
        return self

    def __exit__(self, *_: object) -> None:
        """Listen no more."""
        self._local.ear = None

    @classmethod
    def here(cls) -> Ear | None:
        """The one that listens on this thread."""
        ear: Ear | None = getattr(cls._local, "ear", None)
        return ear

    @classmethod
    def overhear(cls, text: object, *arguments: object, **_more: object) -> None:
        """Take note of an exception among the many lines that would be a DEBUG log.

        The other lines hold the message itself, which may well say "timed out".
        """
        ear = cls.here()
        if ear is not None and isinstance(text, str) and text.startswith("Socket Exception"):
            ear.note(text % arguments if arguments else text, raised=True)
            ear.heard(sys.exc_info()[1])

    def note(self, text: str, *, raised: bool = False) -> None:
        """Keep a line until the send is over."""
        (self._raised if raised else self._said).append(text)

    def meet(self, code: str | None, retry_after_s: float | None = None) -> None:
        """Keep how a request went: its code, or None where it was answered well.

        Of several, as where an address has several receivers, the last that failed tells most; but
        one that may have arrived all the same is not to be sent again as if it had not.
        """
        if code is not None and not (self._met and kind_of(self._met) == "unsure"):
            self._met, self.retry_after_s = code, retry_after_s

    def heard(self, error: BaseException | None) -> None:
        """Keep whether a mail server was not given the message yet when it failed."""
        within = {
            frame.f_code.co_name
            for frame, _ in traceback.walk_tb(error.__traceback__ if error else None)
            if frame.f_globals.get("__name__") == "smtplib"
        }
        if within:
            self._early = self._early is not False and "data" not in within

    def code(self) -> str:
        """A small code for what went wrong."""
        if self._met is not None:
            return self._met
        raised, said = "\n".join(self._raised), "\n".join(self._said)
        mail = re.search(_MAIL, raised)
        if mail:
            return "not-allowed" if mail[1].startswith("53") else f"mail-{mail[1]}"
        some = re.search(_RECIPIENT, said)
        if some:
            # The others of the same mail have it: it is not sent again and again for this one.
            return f"mail-{some[1]}" if some[1].startswith("5") else "partly"
        status = re.search(r"error[= ](\d{3})\b", said)
        if status:
            return f"http-{status[1]}"
        both = f"{raised}\n{said}"
        found = (code for pattern, code in _CODES if re.search(pattern, both, re.IGNORECASE))
        code = next(found, "refused")
        return "no-service" if self._early and kind_of(code) == "unsure" else code


class Router(logging.Handler):
    """Hands each log line of Apprise's to whoever listens on its thread."""

    def emit(self, record: logging.LogRecord) -> None:
        """Take note of a warning or an error."""
        ear = Ear.here()
        if ear is not None:
            ear.note(record.getMessage())
