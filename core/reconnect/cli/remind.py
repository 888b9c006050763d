"""`remind`: when to be told of a habit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from reconnect.cli import complete
from reconnect.cli.app import App, pass_app
from reconnect.cli.output import as_json as print_json
from reconnect.cli.output import data, json_option, table, talk
from reconnect.cli.resting import as_dicts, names, resting, tell_rest
from reconnect.errors import NotFoundError, UsageError

if TYPE_CHECKING:
    from collections.abc import Callable

    from reconnect.model.habit import Habit
    from reconnect.model.reminder import Reminder
    from reconnect.reminders.spoken import Moment
    from reconnect.reminders.wishes import Wishes

_WHEN: tuple[tuple[tuple[str, ...], dict[str, Any]], ...] = (
    (("--at",), {"metavar": "HH:MM", "help": "The time of day."}),
    (("--between",), {"metavar": "HH:MM-HH:MM", "help": "A random moment each time, in between."}),
    (("--days",), {"metavar": "DAYS", "help": "mon,wed,fri, daily, weekdays; else the habit's."}),
    (("--every",), {"metavar": "RRULE", "help": "An RFC 5545 rule: FREQ=MONTHLY;BYDAY=-1SU."}),
    (("--once",), {"metavar": "WHEN", "help": '"tomorrow 9:00", "fri 18:00", "in 20 minutes".'}),
)
_WHAT: tuple[tuple[tuple[str, ...], dict[str, Any]], ...] = (
    (
        ("--role",),
        {
            "type": click.Choice(["do", "log", "digest"]),
            "help": "Remind to do it, ask whether you did, or look back at the week.",
        },
    ),
    (
        ("--channel", "channels"),
        {"multiple": True, "shell_complete": complete.channels,
         "help": 'Where to (may be given again); "default" is where the settings say.'},
    ),
    (
        ("--priority",),
        {"type": click.IntRange(0, 99), "metavar": "N", "help": "0 (most urgent) to 99; 50."},
    ),
    (
        ("--even-if-done/--quiet-once-done",),
        {"default": None, "help": "Whether it comes when the day's habit is done already."},
    ),
    (
        ("--quiet",),
        {
            "type": click.Choice(["defer", "drop", "allow", "default"]),
            "help": "What quiet hours do to it.",
        },
    ),
    (("--zone",), {"metavar": "ZONE", "help": 'Keep to the clocks of a zone; "" follows you.'}),
    (("--text",), {"metavar": "TEXT", "help": "What it says instead of a prompt."}),
)  # fmt: skip


def _options(
    listed: tuple[tuple[tuple[str, ...], dict[str, Any]], ...],
) -> Callable[[Callable[..., None]], Callable[..., None]]:
    def decorate(command: Callable[..., None]) -> Callable[..., None]:
        for flags, how in reversed(listed):
            command = click.option(*flags, **how)(command)
        return command

    return decorate


@click.group("remind", invoke_without_command=True)
@json_option
@click.pass_context
def remind_command(ctx: click.Context, as_json: bool) -> None:
    """List, add, change or remove reminders; a habit may have many."""
    if ctx.invoked_subcommand is None:
        show(ctx.ensure_object(App), as_json=as_json)


@remind_command.command("list")
@json_option
@pass_app
def list_command(app: App, as_json: bool) -> None:
    """List reminders with the next three times of each."""
    show(app, as_json=as_json)


@remind_command.command("add")
@click.argument("habit", required=False, shell_complete=complete.active)
@_options(_WHEN)
@_options(_WHAT)
@json_option
@pass_app
def add_command(app: App, /, habit: str | None, as_json: bool, **given: Any) -> None:
    """Add a reminder of HABIT.

    It comes at a time, at a random moment in a window, or once. With days and no time it comes when
    the habit's rule suggests; with --role digest it is about the week, and of no one habit.
    """
    from reconnect.reminders.manage import add_once, add_reminder

    kept = _habit(app, habit, given["role"])
    wishes, once = _wishes(app, given), _moment(app, given)
    if once is not None:
        wishes = wishes._replace(tzid=once.tzid or "")
        made = add_once(
            app.db, app.person, kept, app.now, app.settings, when=once.wall, wishes=wishes
        )
    else:
        made = add_reminder(
            app.db, app.person, kept, app.now, app.settings,
            at=given["at"] or _suggested(app, kept, given), between=given["between"],
            rrule=_rrule(given), wishes=wishes,
        )  # fmt: skip
    _tell(app, made, kept, as_json=as_json)


@remind_command.command("edit")
@click.argument("number", type=int, shell_complete=complete.reminders)
@_options(_WHEN)
@_options(_WHAT)
@json_option
@pass_app
def edit_command(app: App, /, number: int, as_json: bool, **given: Any) -> None:
    """Change a reminder by its number; what is not given stays as it is."""
    from reconnect.cli.remind_words import options, when
    from reconnect.reminders.manage import edit_reminder
    from reconnect.store import habits

    if not any(value not in (None, ()) for value in given.values()):
        raise UsageError("nothing to change: see `reconnect remind edit --help`")
    before = _mine(app, number)
    kept = habits.get(app.looking, before.habit_id)
    after = edit_reminder(
        app.db, app.person, kept, before, app.now, app.settings,
        at=given["at"], between=given["between"], rrule=_rrule(given), once=_moment(app, given),
        wishes=_wishes(app, given),
    )  # fmt: skip
    if not as_json:
        talk(f"it was: {when(before, app.person)}")
    _tell(app, after, kept, as_json=as_json)
    if not as_json:
        talk(f"take it back: reconnect remind edit {number} {options(before, app.person)}")


@remind_command.command("remove")
@click.argument("number", type=int, shell_complete=complete.reminders)
@json_option
@pass_app
def remove_command(app: App, number: int, as_json: bool) -> None:
    """Remove a reminder by its number (see `reconnect remind`)."""
    from reconnect.cli.remind_words import as_dict, options, when
    from reconnect.reminders.manage import remove
    from reconnect.store import habits

    gone = _mine(app, number)
    name = habits.get(app.db, gone.habit_id).name
    pauses = resting(app)
    remove(app.db, gone)
    if as_json:
        print_json("removed", {"reminder": as_dict(app, gone, name, pauses)})
        return
    talk(f"removed reminder {number}: {name}, {when(gone, app.person)}")
    if gone.next_due is not None and gone.text is None:
        talk(f"take it back: reconnect remind add {name} {options(gone, app.person)}")


def show(app: App, *, as_json: bool) -> None:
    """Print the reminders that will fall due again, and those that have faded."""
    from reconnect.cli.remind_words import as_dict, instants, when
    from reconnect.cli.words import moment
    from reconnect.store import habits, reminders

    every = reminders.listed(app.looking, app.person.id, ended=True)
    active = {one.id for one in habits.listed(app.looking, app.person.id)}
    kept = [
        one
        for one in every
        if one.next_due is not None or (one.every_nth == 0 and one.habit_id in active)
    ]
    known, pauses = names(app), resting(app)
    kept = [one for one in kept if _can_be_reckoned(app, one)]
    if as_json:
        content = [as_dict(app, one, known[one.habit_id], pauses) for one in kept]
        print_json("reminders", {"reminders": content, "pauses": as_dicts(app)})
        return
    if not kept:
        talk("No reminders. `reconnect remind add HABIT --at 19:30` adds one.")
        tell_rest(app)
        return
    rows = []
    for one in kept:
        coming = instants(one, app.person, app.now, pauses)
        ahead = "; ".join(moment(i, app.person.tzid, app.today) for i in coming)
        name = "(all)" if one.role == "digest" else known[one.habit_id]
        to = ", ".join(one.channels) or "default"
        nothing = "rests" if one.every_nth else "-"
        rows.append([str(one.id), name, when(one, app.person), to, ahead or nothing])
    data(table(["no", "habit", "when", "to", "next"], rows))
    tell_rest(app)


def _can_be_reckoned(app: App, one: Reminder) -> bool:
    """Whether its zone is known; one that is not must not hide the others."""
    from reconnect.clock import is_zone

    if one.tzid is None or is_zone(one.tzid):
        return True
    talk(
        f"reminder {one.id} does not come: this machine knows no time zone {one.tzid!r}. "
        f'`reconnect remind edit {one.id} --zone ""` lets it follow you'
    )
    return False


def _habit(app: App, name: str | None, role: str | None) -> Habit:
    from reconnect.store import habits

    if name is not None:
        return app.habit(name)
    if role != "digest":
        raise UsageError("of which habit? `reconnect remind add HABIT --at 19:30`")
    kept = habits.listed(app.looking, app.person.id)
    if not kept:
        raise NotFoundError("no habit is adopted yet: `reconnect adopt` takes one up")
    return kept[0]


def _mine(app: App, number: int) -> Reminder:
    from reconnect.store import reminders

    for one in reminders.listed(app.looking, app.person.id, ended=True):
        if one.id == number:
            return one
    raise NotFoundError(f"no reminder {number}: `reconnect remind` lists them")


def _rrule(given: dict[str, Any]) -> str | None:
    from reconnect.recurrence import from_days

    days, every = given["days"], given["every"]
    if days is not None and every is not None:
        raise UsageError("--days and --every exclude each other: give one of them")
    rrule: str | None = from_days(days) if days is not None else every
    return rrule


def _suggested(app: App, habit: Habit, given: dict[str, Any]) -> str | None:
    """The time that the habit's rule suggests, where days were given and no time."""
    if given["between"] is not None or (given["days"] is None and given["every"] is None):
        return None
    for template in app.rule_of(habit).habits:
        if template.id == habit.template:
            return template.time
    return None


