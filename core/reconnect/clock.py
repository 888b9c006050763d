"""The time, and the day a moment belongs to. Nothing else in the program asks the machine."""

from __future__ import annotations

import os
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Protocol

from reconnect.errors import UsageError

if TYPE_CHECKING:
    import threading
    from zoneinfo import ZoneInfo


_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MS = timedelta(milliseconds=1)


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
            instant = datetime.fromisoformat(self._text())
            if instant.tzinfo is not None:
                return instant.astimezone(UTC)
        except (OSError, ValueError, OverflowError) as error:
            raise UsageError(
                f"RECONNECT_CLOCK: {self.path} should hold one instant such as "
                f"2026-11-23T19:30:00+01:00 ({error})"
            ) from error
        raise UsageError(f"RECONNECT_CLOCK: the instant in {self.path} needs an offset")

    def _text(self) -> str:
        # Whoever moves the clock empties the file before they write to it; a busy disk makes that
        # more than a moment.
        import time
        from pathlib import Path

        for _ in range(100):
            with Path(self.path).open(encoding="ascii") as file:
                if text := file.read(100).strip():
                    return text
            time.sleep(0.01)
        return ""

    def monotonic(self) -> float:
        """Real seconds: a moved file looks like a machine that slept or whose clock was set."""
        import time

        return time.monotonic()

    def wait(self, event: threading.Event, seconds: float) -> bool:
        """Wait for the event, or for the file to show a time `seconds` later, or an earlier one.

        Real seconds count too: the file may have been moved just before this was called, and then
        nobody would move it again.
        """
        start, until = self.now(), self.monotonic() + seconds
        while not event.wait(self.poll_seconds):
            passed = (self.now() - start).total_seconds()
            if passed >= seconds or passed < 0 or self.monotonic() >= until:
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
            f"unknown time zone {tzid!r}: expected an IANA name such as Europe/Berlin"
        ) from error


def is_zone(tzid: str) -> bool:
    """Whether this machine knows a zone of that name."""
    try:
        zone(tzid)
    except UsageError:
        return False
    return True


def zone_data(tzid: str) -> bytes | None:
    """What this machine's time zone database says of a zone; None where that is nowhere to be read.

    Laws change: what it says may be another thing after an update of the system.
    """
    import zoneinfo

    for place in zoneinfo.TZPATH:
        try:
            with open(os.path.join(place, *tzid.split("/")), "rb") as file:
                return file.read()
        except OSError:
            continue
    from importlib import resources

    try:
        return resources.files("tzdata.zoneinfo").joinpath(*tzid.split("/")).read_bytes()
    except (ImportError, OSError):
        return None


def read_zone_again(tzid: str) -> None:
    """Take up what the time zone database says of a zone now; Python keeps what it read once."""
    from zoneinfo import ZoneInfo

    ZoneInfo.clear_cache(only_keys=[tzid])


def machine_offset() -> int:
    """How many seconds this machine's own clocks on the wall are ahead of UTC now."""
    import time

    return time.localtime().tm_gmtoff


def machine_tzid() -> str:
    """The IANA name of this machine's zone; its standard offset, or UTC, where it has no name."""
    named = os.environ.get("TZ")
    if named is None:
        return _zone_of_file("/etc/localtime") or _zone_in_file("/etc/timezone") or _offset_tzid()
    named = named.removeprefix(":")
    if named.startswith("/"):
        return _zone_of_file(named) or _offset_tzid()
    return named if is_zone(named) else _offset_tzid()


def local_day(instant: datetime, tzid: str, day_starts: int) -> date:
    """The day that an instant counts for.

    Args:
        instant: an aware moment.
        tzid: the person's IANA zone.
        day_starts: minutes after midnight at which their day begins, 0 to 1439.
    """
    wall, begins = instant.astimezone(zone(tzid)), timedelta(minutes=day_starts)
    if wall.fold:
        # The hour is there a second time: a day that began in it the first time stays begun.
        midnight = wall.replace(hour=0, minute=0, second=0, microsecond=0, fold=0)
        begun = instant >= (midnight + begins).astimezone(UTC)
        return wall.date() if begun else wall.date() - timedelta(days=1)
    return (wall.replace(tzinfo=None) - begins).date()


def to_ms(instant: datetime) -> int:
    """An aware instant as whole milliseconds since 1970 (UTC), exact at every date."""
    return (instant - _EPOCH) // _MS


def from_ms(ms: int) -> datetime:
    """The UTC instant of so many milliseconds since 1970."""
    return _EPOCH + ms * _MS


def _zone_of_file(path: str) -> str | None:
    _, _, name = os.path.realpath(path).partition("zoneinfo/")
    return name if is_zone(name) else None


def _zone_in_file(path: str) -> str | None:
    from pathlib import Path

    try:
        with Path(path).open(encoding="ascii") as file:
            name = file.read(100).strip()
    except (OSError, ValueError):
        return None
    return name if is_zone(name) else None


def _offset_tzid() -> str:
    # Windows has no IANA name to read, and TZ may say "CET-1CEST" or nothing: the standard offset
    # at least keeps the hours right.
    import time

    hours, rest = divmod(-time.timezone, 3600)
    name = f"Etc/GMT{-hours:+d}"
    return name if time.timezone and rest == 0 and is_zone(name) else "UTC"
