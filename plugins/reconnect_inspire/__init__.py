"""Ask what is possible; leave the fixing and the complaining."""

from pathlib import Path

from reconnect.api import PluginCommand, Rule, hookimpl, load_rule


@hookimpl
def reconnect_register_rule() -> Rule:
    """Everything about this rule stands in rule.toml."""
    return load_rule(Path(__file__).with_name("rule.toml"))


@hookimpl
def reconnect_register_commands() -> list[PluginCommand]:
    """The question of the evening."""
    return [
        PluginCommand.lazy(
            "question", "One open question for this evening.", "reconnect_inspire.question:question"
        )
    ]
