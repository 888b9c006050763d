"""Understand and back your partner's goals and dreams, also those you do not share."""

from reconnect.api import PluginCommand, Rule, hookimpl, load_rule
from reconnect_support import goals


@hookimpl
def reconnect_register_rule() -> Rule:
    """Texts, fields and standard metrics stand in rule.toml."""
    return load_rule(__file__, goals.SupportRule)


@hookimpl
def reconnect_register_commands() -> list[PluginCommand]:
    """The list of the partner's goals."""
    texts = {
        "commands:goals": "List their goals, the one that waited longest first.",
        "commands:add": "Add a goal that they have named.",
        "commands:why": "Write down why a goal matters to them.",
        "commands:retire": "Take a goal off the list: reached, or let go.",
    }
    return PluginCommand.lazy(__name__, texts)
