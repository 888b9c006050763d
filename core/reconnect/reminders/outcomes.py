"""Outcomes: how a send went, as a small code, and what class of trouble a code belongs to."""

from __future__ import annotations

from typing import Literal, NamedTuple

Kind = Literal["accepted", "unwanted", "permanent", "throttled", "offline", "down", "unsure"]
"""What is done after it: nothing more (the first three), or another try by its own rule."""


class Outcome(NamedTuple):
    """How a send went: accepted by the first hop or not, and a small code that names why.

    The code never holds text of the service: Apprise's words carry addresses, tokens and bodies.
    `retry_after_s` is how many seconds the service asked to be left alone, where it said so.
    """

    accepted: bool
    code: str
    retry_after_s: float | None = None


_KINDS: dict[str, Kind] = {
    "accepted": "accepted",
    # A plugin said that it is not to be sent.
    "vetoed": "unwanted",
    "not-due": "unwanted",
    # No second try changes these.
    "bad-url": "permanent",
    "no-such-channel": "permanent",
    "channel-off": "permanent",
    "not-allowed": "permanent",
    "no-syslog": "permanent",
    "creates-nothing": "permanent",
    # No desktop is there yet: nothing was shown.
    "raised-DBusException": "down",
    # The machine is not connected: nobody else's fault.
    "no-network": "offline",
    # It may have arrived all the same.
    "unknown": "unsure",
    "timeout": "unsure",
    "cut-off": "unsure",
    "interrupted": "unsure",
    # Some of those whom a mail goes to have it.
    "partly": "unsure",
}

_HTTP: dict[int, Kind] = {408: "down", 425: "down", 429: "throttled"}


def kind_of(code: str) -> Kind:
    """The class of a code.

    4xx and what cannot be followed (3xx) stay as they are however often they are asked; 5xx passes.
    What a service raised may have been raised by the answer to a message that it took.
    """
    if code in _KINDS:
        return _KINDS[code]
    if code.startswith("raised-"):
        return "unsure"
    name, _, number = code.partition("-")
    if number.isdigit() and name in ("http", "mail"):
        status = int(number)
        # Of mail a 4xx is the passing one.
        passing = 400 <= status < 500 if name == "mail" else status >= 500
        return _HTTP.get(status, "down" if passing else "permanent")
    return "down"


CHANNEL_FAULTS: frozenset[Kind] = frozenset({"permanent", "down", "unsure"})
"""Classes that speak against the channel, rather than against the network or the moment."""
