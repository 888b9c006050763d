"""The time, and the day a moment belongs to. Nothing else in the program asks the machine for it."""

from __future__ import annotations

import os
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Protocol

from reconnect.errors import UsageError

if TYPE_CHECKING:
    import threading
    from zoneinfo import ZoneInfo


class Clock(Protocol):
    """Where the time comes from."""

    def now(self) -> datetime:
        """The present instant, in UTC."""

    def monotonic(self) -> float:
        """Seconds that never run backwards, for measuring how long something took."""

    def wait(self, event: threading.Event, seconds: float) -> bool:
        """Wait until the event is set (True) or this clock has moved on by `seconds` (False)."""


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        """The present instant, in UTC."""
        return datetime.now(UTC)

    def monotonic(self) -> float:
        """Seconds since some fixed point; stands still while the machine sleeps (Linux)."""
        import time

        return time.monotonic()

    def wait(self, event: threading.Event, seconds: float) -> bool:
        """Wait for the event, at most `seconds`."""
        return event.wait(max(0.0, seconds))


class FileClock:
    """A clock that shows the instant written in a file, so that another process can move it.

    For tests and for trying things out: `RECONNECT_CLOCK=FILE reconnect today`. The file holds one
    ISO 8601 instant with an offset. It is read again at each call.
    """

    poll_seconds = 0.02

    def __init__(self, path: str) -> None:
        """Show the time in the file at `path`."""
        self.path = path

    def now(self) -> datetime:
        """The instant in the file, in UTC.

        Raises:
            UsageError: the file cannot be read, or holds no ISO 8601 instant with an offset.
        """
        try:
            with open(self.path, encoding="ascii") as file:
                text = file.read().strip()
            instant = datetime.fromisoformat(text)
        except (OSError, ValueError) as error:
            raise UsageError(
                f"RECONNECT_CLOCK: {self.path} should hold one instant such as "
                f"2026-11-23T19:30:00+01:00 ({error})"
            ) from error
        if instant.tzinfo is None:
            raise UsageError(f"RECONNECT_CLOCK: the instant in {self.path} needs an offset")
        return instant.astimezone(UTC)

    def monotonic(self) -> float:
        """The file's time in seconds: whoever moves the clock moves this with it."""
        return self.now().timestamp()

    def wait(self, event: threading.Event, seconds: float) -> bool:
        """Wait for the event, or for the file to show a time `seconds` later, or an earlier one."""
        start = self.now()
        while not event.wait(self.poll_seconds):
            passed = (self.now() - start).total_seconds()
            if passed >= seconds or passed < 0:
                return False
        return True


def clock_from_environment() -> Clock:
    """The machine's clock, or the one that RECONNECT_CLOCK names."""
    path = os.environ.get("RECONNECT_CLOCK")
    return FileClock(path) if path else SystemClock()


def zone(tzid: str) -> ZoneInfo:
    """The IANA zone of that name.

    Raises:
        UsageError: no such zone is known on this machine.
    """
    from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

    try:
        return ZoneInfo(tzid)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise UsageError(
            f"unknown time zone '{tzid}': expected an IANA name such as Europe/Berlin"
        ) from error


def machine_tzid() -> str:
    """The IANA name of this machine's zone; UTC where the machine does not tell."""
    named = os.environ.get("TZ", "").removeprefix(":")
    if named and not named.startswith("/"):
        return named if _known(named) else "UTC"
    try:
        target = os.path.realpath("/etc/localtime")
        _, found, name = target.partition("zoneinfo/")
        if found and _known(name):
            return name
        with open("/etc/timezone", encoding="ascii") as file:
            name = file.read().strip()
        return name if _known(name) else "UTC"
    except OSError:
        return _windows_tzid() or "UTC"


def local_day(instant: datetime, tzid: str, day_starts: int) -> date:
    """The day that an instant counts for.

    Args:
        instant: an aware moment.
        tzid: the person's IANA zone.
        day_starts: minutes after midnight at which their day begins, 0 to 1439.
    """
    wall = instant.astimezone(zone(tzid)).replace(tzinfo=None)
    return (wall - timedelta(minutes=day_starts)).date()


def to_ms(instant: datetime) -> int:
    """An aware instant as whole milliseconds since 1970 (UTC), exact at every date."""
    since = instant - datetime(1970, 1, 1, tzinfo=UTC)
    return since // timedelta(milliseconds=1)


def from_ms(ms: int) -> datetime:
    """The UTC instant of so many milliseconds since 1970."""
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=ms)


def _known(name: str) -> bool:
    try:
        zone(name)
    except UsageError:
        return False
    return True


def _windows_tzid() -> str | None:
    # Windows has no IANA name to read; the standard offset at least keeps the hours right.
    import time

    hours, rest = divmod(-time.timezone, 3600)
    name = f"Etc/GMT{-hours:+d}"
    return name if rest == 0 and _known(name) else None
