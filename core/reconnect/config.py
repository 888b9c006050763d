"""config.toml: what may stand in it, read with errors that name the file, the line and the key."""

from __future__ import annotations

import os
import re
import tomllib
from typing import Annotated, Literal

import msgspec

from reconnect.errors import ConfigError, UsageError

Name = Annotated[str, msgspec.Meta(pattern=r"^[a-z][a-z0-9_-]{0,39}$")]
WallTime = Annotated[str, msgspec.Meta(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$")]


class _Section(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    pass


class PersonSettings(_Section, frozen=True, kw_only=True):
    """Who you are. An empty `timezone` follows the machine's."""

    name: Annotated[str, msgspec.Meta(max_length=100)] = ""
    timezone: str = ""
    day_starts: WallTime = "03:00"


class ChannelSettings(_Section, frozen=True, kw_only=True):
    """Where reminders go: an Apprise URL, or `env:NAME` or `file:PATH` that hold one."""

    url: Annotated[str, msgspec.Meta(min_length=1, max_length=4000)]


class ReminderSettings(_Section, frozen=True, kw_only=True):
    """How reminders are sent.

    `channels` are the channels of a reminder that names none; empty is all. `title` is what a lock
    screen shows. A late reminder is sent within `window_minutes` of its due time, then recorded as
    expired.
    """

    channels: tuple[Name, ...] = ()
    title: Annotated[str, msgspec.Meta(min_length=1, max_length=80)] = "A moment for us"
    window_minutes: Annotated[int, msgspec.Meta(ge=1, le=10080)] = 360
    catch_up: Literal["latest", "all", "skip"] = "latest"


class DaemonSettings(_Section, frozen=True, kw_only=True):
    """The background process. `senders` is how many reminders may be on their way at once."""

    senders: Annotated[int, msgspec.Meta(ge=1, le=64)] = 8
    deadline_seconds: Annotated[int, msgspec.Meta(ge=1, le=600)] = 60
    plugin_seconds: Annotated[float, msgspec.Meta(ge=0.1, le=60)] = 5.0
    log_level: Literal["debug", "info", "warning", "error"] = "info"


class Settings(_Section, frozen=True, kw_only=True):
    """Everything in config.toml; a missing section or key has its default."""

    person: PersonSettings = PersonSettings()
    channels: dict[Name, ChannelSettings] = {}
    reminders: ReminderSettings = ReminderSettings()
    daemon: DaemonSettings = DaemonSettings()


def load_settings(path: str) -> Settings:
    """Read config.toml; defaults where there is no file.

    Raises:
        ConfigError: unreadable, half written, an unknown key or a bad value: file, line, key, and
            what was expected.
    """
    try:
        with open(path, "rb") as file:
            raw = file.read()
    except FileNotFoundError:
        return Settings()
    except OSError as error:
        raise ConfigError(f"{path}: cannot be read ({error.strerror})") from error
    try:
        text = raw.decode("utf-8")
        data = tomllib.loads(text)
    except UnicodeDecodeError as error:
        raise ConfigError(f"{path}: not UTF-8 text (byte {error.start})") from error
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{path}: not valid TOML: {error}") from error
    try:
        settings = msgspec.convert(data, Settings)
        _check(settings)
    except (msgspec.ValidationError, _BadValue) as error:
        raise ConfigError(_located(path, text, error)) from error
    return settings


def minutes_of(wall_time: str) -> int:
    """ "03:00" as minutes after midnight."""
    hours, minutes = wall_time.split(":")
    return int(hours) * 60 + int(minutes)


class _BadValue(Exception):  # noqa: N818 - carries a key to where it is worded
    def __init__(self, key: str, expected: str) -> None:
        super().__init__(expected)
        self.key = key


def _check(settings: Settings) -> None:
    if settings.person.timezone:
        from reconnect.clock import zone

        try:
            zone(settings.person.timezone)
        except UsageError as error:
            raise _BadValue("person.timezone", str(error)) from error
    for name in settings.reminders.channels:
        if name not in settings.channels:
            known = ", ".join(settings.channels) or "none yet"
            raise _BadValue(
                "reminders.channels", f"no [channels.{name}] in this file; there are: {known}"
            )
    for name, channel in settings.channels.items():
        if "://" not in channel.url and not re.match(r"(env|file):.", channel.url):
            raise _BadValue(
                f"channels.{name}.url", "expected an Apprise URL, env:NAME or file:PATH"
            )


def _located(path: str, text: str, error: Exception) -> str:
    if isinstance(error, _BadValue):
        key, reason = error.key, str(error)
    else:
        from reconnect.rules.rulefile import explain

        spot, _, reason = explain(error).partition(": ")  # type: ignore[arg-type]
        key = _key_of(spot, text) if reason else ""
        if not reason:
            reason = spot
        if reason == "unknown key":
            reason = f"unknown key{_suggestion(key)}"
        reason = _plain_pattern(reason)
    line = _line_of(key, text)
    place = f"{path}, line {line}" if line else path
    return f"{place}: {key}: {reason}" if key else f"{place}: {reason}"


def _plain_pattern(reason: str) -> str:
    if "matching regex" not in reason:
        return reason
    if ":[0-5]" in reason:
        return "expected a time such as 03:00"
    return "expected a name of lower-case letters, digits, - and _"


def _key_of(spot: str, text: str) -> str:
    # msgspec writes [...] for a key of a table of any names: the first such table that is at fault
    # is found by trying them one by one.
    if "[...]" not in spot:
        return spot
    table = spot.partition("[...]")[0].removesuffix(".")
    for name, value in tomllib.loads(text).get(table, {}).items():
        try:
            msgspec.convert({table: {name: value}}, Settings)
        except msgspec.ValidationError:
            return spot.replace("[...]", f".{name}")
    return spot


def _suggestion(key: str) -> str:
    from difflib import get_close_matches

    section, _, name = key.rpartition(".")
    kind: type[msgspec.Struct] = Settings
    if section.startswith("channels."):
        kind = ChannelSettings
    elif section:
        kind = next(
            (f.type for f in msgspec.structs.fields(Settings) if f.name == section), Settings
        )
    known = [field.name for field in msgspec.structs.fields(kind)]
    near = get_close_matches(name, known, 1)
    return f", did you mean {near[0]}?" if near else f"; known here: {', '.join(known)}"


def _line_of(key: str, text: str) -> int | None:
    """The line on which a dotted key stands: its own, or its table's."""
    parts = re.sub(r"\[\d+\]", "", key).split(".")
    table: list[str] = []
    found = None
    for number, line in enumerate(text.splitlines(), start=1):
        header = re.match(r"\s*\[+\s*([^\]]+?)\s*\]", line)
        if header:
            table = [part.strip().strip("\"'") for part in header[1].split(".")]
            if table == parts:
                return number
            if table == parts[: len(table)]:
                found = found or number
            continue
        name = re.match(r"\s*([A-Za-z0-9_.\"'-]+)\s*=", line)
        if name:
            here = [*table, *(p.strip("\"'") for p in name[1].split("."))]
            if here == parts[: len(here)]:
                return number
    return found


def is_private(path: str) -> bool:
    """Whether nobody but the owner can read the file (always true on Windows)."""
    return os.name == "nt" or not os.stat(path).st_mode & 0o077
