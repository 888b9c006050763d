"""`lapse`: log a slip, and see the way back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from reconnect.cli.entry_options import entry_options
from reconnect.cli.help_offer import offer_help_for
from reconnect.cli.log import HABIT, HabitGroup, save, tell
from reconnect.cli.output import data, style, talk, wrapped

if TYPE_CHECKING:
    from reconnect.cli.app import App
    from reconnect.habits.record import Recorded
    from reconnect.model.habit import Habit
    from reconnect.model.rule import Lapse, Rule


def _build_lapse(app: App, habit: Habit, rule: Rule) -> click.Command:
    def callback(as_json: bool, kind: str | None, remind: str | None, **options: Any) -> None:
        if kind is None and len(rule.lapses) > 1 and app.may_ask:
            kind = _choose(rule.lapses)
        recorded = save(app, habit, "lapse", options, lapse=kind)
        found = next((lapse for lapse in rule.lapses if lapse.id == recorded.entry.lapse), None)
        if as_json:
            _print_json(habit, rule, recorded, found)
            return
        tell(app, habit, recorded, as_json=False)
        if found is not None:
            data(wrapped(found.antidote))
            if found.next_act:
                data("\n" + style(wrapped(f"Next: {found.next_act}"), bold=True))
                _remind(app, habit, found.next_act, remind)
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


def _remind(app: App, habit: Habit, next_act: str, at: str | None) -> None:
    """Set a reminder of the next small act, if it is wished."""
    if at is None and not app.may_ask:
        return
    from datetime import datetime, timedelta

    from reconnect.errors import UsageError
    from reconnect.recurrence import to_wall
    from reconnect.reminders.manage import add_once, parse_time

    while at is None:
        given = click.prompt(
            "Remind you of it at (HH:MM, Enter for no)", default="", show_default=False, err=True
        ).strip()
        if not given:
            return
        try:
            at = parse_time(given).strftime("%H:%M")
        except UsageError as error:
            talk(str(error))
    now = to_wall(app.now, app.person.tzid)
    wall = datetime.combine(now.date(), parse_time(at))
    wall += timedelta(days=wall <= now)
    add_once(app.db, app.person, habit, app.now, app.settings, wall=wall, text=next_act)
    talk(f"You will be reminded {'tomorrow ' if wall.date() > now.date() else ''}at {at}.")


def _choose(lapses: tuple[Lapse, ...]) -> str:
    talk("What was it?")
    for number, lapse in enumerate(lapses, start=1):
        talk(f"  {number}  {lapse.title}")
    chosen = click.prompt("Number", type=click.IntRange(1, len(lapses)), err=True)
    return lapses[chosen - 1].id


def _print_json(habit: Habit, rule: Rule, recorded: Recorded, lapse: Lapse | None) -> None:
    from reconnect.cli import words
    from reconnect.cli.output import as_json

    private = words.private_answers(recorded.entry, rule)
    content = {
        "new": recorded.new,
        "entry": words.entry_json(recorded.entry, habit, private),
        "antidote": lapse.antidote if lapse else None,
        "next_act": lapse.next_act if lapse else None,
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
