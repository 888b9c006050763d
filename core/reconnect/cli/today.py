"""`today`: what is due, what is done, what rests, what comes next, and until when there is time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import click

from reconnect.cli import words
from reconnect.cli.app import App, pass_app
from reconnect.cli.daily import outlooks, say_nothing_adopted, state_on
from reconnect.cli.output import as_json as print_json
from reconnect.cli.output import columns, data, json_option, padded, style, talk, width_of, wrapped
from reconnect.cli.resting import as_dicts, next_reminders, tell_fading, tell_rest
from reconnect.habits.asking import is_open

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime

    from reconnect.habits.outlook import Outlook
    from reconnect.model.habit import Habit, State

SECTIONS = ("Due", "Done", "Resting", "Answered", "Next")
_SECTION_OF = {"yes": "Done", "skip": "Resting", "no": "Answered"}


class Row(NamedTuple):
    """A habit's line: `about` is what is said of it, the most important first."""

    mark: str
    name: str
    title: str
    about: tuple[str, ...]


@click.command("today")
@json_option
@pass_app
def today_command(app: App, as_json: bool) -> None:
    r"""Show what is due, done and resting today, what comes next, and how long there is time.

    \b
    + done   ~ partly   - not this time   s rests   . nothing logged
    """
    today = app.today
    found = outlooks(app, today)
    coming = next_reminders(app)
    if as_json:
        habits = [_json(app, one, coming.get(one.habit.id)) for one in found]
        content = {"day": today.isoformat(), "habits": habits}
        print_json("today", content | {"pauses": as_dicts(app)})
        return
    if not found:
        say_nothing_adopted()
        return
    sections: dict[str, list[Row]] = {name: [] for name in SECTIONS}
    for one in found:
        sections[section_of(one)].append(_row(app, one, coming.get(one.habit.id)))
    data(style(words.long_day(today, columns()), bold=True))
    shape = _fitting([row for rows in sections.values() for row in rows])
    for name, rows in sections.items():
        if rows:
            data(f"\n{style(name, dim=True)}")
            for row in rows:
                data(shape(row))
    tell_rest(app)
    _offer(app, [one.habit for one in found])
    tell_fading(app)


def section_of(outlook: Outlook) -> str:
    """Where a habit stands on the page."""
    if outlook.state in _SECTION_OF:
        return _SECTION_OF[outlook.state]
    begun = outlook.state == "partly" and outlook.due
    return "Due" if begun or is_open(outlook) else "Next"


def _row(app: App, outlook: Outlook, next_due: datetime | None) -> Row:
    habit, state = outlook.habit, outlook.state
    done = words.day_summary(habit, state_on(outlook, app.today), app.today)
    done = done.removeprefix("today: ")
    if state == "yes" and not done:
        done = "done"
    elif state == "skip":
        done = "rests"
    elif state == "no":
        done = "a slip" if outlook.tally.lapses else "not this time"
    until = words.countdown(outlook, app.today)
    if not habit.rrule:
        until = "when needed"
    elif until.startswith("again") and not done and outlook.span:
        until = f"kept this {outlook.span.unit}, {until}"
    when = _coming(app, next_due, state) if next_due is not None else ""
    if until.endswith("again tomorrow"):
        when = when.replace("tomorrow ", "")
    when = style(when, dim=True) if when else ""
    mark = style(words.mark(state), fg=words.COLORS.get(state), bold=True)
    return Row(mark, habit.name, habit.title, (done, until, when))


def _coming(app: App, due: datetime, state: State) -> str:
    """When the next reminder comes; one of today stays away when its habit is done or rests."""
    if due <= app.now or (state in ("yes", "skip") and _day_of(app, due) == app.today):
        return ""
    return f"next {words.moment(due, app.person.tzid, app.today)}"


def _day_of(app: App, instant: datetime) -> date:
    from reconnect.clock import local_day

    return local_day(instant, app.person.tzid, app.person.day_starts)


class _Shape(NamedTuple):
    """How rows are set: how wide names are, which parts they have, whether in one line."""

    name: int
    title: int
    parts: int
    stacked: bool

    def __call__(self, row: Row) -> str:
        """The row as it is printed."""
        about = [part for part in row.about[: self.parts] if part]
        if self.stacked:
            head, together = f"{row.mark} {row.name}", " · ".join(about)
            fits = width_of(together) + 2 <= (columns() or 80)
            return "\n".join([head, *(wrapped(p, 2) for p in ([together] if fits else about) if p)])
        cells = f"  {row.mark} {padded(row.name, self.name)}"
        if self.title:
            cells += f"  {padded(row.title, self.title)}"
        return (cells + (f"  {' · '.join(about)}" if about else "")).rstrip()


def _fitting(rows: Sequence[Row]) -> _Shape:
    """The most telling shape in which every row fits into the terminal's width.

    What is given up first is the time of the next reminder, then the title; in the end what is said
    of a habit stands in a line of its own.
    """
    name = max(width_of(row.name) for row in rows)
    title = max(width_of(row.title) for row in rows)
    room = columns()
    shapes = [_Shape(name, title, 3, False), _Shape(name, title, 2, False)]
    shapes += [_Shape(name, 0, 3, False), _Shape(name, 0, 2, False)]
    for shape in shapes:
        if room is None or all(width_of(shape(row)) <= room for row in rows):
            return shape
    return _Shape(name, 0, 2, True)


def _offer(app: App, kept: list[Habit]) -> None:
    """Say that there is a next rule; the plugins are looked at only when it may be time."""
    from reconnect.habits.introduction import PAUSE, offer

    if max(habit.begun for habit in kept) + PAUSE > app.today:
        return
    found = offer(app.looking, app.person.id, app.catalog.rules(), app.today)
    if found is not None:
        times = f"{found.times} times" if found.times > 1 else "once"
        offered = (
            f"You have kept {found.habit.name} {times}. Want to add {found.rule.title}? "
            f"`reconnect adopt {found.rule.id}`"
        )
        talk("\n" + wrapped(offered))


def _json(app: App, outlook: Outlook, next_due: datetime | None) -> dict[str, Any]:
    return words.state_json(outlook.habit, state_on(outlook, app.today)) | {
        "due": outlook.due,
        "open": is_open(outlook),
        "days_left": outlook.days_left,
        "span": words.span_json(outlook),
        "next_reminder": next_due.isoformat() if next_due else None,
    }
