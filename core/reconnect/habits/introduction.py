"""Which rule comes next: in order, one a week, once the last one has found its place."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, NamedTuple

from reconnect import recurrence
from reconnect.store import habits, people, tallies

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Sequence

    from reconnect.model.habit import Habit
    from reconnect.model.rule import Rule

PAUSE = timedelta(days=7)
"""How long a person lives with a rule before the next is offered."""

ENOUGH = 4
"""Kept so often in that time (or as often as it was due, if that is less), it has its place."""


_DECLINED = "offer_declined:{}"


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
    it was due where that is rarer. For a week after a no there is none.
    """
    kept = habits.listed(db, person_id, archived=True)
    rule = next_rule(rules, kept)
    active = [habit for habit in kept if habit.archived is None]
    if rule is None or not active:
        return None
    if any(today - day < PAUSE for day in (*(h.begun for h in kept), _declined(db, person_id))):
        return None
    newest = max(active, key=lambda habit: (habit.begun, habit.id))
    since = newest.begun
    logged = tallies.of_days(db, person_id, since, today, {newest.id}).get(newest.id, {})
    times = sum(tally.done > 0 for tally in logged.values())
    week = recurrence.due_days(newest.rrule, since, since, since + PAUSE - timedelta(days=1))
    if times < min(ENOUGH, max(1, len(week))):
        return None
    return Offer(rule, newest, times)


def decline(db: sqlite3.Connection, person_id: int, today: date) -> None:
    """Take note that an offer was turned down. Call it inside a transaction."""
    people.set_meta(db, _DECLINED.format(person_id), today.isoformat())


def _declined(db: sqlite3.Connection, person_id: int) -> date:
    day = people.get_meta(db, _DECLINED.format(person_id))
    try:
        return date.fromisoformat(day) if day else date.min
    except ValueError:
        # Nobody's data, and the worst that comes of it is a question too many.
        return date.min
