"""`undo`: take back what was recorded last, and say what that was."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import click

from reconnect.cli import complete, words
from reconnect.cli.app import App, pass_app
from reconnect.cli.output import as_json as print_json
from reconnect.cli.output import json_option, talk
from reconnect.errors import NotFoundError, UsageError

if TYPE_CHECKING:
    from reconnect.model.habit import Entry, Habit

_FRESH = timedelta(hours=24)


@click.command("undo")
@click.argument("habit", required=False, shell_complete=complete.every)
@click.option(
    "--id",
    "number",
    type=click.IntRange(1, 2**63 - 1),
    metavar="N",
    help="The entry of this number (see history --json).",
)
@click.option("--yes", is_flag=True, help="Do not ask, however old the entry is.")
@json_option
@pass_app
def undo_command(app: App, habit: str | None, number: int | None, yes: bool, as_json: bool) -> None:
    """Take back the entry recorded last: of any habit, or of HABIT.

    What was recorded more than 24 hours ago is taken back only after a question.
    """
    from reconnect.cli.log import tell_plugins
    from reconnect.habits.record import undo
    from reconnect.store import habits

    entry = _wanted(app, app.habit(habit, archived=True) if habit else None, number)
    of = habits.get(app.looking, entry.habit_id)
    rule = app.catalog.rule(of.rule)
    private = words.private_answers(entry, rule)
    text = (
        f"{of.name}, {words.day(entry.day, app.today)}: {words.describe_entry(entry, of, private)}"
    )
    if not yes and entry.recorded is not None and app.now - entry.recorded > _FRESH:
        when = words.moment(entry.recorded, app.person.tzid, app.today)
        if not app.may_ask:
            raise UsageError(
                f"{text} was recorded more than 24 hours ago ({when}): --yes takes it back"
            )
        from reconnect.cli.asking import confirm

        if not confirm(f"Take back {text} (recorded {when})?", False):
            talk("Kept. Nothing was taken back.")
            return
    undo(app.db, entry)
    tell_plugins(app, entry, taken_back=True)
    if as_json:
        print_json("undone", {"entry": words.entry_json(entry, of, private)})
    else:
        talk(f"taken back: {text}")


def _wanted(app: App, habit: Habit | None, number: int | None) -> Entry:
    from reconnect.store import entries

    whose = f" of {habit.name}" if habit else ""
    if number is None:
        entry = entries.newest(app.looking, app.person.id, habit_id=habit.id if habit else None)
        if entry is None:
            raise NotFoundError(f"no entry{whose}: there is nothing to take back")
        return entry
    try:
        found = entries.get(app.looking, number)
    except LookupError:
        found = None
    if found is None or found.person_id != app.person.id or (habit and found.habit_id != habit.id):
        raise NotFoundError(
            f"no entry {number}{whose}: `reconnect history --json` shows the numbers"
        )
    return found