def _moment(app: App, given: dict[str, Any]) -> Moment | None:
    from reconnect.reminders.spoken import parse_moment

    if given["once"] is None:
        return None
    for other in ("at", "between", "days", "every"):
        if given[other] is not None:
            raise UsageError(f"--once and --{other} exclude each other: give one of them")
    return parse_moment(given["once"], app.now, app.person, given["zone"] or None)


def _wishes(app: App, given: dict[str, Any]) -> Wishes:
    from reconnect.reminders.wishes import Wishes

    channels: tuple[str, ...] | None = given["channels"] or None
    if channels == ("default",) and "default" not in app.settings.channels:
        channels = ()
    return Wishes(
        role=given["role"], priority=given["priority"], channels=channels,
        even_if_done=given["even_if_done"], quiet=given["quiet"], tzid=given["zone"],
        text=given["text"],
    )  # fmt: skip


def _tell(app: App, reminder: Reminder, habit: Habit, *, as_json: bool) -> None:
    from reconnect.cli.remind_words import as_dict, instants, when
    from reconnect.cli.words import moment

    pauses = resting(app)
    if as_json:
        print_json("reminder", {"reminder": as_dict(app, reminder, habit.name, pauses)})
        return
    coming = instants(reminder, app.person, app.now, pauses)
    first = moment(coming[0], app.person.tzid, app.today) if coming else "not while it rests"
    about = "the week" if reminder.role == "digest" else habit.name
    talk(f"reminder {reminder.id}: {about}, {when(reminder, app.person)}; the next one {first}")
