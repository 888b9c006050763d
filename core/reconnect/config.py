"""config.toml: what may stand in it, read with errors that name the file, the line and the key."""

from __future__ import annotations

import re
import tomllib
from typing import TYPE_CHECKING, Annotated, Literal

import msgspec

from reconnect.errors import ConfigError, UsageError
from reconnect.model.reminder import Body, CatchUp, Quiet
from reconnect.secrets import is_reference, is_web_address

if TYPE_CHECKING:
    from collections.abc import Iterator

Name = Annotated[
    str,
    msgspec.Meta(
        pattern=r"^[a-z][a-z0-9_-]{0,39}$",
        description="a name of lower-case letters, digits, - and _",
    ),
]
WallTime = Annotated[
    str,
    msgspec.Meta(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$", description="a time such as 03:00"),
]


QuietTime = Annotated[
    str,
    msgspec.Meta(
        pattern=r"^(([01][0-9]|2[0-3]):[0-5][0-9])?$", description="a time such as 22:00, or empty"
    ),
]


Span = Annotated[
    str,
    msgspec.Meta(
        pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]-([01][0-9]|2[0-3]):[0-5][0-9]$",
        description="a time of day such as 22:00-07:00",
    ),
]


class _Section(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    pass


class PersonSettings(_Section, frozen=True, kw_only=True):
    """Who you are. An empty `timezone` follows the machine's."""

    name: Annotated[str, msgspec.Meta(max_length=100)] = ""
    timezone: str = ""
    day_starts: WallTime = "03:00"


class ChannelSettings(_Section, frozen=True, kw_only=True, omit_defaults=True):
    """Where reminders go: an Apprise URL, or `env:NAME` or `file:PATH` that hold one.

    `body` is how much is said there, `quiet` what quiet hours do there; without them the settings
    of [reminders] and [quiet] hold. Only the terminal of the daemon says everything by itself.
    """

    url: Annotated[str, msgspec.Meta(min_length=1, max_length=4000)]
    body: Body | None = None
    quiet: Quiet | None = None


class ReminderSettings(_Section, frozen=True, kw_only=True):
    """How reminders are sent.

    `channels` are the channels of a reminder that names none; empty is all. `fallback` are those
    that step in for one that is off: any of the former, none, or those named. `title` is what a
    lock screen shows, `body` how much stands below it. A late one is sent within `window_minutes`
    of its due time, then recorded as expired. Where more than `digest_above` late ones wait, one
    message tells of them all.
    """

    channels: tuple[Name, ...] = ()
    fallback: Literal["any", "none"] | tuple[Name, ...] = "any"
    title: Annotated[str, msgspec.Meta(min_length=1, max_length=80)] = "A moment for us"
    window_minutes: Annotated[int, msgspec.Meta(ge=1, le=10080)] = 360
    catch_up: CatchUp = "latest"
    body: Body = "prompt"
    digest_above: Annotated[int, msgspec.Meta(ge=1, le=100_000)] = 3


class RouteSettings(_Section, frozen=True, kw_only=True):
    """Where the reminders of some rules, or of a time of day, go. Empty `rules` are all of them.

    `between` is on the clock on the wall; over midnight where its end comes before its begin.
    """

    channels: Annotated[tuple[Name, ...], msgspec.Meta(min_length=1)]
    rules: tuple[Name, ...] = ()
    between: Span | None = None


class QuietSettings(_Section, frozen=True, kw_only=True):
    """Hours without reminders, by the person's clock, over midnight too; empty times are none."""

    from_: QuietTime = msgspec.field(default="", name="from")
    until: QuietTime = ""
    what: Quiet = "defer"


class DaemonSettings(_Section, frozen=True, kw_only=True):
    """The background process. `senders` is how many reminders may be on their way at once.

    `health_url` is an address that is asked for every `health_minutes` while all is well; like a
    channel's it is a secret, and may be `env:NAME` or `file:PATH`.
    """

    senders: Annotated[int, msgspec.Meta(ge=1, le=64)] = 8
    deadline_seconds: Annotated[int, msgspec.Meta(ge=1, le=600)] = 60
    plugin_seconds: Annotated[float, msgspec.Meta(ge=0.1, le=60)] = 5.0
    log_level: Literal["debug", "info", "warning", "error"] = "info"
    log_format: Literal["text", "json"] = "text"
    health_url: Annotated[str, msgspec.Meta(max_length=4000)] = ""
    health_minutes: Annotated[int, msgspec.Meta(ge=1, le=1440)] = 5


class Settings(_Section, frozen=True, kw_only=True):
    """Everything in config.toml; a missing section or key has its default."""

    person: PersonSettings = PersonSettings()
    channels: dict[Name, ChannelSettings] = {}
    reminders: ReminderSettings = ReminderSettings()
    routes: tuple[RouteSettings, ...] = ()
    quiet: QuietSettings = QuietSettings()
    daemon: DaemonSettings = DaemonSettings()


def load_settings(path: str) -> Settings:
    """Read config.toml; defaults where there is no file.

    Raises:
        ConfigError: unreadable, half written, an unknown key or a bad value: file, line, key, and
            what was expected.
    """
    settings, problems = examine(path)
    if problems:
        others = len(problems) - 1
        more = f" ({others} more: see `reconnect config check`)" if others else ""
        raise ConfigError(problems[0] + more)
    return settings


def examine(path: str) -> tuple[Settings, list[str]]:
    """Everything that is wrong with config.toml, in the order of its lines, and what is not.

    Raises:
        ConfigError: it cannot be read at all, or is no TOML.
    """
    try:
        with open(path, "rb") as file:
            raw = file.read()
    except FileNotFoundError:
        return Settings(), []
    except OSError as error:
        raise ConfigError(f"{path}: cannot be read ({error.strerror})") from error
    try:
        text = raw.decode("utf-8-sig").replace("\r\n", "\n")
        data = tomllib.loads(text)
    except UnicodeDecodeError as error:
        raise ConfigError(f"{path}: not UTF-8 text (byte {error.start})") from error
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{path}: not valid TOML: {error}") from error
    found: list[tuple[str, str]] = []
    try:
        settings = msgspec.convert(data, Settings)
    except msgspec.ValidationError:
        from reconnect.faults import faults

        wrong, rest = faults(Settings, data)
        found += [(one.key, one.reason) for one in wrong]
        settings = msgspec.convert(rest, Settings)
    # A channel whose address is wrong is one all the same.
    named = data.get("channels")
    found += _check(settings, tuple(named) if isinstance(named, dict) else ())
    placed = [(_line_of(key, text) or 0, key, reason) for key, reason in found]
    placed.sort(key=lambda one: one[0])
    return settings, [_located(path, *one) for one in placed]


def located(path: str, key: str, reason: str) -> str:
    """A reason with the file, the line of the key in it, and the key."""
    try:
        with open(path, encoding="utf-8-sig") as file:
            text = file.read()
    except (OSError, UnicodeDecodeError):
        text = ""
    return _located(path, _line_of(key, text) or 0, key, reason)


def minutes_of(wall_time: str) -> int:
    """A wall time such as "03:00" as minutes after midnight."""
    hours, minutes = wall_time.split(":")
    return int(hours) * 60 + int(minutes)


def _check(settings: Settings, channels: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    """Keys whose values fit their type and cannot be used all the same, and why."""
    if settings.person.timezone:
        from reconnect.clock import zone

        try:
            zone(settings.person.timezone)
        except UsageError as error:
            yield "person.timezone", str(error)
    fallback = settings.reminders.fallback
    named = {
        "reminders.channels": settings.reminders.channels,
        "reminders.fallback": () if isinstance(fallback, str) else fallback,
        **{f"routes[{n}].channels": route.channels for n, route in enumerate(settings.routes)},
    }
    for key, names in named.items():
        for name in names:
            if name not in channels:
                known = ", ".join(channels) or "none yet"
                yield key, f"no [channels.{name}] in this file; there are: {known}"
    quiet = settings.quiet
    if bool(quiet.from_) != bool(quiet.until):
        key = "until" if quiet.from_ else "from"
        yield f"quiet.{key}", "quiet hours need both from and until, or neither"
    if quiet.from_ and quiet.from_ == quiet.until:
        yield "quiet.until", "the same as from: leave both empty for no quiet hours"
    for name, channel in settings.channels.items():
        if "://" not in channel.url and not is_reference(channel.url):
            yield f"channels.{name}.url", "expected an Apprise URL, env:NAME or file:PATH"
    health = settings.daemon.health_url
    if health and not is_reference(health) and not is_web_address(health):
        yield "daemon.health_url", "expected an http or https address, env:NAME or file:PATH"


def _located(path: str, line: int, key: str, reason: str) -> str:
    place = f"{path}, line {line}" if line else path
    if "://" in key:
        # An address where a name should stand is a secret all the same.
        key = ".".join((*key.partition("://")[0].split(".")[:-1], "…"))
    return f"{place}: {key}: {reason}" if key else f"{place}: {reason}"


def _line_of(key: str, text: str) -> int | None:
    """The line on which a dotted key stands: its own, or its table's."""
    parts = re.sub(r"\[\d+\]", "", key).split(".")
    table: list[str] = []
    found = None
    lines = text.splitlines(keepends=True)
    for number, line in enumerate(lines, start=1):
        header = re.match(r"\s*\[+\s*([^\]]+?)\s*\]", line)
        name = re.match(r"\s*([A-Za-z0-9_.\"' -]+?)\s*=", line)
        if not (header or name) or not _complete("".join(lines[: number - 1])):
            continue  # The middle of a text or a list of several lines holds no keys.
        if header:
            table = _parts(header[1])
            if table == parts:
                return number
            if table == parts[: len(table)]:
                found = found or number
        elif name:
            here = [*table, *_parts(name[1])]
            if here == parts[: len(here)]:
                return number
    return found


def _parts(dotted: str) -> list[str]:
    return [part.strip().strip("\"'") for part in dotted.split(".")]


def _complete(text: str) -> bool:
    try:
        tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return False
    return True
