"""Let reminders follow what they hang on: their habit's days and rest, the person's zone."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

import msgspec

from reconnect import recurrence
from reconnect.clock import machine_tzid, to_ms
from reconnect.config import minutes_of
from reconnect.reminders.plan import catch_up, move_to_zone, place
from reconnect.reminders.routes import router_of
from reconnect.store import deliveries, habits, people
from reconnect.store import reminders as table
from reconnect.store.database import writing

if TYPE_CHECKING:
    import sqlite3

    from reconnect.config import Settings
    from reconnect.model.habit import Habit, Person


def stop_reminders(
    db: sqlite3.Connection, person: Person, habit: Habit, now: datetime, settings: Settings
) -> None:
    """Let a habit's reminders rest, as when it is archived; what fell due before is on record."""
    router = router_of(db, settings, now)
    with writing(db):
        others = [one for one in habits.listed(db, person.id) if one.id != habit.id]
        for reminder in table.listed(db, person.id, habit_id=habit.id):
            if reminder.role == "digest" and others:
                # It is about all of them: another one carries it.
                table.replace(db, msgspec.structs.replace(reminder, habit_id=others[0].id))
                continue
            held = catch_up(db, reminder, reminder.tzid or person.tzid, now, router.channels_of)
            deliveries.drop_pending(db, reminder.id, "archived")
            table.move(db, msgspec.structs.replace(held, next_due=None))


def resume_reminders(db: sqlite3.Connection, person: Person, habit: Habit, now: datetime) -> None:
    """Let a habit's reminders fall due again, from now on."""
    with writing(db):
        for reminder in table.listed(db, person.id, habit_id=habit.id, ended=True):
            tzid = reminder.tzid or person.tzid
            if reminder.rrule or reminder.last_occ_wall is not None:
                table.move(db, place(reminder, tzid, now))
            else:
                # A promise that came due meanwhile is caught up, or recorded as missed.
                due = recurrence.to_instant(reminder.dtstart_wall, tzid)
                table.move(db, msgspec.structs.replace(reminder, next_due=due))


def follow_recurrence(
    db: sqlite3.Connection,
    person: Person,
    before: Habit,
    after: Habit,
    now: datetime,
    settings: Settings,
) -> None:
    """Move the reminders that had the habit's old recurrence to its new one, at their times."""
    if before.rrule == after.rrule:
        return
    router = router_of(db, settings, now)
    with writing(db):
        for reminder in table.listed(db, person.id, habit_id=after.id, ended=True):
            # Those that rest since the habit was made one without days have their own rule still.
            rests = not before.rrule and reminder.next_due is None
            if not reminder.rrule or not (reminder.rrule == before.rrule or rests):
                continue
            tzid = reminder.tzid or person.tzid
            held = catch_up(db, reminder, tzid, now, router.channels_of)
            if not after.rrule:
                table.replace(db, msgspec.structs.replace(held, next_due=None))
                continue
            start = datetime.combine(after.anchor, reminder.dtstart_wall.time())
            fresh = msgspec.structs.replace(
                reminder, rrule=after.rrule, dtstart_wall=start, last_occ_wall=None,
                count_left=None,
            )  # fmt: skip
            table.replace(db, place(fresh, tzid, now))


def follow_settings(db: sqlite3.Connection, settings: Settings, now: datetime) -> Person:
    """Bring who the person is into the database; another zone moves their reminders."""
    wanted = settings.person
    tzid = wanted.timezone or machine_tzid()
    day_starts = minutes_of(wanted.day_starts)
    before = people.find(db)
    if before and (before.name, before.tzid, before.day_starts) == (wanted.name, tzid, day_starts):
        return before
    with writing(db):
        person = people.save(
            db, key=people.ME, name=wanted.name, tzid=tzid, day_starts=day_starts, now_ms=to_ms(now)
        )
        if before is not None and before.tzid != person.tzid:
            move_to_zone(db, person)
    return person
