"""`pause` and `resume`: let reminders rest for a while."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from reconnect.cli import complete
from reconnect.cli.app import App, pass_app
from reconnect.cli.output import as_json as print_json
from reconnect.cli.output import json_option, talk
from reconnect.cli.resting import names

if TYPE_CHECKING:
    from reconnect.model.reminder import Pause


@click.command("pause")
@click.argument("habit", required=False, shell_complete=complete.active)
@click.option("--from", "first", metavar="DAY", help="The first day of rest; now if left out.")
@click.option("--until", metavar="DAY", help="The day on which reminders come again.")
@click.option("--reason", metavar="TEXT", help="For yourself: it is sent nowhere.")
@json_option
@pass_app
def pause_command(
    app: App,
    habit: str | None,
    first: str | None,
    until: str | None,
    reason: str | None,
    as_json: bool,
) -> None:
    """Let all reminders rest, or those of HABIT, until a day or `reconnect resume`.

    DAY is today, tomorrow, a weekday (the next one), +3 or 2026-12-24. Said again, it sets another
    end; what lies ahead stays beside it. What you asked for at one time still comes: a reminder for
    once, and the return from a break.

    To take that break in the middle of an argument: `reconnect peace pause`.
    """
    from reconnect.cli.remind_words import pause_end, pause_text
    from reconnect.reminders.rest import pause
    from reconnect.reminders.spoken import parse_day_ahead

    kept = app.habit(habit) if habit is not None else None
    made, instead_of = pause(
        app.db, app.person, kept, app.now,
        first=parse_day_ahead(first, app.today) if first is not None else None,
        until=parse_day_ahead(until, app.today) if until is not None else None,
        reason=reason,
    )  # fmt: skip
    name = kept.name if kept else None
    if as_json:
        _print(app, "pause", [made])
        return
    text = pause_text(made, name, app.person, app.today)
    if instead_of is not None and instead_of.until_wall != made.until_wall:
        text += f", instead of {pause_end(instead_of, app.person, app.today)}"
    back = "reconnect resume" + (f" {name}" if name else "")
    talk(f"{text[:1].upper()}{text[1:]}. `{back}` brings them back.", wrap=True)


@click.command("resume")
@click.argument("habit", required=False, shell_complete=complete.active)
@json_option
@pass_app
def resume_command(app: App, habit: str | None, as_json: bool) -> None:
    """Let all reminders that rest come again, or those of HABIT.

    A pause that lies ahead stays; where none holds now, it is taken back.
    """
    from reconnect.cli.resting import tell_rest
    from reconnect.recurrence import to_wall
    from reconnect.reminders.rest import resume

    kept = app.habit(habit) if habit is not None else None
    ended = resume(app.db, app.person, kept, app.now)
    if as_json:
        _print(app, "resumed", ended)
        return
    if any(one.from_wall <= to_wall(app.now, app.person.tzid) for one in ended):
        whose = f"The reminders of {kept.name}" if kept else "Reminders"
        talk(f"{whose} come again.")
    else:
        talk("Taken back: nothing had begun to rest.")
    tell_rest(app)


def _print(app: App, kind: str, pauses: list[Pause]) -> None:
    from reconnect.cli.remind_words import pause_dict

    known = names(app)
    found = [pause_dict(one, known.get(one.habit_id or 0), app.person) for one in pauses]
    print_json(kind, {"pauses": found})
