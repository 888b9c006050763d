"""What the event hooks hand over, and what a plugin's command is."""

from __future__ import annotations

import re
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

import msgspec

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Mapping

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

    @classmethod
    def lazy(cls, package: str, texts: Mapping[str, str]) -> list[PluginCommand]:
        """Commands whose modules are imported when they are run.

        Args:
            package: the plugin's package, in its own module `__name__`.
            texts: one short line of help for each click command; `"module:name"` says where in the
                package it is, and its name is what is typed after the rule's id.
        """
        return [
            cls(target.rpartition(":")[2], text, partial(_imported, f"{package}.{target}"))
            for target, text in texts.items()
        ]


class PluginProblem(msgspec.Struct, frozen=True, kw_only=True):
    """What went wrong with a plugin: who, which version, where, and why in one line."""

    plugin: str
    version: str
    where: str
    why: str


def what_is_wrong(given: object, taken: Container[str] = ()) -> str | None:
    """Why something that a plugin gave for a command is none; None when it is one.

    Args:
        given: what the plugin gave.
        taken: names of commands that it gave before.
    """
    if not isinstance(given, PluginCommand):
        return f"gave {type(given).__name__} for a command, expected PluginCommand"
    name, text, build = tuple(given)  # Of any type, whatever the annotations promise.
    if not isinstance(name, str) or not re.fullmatch(r"[a-z][a-z0-9-]{0,39}", name):
        return f"gave a command the name {name!r}, expected lower-case words such as pause"
    if name in taken:
        return f"gave two commands named '{name}'"
    if not isinstance(text, str) or not text.strip():
        return f"gave the command '{name}' no help text"
    if not callable(build):
        return f"gave the command '{name}' no function `build`"
    return None


def _imported(target: str) -> click.Command:
    from importlib import import_module

    module, _, attribute = target.partition(":")
    command: click.Command = getattr(import_module(module), attribute)
    return command
