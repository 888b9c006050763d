"""Snooze: what came last, or waits to be sent, comes again later."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from reconnect import recurrence
from reconnect.clock import local_day, to_ms
from reconnect.errors import NotFoundError, UsageError
from reconnect.reminders.compose import about_several
from reconnect.reminders.manage import remove
from reconnect.reminders.spoken import EVENING, Moment, parse_minutes, parse_moment
from reconnect.reminders.when import coming
from reconnect.reminders.wishes import plain
from reconnect.store import habits, pending, reminders, snoozes
from reconnect.store.database import writing

if TYPE_CHECKING:
    import sqlite3

    from reconnect.config import Settings
    from reconnect.model.habit import Habit, Person
    from reconnect.model.reminder import Delivery, Reminder

FRESH = timedelta(hours=24)
"""What came longer ago is not put off any more: another one has come since, or is due."""


class Snoozed(NamedTuple):
    """What was put off, and when it comes (UTC).

    `again` is the one-off that brings it; None where the reminder itself comes then anyway.
    """

    habit: Habit
    due: datetime
    again: Reminder | None


def snooze(
    db: sqlite3.Connection,
    person: Person,
    now: datetime,
    settings: Settings,
    when: str,
    *,
    habit: Habit | None = None,
    number: int | None = None,
) -> Snoozed:
    """Put off what came last in the last 24 hours, or waits to be sent. It survives a restart.

    Snoozed once more, it moves: it never comes twice. It comes in quiet hours too, for its time was
    asked for; not while its habit is paused, nor when that is done by then.

    Args:
        db: the open database.
        person: whose reminders.
        now: the present instant.
        settings: what a reminder has that is not there any more.
        when: "20m", "2 hours", "tonight", "tomorrow", or a moment as `parse_moment` reads it.
        habit: the last one of this habit.
        number: the last one of the reminder of this number.

    Raises:
        NotFoundError: nothing came, or none of those.
        UsageError: no such moment, or one that has passed.
    """
    found = snoozes.newest(
        db, person.id, since_ms=to_ms(now - FRESH), now_ms=to_ms(now),
        habit_id=habit.id if habit else None, reminder_id=number,
    )  # fmt: skip
    if found is None:
        which = f" of {habit.name}" if habit else "" if number is None else f" {number}"
        raise NotFoundError(
            f"no reminder{which} came in the last 24 hours: there is nothing to put off "
            "(`reconnect remind` shows what comes)"
        )
    with writing(db):
        of = _source(db, person, found, settings)
        rows = snoozes.of_occurrence(db, found)
        own = _comes_anyway(of, person, now, when)
        moment = own or _moment(when, found, now, person)
        due = recurrence.to_instant(moment.wall, moment.tzid or person.tzid)
        root = of.id if of.stems_from is None else of.stems_from
        for earlier in snoozes.ahead(db, person.id, to_ms(now), root=root):
            remove(db, reminders.get(db, earlier))
        pending.suppress(db, [row.id for row in rows], "snoozed")
        about = habits.get(db, of.habit_id)
        if own is not None:
            return Snoozed(about, due, None)
        again = msgspec.structs.replace(
            of, rrule="", dtstart_wall=moment.wall, tzid=moment.tzid, last_occ_wall=None,
            count_left=None, next_due=due, channels=tuple(row.channel for row in rows),
            prompt=found.prompt, spread_min=0, every_nth=1, quiet="allow", stems_from=root,
        )  # fmt: skip
        return Snoozed(about, due, reminders.insert(db, again, to_ms(now)))


def cancel(
    db: sqlite3.Connection,
    person: Person,
    now: datetime,
    *,
    habit: Habit | None = None,
    number: int | None = None,
) -> list[Reminder]:
    """Let what was put off not come again: of a habit, of a reminder, or all of it.

    Raises:
        NotFoundError: nothing is put off.
    """
    with writing(db):
        ids = snoozes.ahead(
            db, person.id, to_ms(now), habit_id=habit.id if habit else None, root=number
        )
        gone = [reminders.get(db, one) for one in ids]
        for one in gone:
            remove(db, one)
    if not gone:
        raise NotFoundError("nothing is put off: there is nothing to cancel")
    return gone


def _source(
    db: sqlite3.Connection, person: Person, found: Delivery, settings: Settings
) -> Reminder:
    """The reminder that a delivery came from; one made from it where there is none."""
    try:
        return reminders.get(db, found.reminder_id)
    except LookupError:
        made = plain(person, habits.get(db, found.habit_id), settings, found.occ_wall)
        text = found.text
        if found.reminder_id == pending.DIGEST:
            text = about_several(len(pending.told_of(db, found.id)))
        return msgspec.structs.replace(made, id=found.reminder_id, text=text)


def _comes_anyway(of: Reminder, person: Person, now: datetime, when: str) -> Moment | None:
    """Where "tomorrow" is said of a reminder that comes tomorrow: when it does."""
    if when.strip().lower() != "tomorrow" or not of.rrule:
        return None
    tzid = of.tzid or person.tzid
    following = next((one.instant for one in coming(of, tzid) if one.instant > now), None)
    tomorrow = local_day(now, person.tzid, person.day_starts) + timedelta(days=1)
    if following is None or local_day(following, person.tzid, person.day_starts) != tomorrow:
        return None
    return Moment(recurrence.to_wall(following, "UTC"), "UTC")


def _moment(when: str, found: Delivery, now: datetime, person: Person) -> Moment:
    word = when.strip().lower()
    if word == "tomorrow":
        # At the time at which it came, on the day after.
        day = local_day(now, person.tzid, person.day_starts) + timedelta(days=1)
        came = recurrence.to_wall(found.due, person.tzid).time()
        # One in the morning belongs to the day before.
        day += timedelta(days=came.hour * 60 + came.minute < person.day_starts)
        return Moment(datetime.combine(day, came.replace(second=0, microsecond=0)))
    minutes = parse_minutes(word)
    if minutes is not None:
        word = f"in {minutes} minutes"
    try:
        return parse_moment(word, now, person)
    except UsageError as error:
        if word == "tonight":
            raise UsageError(
                f"it is past {EVENING:%H:%M} already: say for how long, such as 30m"
            ) from error
        raise
