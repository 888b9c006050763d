"""Adopt a habit from a rule's template, change it, put it away."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from reconnect.clock import local_day, to_ms
from reconnect.errors import NotFoundError, UsageError
from reconnect.habits.text import checked_line
from reconnect.model.habit import Habit, Terms
from reconnect.store import habits as table
from reconnect.store.database import writing

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Sequence
    from datetime import date, datetime

    from reconnect.model.habit import Person
    from reconnect.model.rule import HabitTemplate, Rule


def template_of(rule: Rule, template_id: str | None = None) -> HabitTemplate:
    """A rule's habit template; without an id the one to start with.

    Raises:
        NotFoundError: the rule has no template of that id.
    """
    if template_id is None:
        return next((h for h in rule.habits if h.starter), rule.habits[0])
    for template in rule.habits:
        if template.id == template_id:
            return template
    known = ", ".join(h.id for h in rule.habits)
    raise NotFoundError(f"{rule.id} has no habit '{template_id}'; it has: {known}")


def adopt(
    db: sqlite3.Connection,
    person: Person,
    rule: Rule,
    template: HabitTemplate,
    now: datetime,
    *,
    rrule: str | None = None,
    cue: str | None = None,
    name: str | None = None,
    target: float | None = None,
) -> Habit:
    """Take up a habit, from today (the person's day) on.

    Args:
        db: the open database.
        person: who adopts it.
        rule: the rule that teaches it.
        template: which of its habits.
        now: the present instant.
        rrule: another recurrence than the template's; empty text for "when needed".
        cue: what it hangs on; the template's suggestion when None.
        name: what it is called on the command line. When None it is the rule's id for the habit to
            start with, the template's for another, or one made of both where that is taken.
        target: another daily amount than the template's.

    Raises:
        UsageError: the name is taken or no name, or the recurrence or the target is not valid.
    """
    from reconnect.recurrence import check

    if rrule is None:
        rrule = "" if template.when_needed else template.recurrence
    today = local_day(now, person.tzid, person.day_starts)
    habit = Habit(
        id=0,
        person_id=person.id,
        name="",
        rule=rule.id,
        template=template.id,
        title=template.title,
        goal=template.goal,
        amount=template.amount,
        unit=next((f.unit for f in rule.fields if f.id == template.amount), None),
        cue=checked_line(template.cue if cue is None else cue, "the cue"),
        terms=(
            Terms(
                since=today,
                anchor=today,
                rrule=check(rrule) if rrule else "",
                target=checked_target(
                    template.target if target is None else target, template.amount
                ),
            ),
        ),
    )
    with writing(db):
        taken = {h.name for h in table.listed(db, person.id, archived=True)}
        starter = template == template_of(rule)
        habit = _named(habit, _free_name(habit, name, taken, starter=starter))
        return table.insert(db, habit, to_ms(now))


def find_habit(habits: Sequence[Habit], name: str) -> Habit:
    """The habit of that name, or the only one of that rule or template.

    Raises:
        NotFoundError: none, or more than one of the rule.
    """
    for habit in habits:
        if habit.name == name:
            return habit
    of_rule = [habit for habit in habits if habit.rule == name]
    of_rule = of_rule or [habit for habit in habits if habit.template == name]
    if len(of_rule) == 1:
        return of_rule[0]
    if of_rule:
        names = ", ".join(habit.name for habit in of_rule)
        raise NotFoundError(f"{name} has more than one habit: say which of {names}")
    from difflib import get_close_matches

    near = get_close_matches(name, [habit.name for habit in habits], 1)
    hint = f"did you mean {near[0]}?" if near else "see `reconnect habits` and `reconnect adopt`"
    raise NotFoundError(f"no habit '{name}': {hint}")


def edit(
    db: sqlite3.Connection,
    habit: Habit,
    today: date,
    *,
    title: str | None = None,
    cue: str | None = None,
    target: float | None = None,
    rrule: str | None = None,
) -> Habit:
    """Change a habit. A new recurrence or target holds from `today` on; the past keeps its own.

    What was changed and is changed back on the same day is as it was before.

    Raises:
        UsageError: a value that cannot be.
    """
    # Imported here: `log` looks a habit up in this module, and needs no recurrence.
    from reconnect.recurrence import check

    new_title = checked_line(title, "the title") if title is not None else habit.title
    new_cue = checked_line(cue, "the cue") if cue is not None else habit.cue
    new_target = checked_target(target, habit.amount) if target is not None else habit.target
    new_rrule = habit.rrule if rrule is None else (check(rrule) if rrule else "")
    if not new_title:
        raise UsageError("the title cannot be empty")
    with writing(db):
        table.update(db, habit.id, title=new_title, cue=new_cue)
        if (new_rrule, new_target) != (habit.rrule, habit.target):
            # On a journey today may be the day before the last change: that one is replaced.
            since = max(today, habit.since)
            held = [terms for terms in habit.terms if terms.since < since][-1:]
            alike = (terms for terms in (habit.terms[-1], *held) if terms.rrule == new_rrule)
            anchor = next((terms.anchor for terms in alike), since)
            terms = Terms(since=since, anchor=anchor, rrule=new_rrule, target=new_target)
            if held and (held[0].rrule, held[0].target) == (new_rrule, new_target):
                table.drop_terms(db, habit.id, since)
            else:
                table.set_terms(db, habit.id, habit.person_id, terms)
    return table.get(db, habit.id)


def archive(db: sqlite3.Connection, habit: Habit, now: datetime) -> None:
    """Put a habit away. Its entries stay, and its name stays taken."""
    with writing(db):
        table.set_archived(db, habit.id, to_ms(now))


def restore(db: sqlite3.Connection, person: Person, habit: Habit, now: datetime) -> Habit:
    """Take an archived habit up again. In the time between it was due on no day.

    Raises:
        UsageError: it is not archived.
    """
    if habit.archived is None:
        raise UsageError(f"{habit.name} is not archived: there is nothing to restore")
    today = local_day(now, person.tzid, person.day_starts)
    put_away = local_day(habit.archived, person.tzid, person.day_starts)
    # On the day on which it was taken up or changed, what began then holds.
    put_away = max(put_away, habit.since + timedelta(days=1))
    last = habit.terms[-1]
    with writing(db):
        if put_away < today and last.rrule:
            rest = Terms(since=put_away, anchor=put_away, rrule="", target=last.target)
            again = Terms(since=today, anchor=last.anchor, rrule=last.rrule, target=last.target)
            table.set_terms(db, habit.id, person.id, rest)
            table.set_terms(db, habit.id, person.id, again)
        table.set_archived(db, habit.id, None)
        return table.get(db, habit.id)


def checked_target(target: float | None, amount: str | None) -> float | None:
    """A daily amount above zero.

    Raises:
        UsageError: not above zero, not finite, or the habit counts nothing.
    """
    if target is None:
        return None
    if not 0 < target < 1e9:
        raise UsageError(f"the target {target:g} should be a number above 0")
    if amount is None:
        raise UsageError("this habit counts no amount, so it takes no target")
    return target


def _named(habit: Habit, name: str) -> Habit:
    import msgspec

    return msgspec.structs.replace(habit, name=name)


def _free_name(habit: Habit, wish: str | None, taken: set[str], *, starter: bool) -> str:
    if wish is not None:
        import re

        if not re.fullmatch(r"[a-z][a-z0-9]*([-_][a-z0-9]+)*", wish) or len(wish) > 40:
            raise UsageError(
                f"'{wish}' is no name for a habit: expected lower-case words such as listen-evening"
            )
        if wish in taken:
            raise UsageError(f"a habit named '{wish}' exists already: choose another --name")
        return wish
    # A habit is called what was typed to adopt it: its rule, or its own id within the rule.
    first = habit.rule if starter or habit.template == habit.rule else habit.template
    for name in (first, f"{habit.rule}-{habit.template}"):
        if name not in taken:
            return name
    number = 2
    while f"{habit.rule}-{number}" in taken:
        number += 1
    return f"{habit.rule}-{number}"
