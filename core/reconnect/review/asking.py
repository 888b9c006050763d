"""What the rules themselves bring to a review: parts, a question, and metrics worth a look."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from reconnect.habits.looking_back import history_of
from reconnect.habits.measuring import answers
from reconnect.model.reviewing import ReviewContext
from reconnect.model.rule import Rule
from reconnect.review.charts.wording import with_unit
from reconnect.review.weekly import Answer
from reconnect.rules.dispatch import review_sections

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Mapping, Sequence
    from datetime import date

    from reconnect.model.habit import Habit
    from reconnect.model.history import MetricValue
    from reconnect.model.reviewing import ReviewSection
    from reconnect.model.rule import Metric
    from reconnect.model.week import Week
    from reconnect.rules.registry import Registry

LOOKS = 4
"""At most so many metrics are shown, one of each rule."""

BACK = timedelta(weeks=4)
_CHANGED = 0.1
"""A change of a tenth or more is worth a look."""

_ENTRIES = 3
"""So many entries must stand behind both answers."""


def sections(
    db: sqlite3.Connection,
    person_id: int,
    registry: Registry,
    habits: Sequence[Habit],
    week: Week,
    until: date,
    *,
    private: bool,
) -> tuple[tuple[str, ReviewSection], ...]:
    """The parts that rules add, each with the rule's id, in the rules' order."""
    found = []
    for rule in _rules(registry.rules, habits):
        # Reading a history of years is left out where nobody looks at it.
        plugin = registry.owner(rule.id)
        own = plugin.rule if plugin else None
        if own is None or type(own).review is Rule.review:
            continue
        signals = tuple(registry.rules.values())
        context = ReviewContext(
            first=week.monday,
            last=week.sunday,
            history=history_of(db, person_id, rule.id, until, signals),
            private=private,
        )
        found += [(rule.id, one) for one in review_sections(registry, rule.id, context)]
    return tuple(found)


def question(rules: Mapping[str, Rule], habits: Sequence[Habit], week: Week) -> str | None:
    """The week's question: the rules take turns, and none comes again before all its rule's did.

    The same week asks the same, as long as the same rules are kept.
    """
    asking = [rule for rule in _rules(rules, habits) if rule.questions]
    if not asking:
        return None
    turn, place = divmod(week.monday.toordinal() // 7, len(asking))
    questions = asking[place].questions
    return questions[turn % len(questions)]


def worth_a_look(
    db: sqlite3.Connection,
    person_id: int,
    registry: Registry,
    habits: Sequence[Habit],
    until: date,
    *,
    private: bool,
) -> tuple[Answer, ...]:
    """The metrics that changed most in four weeks, one of each rule; none counts lapses."""
    rules = _rules(registry.rules, habits)
    if not rules:
        return ()
    best = []
    for rule, (before, now) in answers(db, person_id, registry, rules, [until - BACK, until]):
        changed = [
            (_change(old, new), metric, old, new)
            for metric, old, new in zip(rule.metrics, before, now, strict=True)
            if (private or not metric.private) and _tells(metric) and _known(old, new)
        ]
        if changed:
            best.append((rule, *max(changed, key=lambda one: one[0])))
    best = [one for one in best if one[1] >= _CHANGED]
    best.sort(key=lambda one: -one[1])
    return tuple(
        Answer(
            rule=rule.id,
            metric=metric.id,
            question=metric.question,
            now=_said(metric, new),
            before=_said(metric, old),
        )
        for rule, _, metric, old, new in best[:LOOKS]
    )


def _rules(rules: Mapping[str, Rule], habits: Sequence[Habit]) -> list[Rule]:
    """The running rules of habits, in the order of introduction."""
    kept = {habit.rule for habit in habits}
    return sorted((r for r in rules.values() if r.id in kept), key=lambda r: (r.order, r.id))


def _tells(metric: Metric) -> bool:
    """Whether four weeks make a change of their own: days that merely pass do not."""
    return metric.kind != "days-since" and metric.of.kind != "lapse"


def _known(old: MetricValue, new: MetricValue) -> bool:
    values = (old.value, new.value)
    return None not in values and min(old.entries, new.entries) >= _ENTRIES


def _change(old: MetricValue, new: MetricValue) -> float:
    before, now = old.value or 0.0, new.value or 0.0
    size = max(abs(before), abs(now))
    return abs(now - before) / size if size else 0.0


def _said(metric: Metric, value: MetricValue) -> str:
    known = value.value or 0.0
    return with_unit(round(known, 0 if abs(known) >= 10 else 1), metric.unit)
