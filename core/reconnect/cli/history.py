"""`history`: what was logged, day by day, the newest last."""

from __future__ import annotations

from datetime import timedelta
from itertools import groupby
from typing import TYPE_CHECKING, Any

import click

from reconnect.cli import complete, words
from reconnect.cli.app import App, pass_app
from reconnect.cli.output import as_json as print_json
from reconnect.cli.output import columns, data, json_option, style, talk, wrapped
from reconnect.errors import UsageError
from reconnect.habits.days import day_state, parse_day

if TYPE_CHECKING:
    from datetime import date

    from reconnect.model.habit import Entry, Habit
    from reconnect.model.rule import Rule

DAYS = 14
_ROOM = 20
"""So many columns what was logged needs beside its name and time."""


@click.command("history")
@click.argument("habit", required=False, shell_complete=complete.every)
@click.option(
    "--days",
    type=click.IntRange(1, 36600),
    metavar="N",
    help=f"How many days ({DAYS} unless told).",
)
@click.option("--from", "first", metavar="DAY", help="From this day on: mon, -30, 2026-11-03.")
@click.option("--to", "last", metavar="DAY", help="Up to this day; today unless told.")
@click.option("--notes", is_flag=True, help="Show notes and private answers too.")
@json_option
@pass_app
def history_command(
    app: App,
    habit: str | None,
    days: int | None,
    first: str | None,
    last: str | None,
    notes: bool,
    as_json: bool,
) -> None:
    """Show what was logged day by day, the newest last: of every habit, or of HABIT."""
    from reconnect.store import entries, habits

    of = app.habit(habit, archived=True) if habit else None
    start, end = _span(app.today, days, first, last)
    found = entries.between(app.looking, app.person.id, start, end, habit_id=of.id if of else None)
    known = {h.id: h for h in habits.listed(app.looking, app.person.id, archived=True)}
    by_day = [(day, list(group)) for day, group in groupby(found, key=lambda entry: entry.day)]
    if as_json:
        rules = {h.id: app.catalog.rule(h.rule) for h in known.values()}
        content = [_day_json(day, group, known, rules, notes) for day, group in by_day]
        span = {"from": start.isoformat(), "to": end.isoformat()}
        print_json("history", {**span, "habit": of.name if of else None, "days": content})
        return
    if not by_day:
        whose = f" of {of.name}" if of else ""
        told = f"{words.long_day(start, 0)} to {words.long_day(end, 0)}"
        talk(wrapped(f"Nothing logged{whose} from {told}. `reconnect log` starts it."))
        return
    rules = {h.id: app.catalog.rule(h.rule) for h in known.values()}
    width = max(len(known[entry.habit_id].name) for entry in found)
    for number, (day, group) in enumerate(by_day):
        data(("\n" if number else "") + style(words.long_day(day), bold=True))
        for line in _lines(day, group, known, rules, notes, width):
            data(line)


def _span(today: date, days: int | None, first: str | None, last: str | None) -> tuple[date, date]:
    end = today if last is None else parse_day(last, today)
    if first is None:
        length = DAYS if days is None else days
        return end - timedelta(days=length - 1), end
    if days is not None:
        raise UsageError("--days and --from both say where to begin: give one of them")
    start = parse_day(first, today)
    if start > end:
        raise UsageError(f"--from {start} lies after --to {end}: exchange them")
    return start, end


def _lines(
    day: date,
    group: list[Entry],
    known: dict[int, Habit],
    rules: dict[int, Rule | None],
    notes: bool,
    width: int,
) -> list[str]:
    """One line per entry, a habit's together; its first one shows what the day came to."""
    lines = []
    shown: set[int] = set()
    order = list(dict.fromkeys(entry.habit_id for entry in group))
    for entry in sorted(group, key=lambda one: order.index(one.habit_id)):
        habit = known[entry.habit_id]
        mark = " "
        if habit.id not in shown:
            state = day_state(habit, day, group).state
            mark = style(words.mark(state), fg=words.COLORS.get(state), bold=True)
        name = habit.name if habit.id not in shown else ""
        shown.add(habit.id)
        private = set() if notes else words.private_answers(entry, rules[habit.id])
        text = words.describe_entry(entry, habit, private)
        before = f"  {mark} {name:<{width}}  {words.time_of(entry):<5}  "
        if (room := columns()) is None:
            lines.append(before + text)
        elif room - width - 13 >= _ROOM:
            lines.append(before + wrapped(text, width + 13).lstrip())
        else:
            lines += [before.rstrip(), wrapped(text, 6)]
        if notes and entry.note:
            indent = " " * (width + 13)
            lines += [style(indent + line, dim=True) for line in entry.note.splitlines()]
    return lines


def _day_json(
    day: date,
    group: list[Entry],
    known: dict[int, Habit],
    rules: dict[int, Rule | None],
    notes: bool,
) -> dict[str, Any]:
    habits = [known[number] for number in dict.fromkeys(entry.habit_id for entry in group)]
    states = [(habit, day_state(habit, day, group)) for habit in habits]
    return {
        "day": day.isoformat(),
        "states": [words.state_json(habit, state) for habit, state in states],
        "entries": [
            words.entry_json(
                entry,
                known[entry.habit_id],
                words.private_answers(entry, rules[entry.habit_id]),
                notes=notes,
            )
            for entry in group
        ],
    }
