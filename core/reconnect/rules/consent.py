"""Which plugins may run: built-in ones and folders of texts unless turned off, outside code only if turned on."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import msgspec

from reconnect.errors import DamagedError
from reconnect.paths import write_private_file

if TYPE_CHECKING:
    from reconnect.rules.discovery import Found


class Choices(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """The person's choices. `enabled` maps an outside plugin to the version that was agreed to,
    `disabled` a plugin to why it is off."""

    enabled: dict[str, str] = {}
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


def why_off(found: Found, choices: Choices) -> str | None:
    """Why the plugin does not run, in a few words; None when it may run."""
    only = os.environ.get("RECONNECT_PLUGINS")
    if only is not None and found.name not in {name.strip() for name in only.split(",")}:
        return "left out by RECONNECT_PLUGINS"
    if found.name in choices.disabled:
        return choices.disabled[found.name]
    if found.origin == "installed" and found.name not in choices.enabled:
        return f"not enabled: reconnect plugins enable {found.name}"
    return None
