"""Add, change and remove reminders, as a person asks for it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import msgspec

from reconnect import recurrence
from reconnect.clock import to_ms
from reconnect.errors import UsageError
from reconnect.habits.text import checked_line
from reconnect.reminders.plan import catch_up, place
from reconnect.reminders.promised import unmistakable
from reconnect.reminders.routes import router_of
from reconnect.reminders.spoken import parse_time
from reconnect.reminders.wishes import (
    AS_USUAL,
    WEEKLY,
    Wishes,
    plain,
    scheduled,
    slot_of,
    timing,
    wished,
    with_schedule,
)
from reconnect.store import deliveries
from reconnect.store import reminders as table
from reconnect.store.database import writing

if TYPE_CHECKING:
    import sqlite3

    from reconnect.config import Settings
    from reconnect.model.habit import Habit, Person
    from reconnect.model.reminder import Reminder
    from reconnect.reminders.spoken import Moment
    from reconnect.reminders.wishes import Schedule


def add_reminder(
    db: sqlite3.Connection,
    person: Person,
    habit: Habit,
    now: datetime,
    settings: Settings,
    *,
    at: str | None = None,
    between: str | None = None,
    rrule: str | None = None,
    wishes: Wishes = AS_USUAL,
) -> Reminder:
    """Remind of a habit at a wall time, or at a random moment, on the days of a recurrence.

    Args:
        db: the open database.
        person: who is reminded, in their own zone wherever they are.
        habit: of what.
        now: the present instant; a time that has passed today waits for the next day that is due.
        settings: where the channels are defined.
        at: "19:30".
        between: "18:00-20:00" instead: each time a moment drawn out of it.
        rrule: on which days; when None the habit's own, or Sundays for the role digest.
        wishes: everything else.

    Raises:
        UsageError: no such time, channel or zone, a habit without days and no `rrule`, or the same
            reminder is there already.
    """
    if rrule is None and wishes.role == "digest":
        rrule = WEEKLY
    schedule = scheduled(person, habit, now, at=at, between=between, rrule=rrule, tzid=wishes.tzid)
    reminder = wished(plain(person, habit, settings, schedule.dtstart_wall), wishes, settings)
    return _insert(db, with_schedule(reminder, *schedule), person, now)


def add_once(
    db: sqlite3.Connection,
    person: Person,
    habit: Habit,
    now: datetime,
    settings: Settings,
    *,
    when: datetime,
    text: str | None = None,
    wishes: Wishes = AS_USUAL,
) -> Reminder:
    """Remind of a habit once, in quiet hours as well.

    Args:
        db: the open database.
        person: who is reminded.
        habit: of what.
        now: the present instant.
        settings: where the channels are defined.
        when: an aware instant, which stays where it is when the person's zone changes; or a naive
            time on their clock, which goes with them. What has passed is caught up, within its
            window.
        text: what it says instead of a prompt.
        wishes: everything else.

    Raises:
        UsageError: no such channel or zone, or the text is too long.
    """
    wall = when if when.tzinfo is None else unmistakable(when, person.tzid)
    wall = wall.replace(microsecond=0)
    reminder = wished(plain(person, habit, settings, wall), wishes, settings)
    if when.tzinfo is not None:
        reminder = msgspec.structs.replace(reminder, tzid=person.tzid)
    text = reminder.text if text is None else checked_line(text, "the text")
    reminder = msgspec.structs.replace(
        reminder, text=text, quiet=reminder.quiet if wishes.quiet else "allow"
    )
    due = recurrence.to_instant(reminder.dtstart_wall, reminder.tzid or person.tzid)
    with writing(db):
        return table.insert(db, msgspec.structs.replace(reminder, next_due=due), to_ms(now))


def remove(db: sqlite3.Connection, reminder: Reminder) -> None:
    """Remove a reminder; what is still to be sent of it is suppressed."""
    with writing(db):
        deliveries.drop_pending(db, reminder.id, "removed")
        table.delete(db, reminder.id)


def edit_reminder(
    db: sqlite3.Connection,
    person: Person,
    habit: Habit,
    reminder: Reminder,
    now: datetime,
    settings: Settings,
    *,
    at: str | None = None,
    between: str | None = None,
    rrule: str | None = None,
    once: Moment | None = None,
    wishes: Wishes = AS_USUAL,
) -> Reminder:
    """Change a reminder; what is not given stays. What fell due before is still sent.

    Args:
        db: the open database.
        person: whose it is.
        habit: what it is about.
        reminder: as it is.
        now: the present instant.
        settings: where the channels are defined.
        at: another time, or (with `between`) a window instead of one.
        between: see `at`.
        rrule: other days.
        once: one moment instead of days.
        wishes: see `Wishes`.

    Raises:
        UsageError: see `add_reminder`; or a one-off would lie in the past.
    """
    new = wished(reminder, wishes, settings)
    tzid = new.tzid or person.tzid
    if once is not None:
        new = with_schedule(msgspec.structs.replace(new, tzid=once.tzid), "", once.wall, 0)
    elif not reminder.rrule and rrule is None:
        if between is not None:
            raise UsageError("a reminder that comes once has one time: give --at or --once")
        if at is not None:
            wall = datetime.combine(reminder.dtstart_wall.date(), parse_time(at))
            if recurrence.to_instant(wall, tzid) <= now:
                raise UsageError(f"{wall:%Y-%m-%d %H:%M} has passed: expected a moment ahead")
            new = with_schedule(new, "", wall, 0)
    elif at is not None or between is not None or rrule is not None or new.tzid != reminder.tzid:
        if at is None and between is None:
            at, between = slot_of(reminder)
        # One that keeps the habit's own days keeps in step with them.
        days = reminder.rrule if rrule is None else rrule
        own = None if rrule is None and days == habit.rrule else days
        schedule = scheduled(person, habit, now, at=at, between=between, rrule=own, tzid=new.tzid)
        # The same time said again begins nothing anew: of COUNT=3 as many are left as before.
        if rrule is not None or not _same_times(reminder, new.tzid, schedule):
            new = with_schedule(new, *schedule)
    if wishes.quiet is None and bool(new.rrule) != bool(reminder.rrule):
        new = msgspec.structs.replace(new, quiet=None if new.rrule else "allow")
    moves = timing(new) != timing(reminder)
    with writing(db):
        refuse_twin(db, new)
        if moves:
            router = router_of(db, settings, now)
            catch_up(db, reminder, reminder.tzid or person.tzid, now, router.channels_of)
            new = place(new, new.tzid or person.tzid, now)
            # One that has faded altogether has no next one.
            new = _coming(new) if new.every_nth else new
        else:
            new = msgspec.structs.replace(
                new, last_occ_wall=reminder.last_occ_wall, count_left=reminder.count_left
            )
        table.replace(db, new)
    return table.get(db, new.id)


def set_time(
    db: sqlite3.Connection, person: Person, habit: Habit, now: datetime, settings: Settings, at: str
) -> Reminder:
    """Remind of a habit at another time; where nothing reminds of it, at that time from now on.

    Raises:
        UsageError: no such time; or several reminders repeat, and it is not clear which is meant.
    """
    own = table.listed(db, person.id, habit_id=habit.id, ended=True)
    found = [one for one in own if one.rrule and one.role == "do"]
    if len(found) > 1:
        numbers = ", ".join(str(one.id) for one in found)
        raise UsageError(
            f"{habit.name} has several reminders ({numbers}): `reconnect remind edit NUMBER --at "
            f"{at}` changes one"
        )
    if not found:
        return add_reminder(db, person, habit, now, settings, at=at)
    return edit_reminder(db, person, habit, found[0], now, settings, at=at)


def _insert(db: sqlite3.Connection, wish: Reminder, person: Person, now: datetime) -> Reminder:
    tzid, since = wish.tzid or person.tzid, now - timedelta(seconds=1)
    with writing(db):
        refuse_twin(db, wish)
        if not wish.spread_min:
            return table.insert(db, _coming(place(wish, tzid, since)), to_ms(now))
        # The moment is drawn for the number that it gets.
        made = table.insert(db, wish, to_ms(now))
        table.move(db, _coming(place(made, tzid, since)))
        return table.get(db, made.id)


def refuse_twin(db: sqlite3.Connection, wish: Reminder) -> None:
    """Raise a UsageError where another reminder of the habit says the same at the same times."""
    for other in table.listed(db, wish.person_id, habit_id=wish.habit_id):
        if wish.rrule and other.id != wish.id and _what(other) == _what(wish):
            raise UsageError(f"this reminder is there already (number {other.id})")


def _same_times(reminder: Reminder, tzid: str | None, wish: Schedule) -> bool:
    now = (reminder.rrule, reminder.dtstart_wall.time(), reminder.spread_min, reminder.tzid)
    return now == (wish.rrule, wish.dtstart_wall.time(), wish.spread_min, tzid)


def _what(one: Reminder) -> tuple[object, ...]:
    clock = (one.rrule, one.dtstart_wall.time(), one.spread_min, one.tzid)
    return (*clock, one.role, one.channels, one.text)


def _coming(placed: Reminder) -> Reminder:
    if placed.next_due is None:
        raise UsageError("this recurrence has no occurrence left: nothing would ever be sent")
    return placed
