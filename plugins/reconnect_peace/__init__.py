"""Peace: a safe haven at home, and repair after storms."""

from reconnect.api import PluginCommand, Rule, hookimpl, load_rule
from reconnect_peace import view


@hookimpl
def reconnect_register_rule() -> Rule:
    """Texts, fields and metrics stand in rule.toml."""
    return load_rule(__file__, view.PeaceRule)


@hookimpl
def reconnect_register_commands() -> list[PluginCommand]:
    """A break with a promised return, and the writing from the outside."""
    texts = {
        "pause:pause": "Take a break, and be reminded to come back.",
        "view:view": "Write for seven minutes, as a fair witness would.",
    }
    return PluginCommand.lazy(__name__, texts)
