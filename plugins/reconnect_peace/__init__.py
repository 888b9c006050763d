"""Peace: a safe haven at home, and repair after storms."""

from pathlib import Path

import click

from reconnect.api import PluginCommand, Rule, hookimpl, load_rule


@hookimpl
def reconnect_register_rule() -> Rule:
    """Everything about this rule stands in rule.toml."""
    return load_rule(Path(__file__).with_name("rule.toml"))


@hookimpl
def reconnect_register_commands() -> list[PluginCommand]:
    """The pause, imported when it is run."""
    return [PluginCommand("pause", "Take a break, and be reminded to come back.", _pause)]


def _pause() -> click.Command:
    from reconnect_peace.pause import pause

    return pause
