"""Addresses of which Apprise says "sent" although nobody got anything, and what is done about each.

Found by trying Apprise 2.2.0 where no receiver was in reach: its 183 services with addresses of
their own templates, and the 2,202 addresses of its own tests. Whoever raises its version tries that
again; `tests/e2e` holds those that can be tried with a real receiver.
"""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import parse_qs

if TYPE_CHECKING:
    from collections.abc import Callable

SYSLOG_SOCKETS = ("/dev/log", "/var/run/syslog", "/var/run/log")
"""Where a syslog service listens: on Linux, on a Mac, on a BSD."""

NOT_HANDED_OVER = (
    "the server took nothing for whom it was meant: check the names, the password, and with a "
    "certificate of your own verify=no"
)
"""What is said where `watched` saw that a "sent" is none."""


class Doubt(NamedTuple):
    """Why "sent" means little at an address. The text holds nothing of the address itself.

    Args:
        code: recorded with a delivery that is refused for it, and written to the log.
        refused: nothing is sent there; otherwise the person is warned, and it is sent.
        text: why, and what to do.
    """

    code: str
    refused: bool
    text: str


class _Address(NamedTuple):
    schema: str
    options: dict[str, str]


class _Row(NamedTuple):
    schemas: frozenset[str]
    applies: Callable[[_Address], bool]
    doubt: Doubt


def _no_syslog(_address: _Address) -> bool:
    return sys.platform != "win32" and not any(map(os.path.exists, SYSLOG_SOCKETS))


def _opens_no_alert(address: _Address) -> bool:
    return "new" not in (address.options.get("action"), address.options.get(":info"))


def _unconfirmed_topic(address: _Address) -> bool:
    return address.options.get("qos", "0") in ("", "0")


def _always(_address: _Address) -> bool:
    return True


_TABLE = (
    _Row(
        frozenset({"syslog"}),
        # The C library's syslog() has no result: it drops the message where no socket is.
        _no_syslog,
        Doubt(
            "no-syslog",
            True,
            "no syslog service runs on this machine, and what is sent there is lost without a "
            "word: choose another channel",
        ),
    ),
    _Row(
        frozenset({"syslog"}),
        _always,
        Doubt(
            "never-confirmed",
            False,
            "a system log confirms nothing, shows nothing, and others may read it: choose a "
            "channel that reaches you",
        ),
    ),
    _Row(
        frozenset({"rsyslog"}),
        # One UDP packet: with nobody at the port it counts as sent all the same.
        _always,
        Doubt(
            "never-confirmed",
            False,
            "it goes out as one packet that nobody confirms: a reminder that gets lost is still "
            "recorded as sent",
        ),
    ),
    _Row(
        frozenset({"mqtt", "mqtts"}),
        # Written to the connection is all that is known; with it the broker answers.
        _unconfirmed_topic,
        Doubt(
            "never-confirmed",
            False,
            "without qos=1 the broker confirms nothing, and a reminder that gets lost is still "
            "recorded as sent: put qos=1 into the address",
        ),
    ),
    _Row(
        frozenset({"opsgenie", "jira"}),
        # A plain message becomes a note on an alert that is open; where none is, nothing is sent.
        _opens_no_alert,
        Doubt(
            "creates-nothing",
            True,
            "this service only adds notes to alerts that are open already, so nothing would "
            "reach you: put action=new into the address",
        ),
    ),
)


def doubt_of(url: str) -> Doubt | None:
    """Why what Apprise reports of an address cannot be relied on; None where it can."""
    schema, _, rest = url.partition("://")
    options = {
        name.lower(): values[-1].strip().lower()
        for name, values in parse_qs(rest.partition("?")[2], keep_blank_values=True).items()
    }
    address = _Address(schema.strip().lower(), options)
    for row in _TABLE:
        if address.schema in row.schemas and row.applies(address):
            return row.doubt
    return None


def texts() -> dict[str, str]:
    """What each refused code means, in words that help."""
    found = {row.doubt.code: row.doubt.text for row in _TABLE if row.doubt.refused}
    return found | {"not-handed-over": NOT_HANDED_OVER}
