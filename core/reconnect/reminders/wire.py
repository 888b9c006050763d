"""HTTP beneath Apprise: connections kept for a burst, and failures told apart by their kind.

Most services of Apprise send with `requests.request`, which makes a session and a connection for
each message, says of every failure that "a connection error occurred", and drops the Retry-After of
a 429. While a sending thread listens, this stands in its place: one session per thread (a third of
the processor time of a send saved, measured), and the ear hears what happened.
"""

from __future__ import annotations

import threading
import time
import traceback
from functools import cache
from math import isfinite
from typing import TYPE_CHECKING, Any

from reconnect.reminders.ear import Ear

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    import requests

REUSE_S = 1.0
"""A connection is used again within so long: few servers close one that soon."""

LONGEST_S = 86_400.0
"""No service is left alone for longer than a day, whatever it asks."""

MOST_BYTES = 1_000_000
"""So much of an answer is read; what a service says after it is not waited for."""

_mine = threading.local()
_closing: set[str] = set()
# Servers that closed a connection without having said so.
_installed = False


def install() -> None:
    """Stand in for `requests.request` in this process; where nobody listens nothing changes."""
    global _installed
    if _installed:
        return
    import requests
    import urllib3

    # With verify=no it would print the name of the host, at each.
    urllib3.disable_warnings(urllib3.exceptions.InsecureRequestWarning)
    plain: Callable[..., requests.Response] = requests.api.request

    def request(method: str, url: str | bytes, **how: Any) -> requests.Response:
        ear = Ear.here()
        if ear is None:
            return plain(method, url, **how)
        try:
            answer = _carried(method, str(url), how)
        except requests.RequestException as error:
            ear.meet(code_of(error))
            raise
        good = answer.status_code < 300
        ear.meet(None if good else f"http-{answer.status_code}", None if good else asked(answer))
        return answer

    requests.api.request = requests.request = request
    _installed = True


def _carried(method: str, url: str, how: dict[str, Any]) -> requests.Response:
    """Send a request, over the connection of the one before where that is safe.

    It is where the server said that it keeps the connection, or where the request carries a key by
    which a repetition is known. Such a one is sent again at once, over a new connection, when the
    old one turns out to be closed: what Go's net/http does.
    """
    import requests

    place = "/".join(url.split("/", 3)[:3])
    trust = (how.get("verify"), how.get("cert"))
    session = _session(trust)
    keyed = "Idempotency-Key" in (how.get("headers") or {})
    try:
        answer = _asked_of(session, method, url, how)
    except requests.RequestException as error:
        stale = keyed and place in _mine.kept and code_of(error) == "cut-off"
        rest()
        if not stale:
            raise
        _closing.add(place)
        session = _session(trust)
        answer = _asked_of(session, method, url, how)
    session.cookies.clear()
    _mine.used = time.monotonic()
    said = answer.headers
    promised = "Keep-Alive" in said or "keep-alive" in said.get("Connection", "").lower()
    if promised or (keyed and place not in _closing):
        _mine.kept.add(place)
    else:
        _mine.kept.clear()
        session.close()
    return answer


def _asked_of(
    session: requests.Session, method: str, url: str, how: dict[str, Any]
) -> requests.Response:
    """Send a request and read its answer, which otherwise might fill the memory."""
    if how.get("stream"):
        return session.request(method=method, url=url, **how)
    answer = session.request(method=method, url=url, **{**how, "stream": True})
    content = bytearray()
    for part in answer.iter_content(65_536):
        content += part
        if len(content) > MOST_BYTES:
            answer.close()
            break
    answer._content = bytes(content)  # noqa: SLF001 - where a service looks for it
    return answer


def rest() -> None:
    """Close what this thread keeps open."""
    session: requests.Session | None = getattr(_mine, "session", None)
    if session is not None:
        session.close()
        _mine.session = None


