"""`snooze`: what came last comes again later."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import click

from reconnect.cli import complete, words
from reconnect.cli.app import App, pass_app
from reconnect.cli.output import as_json as print_json
from reconnect.cli.output import json_option, talk
from reconnect.errors import NotFoundError, UsageError

if TYPE_CHECKING:
    from reconnect.model.habit import Habit

_TIME_WORD = re.compile(r"in|today|tonight|tomorrow|\+?\d.*|(mon|tue|wed|thu|fri|sat|sun)[a-z]*")


@click.command("snooze")
@click.argument("what", nargs=-1, metavar="[NUMBER|HABIT] WHEN", shell_complete=complete.snooze)
@click.option("--cancel", is_flag=True, help="Let what was put off not come again.")
@json_option
@pass_app
def snooze_command(app: App, what: tuple[str, ...], cancel: bool, as_json: bool) -> None:
    """Put off the reminder that came last, or the last one of HABIT or of a reminder's NUMBER.

    WHEN is 20m, 2h, tonight (at 21:00), tomorrow (at the same time), or a moment such as
    "fri 18:00".
    """
    from reconnect.reminders.snooze import snooze

    if cancel:
        _cancel(app, what, as_json=as_json)
        return
    number, habit, when = _split(app, what)
    done = snooze(app.db, app.person, app.now, app.settings, when, habit=habit, number=number)
    again = done.again.id if done.again else None
    if as_json:
        content = {"habit": done.habit.name, "due": done.due.isoformat(), "reminder": again}
        print_json("snoozed", content)
        return
    due = words.moment(done.due, app.person.tzid, app.today)
    if again is None:
        talk(f"{done.habit.name} comes {due} anyway: put off until then")
    else:
        talk(f"{done.habit.name} comes again {due} (reminder {again})")


def _split(app: App, what: tuple[str, ...]) -> tuple[int | None, Habit | None, str]:
    """Which one, and until when."""
    from reconnect.reminders.spoken import parse_minutes

    if not what:
        raise UsageError("until when? 20m, 2h, tonight, tomorrow or a moment such as 'fri 18:00'")
    first, rest = what[0], " ".join(what[1:])
    if not rest:
        return None, None, first
    # "20 30m" is the reminder 20; "20 minutes" is a while.
    if first.isdecimal() and parse_minutes(f"{first} {rest}") is None:
        return _number(app, first), None, rest
    if _TIME_WORD.fullmatch(first.lower()):
        return None, None, f"{first} {rest}"
    return None, app.habit(first), rest


def _cancel(app: App, what: tuple[str, ...], *, as_json: bool) -> None:
    from reconnect.reminders.snooze import cancel

    if len(what) > 1:
        raise UsageError("--cancel takes one habit or the number of one reminder, or none")
    number: int | None = None
    habit: Habit | None = None
    if what and what[0].isdecimal():
        number = int(what[0])
    elif what:
        habit = app.habit(what[0])
    gone = cancel(app.db, app.person, app.now, habit=habit, number=number)
    if as_json:
        print_json("cancelled", {"reminders": [one.id for one in gone]})
        return
    talk("it does not come again" if len(gone) == 1 else f"{len(gone)} do not come again")


def _number(app: App, text: str) -> int:
    from reconnect.store import reminders

    mine: dict[int, Any] = {
        one.id: one for one in reminders.listed(app.looking, app.person.id, ended=True)
    }
    if int(text) not in mine:
        raise NotFoundError(f"no reminder {text}: `reconnect remind` lists them")
    return int(text)
