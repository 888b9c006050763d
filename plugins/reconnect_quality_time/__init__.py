"""Quality time: it need not be talk, and it makes memories."""

from reconnect.api import PluginCommand, Rule, hookimpl, load_rule
from reconnect_quality_time import memories


@hookimpl
def reconnect_register_rule() -> Rule:
    """Texts, fields and metrics stand in rule.toml."""
    return load_rule(__file__, memories.QualityTimeRule)


@hookimpl
def reconnect_register_commands() -> list[PluginCommand]:
    """Ideas ahead, and memories behind."""
    texts = {
        "ideas:idea": "An idea for the next date, unlike what you did lately.",
        "memories:memories": "What you two did on this day, and before.",
    }
    return PluginCommand.lazy(__name__, texts)
