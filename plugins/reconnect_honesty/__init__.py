"""Tell the truth, so that issues can be resolved; keep a list of what is still open."""

from reconnect.api import Entry, PluginCommand, Rule, RuleSession, hookimpl, load_rule
from reconnect_honesty import issues


@hookimpl
def reconnect_register_rule() -> Rule:
    """Texts, fields and standard metrics stand in rule.toml."""
    return load_rule(__file__, issues.HonestyRule)


@hookimpl
def reconnect_entry_recorded(entry: Entry, session: RuleSession) -> None:
    """A hard truth that names an issue opens it."""
    issues.open_from(entry, session)


@hookimpl
def reconnect_entry_taken_back(entry: Entry, session: RuleSession) -> None:
    """What the entry did to the list goes with it."""
    issues.ISSUES.take_back(session, entry)


@hookimpl
def reconnect_register_commands() -> list[PluginCommand]:
    """The list of issues."""
    texts = {
        "issues:issues": "List what was said and is still open between you.",
        "issues:resolve": "Close an issue: the two of you have found a way.",
    }
    return PluginCommand.lazy(__name__, texts)
