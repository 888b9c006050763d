"""A rule's history of a person, as its metrics and prompts look at it."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from reconnect.habits.signals import signals_between
from reconnect.model.history import History
from reconnect.store import entries, rule_data

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Sequence

    from reconnect.model.rule import Rule

SIGNAL_DAYS = 92
"""How far back a rule sees the signals of other rules: a quarter of a year."""

BEGINNING = date(1, 1, 1)


def history_of(
    db: sqlite3.Connection,
    person_id: int,
    rule_id: str,
    day: date,
    rules: Sequence[Rule],
    *,
    days: int | None = None,
) -> History:
    """The history of one rule up to and on a day.

    Args:
        db: the open database.
        person_id: whose history.
        rule_id: which rule; its own entries alone are in it.
        day: the last day looked at.
        rules: all running rules, for their signals; none are looked at where it is empty.
        days: how many days back; all when None.
    """
    first = first_day(day, days)
    signals_from = max(first, first_day(day, SIGNAL_DAYS))
    return History(
        rule=rule_id,
        day=day,
        entries=tuple(entries.between(db, person_id, first, day, rule=rule_id)),
        signals=signals_between(db, person_id, rules, signals_from, day) if rules else {},
        records=tuple(rule_data.listed(db, person_id, rule_id)),
        first=entries.first_day(db, person_id, rule_id),
    )


def first_day(day: date, days: int | None) -> date:
    """The first of so many days that end with `day`; the beginning of time when None."""
    if days is None or days > day.toordinal():
        return BEGINNING
    return day - timedelta(days=days - 1)
