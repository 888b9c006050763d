"""Tell systemd how the daemon is, over the socket that it names in NOTIFY_SOCKET (sd_notify)."""

from __future__ import annotations

import os
import socket
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

SEND_S = 1.0
"""A service manager that does not read must not hold up reminders for longer than that."""


class Notifier:
    """Sends state to the service manager; silent where there is none.

    Args:
        environment: NOTIFY_SOCKET (a path, or an abstract name after an @), and WATCHDOG_USEC with
            WATCHDOG_PID, as systemd sets them.
    """

    def __init__(self, environment: Mapping[str, str]) -> None:
        """Nothing is opened yet."""
        self._address = _address(environment.get("NOTIFY_SOCKET", ""))
        self.watchdog_s = _watchdog_s(environment) if self._address else None

    @property
    def heard(self) -> bool:
        """Whether somebody listens."""
        return self._address is not None

    def tell(self, *states: str) -> bool:
        """Send lines such as `READY=1`, in one datagram. Returns whether it was sent."""
        if self._address is None:
            return False
        try:
            with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as channel:
                channel.settimeout(SEND_S)
                channel.sendto("\n".join(states).encode(), self._address)
        except OSError:
            return False
        return True


def _address(named: str) -> str | None:
    if not hasattr(socket, "AF_UNIX") or named[:1] not in ("/", "@"):
        return None
    return f"\0{named[1:]}" if named.startswith("@") else named


def _watchdog_s(environment: Mapping[str, str]) -> float | None:
    """How long systemd waits for a sign of life, in seconds; None where it does not."""
    try:
        meant_for = int(environment.get("WATCHDOG_PID", os.getpid()))
        microseconds = int(environment.get("WATCHDOG_USEC", "0"))
    except ValueError:
        return None
    return microseconds / 1e6 if microseconds > 0 and meant_for == os.getpid() else None
