"""`lapse`: log a slip, and see the way back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from reconnect.cli.entry_options import entry_options
from reconnect.cli.help_offer import offer_help_for
from reconnect.cli.log import HABIT, HabitGroup, save, tell, tell_plugins
from reconnect.cli.output import data, style, talk, wrapped

if TYPE_CHECKING:
    from datetime import time

    from reconnect.cli.app import App
    from reconnect.habits.record import Recorded
    from reconnect.model.habit import Habit
    from reconnect.model.reminder import Reminder
    from reconnect.model.rule import Lapse, Rule


def _build_lapse(app: App, habit: Habit, rule: Rule) -> click.Command:
    def callback(as_json: bool, kind: str | None, remind: str | None, **options: Any) -> None:
        if remind is not None:
            _parsed(remind)  # before anything is written
        if kind is None and len(rule.lapses) > 1 and app.may_ask:
            kind = _choose(rule.lapses)
        recorded = save(app, habit, "lapse", options, lapse=kind)
        found = next((lapse for lapse in rule.lapses if lapse.id == recorded.entry.lapse), None)
        next_act = found.next_act if found else None
        at = _parsed(remind) if remind is not None else None
        if as_json:
            tell_plugins(app, recorded.entry)
            reminder = _remind(app, habit, recorded, next_act, at) if at else None
            _print_json(habit, rule, recorded, found, reminder)
            return
        tell(app, habit, recorded, as_json=False)
        tell_plugins(app, recorded.entry)
        if found is not None:
            data(wrapped(found.antidote))
        if next_act:
            data("\n" + style(wrapped(f"Next: {next_act}"), bold=True))
            if at is None and recorded.new and app.may_ask:
                at = _ask_time()
        if at is not None:
            _say_when(app, _remind(app, habit, recorded, next_act, at))
        if recorded.new:
            offer_help_for(app, rule)

    def complete(_ctx: click.Context, _param: click.Parameter, incomplete: str) -> list[Any]:
        from click.shell_completion import CompletionItem

        fitting = [lapse for lapse in rule.lapses if lapse.id.startswith(incomplete)]
        return [CompletionItem(lapse.id, help=lapse.title) for lapse in fitting]

    kinds = "\n".join(f"  {lapse.id}: {lapse.title}" for lapse in rule.lapses)
    command = click.Command(
        habit.name,
        callback=callback,
        params=[
            click.Argument(["kind"], required=False, shell_complete=complete),
            click.Option(["--remind"], metavar="HH:MM", help="Remind you of the next small act."),
        ],
        help=f"Log a slip with {habit.name}, and see the way back.",
        epilog=f"\b\nKinds:\n{kinds}" if kinds else None,
    )
    return entry_options(command, landed=False)


def _ask_time() -> time | None:
    """When to be reminded of the next small act; None where it is not wished."""
    from reconnect.errors import UsageError

    while True:
        try:
            given = click.prompt(
                "Remind you of it at (HH:MM, Enter for no)", default="", show_default=False,
                err=True,
            ).strip()  # fmt: skip
        except click.Abort:
            talk("")  # The slip is logged all the same.
            return None
        if not given:
            return None
        try:
            return _parsed(given)
        except UsageError as error:
            talk(str(error))


def _parsed(given: str) -> time:
    from reconnect.reminders.spoken import parse_time

    return parse_time(given)


def _remind(
    app: App, habit: Habit, recorded: Recorded, next_act: str | None, at: time
) -> Reminder | None:
    """Remind of the next small act, or of the habit where there is none, at the next such time.

    Of a slip that was logged before, the reminder of then is meant: made now if it never came to
    that; None where its time has passed.
    """
    from reconnect.reminders.manage import add_once
    from reconnect.reminders.promised import next_time, unmistakable
    from reconnect.store import reminders

    entry, tzid = recorded.entry, app.person.tzid
    when = next_time(at, entry.recorded or app.now, tzid)
    if not recorded.new:
        wanted = ("", unmistakable(when, tzid), next_act)
        for one in reminders.listed(app.db, app.person.id, habit_id=habit.id, ended=True):
            if (one.rrule, one.dtstart_wall, one.text) == wanted:
                return one
        if when <= app.now:
            return None
    return add_once(app.db, app.person, habit, app.now, app.settings, when=when, text=next_act)


def _say_when(app: App, reminder: Reminder | None) -> None:
    from reconnect.cli import words
    from reconnect.cli.rule_session import say_where_nothing_reminds

    if reminder is not None and reminder.next_due is not None:
        when = words.moment(reminder.next_due, app.person.tzid, app.today)
        talk(f"You will be reminded of it, {when}.")
    say_where_nothing_reminds(app)


def _choose(lapses: tuple[Lapse, ...]) -> str:
    talk("What was it?")
    for number, lapse in enumerate(lapses, start=1):
        talk(f"  {number}  {lapse.title}")
    chosen = click.prompt("Number", type=click.IntRange(1, len(lapses)), err=True)
    return lapses[chosen - 1].id


def _print_json(
    habit: Habit, rule: Rule, recorded: Recorded, lapse: Lapse | None, reminder: Reminder | None
) -> None:
    from reconnect.cli import words
    from reconnect.cli.output import as_json

    private = words.private_answers(recorded.entry, rule)
    due = reminder.next_due if reminder else None
    content = {
        "new": recorded.new,
        "entry": words.entry_json(recorded.entry, habit, private),
        "antidote": lapse.antidote if lapse else None,
        "next_act": lapse.next_act if lapse else None,
        "reminder": due.isoformat() if due else None,
    }
    as_json("entry", content)


class _LapseGroup(HabitGroup):
    def build(self, app: App, habit: Habit, rule: Rule) -> click.Command:
        return _build_lapse(app, habit, rule)


@click.group("lapse", cls=_LapseGroup, lazy={}, subcommand_metavar=HABIT)
def lapse_command() -> None:
    """Log a slip, and see the way back: `reconnect lapse HABIT [KIND]`.

    Nothing is lost by a slip. It is written down, and answered with one small thing to do next.
    """
