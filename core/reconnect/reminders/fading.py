"""Fading: a habit that runs by itself is reminded of less, if the person says so.

Reminders help a habit to be repeated and hinder it from becoming automatic (evidence.md, Lally):
they should go as it grows. Nothing happens without a yes. A yes lets every second reminder come,
the next one every fourth, the one after that none. A slump brings all of them back.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from reconnect.clock import local_day, to_ms
from reconnect.errors import ReconnectError, UsageError
from reconnect.habits.days import is_due, state_of
from reconnect.habits.progress import Progress, progress_of
from reconnect.model.habit import Tally
from reconnect.reminders.plan import catch_up, place
from reconnect.reminders.routes import router_of
from reconnect.store import fading as table
from reconnect.store import habits, people, reminders
from reconnect.store.database import writing
from reconnect.store.fading import Fading

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Sequence
    from datetime import date, datetime
    from typing import Literal

    from reconnect.config import Settings
    from reconnect.model.habit import Habit, Person
    from reconnect.model.reminder import Reminder

STRONG = 0.80
"""From here on a habit runs by itself: a daily one after a month of perfect days (0.798)."""

AGE = timedelta(weeks=8)
"""No habit is that old that runs by itself: the median of 66 days is hardly later (Lally)."""

SLUMP = 0.15
"""So much weaker than when its reminders faded, a habit has slumped: about a week missed."""

MISSED = 3
"""After so many due days missed in a row, too: one day does no harm, three are a new habit."""

AGAIN = timedelta(weeks=4)
"""How long nothing is asked again after an answer."""

OPEN = timedelta(days=7)
"""How long a question stands; without an answer it is as if they had said later."""

STEPS = {1: 2, 2: 4, 4: 0}
"""How rarely reminders come after a yes, by how rarely they came before it. 0 is never."""

_LOOK_BACK = 400
_LOOKED = "fading_looked:{}"


class Standing(NamedTuple):
    """How a habit's reminders stand: what is kept of it, and its strength (0 to 1) today."""

    habit: Habit
    fading: Fading
    strength: float | None


def look(db: sqlite3.Connection, now: datetime, settings: Settings) -> int:
    """Ask what is to be asked and bring back what slumped, once a day for each person.

    Returns how many questions and returns there were.
    """
    found = 0
    for person in people.everyone(db):
        try:
            today = local_day(now, person.tzid, person.day_starts)
            if people.get_meta(db, _LOOKED.format(person.id)) == today.isoformat():
                continue
            with writing(db):
                found += _look_at(db, person, now, today, settings)
                people.set_meta(db, _LOOKED.format(person.id), today.isoformat())
        except ReconnectError:
            # An entry that cannot be read, or a zone: the others are looked at all the same.
            continue
    return found


def questions(db: sqlite3.Connection, person: Person, today: date) -> list[Standing]:
    """The habits about which a question is open, and those whose reminders just came back."""
    known = table.of_person(db, person.id)
    if not known:
        return []
    return [
        Standing(habit, known[habit.id], known[habit.id].strength)
        for habit in habits.listed(db, person.id)
        if habit.id in known
        and (is_open(known[habit.id], today) or _is_back(known[habit.id], today))
    ]


def is_open(fading: Fading, today: date) -> bool:
    """Whether its question stands."""
    return fading.answer is None and fading.asked is not None and today - fading.asked < OPEN


def standings(
    db: sqlite3.Connection, person: Person, kept: Sequence[Habit], today: date
) -> list[Standing]:
    """How the reminders of some habits stand."""
    known = table.of_person(db, person.id)
    grown = progress_of(db, person.id, kept, today)
    return [
        Standing(one, known.get(one.id, Fading(one.id, person.id)), grown[one.id].strength)
        for one in kept
    ]