def code_of(error: requests.RequestException) -> str:
    """The code of a failure, from what was raised and from nothing that it says of the address."""
    from requests import exceptions as known

    if isinstance(error, known.ContentDecodingError):
        return "cut-off"
    if _while_connecting(error):
        return "unreachable" if isinstance(error, known.Timeout) else "tls"
    if isinstance(error, known.ReadTimeout | known.ChunkedEncodingError):
        return "timeout" if isinstance(error, known.Timeout) else "cut-off"
    if isinstance(error, known.ConnectTimeout):
        return "unreachable"
    if isinstance(error, known.SSLError):
        return "tls"
    if isinstance(error, known.ProxyError):
        return "proxy"
    if isinstance(error, known.InvalidURL | known.InvalidSchema | known.MissingSchema):
        return "bad-url"
    return _of_connection(error)


def asked(answer: requests.Response) -> float | None:
    """How many seconds the service asks to be left alone (Retry-After), where it says so.

    A date is read against the answer's own Date, so that a wrong clock here does no harm.
    """
    from email.utils import parsedate_to_datetime

    text = answer.headers.get("Retry-After", "").strip()
    if not text:
        return None
    try:
        seconds = float(text)
    except ValueError:
        try:
            until: datetime = parsedate_to_datetime(text)
            seconds = (until - parsedate_to_datetime(answer.headers["Date"])).total_seconds()
        except (KeyError, TypeError, ValueError):
            return None
    return min(LONGEST_S, max(1.0, seconds)) if isfinite(seconds) else None


def _while_connecting(error: BaseException | None) -> bool:
    """Whether it failed while a safe connection was made: then the message was not sent yet."""
    while error is not None:
        steps = traceback.walk_tb(error.__traceback__)
        if any(frame.f_code.co_name == "do_handshake" for frame, _ in steps):
            return True
        error = error.__cause__ or error.__context__
    return False


def _of_connection(error: BaseException) -> str:
    from urllib3 import exceptions as below

    seen: list[BaseException] = [error]
    for one in seen:
        if isinstance(one, below.NameResolutionError):
            # The resolver cannot be asked, or it was and knows no such name.
            passing = "emporary failure" in str(one)
            return "no-network" if passing else "no-such-host"
        if isinstance(one, below.NewConnectionError):
            text = str(one).lower()
            if "network is unreachable" in text:
                return "no-network"
            return "no-connection" if "refused" in text else "unreachable"
        if isinstance(one, below.ConnectTimeoutError):
            return "unreachable"
        if isinstance(one, below.ProtocolError | below.ReadTimeoutError):
            return "timeout" if isinstance(one, below.ReadTimeoutError) else "cut-off"
        more = [getattr(one, "reason", None), *getattr(one, "args", ())]
        seen += [m for m in more if isinstance(m, BaseException) and m not in seen]
    return "no-connection"


@cache
def _kind_of_session() -> type[requests.Session]:
    import requests

    class Session(requests.Session):
        """Looks up the environment's proxies once per address: a fifth of the time of a send."""

        def __init__(self) -> None:
            super().__init__()
            self._merged: dict[Any, Any] = {}

        def merge_environment_settings(
            self, url: Any, proxies: Any, stream: Any, verify: Any, cert: Any
        ) -> Any:
            if proxies:
                return super().merge_environment_settings(url, proxies, stream, verify, cert)
            key = ("/".join(str(url).split("/", 3)[:3]), stream, verify, cert)
            if key not in self._merged:
                self._merged[key] = super().merge_environment_settings(
                    url, proxies, stream, verify, cert
                )
            return dict(self._merged[key])

    return Session


def _session(trust: tuple[Any, Any]) -> requests.Session:
    """This thread's session; another one where certificates are to be looked at otherwise."""
    session: requests.Session | None = getattr(_mine, "session", None)
    if session is not None and (time.monotonic() - _mine.used > REUSE_S or _mine.trust != trust):
        rest()
        session = None
    if session is None:
        session = _mine.session = _kind_of_session()()
        _mine.used, _mine.trust, _mine.kept = time.monotonic(), trust, set()
    return session
