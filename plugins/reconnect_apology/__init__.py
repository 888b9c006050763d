"""When trust was broken: apologise sincerely, make amends, and do not rush them."""

from reconnect.api import Entry, PluginCommand, Rule, RuleSession, hookimpl, load_rule
from reconnect_apology import promises, space


@hookimpl
def reconnect_register_rule() -> Rule:
    """Texts, fields and metrics stand in rule.toml."""
    return load_rule(__file__, space.ApologyRule)


@hookimpl
def reconnect_entry_recorded(entry: Entry, session: RuleSession) -> None:
    """A promise with a date is followed up on that date."""
    promises.follow_up(entry, session)


@hookimpl
def reconnect_entry_taken_back(entry: Entry, session: RuleSession) -> None:
    """A promise that is taken back is not followed up."""
    promises.PROMISES.take_back(session, entry)


@hookimpl
def reconnect_register_commands() -> list[PluginCommand]:
    """The builder, the promises, and the pace."""
    texts = {
        "draft:draft": "Draft an apology, part by part. It is never sent.",
        "promises:promises": "List promises; say which you kept.",
        "space:pace": "Set for how many days nothing is rushed.",
    }
    return PluginCommand.lazy(__name__, texts)
