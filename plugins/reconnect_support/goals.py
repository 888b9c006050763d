"""The goals that the partner named, and how long each has gone without an act of support."""

from collections.abc import Iterable
from datetime import date

from reconnect.api import Entry, History, Metric, MetricValue, Record

KIND = "goal"


def active(goals: Iterable[Record], day: date) -> list[Record]:
    """The goals that were on the list on a day."""
    return [g for g in goals if g.kind == KIND and _added(g) <= day and not _gone(g, day)]


def waiting(goal: Record, entries: Iterable[Entry], day: date) -> int:
    """Days since the last act for the goal up to a day, or since it was put on the list."""
    acts = [
        entry.day
        for entry in entries
        if entry.kind == "done" and entry.fields.get("goal") == text(goal) and entry.day <= day
    ]
    return (day - max([_added(goal), *acts])).days


def text(goal: Record) -> str:
    """What the goal is called."""
    return str(goal.value["text"])


def goals_backed(metric: Metric, history: History) -> MetricValue:
    """Per cent of the goals on the list that had an act of support within the window."""
    goals = active(history.records, history.day)
    window = metric.window or 30
    acts = {
        entry.fields.get("goal")
        for entry in history.entries
        if entry.kind == "done" and 0 <= (history.day - entry.day).days < window
    }
    backed = sum(text(goal) in acts for goal in goals)
    value = 100.0 * backed / len(goals) if goals else None
    return MetricValue(metric=metric.id, value=value, entries=len(goals))


def longest_wait(metric: Metric, history: History) -> MetricValue:
    """Days that the goal which waited longest has gone without an act."""
    goals = active(history.records, history.day)
    waits = [waiting(goal, history.entries, history.day) for goal in goals]
    value = float(max(waits)) if waits else None
    return MetricValue(metric=metric.id, value=value, entries=len(goals))


def _added(goal: Record) -> date:
    return date.fromisoformat(str(goal.value["added"]))


def _gone(goal: Record, day: date) -> bool:
    retired = goal.value.get("retired")
    return bool(retired) and date.fromisoformat(str(retired)) <= day
