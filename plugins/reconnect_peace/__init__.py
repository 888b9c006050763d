"""Peace: a safe haven at home, and repair after storms."""

from pathlib import Path

from reconnect.api import PluginCommand, Rule, hookimpl, load_rule


@hookimpl
def reconnect_register_rule() -> Rule:
    """Everything about this rule stands in rule.toml."""
    return load_rule(Path(__file__).with_name("rule.toml"))


@hookimpl
def reconnect_register_commands() -> list[PluginCommand]:
    """A break with a promised return, and the writing from the outside."""
    return [
        PluginCommand.lazy(
            "pause", "Take a break, and be reminded to come back.", "reconnect_peace.pause:pause"
        ),
        PluginCommand.lazy(
            "view", "Write for seven minutes, as a fair witness would.", "reconnect_peace.view:view"
        ),
    ]
