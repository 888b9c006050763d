"""Hard days that still had a laugh."""

from reconnect.api import History, Metric, MetricValue, Rule, is_tense, measure_with, windowed


class HumorRule(Rule, frozen=True):
    """One of its metrics looks at what other rules say of a day."""

    def measure(self, history: History) -> tuple[MetricValue, ...]:
        """The standard metrics, and the share of hard days that still had a laugh."""
        return measure_with(self.metrics, history, {"tense-days-with-laugh": laughed_all_the_same})


def laughed_all_the_same(metric: Metric, history: History) -> MetricValue:
    """Per cent of the window's tense days on which a laugh was logged.

    A day is tense where any rule logged a tension of 4 or 5, or called it stormy.
    """
    laughed = {
        entry.day
        for entry in windowed(history, metric.window)
        if entry.kind == "done" and isinstance(n := entry.fields.get("laughs"), int) and n >= 1
    }
    tense = {
        day
        for day, signals in history.signals.items()
        if is_tense(signals) and 0 <= (history.day - day).days < (metric.window or 10**6)
    }
    value = 100.0 * len(tense & laughed) / len(tense) if tense else None
    return MetricValue(metric=metric.id, value=value, entries=len(tense))
