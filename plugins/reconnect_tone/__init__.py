"""Watch your tone: the same sentence can open a door or close it."""

from reconnect.api import PluginCommand, Rule, hookimpl, load_rule


@hookimpl
def reconnect_register_rule() -> Rule:
    """Texts, fields and metrics stand in rule.toml."""
    return load_rule(__file__)


@hookimpl
def reconnect_register_commands() -> list[PluginCommand]:
    """The soft restart."""
    texts = {"restart:restart": "Start a sentence again, softly, and log it."}
    return PluginCommand.lazy(__name__, texts)
