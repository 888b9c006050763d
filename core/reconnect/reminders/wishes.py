"""What a person may say of a reminder, checked: its days, its time or window, and the rest."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from reconnect import recurrence
from reconnect.clock import zone
from reconnect.errors import UsageError
from reconnect.habits.text import checked_line
from reconnect.model.reminder import Reminder
from reconnect.reminders.late import NORMAL
from reconnect.reminders.spoken import parse_time, parse_window

if TYPE_CHECKING:
    from typing import Literal

    from reconnect.config import Settings
    from reconnect.model.habit import Habit, Person
    from reconnect.model.reminder import Quiet, Role

WEEKLY = "FREQ=WEEKLY;BYDAY=SU"
"""When the week is looked back at, unless somebody says otherwise."""


class Wishes(NamedTuple):
    """What a person wants of a reminder, beside when it comes; None leaves it as it is.

    `quiet` is what quiet hours do to it ("default": what the settings say), `tzid` a zone to which
    it is bound (empty: it follows the person), `text` what it says instead of a prompt (empty: a
    prompt), `channels` where it goes (none: where the settings say).
    """

    role: Role | None = None
    priority: int | None = None
    channels: tuple[str, ...] | None = None
    even_if_done: bool | None = None
    quiet: Quiet | Literal["default"] | None = None
    tzid: str | None = None
    text: str | None = None


AS_USUAL = Wishes()


class Schedule(NamedTuple):
    """When a reminder comes: see `Reminder`."""

    rrule: str
    dtstart_wall: datetime
    spread_min: int


def scheduled(
    person: Person,
    habit: Habit,
    now: datetime,
    *,
    at: str | None,
    between: str | None,
    rrule: str | None,
    tzid: str | None,
) -> Schedule:
    """The days and the time, checked; see `add_reminder`."""
    days = habit.rrule if rrule is None else recurrence.check(rrule)
    if not days:
        raise UsageError(
            f"{habit.name} is logged when needed: say on which days, such as --days sun"
        )
    if (at is None) == (between is None):
        raise UsageError("expected a time: one of --at 19:30 and --between 18:00-20:00")
    clock, spread = parse_window(between) if between is not None else (parse_time(at or ""), 0)
    if spread and re.search("HOURLY|BYHOUR|BYMINUTE", days):
        raise UsageError(f"{days} says its own times: a window needs a rule of days")
    # The habit's own recurrence counts from the day it was adopted; "every second day" must fall on
    # the habit's days.
    start = habit.anchor
    if rrule is not None:
        # A recurrence of its own begins with its first time still to come: COUNT=3 means three.
        wall = recurrence.to_wall(now, tzid or person.tzid)
        start = wall.date() + timedelta(days=wall.time() > clock)
    return Schedule(days, datetime.combine(start, clock), spread)


def wished(reminder: Reminder, wishes: Wishes, settings: Settings) -> Reminder:
    """The reminder as the person wants it.

    Raises:
        UsageError: no such channel or zone, a priority below 0 or above 99, or a text too long.
    """
    for name in wishes.channels or ():
        if name not in settings.channels:
            known = ", ".join(settings.channels) or "none yet"
            raise UsageError(f"no channel '{name}' in config.toml; there are: {known}")
    if wishes.tzid:
        zone(wishes.tzid)
    if wishes.priority is not None and not 0 <= wishes.priority <= 99:
        raise UsageError(f"the priority {wishes.priority} should be 0 (most urgent) to 99")
    given = {name: value for name, value in wishes._asdict().items() if value is not None}
    if wishes.quiet == "default":
        given["quiet"] = None
    if wishes.tzid is not None:
        given["tzid"] = wishes.tzid or None
    if wishes.text is not None:
        given["text"] = checked_line(wishes.text, "the text") or None
    return msgspec.structs.replace(reminder, **given)


def timing(reminder: Reminder) -> tuple[object, ...]:
    """What decides when a reminder comes."""
    return (reminder.rrule, reminder.dtstart_wall, reminder.spread_min, reminder.tzid)


def slot_of(reminder: Reminder) -> tuple[str | None, str | None]:
    """A reminder's time, or its window, as `add_reminder` takes them: one of the two."""
    begins = reminder.dtstart_wall
    if not reminder.spread_min:
        return f"{begins:%H:%M}", None
    return None, f"{begins:%H:%M}-{begins + timedelta(minutes=reminder.spread_min):%H:%M}"


def plain(person: Person, habit: Habit, settings: Settings, start: datetime) -> Reminder:
    """A reminder of a habit that nobody said anything about yet."""
    return Reminder(
        id=0,
        person_id=person.id,
        habit_id=habit.id,
        role="do",
        rrule="",
        dtstart_wall=start,
        tzid=None,
        last_occ_wall=None,
        count_left=None,
        next_due=None,
        rev=1,
        catchup=settings.reminders.catch_up,
        window_s=settings.reminders.window_minutes * 60,
        priority=NORMAL,
        channels=(),
        text=None,
    )


def with_schedule(reminder: Reminder, rrule: str, start: datetime, spread: int) -> Reminder:
    """The reminder with other days and times, from the start."""
    return msgspec.structs.replace(
        reminder, rrule=rrule, dtstart_wall=start, spread_min=spread, last_occ_wall=None,
        count_left=None,
    )  # fmt: skip
