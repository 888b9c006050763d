"""Laugh a little, most of all when you feel least like it."""

from reconnect.api import Rule, hookimpl, load_rule
from reconnect_humor import tense_days


@hookimpl
def reconnect_register_rule() -> Rule:
    """Texts, fields and standard metrics stand in rule.toml."""
    return load_rule(__file__, tense_days.HumorRule)
