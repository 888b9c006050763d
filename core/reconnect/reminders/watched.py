"""Services whose "sent" Reconnect does not take on trust, but looks at what happened on the wire.

Measured with Apprise 2.2.0 and servers on loopback (`tests/e2e` tries each again): XMPP counts as
sent where the server's certificate is refused or no session begins; IRC where the server answers
that there is no such person, or that the channel takes nothing.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import ModuleType

SAID = "nothing was handed over"
"""What is put into Apprise's log, from which the sender takes its code."""

IRC_REFUSALS = frozenset({401, 402, 403, 404, 405, 407, 411, 412, 413, 414, 437, 442, 471, 473})
IRC_REFUSALS |= frozenset({474, 475, 476, 477, 489, 531, 716})
"""Answers of an IRC server that mean: this message reached nobody (RFC 2812, and the common
additions 477, 489, 531 and 716)."""

IRC_ANSWER_S = 5.0


def watch(schema: str) -> None:
    """Watch over the sends of a service from now on, where its word is not enough.

    Args:
        schema: of the address, as in `xmpps`.
    """
    if schema in ("xmpp", "xmpps"):
        from apprise.plugins.xmpp import base as xmpp

        _put(xmpp, "SlixmppAdapter", _xmpp)
    elif schema in ("irc", "ircs"):
        from apprise.plugins.irc import base as irc

        _put(irc, "IRCClient", _irc)


def _put(module: ModuleType, name: str, watched: Callable[[Any], type[Any]]) -> None:
    """Put a class that watches into the place of the one that a service uses."""
    used = getattr(module, name)
    if not hasattr(used, "watched"):
        setattr(module, name, watched(used))


def _xmpp(adapter: Any) -> type[Any]:
    class Watched(adapter):  # type: ignore[misc]
        """Takes only a message for sent that was handed over within a session."""

        watched = True

        def process(self) -> bool:
            """Send, and say whether something was handed over for each target."""
            handed_over: list[None] = []
            self.before_message = lambda: handed_over.append(None)
            accepted = bool(super().process())
            if accepted and len(handed_over) < max(1, len(self.targets)):
                _say()
                return False
            return accepted

    return Watched


def _irc(client: Any) -> type[Any]:
    from apprise.plugins.irc.protocol import parse_irc_line
    from apprise.utils.socket import AppriseSocketError

    class Watched(client):  # type: ignore[misc]
        """Waits for what the server says of a message before it takes it for sent."""

        watched = True
        refused = False

        def _read(self, deadline: float) -> str | None:
            line: str | None = super()._read(deadline)
            if line and parse_irc_line(line).numeric in IRC_REFUSALS:
                self.refused = True
            return line

        def quit(self, message: str, timeout: float) -> None:
            """Leave; first hear the server out: it answers in order, a ping after all else."""
            if not self.check_connection(timeout=IRC_ANSWER_S) or self.refused:
                _say()
                raise AppriseSocketError(SAID)  # type: ignore[no-untyped-call]
            super().quit(message=message, timeout=timeout)

    return Watched


def _say() -> None:
    logging.getLogger("apprise").warning(SAID)