def answer(
    db: sqlite3.Connection,
    person: Person,
    habit: Habit,
    now: datetime,
    settings: Settings,
    said: Literal["yes", "no", "later", "back"],
) -> Fading:
    """Do what the person said about a habit's reminders.

    yes: half as often as now, and in the end not at all; no: not asked again; later: asked again in
    four weeks; back: as often as they were set up.

    Raises:
        UsageError: yes, where nothing repeats or nothing comes any more; back, where nothing faded.
    """
    today = local_day(now, person.tzid, person.day_starts)
    ((_, before, strength),) = standings(db, person, [habit], today)
    after = before._replace(asked=today, answer="later" if said == "back" else said)
    if said == "yes":
        if before.every_nth not in STEPS:
            raise UsageError(f"{habit.name} has no reminder left that could come less often")
        if not _repeating(db, person, habit):
            raise UsageError(f"{habit.name} has no reminder that repeats: nothing could be less")
        after = after._replace(
            every_nth=STEPS[before.every_nth], since=today, strength=strength or 0.0
        )
    elif said == "back":
        if before.every_nth == 1:
            raise UsageError(f"the reminders of {habit.name} come as they were set up already")
        after = after._replace(every_nth=1, since=today)
    with writing(db):
        table.put(db, after, to_ms(now))
        if after.every_nth != before.every_nth:
            _apply(db, person, habit, after.every_nth, now, settings)
    return after


def _look_at(
    db: sqlite3.Connection, person: Person, now: datetime, today: date, settings: Settings
) -> int:
    known = table.of_person(db, person.id)
    kept = habits.listed(db, person.id)
    looked_at = [one for one in kept if _may_change(known.get(one.id), one, today)]
    if not looked_at:
        return 0
    grown = progress_of(db, person.id, looked_at, today)
    found = 0
    for habit in looked_at:
        before = known.get(habit.id, Fading(habit.id, person.id))
        after = _changed(before, grown[habit.id], today)
        if after == before:
            continue
        if after.answer is None and not _repeating(db, person, habit):
            continue
        table.put(db, after, to_ms(now))
        if after.every_nth != before.every_nth:
            _apply(db, person, habit, after.every_nth, now, settings)
        found += 1
    return found


def _may_change(before: Fading | None, habit: Habit, today: date) -> bool:
    """Whether it is worth looking at what was logged."""
    if before is not None and before.every_nth != 1:
        return True
    return today - habit.begun >= AGE and _may_ask(before, today)


def _may_ask(before: Fading | None, today: date) -> bool:
    if before is None:
        return True
    if before.answer == "no" or before.every_nth not in STEPS:
        return False
    return before.asked is None or today - before.asked >= AGAIN


def _changed(before: Fading, grown: Progress, today: date) -> Fading:
    strength = grown.strength
    if strength is None:
        return before
    if before.every_nth != 1 and _slumped(before, grown, strength, today):
        return before._replace(
            every_nth=1, since=today, strength=strength, answer="slump", asked=today
        )
    if before.answer is None and before.asked is not None and not is_open(before, today):
        before = before._replace(answer="later")
    old = today - grown.habit.begun >= AGE
    if strength >= STRONG and old and _may_ask(before, today):
        kept = before.strength if before.every_nth != 1 else strength
        return before._replace(asked=today, answer=None, strength=kept)
    return before


def _slumped(before: Fading, grown: Progress, strength: float, today: date) -> bool:
    if before.strength is not None and strength <= before.strength - SLUMP:
        return True
    since, habit = before.since or today, grown.habit
    missed = 0
    for back in range(1, _LOOK_BACK):
        day = today - timedelta(days=back)
        if day < since:
            break
        if not is_due(habit, day):
            continue
        state = state_of(habit, day, grown.tallies.get(day, Tally()))
        if not (state == "no" or (state == "unknown" and habit.goal == "at-least")):
            break
        missed += 1
        if missed == MISSED:
            return True
    return False


def _is_back(fading: Fading, today: date) -> bool:
    return fading.answer == "slump" and fading.since is not None and today - fading.since < OPEN


def _repeating(db: sqlite3.Connection, person: Person, habit: Habit) -> list[Reminder]:
    every = reminders.listed(db, person.id, habit_id=habit.id, ended=True)
    return [one for one in every if one.rrule and one.role != "digest"]


def _apply(
    db: sqlite3.Connection,
    person: Person,
    habit: Habit,
    every_nth: int,
    now: datetime,
    settings: Settings,
) -> None:
    router = router_of(db, settings, now)
    for reminder in _repeating(db, person, habit):
        tzid = reminder.tzid or person.tzid
        held = catch_up(db, reminder, tzid, now, router.channels_of)
        changed = msgspec.structs.replace(held, every_nth=every_nth)
        reminders.replace(db, place(changed, tzid, now))
