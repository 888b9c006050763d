"""Listen: undivided attention, phone away, face to face."""

from pathlib import Path

from reconnect.api import Rule, hookimpl, load_rule


@hookimpl
def reconnect_register_rule() -> Rule:
    """Everything about this rule stands in rule.toml."""
    return load_rule(Path(__file__).with_name("rule.toml"))
