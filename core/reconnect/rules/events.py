"""What the event hooks hand over, and what a plugin's command is."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

import msgspec

if TYPE_CHECKING:
    import click


class Message(msgspec.Struct, frozen=True, kw_only=True):
    """A reminder about to be sent.

    `title` is what a lock screen shows, so it stays neutral. Set `veto` to a short reason, and the
    reminder is recorded as suppressed instead of being sent.
    """

    rule: str
    habit: str
    role: str
    due: datetime
    title: str
    body: str
    prompt: str | None = None
    veto: str | None = None


class Delivered(msgspec.Struct, frozen=True, kw_only=True):
    """A delivery that reached its end. `outcome` is a short code, never a text that was sent."""

    rule: str
    habit: str
    due: datetime
    state: str
    outcome: str


class PluginCommand(NamedTuple):
    """A command of a rule: `reconnect RULE NAME`. `build` is called only when it is run.

    The click command it returns gets a `RuleSession` through `reconnect.api.pass_session`.
    """

    name: str
    help: str
    build: Callable[[], click.Command]


class PluginProblem(msgspec.Struct, frozen=True, kw_only=True):
    """What went wrong with a plugin: who, which version, where, and why in one line."""

    plugin: str
    version: str
    where: str
    why: str
