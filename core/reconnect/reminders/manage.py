"""Add, remove and move reminders, as a person asks for it."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING

import msgspec

from reconnect import recurrence
from reconnect.clock import machine_tzid, to_ms
from reconnect.config import minutes_of
from reconnect.errors import UsageError
from reconnect.habits.text import checked_line
from reconnect.model.reminder import Reminder
from reconnect.reminders.plan import move_to_zone, place
from reconnect.reminders.promised import unmistakable
from reconnect.store import deliveries, people
from reconnect.store import reminders as table
from reconnect.store.database import writing

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Sequence

    from reconnect.config import Settings
    from reconnect.model.habit import Habit, Person
    from reconnect.model.reminder import Role

NORMAL = 50
"""The priority of a reminder that nobody gave one: 0 is the most urgent, 99 the least."""


def add_reminder(
    db: sqlite3.Connection,
    person: Person,
    habit: Habit,
    now: datetime,
    settings: Settings,
    *,
    at: str,
    rrule: str | None = None,
    role: Role = "do",
    channels: Sequence[str] = (),
) -> Reminder:
    """Remind of a habit at a wall time, on the days of a recurrence.

    Args:
        db: the open database.
        person: who is reminded, in their own zone wherever they are.
        habit: of what.
        now: the present instant; a time that has passed today waits for the next day that is due.
        settings: where the channels are defined.
        at: "19:30".
        rrule: on which days; the habit's own when None.
        role: do, log or digest.
        channels: names from the settings; empty for the settings' own choice.

    Raises:
        UsageError: no such time or channel, a habit without days and no `rrule`, or the same
            reminder is there already.
    """
    days = habit.rrule if rrule is None else recurrence.check(rrule)
    if not days:
        raise UsageError(
            f"{habit.name} is logged when needed: say on which days, such as --days sun"
        )
    clock = parse_time(at)
    # The habit's own recurrence counts from the day it was adopted; "every second day" must fall on
    # the habit's days.
    start = habit.anchor
    if rrule is not None:
        # A recurrence of its own begins with its first time still to come: COUNT=3 means three.
        wall = recurrence.to_wall(now, person.tzid)
        start = wall.date() + timedelta(days=wall.time() > clock)
    reminder = _new(
        person, habit, settings, dtstart=datetime.combine(start, clock), rrule=days, role=role,
        channels=channels,
    )  # fmt: skip
    return _insert(db, reminder, place(reminder, person.tzid, now - timedelta(seconds=1)), now)


def add_once(
    db: sqlite3.Connection,
    person: Person,
    habit: Habit,
    now: datetime,
    settings: Settings,
    *,
    when: datetime,
    text: str | None = None,
    role: Role = "do",
    channels: Sequence[str] = (),
) -> Reminder:
    """Remind of a habit once.

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
        role: do, log or digest.
        channels: names from the settings; empty for the settings' own choice.

    Raises:
        UsageError: no such channel, or the text is too long.
    """
    wall = when if when.tzinfo is None else unmistakable(when, person.tzid)
    reminder = _new(
        person, habit, settings, dtstart=wall.replace(microsecond=0), rrule="", role=role,
        channels=channels, text=text, tzid=None if when.tzinfo is None else person.tzid,
    )  # fmt: skip
    due = recurrence.to_instant(reminder.dtstart_wall, person.tzid)
    return _insert(db, reminder, msgspec.structs.replace(reminder, next_due=due), now)


def remove(db: sqlite3.Connection, reminder: Reminder) -> None:
    """Remove a reminder; what is still to be sent of it is suppressed."""
    with writing(db):
        deliveries.drop_pending(db, reminder.id, "removed")
        table.delete(db, reminder.id)


def stop_reminders(db: sqlite3.Connection, person: Person, habit: Habit) -> None:
    """Let a habit's reminders rest, as when it is archived."""
    with writing(db):
        for reminder in table.listed(db, person.id, habit_id=habit.id):
            deliveries.drop_pending(db, reminder.id, "archived")
            table.move(db, msgspec.structs.replace(reminder, next_due=None))


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
    db: sqlite3.Connection, person: Person, before: Habit, after: Habit, now: datetime
) -> None:
    """Move the reminders that had the habit's old recurrence to its new one, at their times."""
    if before.rrule == after.rrule:
        return
    with writing(db):
        for reminder in table.listed(db, person.id, habit_id=after.id, ended=True):
            # Those that rest since the habit was made one without days have their own rule still.
            rests = not before.rrule and reminder.next_due is None
            if not reminder.rrule or not (reminder.rrule == before.rrule or rests):
                continue
            _keep_due(db, reminder, reminder.tzid or person.tzid, now)
            if not after.rrule:
                table.replan(db, msgspec.structs.replace(reminder, next_due=None))
                continue
            start = datetime.combine(after.anchor, reminder.dtstart_wall.time())
            fresh = msgspec.structs.replace(
                reminder, rrule=after.rrule, dtstart_wall=start, last_occ_wall=None,
                count_left=None,
            )  # fmt: skip
            table.replan(db, place(fresh, reminder.tzid or person.tzid, now))


def _keep_due(db: sqlite3.Connection, reminder: Reminder, tzid: str, now: datetime) -> None:
    """What has fallen due and was not planned yet becomes a reminder of its own."""
    window = timedelta(seconds=reminder.window_s)
    if reminder.next_due is None or not now - window <= reminder.next_due <= now:
        return
    once = msgspec.structs.replace(
        reminder, rrule="", dtstart_wall=recurrence.to_wall(reminder.next_due, tzid),
        last_occ_wall=None, count_left=None,
    )  # fmt: skip
    table.insert(db, once, to_ms(now))


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


def parse_time(text: str) -> time:
    """A time of day: "19:30" or "7:30".

    Raises:
        UsageError: no such time.
    """
    try:
        hours, _, minutes = text.strip().partition(":")
        if len(minutes) == 2 and len(hours) in (1, 2):
            return time(int(hours), int(minutes))
    except ValueError:
        pass
    raise UsageError(f"'{text}' is no time of day: expected hours and minutes such as 19:30")


def _new(
    person: Person,
    habit: Habit,
    settings: Settings,
    *,
    dtstart: datetime,
    rrule: str,
    role: Role,
    channels: Sequence[str],
    text: str | None = None,
    tzid: str | None = None,
) -> Reminder:
    for name in channels:
        if name not in settings.channels:
            known = ", ".join(settings.channels) or "none yet"
            raise UsageError(f"no channel '{name}' in config.toml; there are: {known}")
    return Reminder(
        id=0,
        person_id=person.id,
        habit_id=habit.id,
        role=role,
        rrule=rrule,
        dtstart_wall=dtstart,
        tzid=tzid,
        last_occ_wall=None,
        count_left=None,
        next_due=None,
        rev=1,
        catchup=settings.reminders.catch_up,
        window_s=settings.reminders.window_minutes * 60,
        priority=NORMAL,
        channels=tuple(channels),
        text=checked_line(text, "the text"),
    )


def _insert(db: sqlite3.Connection, wish: Reminder, placed: Reminder, now: datetime) -> Reminder:
    if placed.next_due is None:
        raise UsageError("this recurrence has no occurrence left: nothing would ever be sent")
    with writing(db):
        for other in table.listed(db, wish.person_id, habit_id=wish.habit_id):
            same = (other.rrule, other.dtstart_wall.time(), other.role, other.channels)
            mine = (wish.rrule, wish.dtstart_wall.time(), wish.role, wish.channels)
            if wish.rrule and same == mine:
                raise UsageError(f"this reminder is there already (number {other.id})")
        return table.insert(db, placed, to_ms(now))
