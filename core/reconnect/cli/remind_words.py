"""How reminders, and what rests, are worded on the screen and in JSON."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import islice
from typing import TYPE_CHECKING, Any

from reconnect.cli import words
from reconnect.recurrence import describe, to_instant, to_wall
from reconnect.reminders.rest import day_back, first_day
from reconnect.reminders.when import coming
from reconnect.reminders.wishes import slot_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from reconnect.cli.app import App
    from reconnect.model.habit import Person
    from reconnect.model.reminder import Pause, Reminder

SHOWN = 3
"""How many coming instants of each reminder are listed."""

_LOOKED_AT = 2000
# So many are looked at for those that no pause covers: five years of days.

RARELY = {2: "every second one", 4: "every fourth one", 0: "none of them, it fades"}


def when(reminder: Reminder, person: Person) -> str:
    """When it comes and what is special about it, in words."""
    begins = reminder.dtstart_wall
    bound = reminder.tzid if reminder.rrule else None
    if not reminder.rrule:
        if reminder.tzid:
            begins = to_wall(to_instant(begins, reminder.tzid), person.tzid)
        text = f"once, {begins:%Y-%m-%d %H:%M}"
    elif reminder.spread_min:
        ends = begins + timedelta(minutes=reminder.spread_min)
        text = f"{describe(reminder.rrule)} between {begins:%H:%M} and {ends:%H:%M}"
    else:
        text = f"{describe(reminder.rrule)} at {begins:%H:%M}"
    more = [
        "" if reminder.role == "do" else "the week" if reminder.role == "digest" else "to log",
        "put off" if reminder.stems_from is not None else "",
        "even if done" if reminder.even_if_done else "",
        f"priority {reminder.priority}" if reminder.priority != _usual() else "",
        f"quiet hours: {reminder.quiet}" if reminder.quiet and reminder.rrule else "",
        f"by the clocks of {bound}" if bound else "",
        RARELY.get(reminder.every_nth, ""),
    ]
    special = ", ".join(filter(None, more))
    return f"{text} ({special})" if special else text


def options(reminder: Reminder, person: Person) -> str:
    """The options of `remind add` and `remind edit` that make it so: what takes a change back."""
    at, between = slot_of(reminder)
    if not reminder.rrule:
        wall = to_wall(to_instant(reminder.dtstart_wall, reminder.tzid or person.tzid), person.tzid)
        found = [f'--once "{wall:%Y-%m-%d %H:%M}"']
    else:
        found = [f"--between {between}" if between else f"--at {at}", f'--every "{reminder.rrule}"']
    found += [f"--role {reminder.role}"]
    found += [f"--channel {name}" for name in reminder.channels or ("default",)]
    found += [f"--priority {reminder.priority}"]
    found += ["--even-if-done" if reminder.even_if_done else "--quiet-once-done"]
    found += [f"--quiet {reminder.quiet or 'default'}"]
    if reminder.rrule:
        found.append(f'--zone "{reminder.tzid or ""}"')
    return " ".join(found)


def instants(
    reminder: Reminder, person: Person, now: datetime, pauses: Sequence[Pause]
) -> list[datetime]:
    """The next instants at which it comes; not those that are behind, nor those in a pause."""
    # A one-off comes although the others rest.
    rests = [] if reminder.rrule == "" and reminder.stems_from is None else pauses
    if reminder.role == "digest":
        rests = [pause for pause in rests if pause.habit_id is None]
    ahead = islice(coming(reminder, reminder.tzid or person.tzid), _LOOKED_AT)
    wanted = (
        one.instant
        for one in ahead
        # What fell due while nothing ran is caught up, and no longer comes.
        if one.instant > now
        and not any(
            pause.holds(reminder.habit_id, to_wall(one.instant, person.tzid), one.instant)
            for pause in rests
        )
    )
    return list(islice(wanted, SHOWN))


def as_dict(app: App, reminder: Reminder, name: str, pauses: Sequence[Pause]) -> dict[str, Any]:
    """A reminder for programs; the text that it says is not shown, only that it has one."""
    begins = reminder.dtstart_wall
    ends = begins + timedelta(minutes=reminder.spread_min)
    window = [f"{begins:%H:%M}", f"{ends:%H:%M}"] if reminder.spread_min else None
    return {
        "id": reminder.id,
        "habit": name,
        "role": reminder.role,
        "rrule": reminder.rrule,
        "time": f"{begins:%H:%M}",
        "between": window,
        "zone": reminder.tzid,
        "priority": reminder.priority,
        "even_if_done": reminder.even_if_done,
        "quiet": reminder.quiet,
        "every_nth": reminder.every_nth,
        "put_off": reminder.stems_from is not None,
        "has_text": reminder.text is not None,
        "channels": list(reminder.channels),
        "next": [one.isoformat() for one in instants(reminder, app.person, app.now, pauses)],
    }


def pause_text(pause: Pause, name: str | None, person: Person, today: date) -> str:
    """A pause in words: "all reminders rest until Sun 29 November 2026 (at the sea)"."""
    what = "all reminders" if name is None else f"the reminders of {name}"
    begins = first_day(pause, person)
    since = f" from {_day(begins, today)}" if begins > today else ""
    until = f" {pause_end(pause, person, today)}" if pause.until_wall else ""
    why = f" ({pause.reason})" if pause.reason else ""
    return f"{what} rest{since}{until}{why}"


def pause_end(pause: Pause, person: Person, today: date) -> str:
    """The end of a pause in words: "until Sun 29 November 2026"."""
    back = day_back(pause, person)
    return f"until {_day(back, today)}" if back else "without an end"


def pause_dict(pause: Pause, name: str | None, person: Person) -> dict[str, Any]:
    """A pause for programs."""
    back = day_back(pause, person)
    return {
        "id": pause.id,
        "habit": name,
        "from": first_day(pause, person).isoformat(),
        "until": back.isoformat() if back else None,
        "reason": pause.reason,
    }


def _day(day: date, today: date) -> str:
    ahead = (day - today).days
    if ahead == 1:
        return "tomorrow"
    return words.day(day, today)


def _usual() -> int:
    from reconnect.reminders.late import NORMAL

    return NORMAL
