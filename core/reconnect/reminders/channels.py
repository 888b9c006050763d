"""Channels: where Apprise sends. A URL is resolved when it is needed, and never stored or shown."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reconnect.config import ChannelSettings
from reconnect.errors import NotFoundError
from reconnect.secrets import resolve, shown

if TYPE_CHECKING:
    from reconnect.config import Settings
    from reconnect.model.reminder import Body

TERMINAL = "terminal"
TERMINAL_URL = "terminal://"


def channels(settings: Settings) -> dict[str, ChannelSettings]:
    """The channels by name; the terminal of the running daemon where none is set up."""
    return dict(settings.channels) or {TERMINAL: ChannelSettings(url=TERMINAL_URL)}


def default_names(settings: Settings) -> tuple[str, ...]:
    """Where a reminder goes that names no channel: the chosen ones, or all."""
    return settings.reminders.channels or tuple(channels(settings))


def url_of(settings: Settings, name: str) -> str:
    """The Apprise URL of a channel, with its secrets.

    Raises:
        NotFoundError: no channel of that name.
        LockedError, ConfigError: its secret cannot be had.
    """
    known = channels(settings)
    if name not in known:
        from difflib import get_close_matches

        near = get_close_matches(name, known, 1)
        hint = f"did you mean {near[0]}?" if near else f"there are: {', '.join(known)}"
        raise NotFoundError(f"no channel '{name}' in config.toml: {hint}")
    return resolve(known[name].url, f"channels.{name}.url")


def shown_url(settings: Settings, name: str) -> str:
    """What may be shown of a channel's address: where it comes from, or its scheme and host."""
    return shown(channels(settings)[name].url)


def body_of(settings: Settings, name: str, url: str) -> Body:
    """How much is said on a channel: its own setting, or that of all; a terminal hears all."""
    own = settings.channels.get(name)
    if own is not None and own.body is not None:
        return own.body
    return "full" if is_terminal(url) else settings.reminders.body


def is_terminal(url: str) -> bool:
    """Whether only the person in front of this machine's terminal reads the channel."""
    return url.startswith(TERMINAL_URL)
