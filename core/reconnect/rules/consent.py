"""Which plugins may run: built-in ones and folders unless turned off, others only if turned on."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import msgspec

from reconnect.errors import DamagedError
from reconnect.paths import write_private_file

if TYPE_CHECKING:
    from collections.abc import Iterable

    from reconnect.rules.discovery import Found

TURNED_OFF = "turned off by you"
LEFT_OUT = "left out by RECONNECT_PLUGINS"


class Agreed(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The distribution, and its version, that the person looked at when they enabled a plugin."""

    distribution: str
    version: str


class Choices(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """The person's choices, by the plugin's name: what they enabled, and why others are off."""

    enabled: dict[str, Agreed] = {}
    disabled: dict[str, str] = {}


def read_choices(path: str) -> Choices:
    """The choices made so far.

    Raises:
        DamagedError: the file is there but cannot be read.
    """
    try:
        with open(path, "rb") as file:
            return msgspec.json.decode(file.read(), type=Choices)
    except FileNotFoundError:
        return Choices()
    except (OSError, msgspec.MsgspecError) as error:
        raise DamagedError(
            f"{path} cannot be read ({error}): delete it, then enable your plugins again"
        ) from error


def write_choices(path: str, choices: Choices) -> None:
    """Keep the choices, in a file of the owner's only."""
    write_private_file(path, msgspec.json.format(msgspec.json.encode(choices), indent=2))


def enable(path: str, found: Found) -> None:
    """Let a plugin run from now on.

    Raises:
        DamagedError: the choices made so far cannot be read; they are left as they are.
    """
    choices = read_choices(path)
    choices.disabled.pop(found.name, None)
    if found.origin == "installed":
        choices.enabled[found.name] = Agreed(distribution=found.distribution, version=found.version)
    write_choices(path, choices)


def disable(path: str, name: str, why: str = TURNED_OFF) -> None:
    """Let a plugin run no more. It need not be there, or work.

    Raises:
        DamagedError: as `enable`.
    """
    choices = read_choices(path)
    choices.enabled.pop(name, None)
    choices.disabled[name] = why
    write_choices(path, choices)


def why_off(found: Found, choices: Choices) -> str | None:
    """Why the plugin does not run, in a few words; None when it may run."""
    only = wanted_only()
    if only is not None and found.name not in only:
        return LEFT_OUT
    if found.name in choices.disabled:
        return choices.disabled[found.name]
    if found.origin == "installed":
        agreed = choices.enabled.get(found.name)
        how = f"`reconnect plugins enable {found.name}`"
        if agreed is None:
            return f"not enabled: {how}"
        if agreed.distribution != found.distribution:
            # Another distribution has taken the name: nobody agreed to its code.
            return f"enabled as part of {agreed.distribution}, not of {found.distribution}: {how}"
    return None


def wanted_only() -> frozenset[str] | None:
    """The plugins that RECONNECT_PLUGINS names (none of them when it is empty); None: no limit."""
    only = os.environ.get("RECONNECT_PLUGINS")
    if only is None:
        return None
    return frozenset(name.strip() for name in only.split(",")) - {""}


def unknown_wanted(there: Iterable[str]) -> list[str]:
    """A line for each plugin that RECONNECT_PLUGINS names, and that is not among those there."""
    known = list(there)
    missing = sorted((wanted_only() or frozenset()) - set(known))
    if not missing:
        return []
    from difflib import get_close_matches

    lines = []
    for name in missing:
        near = get_close_matches(name, known, 1)
        hint = f": did you mean {near[0]}?" if near else ""
        lines.append(f"RECONNECT_PLUGINS names '{name}', but no such plugin is there{hint}")
    return lines
