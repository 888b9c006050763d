"""`remind`: when to be told of a habit."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from reconnect.cli import words
from reconnect.cli.app import App, pass_app
from reconnect.cli.complete import active
from reconnect.cli.output import as_json as print_json
from reconnect.cli.output import data, json_option, table, talk
from reconnect.errors import NotFoundError, UsageError

if TYPE_CHECKING:
    from datetime import datetime

    from reconnect.model.reminder import Reminder

SHOWN = 3
"""How many coming instants of each reminder are listed."""


@click.group("remind", invoke_without_command=True)
@json_option
@click.pass_context
def remind_command(ctx: click.Context, as_json: bool) -> None:
    """List, add or remove reminders; a habit may have many."""
    if ctx.invoked_subcommand is None:
        show(ctx.ensure_object(App), as_json=as_json)


@remind_command.command("list")
@json_option
@pass_app
def list_command(app: App, as_json: bool) -> None:
    """List reminders with the next three times of each."""
    show(app, as_json=as_json)


@remind_command.command("add")
@click.argument("habit", shell_complete=active)
@click.option("--at", required=True, metavar="HH:MM", help="The time of day.")
@click.option(
    "--days", metavar="DAYS", help="mon,wed,fri, daily, weekdays; the habit's own days if left out."
)
@click.option("--every", metavar="RRULE", help="An RFC 5545 rule such as FREQ=MONTHLY;BYDAY=-1SU.")
@click.option(
    "--role", type=click.Choice(["do", "log"]), default="do", help="Remind to do it, or to log it."
)
@click.option(
    "--channel", "channels", multiple=True, help="Where to (may be given again); all if left out."
)
@json_option
@pass_app
def add_command(
    app: App,
    habit: str,
    at: str,
    days: str | None,
    every: str | None,
    role: str,
    channels: tuple[str, ...],
    as_json: bool,
) -> None:
    """Add a reminder of a habit."""
    from reconnect import recurrence
    from reconnect.reminders.manage import add_reminder
    from reconnect.reminders.wishes import Wishes

    if days is not None and every is not None:
        raise UsageError("--days and --every exclude each other: give one of them")
    rrule = recurrence.from_days(days) if days is not None else every
    kept = app.habit(habit)
    reminder = add_reminder(
        app.db,
        app.person,
        kept,
        app.now,
        app.settings,
        at=at,
        rrule=rrule,
        wishes=Wishes(role="log" if role == "log" else "do", channels=channels),
    )
    if as_json:
        print_json("reminder", {"reminder": _json(app, reminder)})
        return
    first = words.moment(_instants(app, reminder)[0], app.person.tzid, app.today)
    talk(f"reminder {reminder.id}: {kept.name}, {_when(reminder)}; the next one {first}")


@remind_command.command("remove")
@click.argument("number", type=int)
@pass_app
def remove_command(app: App, number: int) -> None:
    """Remove a reminder by its number (see `reconnect remind`)."""
    from reconnect.reminders.manage import remove
    from reconnect.store import habits, reminders

    mine = {r.id: r for r in reminders.listed(app.db, app.person.id, ended=True)}
    if number not in mine:
        raise NotFoundError(f"no reminder {number}: `reconnect remind` lists them")
    remove(app.db, mine[number])
    habit = habits.get(app.db, mine[number].habit_id)
    talk(f"removed reminder {number}: {habit.name}, {_when(mine[number])}")


def show(app: App, *, as_json: bool) -> None:
    """Print the reminders that will fall due again."""
    from reconnect.store import habits, reminders

    kept = reminders.listed(app.looking, app.person.id)
    if as_json:
        print_json("reminders", {"reminders": [_json(app, reminder) for reminder in kept]})
        return
    if not kept:
        talk("No reminders. `reconnect remind add HABIT --at 19:30` adds one.")
        return
    rows = []
    for reminder in kept:
        habit = habits.get(app.looking, reminder.habit_id)
        coming = [words.moment(i, app.person.tzid, app.today) for i in _instants(app, reminder)]
        to = ", ".join(reminder.channels) or "default"
        rows.append([str(reminder.id), habit.name, _when(reminder), to, "; ".join(coming)])
    data(table(["no", "habit", "when", "to", "next"], rows))


def _when(reminder: Reminder) -> str:
    from reconnect.recurrence import describe

    if not reminder.rrule:
        return f"once, {reminder.dtstart_wall:%Y-%m-%d %H:%M}"
    what = "" if reminder.role == "do" else f" (to {reminder.role})"
    return f"{describe(reminder.rrule)} at {reminder.dtstart_wall:%H:%M}{what}"


def _instants(app: App, reminder: Reminder) -> list[datetime]:
    from itertools import islice

    from reconnect.recurrence import occurrences

    coming = occurrences(
        reminder.rrule,
        dtstart=reminder.dtstart_wall,
        tzid=reminder.tzid or app.person.tzid,
        last=reminder.last_occ_wall,
        count_left=reminder.count_left,
    )
    # What fell due while nothing ran is caught up, and no longer comes.
    later = (one.instant for one in coming if one.instant > app.now)
    return list(islice(later, SHOWN))


def _json(app: App, reminder: Reminder) -> dict[str, object]:
    from reconnect.store import habits

    return {
        "id": reminder.id,
        "habit": habits.get(app.looking, reminder.habit_id).name,
        "role": reminder.role,
        "rrule": reminder.rrule,
        "time": reminder.dtstart_wall.strftime("%H:%M"),
        "channels": list(reminder.channels),
        "next": [instant.isoformat() for instant in _instants(app, reminder)],
    }
