"""`ask`: walk through what is open today, one key each."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from reconnect.cli import complete
from reconnect.cli.app import App, pass_app
from reconnect.cli.output import as_json as print_json
from reconnect.cli.output import json_option, talk
from reconnect.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from reconnect.cli.walk import Walk
    from reconnect.habits.outlook import Outlook


@click.command("ask")
@click.argument("names", nargs=-1, metavar="[HABIT]...", shell_complete=complete.active)
@click.option("--on", metavar="DAY", help="Ask about a day before: yesterday, mon, 2026-11-03.")
@json_option
@pass_app
def ask_command(app: App, names: tuple[str, ...], on: str | None, as_json: bool) -> None:
    r"""Answer what is open today, a key each: y, n, s(kip), l(ater), a number, or Enter.

    What breaks first is asked first. Enter takes what stands in brackets: a habit's target, or
    nothing, which leaves it for later. t adds a note, u takes the last answer back, q stops, ?
    shows the keys. Each answer is stored at once. HABIT asks about these alone, open or not.

    In a pipe each line is an answer: printf 'y\n12\n' | reconnect ask
    """
    from reconnect.cli.answers import open_answers
    from reconnect.cli.daily import outlooks, say_nothing_adopted
    from reconnect.cli.output import on_terminal
    from reconnect.cli.walk import Walk
    from reconnect.habits.days import parse_day

    if app.no_input and on_terminal():
        raise UsageError("ask needs answers: leave out --no-input, or give them in a pipe")
    day = parse_day(on, app.today) if on is not None else app.today
    found = outlooks(app, day)
    if not found and not names and not as_json and day == app.today:
        say_nothing_adopted()
        return
    walk = Walk(app, day, _wanted(app, names, found, day), named=bool(names))
    stopped = False
    if walk.steps:
        talk(walk.heading())
        try:
            with open_answers() as answers:
                walk.go(answers)
        except KeyboardInterrupt:
            stopped = True
        finally:
            _end(app, walk, as_json=as_json)
    else:
        _end(app, walk, as_json=as_json)
    if stopped:
        raise click.exceptions.Exit(130)


def _wanted(app: App, names: tuple[str, ...], found: Sequence[Outlook], day: date) -> list[Outlook]:
    """What is asked about: what is open, or what was named, in that order."""
    from reconnect.habits.asking import is_open

    if not names:
        return [one for one in found if is_open(one)]
    named = {habit.id: habit for habit in map(app.habit, names)}
    by_habit = {one.habit.id: one for one in found}
    for number, habit in named.items():
        if number not in by_habit:
            raise UsageError(f"{habit.name} was taken up on {habit.begun}, after {day}")
    return [by_habit[number] for number in named]


def _end(app: App, walk: Walk, *, as_json: bool) -> None:
    """Say what came of it, and (once) where somebody may help."""
    from reconnect.cli.help_offer import offer_help_for

    if as_json:
        print_json("answers", walk.json())
        return
    talk(walk.summary())
    for rule in walk.rules_answered():
        if offer_help_for(app, rule):
            return
