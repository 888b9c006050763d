"""`adopt`: take up a habit of a rule, with its days, its reminder and its cue."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from reconnect.cli import complete, words
from reconnect.cli.app import App, pass_app
from reconnect.cli.output import as_json as print_json
from reconnect.cli.output import json_option, style, talk
from reconnect.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from reconnect.model.habit import Habit
    from reconnect.model.reminder import Reminder
    from reconnect.model.rule import HabitTemplate, Rule


def recurrence_options(command: Callable[..., None]) -> Callable[..., None]:
    """Add --days and --every, of which one can be given."""
    command = click.option(
        "--every", "rrule", metavar="RRULE", help='As an RFC 5545 rule: "FREQ=MONTHLY;BYDAY=1SU".'
    )(command)
    return click.option(
        "--days", metavar="DAYS", help="daily, weekdays, weekends, or days such as mon,wed."
    )(command)


def chosen_recurrence(days: str | None, rrule: str | None) -> str | None:
    """The RRULE of --days or --every; None when neither is given.

    Raises:
        UsageError: both are given, or no such days.
    """
    if days is not None and rrule is not None:
        raise UsageError("--days and --every both say when: give one of them")
    if days is None:
        return rrule
    from reconnect.recurrence import from_days

    return from_days(days)


@click.command("adopt")
@click.argument("rule", shell_complete=complete.rules)
@click.argument("habit", required=False, shell_complete=complete.templates)
@click.option("--at", metavar="HH:MM", help="When to be reminded.")
@recurrence_options
@click.option("--cue", metavar="TEXT", help="What it hangs on, such as: after I clear the table.")
@click.option("--name", metavar="NAME", help="What you type for it; the rule's name unless told.")
@click.option("--target", type=float, metavar="N", help="Another daily amount than suggested.")
@click.option("--no-reminder", is_flag=True, help="Adopt it without being reminded.")
@json_option
@pass_app
def adopt_command(
    app: App,
    rule: str,
    habit: str | None,
    at: str | None,
    days: str | None,
    rrule: str | None,
    cue: str | None,
    name: str | None,
    target: float | None,
    no_reminder: bool,
    as_json: bool,
) -> None:
    """Take up a habit of RULE: its starter, or the HABIT you name (see `reconnect rules RULE`)."""
    from reconnect.habits.adopt import adopt, template_of
    from reconnect.store.database import writing

    if at is not None and no_reminder:
        raise UsageError("--at and --no-reminder exclude each other: give one of them")
    taught = app.rule(rule)
    template = template_of(taught, habit)
    wanted = chosen_recurrence(days, rrule)
    same = _same(app, taught, template, name)
    if cue is None and app.may_ask and not as_json:
        cue = _ask_cue(template)
    person = app.person
    with writing(app.db):
        kept = adopt(
            app.db, person, taught, template, app.now,
            rrule=wanted, cue=cue, name=name, target=target,
        )  # fmt: skip
        reminder = None
        if at is not None or (kept.rrule and not no_reminder):
            from reconnect.reminders.manage import add_reminder

            reminder = add_reminder(
                app.db, person, kept, app.now, app.settings, at=at or template.time
            )
    if as_json:
        print_json("adopted", {"habit": words.habit_json(kept, _due(reminder))})
        return
    _tell(app, kept, taught, reminder, same)


def _same(app: App, rule: Rule, template: HabitTemplate, name: str | None) -> list[str]:
    """Names of the habits of that template, which only an explicit name lets be adopted again."""
    from reconnect.store import habits

    every = habits.listed(app.looking, app.person.id, archived=True)
    same = [h for h in every if (h.rule, h.template) == (rule.id, template.id)]
    kept = [h.name for h in same if h.archived is None]
    if name is not None or not same:
        return kept
    if kept:
        raise UsageError(
            f"already adopted as {', '.join(kept)}: to adopt it once more, give it a name of its "
            f"own, such as --name {rule.id}-again"
        )
    old = same[-1].name
    raise UsageError(
        f"already adopted as {old}, and archived: `reconnect habits restore {old}` brings it back, "
        f"--name {rule.id}-again starts anew"
    )


def _ask_cue(template: HabitTemplate) -> str:
    from reconnect.habits.text import checked_line

    def checked(text: str) -> str:
        try:
            return checked_line("" if text == "-" else text, "the cue") or ""
        except UsageError as error:
            raise click.UsageError(str(error)) from error

    talk("A habit comes easier when it hangs on something you do anyway.")
    if template.cue:
        talk(f"Suggested: {style(template.cue, bold=True)}")
    question = (
        "Your cue (Enter keeps it, - for none)" if template.cue else "Your cue (Enter for none)"
    )
    answer: str = click.prompt(
        question, default=template.cue or "", show_default=False, value_proc=checked, err=True
    )
    return answer


def _due(reminder: Reminder | None) -> datetime | None:
    return reminder.next_due if reminder else None


def _tell(app: App, habit: Habit, rule: Rule, reminder: Reminder | None, same: list[str]) -> None:
    from reconnect.recurrence import describe

    talk(f"{style('adopted', fg='green')} {habit.name}: {habit.title} ({describe(habit.rrule)})")
    if habit.cue:
        talk(f"  cue: {habit.cue}")
    if reminder is not None and reminder.next_due is not None:
        talk(f"  next reminder: {words.moment(reminder.next_due, app.person.tzid, app.today)}")
    elif habit.rrule:
        talk(f"  no reminder: `reconnect remind add {habit.name} --at 19:30` adds one")
    talk(f"  log it: {words.log_example(habit, rule)}")
    if same:
        talk(f"  you keep the same habit as {', '.join(same)} too")
