"""Which rule comes next: in order, one a week, once the last one has found its place."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, NamedTuple

from reconnect import recurrence
from reconnect.store import entries, habits

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Sequence
    from datetime import date

    from reconnect.model.habit import Habit
    from reconnect.model.rule import Rule

PAUSE = timedelta(days=7)
"""How long a person lives with a rule before the next is offered."""

ENOUGH = 4
"""Kept so often in that time (or as often as it was due, if that is less), it has its place."""


class Offer(NamedTuple):
    """A rule to offer now: because `habit` was kept `times` times since it was taken up."""

    rule: Rule
    habit: Habit
    times: int


def next_rule(rules: Sequence[Rule], kept: Sequence[Habit]) -> Rule | None:
    """The first rule, in the order of introduction, of which no habit was ever taken up."""
    known = {habit.rule for habit in kept}
    return next((rule for rule in rules if rule.id not in known), None)


def offer(
    db: sqlite3.Connection, person_id: int, rules: Sequence[Rule], today: date
) -> Offer | None:
    """The rule to offer today, or None.

    One is offered when the habit taken up last has been kept for a week: four times, or each time
    it was due where that is rarer.
    """
    kept = habits.listed(db, person_id, archived=True)
    rule = next_rule(rules, kept)
    if rule is None or not kept:
        return None
    newest = max(kept, key=lambda habit: (habits.recurrences(db, habit.id)[0][0], habit.id))
    since = habits.recurrences(db, newest.id)[0][0]
    if today - since < PAUSE:
        return None
    done = entries.between(db, person_id, since, today, habit_id=newest.id)
    days = {entry.day for entry in done if entry.kind == "done"}
    due = len(recurrence.due_days(newest.rrule, since, since, since + PAUSE))
    if len(days) < min(ENOUGH, max(1, due)):
        return None
    return Offer(rule, newest, len(days))
