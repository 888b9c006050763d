"""Laugh a little, most of all when you feel least like it."""

from pathlib import Path

from reconnect.api import History, MetricValue, Rule, hookimpl, load_rule, measure_with


class HumorRule(Rule, frozen=True):
    """One of its metrics looks at what other rules say of a day."""

    def measure(self, history: History) -> tuple[MetricValue, ...]:
        """The standard metrics, and the share of hard days that still had a laugh."""
        from reconnect_humor.tense_days import laughed_all_the_same

        return measure_with(self.metrics, history, {"tense-days-with-laugh": laughed_all_the_same})


@hookimpl
def reconnect_register_rule() -> Rule:
    """Texts, fields and standard metrics stand in rule.toml."""
    return load_rule(Path(__file__).with_name("rule.toml"), HumorRule)
