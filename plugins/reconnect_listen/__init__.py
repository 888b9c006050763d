"""Listen: undivided attention, phone away, face to face."""

from pathlib import Path

import click

from reconnect.api import PluginCommand, Rule, hookimpl, load_rule


@hookimpl
def reconnect_register_rule() -> Rule:
    """Everything about this rule stands in rule.toml."""
    return load_rule(Path(__file__).with_name("rule.toml"))


@hookimpl
def reconnect_register_commands() -> list[PluginCommand]:
    """The timer, imported when it is run."""
    return [PluginCommand("timer", "Listen for eight minutes, and log it at the end.", _timer)]


def _timer() -> click.Command:
    from reconnect_listen.timer import timer

    return timer
