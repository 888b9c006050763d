"""What a code of a delivery's outcome means, in words that help: what happened, and what to do."""

from __future__ import annotations

from reconnect.reminders.first_hop import texts
from reconnect.reminders.policy import REASONS

_WORDS: dict[str, tuple[str, str]] = {
    "accepted": ("accepted by the first hop", ""),
    # The machine, and the way.
    "no-network": ("this machine has no network", "it is tried again once there is one"),
    "no-such-host": ("that host is not known", "is the name right, is there a network?"),
    "no-connection": (
        "nobody answers at that address (connection refused)",
        "does the service run, is the port right?",
    ),
    "unreachable": (
        "that host cannot be reached (no answer to the connection)",
        "is it switched on, does a firewall or a VPN stand between?",
    ),
    "no-service": (
        "the mail server does not answer, or hangs up before it is given the message",
        "does it run, is the port right, does it take mail from this machine?",
    ),
    "proxy": ("the proxy did not let it through", "check HTTPS_PROXY and NO_PROXY"),
    "tls": (
        "no safe connection could be made (TLS)",
        "has the certificate run out, is the name of the host right, does it speak https at all?",
    ),
    "raised-DBusException": ("no desktop answers that shows notifications", ""),
    "not-here": (
        "this machine cannot send there",
        "a package or a service for it is missing",
    ),
    # It may have arrived.
    "timeout": ("no answer in time; it may have been accepted all the same", ""),
    "cut-off": ("the connection broke off; it may have been accepted all the same", ""),
    "unknown": ("no answer in time; it may have been accepted all the same", ""),
    "partly": ("not all of its receivers could take it", ""),
    "interrupted": ("the daemon ended while it was sent; it may have arrived", ""),
    # The address, and what is needed for it.
    "bad-url": (
        "Apprise does not know this address, or a package for it is missing",
        "see `reconnect config check`",
    ),
    "no-such-channel": ("config.toml has no channel of that name", ""),
    "no-secret": ("its secret is not there", "see `reconnect config check`"),
    "switched-off": ("you switched it off", ""),
    "channel-off": ("the channel is off", "`reconnect channels` says why"),
    "damaged": ("its habit cannot be read", "see `reconnect doctor`"),
    # What the service said.
    "not-allowed": ("the user name or password is not accepted", "check both"),
    "http-400": ("the service does not understand it (400)", "check the address"),
    "http-401": ("not allowed (401)", "check the user name, password or token"),
    "http-403": ("forbidden (403)", "check the token and its rights"),
    "http-404": ("not found (404)", "check the topic, room or path in the address"),
    "http-405": ("not the kind of place to send to (405)", "check the path of the address"),
    "http-410": ("gone for good (410)", "make a new address at the service"),
    "http-413": ("too long for the service (413)", ""),
    "http-429": ("too many messages (429)", "wait a while"),
    "refused": ("the service did not take it", "check the address"),
}


def explain(code: str) -> str:
    """A code in words: what happened, and after a colon what to do, where something can be done."""
    what, advice = meaning(code)
    return f"{what}: {advice}" if advice else what


def meaning(code: str) -> tuple[str, str]:
    """What happened, and what to do; the latter empty where nothing can be done or need be."""
    if code in _WORDS:
        return _WORDS[code]
    other = REASONS | texts()
    if code in other:
        return other[code], ""
    name, _, detail = code.partition("-")
    if name == "http" and detail.isdigit():
        if detail.startswith("5"):
            return f"the receiver is in trouble ({detail})", "try again later"
        if detail.startswith("3"):
            return (
                f"the receiver sends us on to another address ({detail})",
                "is it https? Write the new address into config.toml",
            )
        return f"the receiver refused it ({detail})", ""
    if name == "mail" and detail.isdigit():
        if detail.startswith("4"):
            return f"the mail server cannot take it now ({detail})", "it is tried again"
        return f"the mail server refused it ({detail})", "check the sender's and receiver's address"
    if name in ("raised", "error"):
        return f"something went wrong inside ({detail})", ""
    return f"refused ({code})", ""
