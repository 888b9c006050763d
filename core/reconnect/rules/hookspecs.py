"""The hooks of a plugin: one that registers a rule, five that hear of events or add commands."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pluggy

if TYPE_CHECKING:
    from collections.abc import Sequence

    from reconnect.model.habit import Entry
    from reconnect.model.rule import Rule
    from reconnect.rules.events import Delivered, Message, PluginCommand
    from reconnect.rules.session import RuleSession

PROJECT = "reconnect"
hookspec = pluggy.HookspecMarker(PROJECT)
hookimpl = pluggy.HookimplMarker(PROJECT)


@hookspec
def reconnect_register_rule() -> Rule:  # type: ignore[empty-body]
    """Return the rule this plugin teaches. Called once, when the plugin is loaded."""


@hookspec
def reconnect_before_reminder(message: Message) -> Message | None:
    """Called before a reminder of the plugin's own rule is sent.

    Return None to let it pass as it is, a changed copy to send that instead, or a copy with
    `veto` set to a short reason to drop it. Plugins are asked in the order of their names, each
    sees what the one before it made of the message, and the first veto ends the asking.
    """


@hookspec
def reconnect_after_delivery(delivered: Delivered) -> None:
    """Called after a delivery of the plugin's own rule ended: sent, dead, expired, suppressed."""


@hookspec
def reconnect_entry_recorded(entry: Entry, session: RuleSession) -> None:
    """Called after an entry of the plugin's own rule was stored, with its note.

    Called again when the same entry (by its id from outside) is sent again.
    """


@hookspec
def reconnect_entry_taken_back(entry: Entry, session: RuleSession) -> None:
    """Called after an entry of the plugin's own rule was taken back: it is gone from the store."""


@hookspec
def reconnect_register_commands() -> Sequence[PluginCommand]:  # type: ignore[empty-body]
    """Return the commands that appear as `reconnect RULE COMMAND`."""
