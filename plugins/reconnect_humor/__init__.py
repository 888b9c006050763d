"""Laugh a little, most of all when you feel least like it."""

from pathlib import Path

from reconnect.api import Rule, hookimpl, load_rule
from reconnect_humor import tense_days


@hookimpl
def reconnect_register_rule() -> Rule:
    """Texts, fields and standard metrics stand in rule.toml."""
    return load_rule(Path(__file__).with_name("rule.toml"), tense_days.HumorRule)
