"""The goals that the partner named, and how long each has gone without an act of support."""

from collections.abc import Iterable, Sequence
from datetime import date

from reconnect.api import (
    Entry,
    History,
    Metric,
    MetricValue,
    Prompt,
    PromptContext,
    Record,
    windowed,
)

KIND = "goal"
LONGEST = 240


def active(goals: Iterable[Record], day: date) -> list[Record]:
    """The goals that were on the list on a day."""
    return [g for g in goals if g.kind == KIND and _added(g) <= day and not _gone(g, day)]


def waits(goals: Sequence[Record], entries: Sequence[Entry], day: date) -> list[int]:
    """For each goal the days since its last act up to a day, or since it was put on the list."""
    wanted = {text(goal) for goal in goals}
    last: dict[str, date] = {}
    for entry in reversed(entries):
        goal = _goal(entry)
        if goal in wanted and goal not in last and entry.day <= day:
            last[goal] = entry.day
            if len(last) == len(wanted):
                break
    return [(day - max(_added(goal), last.get(text(goal), date.min))).days for goal in goals]


def longest_waiting(goals: Sequence[Record], entries: Sequence[Entry], day: date) -> list[Record]:
    """The goals, those first that have waited longest for an act."""
    days = dict(zip((goal.key for goal in goals), waits(goals, entries, day), strict=True))
    return sorted(goals, key=lambda goal: -days[goal.key])


def text(goal: Record) -> str:
    """What the goal is called."""
    return str(goal.value["text"])


def with_goal(prompt: Prompt | None, context: PromptContext) -> Prompt | None:
    """The prompt, followed by the goal that has waited longest, where only the person reads it."""
    goals = active(context.history.records, context.day)
    if prompt is None or not goals or not context.private or prompt.moment != "before":
        return prompt
    goal = longest_waiting(goals, context.history.entries, context.day)[0]
    told = f"{prompt.text} (It waits longest: {text(goal)})"
    if len(told) > LONGEST:
        return prompt
    return Prompt(
        id=prompt.id, text=told, moment=prompt.moment, effort=prompt.effort, habit=prompt.habit
    )


def backed(goals: Iterable[Record], history: History, window: int | None) -> int:
    """How many of the goals had an act of support within so many days."""
    acts = {_goal(entry) for entry in windowed(history, window)}
    return sum(text(goal) in acts for goal in goals)


def goals_backed(metric: Metric, history: History) -> MetricValue:
    """Per cent of the goals on the list that had an act of support within the window."""
    goals = active(history.records, history.day)
    value = 100.0 * backed(goals, history, metric.window) / len(goals) if goals else None
    return MetricValue(metric=metric.id, value=value, entries=len(goals))


def longest_wait(metric: Metric, history: History) -> MetricValue:
    """Days that the goal which waited longest has gone without an act."""
    goals = active(history.records, history.day)
    days = waits(goals, history.entries, history.day)
    return MetricValue(
        metric=metric.id, value=float(max(days)) if days else None, entries=len(goals)
    )


def _goal(entry: Entry) -> str | None:
    """The goal that an act was for."""
    goal = entry.fields.get("goal")
    return goal if entry.kind == "done" and isinstance(goal, str) else None


def _added(goal: Record) -> date:
    return date.fromisoformat(str(goal.value["added"]))


def _gone(goal: Record, day: date) -> bool:
    retired = goal.value.get("retired")
    return bool(retired) and date.fromisoformat(str(retired)) <= day
