"""Tell the truth, so that issues can be resolved; keep a list of what is still open."""

from pathlib import Path

from reconnect.api import (
    Entry,
    History,
    MetricValue,
    PluginCommand,
    Rule,
    RuleSession,
    hookimpl,
    load_rule,
    measure_with,
)


class HonestyRule(Rule, frozen=True):
    """Two of its metrics look at the list of open issues."""

    def measure(self, history: History) -> tuple[MetricValue, ...]:
        """The standard metrics, and those of the list."""
        from reconnect_honesty.issues import days_to_resolve, open_issues

        own = {"open-issues": open_issues, "days-to-resolve": days_to_resolve}
        return measure_with(self.metrics, history, own)


@hookimpl
def reconnect_register_rule() -> Rule:
    """Texts, fields and standard metrics stand in rule.toml."""
    return load_rule(Path(__file__).with_name("rule.toml"), HonestyRule)


@hookimpl
def reconnect_entry_recorded(entry: Entry, session: RuleSession) -> None:
    """A hard truth that names an issue opens it."""
    from reconnect_honesty.issues import open_from

    open_from(entry, session)


@hookimpl
def reconnect_entry_taken_back(entry: Entry, session: RuleSession) -> None:
    """What the entry did to the list goes with it."""
    from reconnect_honesty.issues import take_back

    take_back(entry, session)


@hookimpl
def reconnect_register_commands() -> list[PluginCommand]:
    """The list of issues."""
    texts = {
        "issues": "List what was said and is still open between you.",
        "resolve": "Close an issue: the two of you have found a way.",
    }
    return [PluginCommand.lazy(n, t, f"reconnect_honesty.issues:{n}") for n, t in texts.items()]
