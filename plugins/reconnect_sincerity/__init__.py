"""Love sincerely: decide first whether your heart is in it; if not, ask why."""

from reconnect.api import PluginCommand, Rule, hookimpl, load_rule


@hookimpl
def reconnect_register_rule() -> Rule:
    """Texts, fields and metrics stand in rule.toml."""
    return load_rule(__file__)


@hookimpl
def reconnect_register_commands() -> list[PluginCommand]:
    """The private mirror, and a page of questions."""
    texts = {
        "mirror:mirror": "Look at your last twelve check-ins.",
        "mirror:reflect": "Quiet questions for when your heart is not in it.",
    }
    return PluginCommand.lazy(__name__, texts)
