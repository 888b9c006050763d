"""Answer the metrics of rules for some days, reading no more than they look at."""

from __future__ import annotations

from bisect import bisect_right
from functools import partial
from itertools import islice
from types import MappingProxyType
from typing import TYPE_CHECKING

from reconnect.habits.looking_back import BEGINNING, SIGNAL_DAYS, first_day
from reconnect.habits.signals import signals_between
from reconnect.model.history import History, MetricValue
from reconnect.model.metrics import matches
from reconnect.rules.dispatch import measure
from reconnect.store import entries, rule_data

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import date

    from reconnect.model.habit import Entry
    from reconnect.model.history import Signals
    from reconnect.model.rule import Metric, Rule, Selector
    from reconnect.rules.registry import Registry

    Points = tuple[tuple[MetricValue, ...], ...]

LAST_ALONE = ("days-since", "checklist")
"""Of these kinds the last entry that matches is all that is needed."""


def answers(
    db: sqlite3.Connection,
    person_id: int,
    registry: Registry,
    rules: Sequence[Rule],
    days: Sequence[date],
) -> list[tuple[Rule, Points]]:
    """The answers of each rule's metrics, in the rule's order, for each day.

    A metric that its rule leaves without an answer has the value None.

    Args:
        db: the open database.
        person_id: whose metrics.
        registry: the running plugins.
        rules: the rules that are asked.
        days: for which days, the earliest first.
    """
    published = signals_between(
        db, person_id, registry.rules.values(), first_day(days[0], SIGNAL_DAYS), days[-1]
    )
    signals = [_seen(published, day) for day in days]
    answered = []
    for rule in rules:
        histories = _histories(db, person_id, rule, days, signals)
        points = tuple(_ordered(rule, measure(registry, rule.id, one)) for one in histories)
        answered.append((rule, points))
    return answered


def reach(rule: Rule) -> int | None:
    """How many days up to the one asked for the rule's metrics look at; None is all of them."""
    needed = 1
    for metric in rule.metrics:
        if metric.window is not None:
            needed = max(needed, metric.window)
        elif metric.custom or metric.kind not in LAST_ALONE:
            return None
    return needed


def _histories(
    db: sqlite3.Connection,
    person_id: int,
    rule: Rule,
    days: Sequence[date],
    signals: Sequence[Mapping[date, Signals]],
) -> Iterator[History]:
    first = first_day(days[0], reach(rule))
    near = entries.between(db, person_id, first, days[-1], rule=rule.id)
    far: dict[int, Entry] = {}
    for metric in rule.metrics if first > BEGINNING else ():
        # From the earliest day on, whatever is found in the part that is read is the last.
        seen = bisect_right(near, days[0], key=_day)
        if metric.window is None and not any(_answers(metric, e) for e in near[:seen]):
            older = _older(db, person_id, rule, metric.of, first)
            far |= {e.id: e for e in islice(filter(partial(_answers, metric), older), 1)}
    known = (*sorted(far.values(), key=lambda e: (e.day, e.at, e.id)), *near)
    records = tuple(rule_data.listed(db, person_id, rule.id))
    begun = entries.first_day(db, person_id, rule.id)
    for day, published in zip(days, signals, strict=True):
        up_to = known[: bisect_right(known, day, key=_day)]
        yield History(
            rule=rule.id, day=day, entries=up_to, signals=published, records=records, first=begun
        )


def _answers(metric: Metric, entry: Entry) -> bool:
    """Whether one of LAST_ALONE can be answered from this entry."""
    if metric.kind == "checklist" and not isinstance(entry.fields.get(metric.field or ""), tuple):
        return False
    return matches(entry, metric.of)


def _older(
    db: sqlite3.Connection, person_id: int, rule: Rule, of: Selector, before: date
) -> Iterator[Entry]:
    kind = None if of.kind == "any" else of.kind
    return entries.backwards(
        db, person_id, rule.id, before, kind=kind, lapses=of.lapses, templates=of.habits
    )


def _day(entry: Entry) -> date:
    return entry.day


def _seen(published: Mapping[date, Signals], day: date) -> Mapping[date, Signals]:
    first = first_day(day, SIGNAL_DAYS)
    # All rules are handed the same: what one of them did to it would reach the others.
    return MappingProxyType({d: found for d, found in published.items() if first <= d <= day})


def _ordered(rule: Rule, given: Sequence[MetricValue]) -> tuple[MetricValue, ...]:
    by_id = {value.metric: value for value in given}
    return tuple(
        by_id.get(metric.id, MetricValue(metric=metric.id, value=None, entries=0))
        for metric in rule.metrics
    )
