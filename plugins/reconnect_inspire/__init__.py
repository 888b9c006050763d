"""Ask what is possible; leave the fixing and the complaining."""

from reconnect.api import PluginCommand, Rule, hookimpl, load_rule


@hookimpl
def reconnect_register_rule() -> Rule:
    """Texts, fields and metrics stand in rule.toml."""
    return load_rule(__file__)


@hookimpl
def reconnect_register_commands() -> list[PluginCommand]:
    """The question of the evening."""
    texts = {"question:question": "One open question for this evening."}
    return PluginCommand.lazy(__name__, texts)
