"""Pauses: let all reminders rest, or those of one habit, now or from a day ahead."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, NamedTuple

from reconnect.clock import to_ms
from reconnect.errors import NotFoundError, UsageError
from reconnect.habits.text import checked_line
from reconnect.model.reminder import Pause
from reconnect.recurrence import to_wall
from reconnect.store import pauses as table
from reconnect.store.database import writing

if TYPE_CHECKING:
    import sqlite3

    from reconnect.model.habit import Habit, Person


class Made(NamedTuple):
    """A pause, and the one in whose place it stands."""

    pause: Pause
    instead_of: Pause | None


def pause(
    db: sqlite3.Connection,
    person: Person,
    habit: Habit | None,
    now: datetime,
    *,
    first: date | None = None,
    until: date | None = None,
    reason: str | None = None,
) -> Made:
    """Let reminders rest. Said again of the same beginning, it is another end for that pause.

    Others stay beside it, so that one for two days does not end one for a month around them.

    Args:
        db: the open database.
        person: whose reminders.
        habit: of which habit; None of all.
        now: the present instant.
        first: from the beginning of which day of theirs on; now when None.
        until: the day on which they come again; until they are resumed when None.
        reason: for the person alone; it is sent nowhere. None keeps that of the pause whose end
            this changes.

    Returns:
        The pause, and the one in whose place it stands, if any.

    Raises:
        UsageError: it would be over before it began.
    """
    wall = to_wall(now, person.tzid).replace(microsecond=0)
    begins = wall if first is None else max(wall, _begin_of(first, person))
    ends = None if until is None else _begin_of(until, person)
    if ends is not None and ends <= begins:
        raise UsageError(
            f"reminders should rest for a while, but would come again on {until}, before they rest"
        )
    scope = habit.id if habit else None
    said = None if reason is None else checked_line(reason, "the reason") or None
    with writing(db):
        same = [
            one
            for one in table.open_ones(db, person.id, wall)
            if one.habit_id == scope and max(one.from_wall, wall) == begins
        ]
        kept = next((one.reason for one in same if one.reason), None)
        wish = Pause(
            id=0,
            person_id=person.id,
            habit_id=scope,
            from_wall=begins,
            until_wall=ends,
            reason=kept if reason is None else said,
        )
        for other in same:
            table.end(db, other, now)
        return Made(table.insert(db, wish, to_ms(now)), same[0] if same else None)


def resume(
    db: sqlite3.Connection, person: Person, habit: Habit | None, now: datetime
) -> list[Pause]:
    """Let reminders come again: end the pauses that hold now, of a habit or (None) each one.

    Those ahead stay; where none holds now, they are taken back.

    Returns:
        The pauses that were ended.

    Raises:
        NotFoundError: there is none.
        UsageError: everything rests, so that one habit cannot go on alone.
    """
    wall = to_wall(now, person.tzid)
    open_ones = table.open_ones(db, person.id, wall)
    wanted = [one for one in open_ones if habit is None or one.habit_id == habit.id]
    if not wanted:
        if habit and any(one.habit_id is None for one in open_ones):
            raise UsageError(
                "all reminders rest, not those of one habit: `reconnect resume` ends that"
            )
        raise NotFoundError(f"no reminders{f' of {habit.name}' if habit else ''} rest")
    ended = [one for one in wanted if one.from_wall <= wall] or wanted
    with writing(db):
        for one in ended:
            table.end(db, one, now)
    return ended


def resting(db: sqlite3.Connection, person: Person, now: datetime) -> list[Pause]:
    """The person's pauses that hold now or lie ahead, in order."""
    return table.open_ones(db, person.id, to_wall(now, person.tzid))


def first_day(pause: Pause, person: Person) -> date:
    """The person's day on which a pause begins."""
    return (pause.from_wall - timedelta(minutes=person.day_starts)).date()


def day_back(pause: Pause, person: Person) -> date | None:
    """The person's day on which reminders come again."""
    if pause.until_wall is None:
        return None
    return (pause.until_wall - timedelta(minutes=person.day_starts)).date()


def _begin_of(day: date, person: Person) -> datetime:
    return datetime.combine(day, time()) + timedelta(minutes=person.day_starts)
