"""`habits`: list what you keep; change it, put it away, take it out again."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from reconnect.cli import complete, words
from reconnect.cli.adopt import chosen_recurrence, recurrence_options
from reconnect.cli.app import App, pass_app
from reconnect.cli.output import as_json as print_json
from reconnect.cli.output import data, json_option, style, table, talk
from reconnect.cli.resting import next_reminders
from reconnect.errors import UsageError

if TYPE_CHECKING:
    from reconnect.habits.progress import Progress
    from reconnect.model.habit import Habit


@click.group("habits", invoke_without_command=True)
@click.option("--all", "archived", is_flag=True, help="List archived ones too.")
@json_option
@click.pass_context
def habits_command(ctx: click.Context, archived: bool, as_json: bool) -> None:
    """List the habits you keep; edit, archive or restore one."""
    if ctx.invoked_subcommand is None:
        _list(ctx.ensure_object(App), archived, as_json)


def _list(app: App, archived: bool, as_json: bool) -> None:
    from reconnect.habits.progress import progress_of
    from reconnect.recurrence import describe
    from reconnect.store import habits

    found = habits.listed(app.looking, app.person.id, archived=archived)
    coming = next_reminders(app)
    unstreaked = app.catalog.unstreaked()
    grown = progress_of(app.looking, app.person.id, found, app.today, unstreaked=unstreaked)
    if as_json:
        told = [
            words.habit_json(habit, coming.get(habit.id)) | words.progress_json(grown[habit.id])
            for habit in found
        ]
        print_json("habits", {"habits": told})
        return
    if not found:
        talk("No habit yet: `reconnect rules` shows what there is, `reconnect adopt` takes one up.")
        return
    rows = []
    for habit in found:
        due = coming.get(habit.id)
        following = words.moment(due, app.person.tzid, app.today) if due else "-"
        if due and due <= app.now:
            # Nothing sends it: what falls due meanwhile comes when the daemon runs again.
            following = "at next start"
        when = describe(habit.rrule)
        if habit.archived:
            when, following = style("archived", dim=True), "-"
        rows.append((habit.name, when, following, *_grown(grown[habit.id]), habit.cue or "-"))
    data(table(("habit", "when", "next reminder", "strength", "so far", "cue"), rows))


def _grown(progress: Progress) -> tuple[str, str]:
    from reconnect.habits.saying import kept_text, streak_text, strength_text

    strength = "-" if progress.strength is None else strength_text(progress.strength)
    if progress.streak and progress.streak.length > 1:
        return strength, streak_text(progress.streak)
    return strength, (kept_text(progress.kept) if progress.kept else "") or "-"


@habits_command.command("edit")
@click.argument("habit", shell_complete=complete.active)
@click.option("--title", metavar="TEXT", help="What it is.")
@click.option("--cue", metavar="TEXT", help='What it hangs on; "" takes the cue away.')
@click.option("--target", type=float, metavar="N", help="The amount a day.")
@click.option("--at", metavar="HH:MM", help="When you are reminded of it.")
@recurrence_options
@json_option
@pass_app
def edit_command(
    app: App,
    habit: str,
    title: str | None,
    cue: str | None,
    target: float | None,
    at: str | None,
    days: str | None,
    rrule: str | None,
    as_json: bool,
) -> None:
    """Change a habit. New days hold from today on, and its reminders move with them."""
    from reconnect.habits.adopt import edit
    from reconnect.recurrence import describe
    from reconnect.store.database import writing

    wanted = chosen_recurrence(days, rrule)
    if title is None and cue is None and target is None and wanted is None and at is None:
        raise UsageError(
            "nothing to change: give --title, --cue, --target, --at, --days or --every"
        )
    before = app.habit(habit)
    with writing(app.db):
        after = edit(app.db, before, app.today, title=title, cue=cue, target=target, rrule=wanted)
        if after.rrule != before.rrule:
            from reconnect.reminders.follow import follow_recurrence

            follow_recurrence(app.db, app.person, before, after, app.now, app.settings)
        if at is not None:
            from reconnect.reminders.manage import set_time

            set_time(app.db, app.person, after, app.now, app.settings, at)
    if as_json:
        _print_one(app, after.id)
        return
    talk(f"changed {after.name}: {after.title} ({describe(after.rrule)})")
    if after.target is not None:
        talk(f"  a day: {words.number(after.target)} {after.unit or ''}".rstrip())
    if after.cue:
        talk(f"  cue: {after.cue}")
    _tell_next(app, after)


@habits_command.command("archive")
@click.argument("habit", shell_complete=complete.active)
@json_option
@pass_app
def archive_command(app: App, habit: str, as_json: bool) -> None:
    """Put a habit away: no more reminders, and its entries stay."""
    from reconnect.habits.adopt import archive
    from reconnect.reminders.follow import stop_reminders
    from reconnect.store.database import writing

    found = app.habit(habit)
    with writing(app.db):
        archive(app.db, found, app.now)
        stop_reminders(app.db, app.person, found, app.now, app.settings)
    if as_json:
        _print_one(app, found.id)
        return
    talk(f"archived {found.name}: its reminders rest, its entries stay")
    talk(f"  `reconnect habits restore {found.name}` brings it back")


@habits_command.command("restore")
@click.argument("habit", shell_complete=complete.archived)
@json_option
@pass_app
def restore_command(app: App, habit: str, as_json: bool) -> None:
    """Take an archived habit up again, with its reminders."""
    from reconnect.habits.adopt import restore
    from reconnect.reminders.follow import resume_reminders
    from reconnect.store.database import writing

    found = app.habit(habit, archived=True)
    with writing(app.db):
        restored = restore(app.db, app.person, found, app.now)
        resume_reminders(app.db, app.person, restored, app.now)
    if as_json:
        _print_one(app, found.id)
        return
    talk(f"restored {found.name}")
    _tell_next(app, found)


def _tell_next(app: App, habit: Habit) -> None:
    due = next_reminders(app).get(habit.id)
    if due:
        talk(f"  next reminder: {words.moment(due, app.person.tzid, app.today)}")


def _print_one(app: App, habit_id: int) -> None:
    from reconnect.store import habits

    due = next_reminders(app).get(habit_id)
    print_json("habit", {"habit": words.habit_json(habits.get(app.db, habit_id), due)})
