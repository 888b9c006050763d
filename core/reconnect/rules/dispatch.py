"""Tell the plugins what happens, each on its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reconnect.rules.events import Delivered, Message

if TYPE_CHECKING:
    from reconnect.model.habit import Entry
    from reconnect.rules.registry import Registry


def before_reminder(registry: Registry, message: Message) -> Message:
    """Let the plugin of the message's rule change or veto it; see the hook's description."""
    for plugin, function in registry.implementations("reconnect_before_reminder", message.rule):
        answer = registry.attempt_hook(
            plugin, "reconnect_before_reminder", function, {"message": message}
        )
        if isinstance(answer, Message):
            message = answer
            if message.veto is not None:
                break
    return message


def after_delivery(registry: Registry, delivered: Delivered) -> None:
    """Tell every plugin that a delivery reached its end."""
    registry.call("reconnect_after_delivery", delivered=delivered)


def entry_recorded(registry: Registry, entry: Entry) -> None:
    """Tell the plugin of the entry's rule that it was stored."""
    registry.call("reconnect_entry_recorded", rule_id=entry.rule, entry=entry)
