"""The goals that the partner named, and how long each has gone without an act of support."""

from reconnect.api import (
    History,
    KeptList,
    Metric,
    MetricValue,
    Prompt,
    PromptContext,
    ReviewContext,
    ReviewSection,
    Rule,
    measure_with,
    windowed,
)

TEXT = "Today is a day that matters to them. A word this morning is a good start."
GOALS = KeptList("goal", command="goals", remind=TEXT)
FIELD = "goal"
LONGEST = 240
DAYS = 30
_EVERY = {1: "The goal", 2: "Both goals"}


class SupportRule(Rule, frozen=True):
    """Two of its metrics, its prompts and its part of the review look at the list of goals."""

    def choose_prompt(self, context: PromptContext) -> Prompt | None:
        """Where nobody else reads it, with the goal that has waited longest."""
        prompt = super().choose_prompt(context)
        waits = GOALS.waits(context.history, FIELD)
        if prompt is None or not waits or not context.private or prompt.moment != "before":
            return prompt
        told = f"{prompt.text} (It waits longest: {waits[0][1].text})"
        return prompt.saying(told) if len(told) <= LONGEST else prompt

    def measure(self, history: History) -> tuple[MetricValue, ...]:
        """The standard metrics, and those of the list."""
        own = {"goals-backed": goals_backed, "longest-wait": longest_wait}
        return measure_with(self.metrics, history, own)

    def review(self, context: ReviewContext) -> tuple[ReviewSection, ...]:
        """How many goals had an act lately; their names only where what is private is asked for."""
        waits = GOALS.waits(context.history, FIELD)
        if not waits:
            return ()
        whole = "goal" if len(waits) == 1 else f"{len(waits)} goals"
        line = f"The {whole} on your list would be glad of a small act."
        if had := backed(context.history, DAYS):
            all_of_them = _EVERY.get(had, f"All {whole}")
            which = f"{had} of the {whole}" if had < len(waits) else all_of_them
            line = f"{which} on your list had an act of yours in the last {DAYS} days."
        shown = "which one waits longest" if len(waits) > 1 else "it"
        longest = f"`reconnect support goals` shows {shown}."
        if context.private:
            longest = f"It waits longest: {' '.join(waits[0][1].text.split())}"
        return (ReviewSection(title="Their goals", lines=(line, longest)),)


def backed(history: History, window: int | None) -> int:
    """How many of the goals on the list had an act of support within so many days."""
    acts = {entry.fields.get(FIELD) for entry in windowed(history, window) if entry.kind == "done"}
    return sum(goal.text in acts for _, goal in GOALS.waits(history, FIELD))


def goals_backed(metric: Metric, history: History) -> MetricValue:
    """Per cent of the goals on the list that had an act of support within the window."""
    goals = len(GOALS.waits(history, FIELD))
    value = 100.0 * backed(history, metric.window) / goals if goals else None
    return MetricValue(metric=metric.id, value=value, entries=goals)


def longest_wait(metric: Metric, history: History) -> MetricValue:
    """Days that the goal which waited longest has gone without an act."""
    waits = GOALS.waits(history, FIELD)
    value = float(waits[0][0]) if waits else None
    return MetricValue(metric=metric.id, value=value, entries=len(waits))
