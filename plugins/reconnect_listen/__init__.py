"""Listen: undivided attention, phone away, face to face."""

from reconnect.api import PluginCommand, Rule, hookimpl, load_rule


@hookimpl
def reconnect_register_rule() -> Rule:
    """Texts, fields and metrics stand in rule.toml."""
    return load_rule(__file__)


@hookimpl
def reconnect_register_commands() -> list[PluginCommand]:
    """The timer."""
    texts = {"timer:timer": "Listen for eight minutes, and log it at the end."}
    return PluginCommand.lazy(__name__, texts)
