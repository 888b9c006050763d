"""`week`: seven days as a grid, one line per habit."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

import click

from reconnect.cli import words
from reconnect.cli.app import App, pass_app
from reconnect.cli.daily import say_nothing_adopted
from reconnect.cli.output import as_json as print_json
from reconnect.cli.output import columns, data, json_option, padded, style, width_of, wrapped_parts
from reconnect.model.habit import DayState, Tally

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from reconnect.model.habit import Habit, State

DAYS = 7
_LEAST_NAME = 6


class Cell(NamedTuple):
    """A habit's day: what it came to, whether it was due, and which state is shown for it."""

    state: DayState
    due: bool
    shown: State


@click.command("week")
@click.option("--ending", metavar="DAY", help="The last of the seven days; today unless told.")
@json_option
@pass_app
def week_command(app: App, ending: str | None, as_json: bool) -> None:
    r"""Show the last seven days as a grid, a line for each habit, today at the right.

    \b
    + done   ~ partly   - not this time   s rests   . due, and nothing logged
    """
    from reconnect.habits.days import parse_day
    from reconnect.store import habits, tallies

    last = parse_day(ending, app.today) if ending is not None else app.today
    days = [last - timedelta(days=back) for back in reversed(range(DAYS))]
    kept = [h for h in habits.listed(app.looking, app.person.id) if h.begun <= last]
    logged = tallies.of_days(app.looking, app.person.id, days[0], last)
    rows = [
        (h, [_cell(h, day, logged.get(h.id, {}).get(day), app.today) for day in days]) for h in kept
    ]
    if as_json:
        span = {"from": days[0].isoformat(), "to": last.isoformat()}
        print_json("week", {**span, "habits": [_json(habit, cells) for habit, cells in rows]})
        return
    if not rows:
        say_nothing_adopted()
        return
    for line in _grid(days, rows, app.today):
        data(line)
    _say_marks([cell for _, cells in rows for cell in cells])


def _cell(habit: Habit, day: date, tally: Tally | None, today: date) -> Cell:
    from reconnect.habits.days import is_due, judged, state_of

    found = tally or Tally()
    state = DayState(
        day=day,
        state=state_of(habit, day, found),
        amount=found.amount,
        entries=found.done + found.skips + found.noes + found.lapses,
        lapses=found.lapses,
    )
    return Cell(state, is_due(habit, day), judged(habit, day, found, today))


def _say_marks(cells: Sequence[Cell]) -> None:
    from reconnect.review.figures import legend

    seen = {cell.shown for cell in cells if cell.due or cell.shown != "unknown"}
    if seen:
        data("\n" + style(wrapped_parts(legend(seen), 0), dim=True))


def _grid(days: Sequence[date], rows: Sequence[tuple[Habit, list[Cell]]], today: date) -> list[str]:
    """The heading, the days, and a line per habit, as wide as there is room for.

    Amounts stand beside the marks where they fit; where it is narrow the days have one letter, and
    names are cut.
    """
    amounts = [[_amount(cell) for cell in cells] for _, cells in rows]
    name = max(width_of(habit.name) for habit, _ in rows)
    most = max(width_of(text) for texts in amounts for text in texts)
    wide = max(3, 2 + most if most else 0)
    room = columns()
    if room is None or name + (wide + 2) * DAYS <= room:
        cell, gap = wide, 2
    elif name + 5 * DAYS <= room:
        cell, gap = 3, 2
    else:
        cell, gap = 1, 1 if room < name + 2 + 3 * DAYS else 2
        name = min(name, max(_LEAST_NAME, room - (cell + gap) * DAYS))
    blank = " " * gap
    heads = [_head(day, cell) for day in days]
    heads = [
        style(head, **{"bold" if day == today else "dim": True})
        for head, day in zip(heads, days, strict=True)
    ]
    title = f"{words.long_day(days[0], 0)} to {words.long_day(days[-1], 0)}"
    lines = [style(title, bold=True), ""] if room is None or len(title) <= room else []
    lines.append(" " * name + blank + blank.join(padded(head, cell) for head in heads).rstrip())
    for (habit, cells), texts in zip(rows, amounts, strict=True):
        marks = [
            padded(f"{_mark(one)} {text if cell == wide else ''}".rstrip(), cell)
            for one, text in zip(cells, texts, strict=True)
        ]
        lines.append((padded(_cut(habit.name, name), name) + blank + blank.join(marks)).rstrip())
    return lines


def _head(day: date, cell: int) -> str:
    return f"{day:%a}"[: max(1, min(cell, 3))]


def _mark(cell: Cell) -> str:
    state = cell.shown
    if state == "unknown":
        return style(words.mark(state), dim=True) if cell.due else " "
    # What is kept because nothing slipped is told apart from what somebody logged.
    return style(words.mark(state), fg=words.COLORS.get(state), bold=cell.state.state == state)


def _amount(cell: Cell) -> str:
    return "" if cell.state.amount is None else words.number(cell.state.amount)


def _cut(name: str, width: int) -> str:
    return name if width_of(name) <= width else f"{name[: width - 1]}…"


def _json(habit: Habit, cells: Sequence[Cell]) -> dict[str, Any]:
    return {
        "habit": habit.name,
        "rule": habit.rule,
        "title": habit.title,
        "unit": habit.unit,
        "days": [
            {
                "day": cell.state.day.isoformat(),
                "state": cell.state.state,
                "due": cell.due,
                "amount": cell.state.amount,
                "target": habit.terms_on(cell.state.day).target,
                "entries": cell.state.entries,
                "lapses": cell.state.lapses,
            }
            for cell in cells
        ],
    }
