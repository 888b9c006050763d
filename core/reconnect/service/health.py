"""The health ping: a request to an address of the person's, so that silence is noticed elsewhere.

It runs on a thread of its own and is tried once. Whatever becomes of it, reminders go on.
"""

from __future__ import annotations

import logging
import threading
from datetime import timedelta
from typing import TYPE_CHECKING

from reconnect import __version__
from reconnect.errors import ReconnectError
from reconnect.secrets import is_web_address, resolve

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from reconnect.clock import Clock
    from reconnect.config import Settings

log = logging.getLogger("reconnect.health")

TIMEOUT_S = 10.0
"""How long the other side may be silent."""


class HealthPing:
    """Asks for the address in `daemon.health_url` every `daemon.health_minutes`.

    Args:
        clock: the time.
        settings: asked each time, so that a change of config.toml is taken up.
    """

    def __init__(self, clock: Clock, settings: Callable[[], Settings]) -> None:
        """Nothing is asked yet."""
        self._clock = clock
        self._settings = settings
        self._last: datetime | None = None
        self._under_way: threading.Thread | None = None

    def due(self) -> bool:
        """Whether there is an address, and it is time."""
        daemon = self._settings().daemon
        # It is looked once a minute, and never to the second.
        every = timedelta(minutes=daemon.health_minutes) - timedelta(seconds=10)
        # A clock that was set back must not make it wait for hours.
        return bool(daemon.health_url) and (
            self._last is None or abs(self._clock.now() - self._last) >= every
        )

    def ping(self) -> None:
        """Ask, if the last request is over; returns at once."""
        if self._under_way is not None and self._under_way.is_alive():
            log.warning("health ping code=%s", "still-waiting")
            return
        self._last = self._clock.now()
        address = self._settings().daemon.health_url
        self._under_way = threading.Thread(target=_ask, args=(address,), daemon=True)
        self._under_way.start()


def _ask(reference: str) -> None:
    code = _code_of(reference)
    log.log(logging.INFO if code == "ok" else logging.WARNING, "health ping code=%s", code)


def _code_of(reference: str) -> str:
    """What became of one request, as a code: an error's own text may quote the address."""
    import urllib.error
    import urllib.request

    try:
        address = resolve(reference, "daemon.health_url")
        if not is_web_address(address):
            return "bad-url"
        request = urllib.request.Request(  # noqa: S310 - it begins with http:// or https://
            address, headers={"User-Agent": f"reconnect/{__version__}"}
        )
        with urllib.request.urlopen(request, timeout=TIMEOUT_S):  # noqa: S310 - see above
            return "ok"
    except ReconnectError:
        return "no-secret"
    except urllib.error.HTTPError as error:
        error.close()
        return f"http-{error.code}"
    except TimeoutError:
        return "timeout"
    except urllib.error.URLError as error:
        return "timeout" if isinstance(error.reason, TimeoutError) else "no-connection"
    except Exception as error:  # noqa: BLE001 - whatever it is, reminders go on
        return f"raised-{type(error).__name__}"
