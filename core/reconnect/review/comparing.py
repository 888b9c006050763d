"""Closeness beside the habits: weeks of one kind against the others, with all due care.

What is compared is fixed before anybody looks: for each habit the weeks in which it was kept, or
for each rule what it names itself (`full_week` in its rule.toml). Which comparisons come first is
decided by how many weeks stand behind them, never by what they show.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from reconnect.habits.days import state_of
from reconnect.model.metrics import matches
from reconnect.model.week import Week
from reconnect.review.gathering import due_between
from reconnect.review.interval import Difference, difference
from reconnect.store import closeness, entries, habits, tallies

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import date

    from reconnect.model.habit import Habit, Tally
    from reconnect.model.rule import Rule
    from reconnect.store.closeness import Picked

ENOUGH = 8
"""So many weeks each side must have."""

WEEKS = 104
"""How far back is looked: two years. What was before that was another time."""

MOST_DAYS = 5
"""Of a habit due on more days a week, so many kept ones make a week in which it was kept."""


class Comparison(msgspec.Struct, frozen=True, kw_only=True):
    """Mean closeness (1 to 7) in weeks of one kind, `inside`, and in the others, `outside`.

    `words` names the one kind: "In weeks {words} …". The counts are weeks.
    """

    rule: str
    habit: str | None
    words: str
    inside: float
    outside: float
    weeks_inside: int
    weeks_outside: int
    difference: Difference


class Compared(msgspec.Struct, frozen=True, kw_only=True):
    """Every comparison that has enough weeks, those with the most first; `weeks` were looked at.

    `asked` is how many there would be, if all had enough.
    """

    comparisons: tuple[Comparison, ...]
    asked: int
    weeks: int


def compared(
    db: sqlite3.Connection, person_id: int, rules: Mapping[str, Rule], today: date
) -> Compared:
    """Compare the whole weeks of the last two years in which closeness was picked.

    Args:
        db: the open database.
        person_id: whose weeks.
        rules: the running rules, by id; a habit of another is left out.
        today: the person's day; the week it lies in is not over.
    """
    this = Week.of(today)
    picked = closeness.between(db, person_id, this.plus(-WEEKS), this.plus(-1))
    kinds = list(_kinds(db, person_id, rules, picked)) if picked else []
    found = []
    for kind, sides in kinds:
        inside = [one.circles for one in picked if sides.get(one.week) is True]
        outside = [one.circles for one in picked if sides.get(one.week) is False]
        if min(len(inside), len(outside)) >= ENOUGH:
            found.append(_comparison(kind, inside, outside))
    found.sort(key=lambda one: -min(one.weeks_inside, one.weeks_outside))
    return Compared(comparisons=tuple(found), asked=len(kinds), weeks=len(picked))


class _Kind(msgspec.Struct, frozen=True):
    rule: str
    habit: str | None
    words: str


_Sides = dict[Week, bool]
"""For each week whether it is of the kind; a week that says nothing about it is left out."""


def _comparison(kind: _Kind, inside: Sequence[int], outside: Sequence[int]) -> Comparison:
    return Comparison(
        rule=kind.rule,
        habit=kind.habit,
        words=kind.words,
        inside=sum(inside) / len(inside),
        outside=sum(outside) / len(outside),
        weeks_inside=len(inside),
        weeks_outside=len(outside),
        difference=difference(inside, outside, f"{kind.rule}|{kind.habit}"),
    )


def _kinds(
    db: sqlite3.Connection, person_id: int, rules: Mapping[str, Rule], picked: Sequence[Picked]
) -> Iterator[tuple[_Kind, _Sides]]:
    weeks = [one.week for one in picked]
    first, last = weeks[0].monday, weeks[-1].sunday
    known = habits.listed(db, person_id, archived=True)
    logged = tallies.of_days(db, person_id, first, last)
    kept = [habit for habit in known if habit.archived is None and habit.rule in rules]
    for rule in sorted({h.rule: rules[h.rule] for h in kept}.values(), key=lambda r: r.order):
        own = [habit for habit in known if habit.rule == rule.id]
        if rule.full_week is not None:
            begun = min(habit.begun for habit in own)
            days = {
                entry.day
                for entry in entries.between(db, person_id, first, last, rule=rule.id)
                if matches(entry, rule.full_week.of)
            }
            sides = {
                week: sum(day in days for day in week.days) >= rule.full_week.days
                for week in weeks
                if week.monday >= begun
            }
            yield _Kind(rule.id, None, f"with {rule.full_week.words}"), sides
        elif rule.streaks:
            for habit in own:
                if habit in kept and (habit.rrule or habit.goal == "at-most"):
                    sides = _kept_weeks(habit, weeks, logged.get(habit.id, {}))
                    yield _Kind(rule.id, habit.name, _words(habit)), sides


def _words(habit: Habit) -> str:
    title = f'"{habit.title}"'
    return f"without a slip in {title}" if habit.goal == "at-most" else f"in which you kept {title}"


def _kept_weeks(habit: Habit, weeks: Sequence[Week], logged: Mapping[date, Tally]) -> _Sides:
    """Whether the habit was kept in a week: as often as it was due, or on five of more days.

    An at-most habit is kept in a week without a slip; one in which nothing was logged of it says
    nothing. A day that rested is asked for nothing, and so is a week of which all days rested.
    """
    due = due_between(habit, weeks[0].monday, weeks[-1].sunday)
    sides = {}
    for week in weeks:
        if week.monday < habit.begun:
            continue
        states = [state_of(habit, day, logged[day]) for day in week.days if day in logged]
        if habit.goal == "at-most":
            if states:
                sides[week] = "no" not in states
            continue
        asked, done = sum(day in due for day in week.days), states.count("yes")
        # What was kept stays kept, if a day besides that asked for nothing was skipped, too.
        kept = bool(asked) and done >= min(asked, MOST_DAYS)
        asked = min(asked - states.count("skip"), MOST_DAYS)
        if kept or asked > 0:
            sides[week] = kept or done >= asked
    return sides
