"""`today`: what is due, what is done, what comes next."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from reconnect.cli import words
from reconnect.cli.app import App, pass_app
from reconnect.cli.output import as_json as print_json
from reconnect.cli.output import data, json_option, style, talk
from reconnect.cli.resting import as_dicts, tell_fading, tell_rest
from reconnect.habits.days import day_state, is_due

if TYPE_CHECKING:
    from datetime import datetime

    from reconnect.model.habit import DayState, Habit


@click.command("today")
@json_option
@pass_app
def today_command(app: App, as_json: bool) -> None:
    """Show what is due today, what is done, and when the next reminder comes."""
    from reconnect.store import entries, habits, reminders

    db, today = app.looking, app.today
    of_day = entries.between(db, app.person.id, today, today)
    coming = reminders.next_by_habit(db, app.person.id)
    lines = []
    for habit in habits.listed(db, app.person.id):
        state = day_state(habit, today, of_day)
        lines.append((habit, state, is_due(habit, today), coming.get(habit.id)))
    if as_json:
        content = {"day": today.isoformat(), "habits": [_json(*line) for line in lines]}
        print_json("today", content | {"pauses": as_dicts(app)})
        return
    if not lines:
        talk(
            "Nothing adopted yet. `reconnect start` sets everything up; `reconnect rules` shows "
            "what there is."
        )
        return
    data(style(f"{today:%A, %d %B %Y}", bold=True))
    width = max(14, *(len(line[0].name) for line in lines))
    for title, wanted in (("Due", True), ("Also", False)):
        rows = [_line(app, width, *line) for line in lines if line[2] is wanted]
        if rows:
            data(f"\n{style(title, dim=True)}\n" + "\n".join(rows))
    tell_rest(app)
    _offer(app, [line[0] for line in lines])
    tell_fading(app)


def _offer(app: App, kept: list[Habit]) -> None:
    """Say that there is a next rule; the plugins are looked at only when it may be time."""
    from reconnect.habits.introduction import PAUSE, offer

    if max(habit.begun for habit in kept) + PAUSE > app.today:
        return
    found = offer(app.looking, app.person.id, app.catalog.rules(), app.today)
    if found is not None:
        times = f"{found.times} times" if found.times > 1 else "once"
        talk(
            f"\nYou have kept {found.habit.name} {times}. Want to add {found.rule.title}? "
            f"`reconnect adopt {found.rule.id}`"
        )


def _line(
    app: App, width: int, habit: Habit, state: DayState, due: bool, next_due: datetime | None
) -> str:
    mark = style(words.mark(state.state), fg=words.COLORS.get(state.state), bold=True)
    done = words.day_summary(habit, state, app.today).removeprefix("today: ")
    if state.state in ("yes", "partly") and not done:
        done = "done"
    elif state.state == "skip":
        done = "rests"
    elif state.state == "no":
        done = "a slip" if state.lapses else "not this time"
    when = f"next {words.moment(next_due, app.person.tzid, app.today)}" if next_due else ""
    about = " · ".join(part for part in (done, when) if part)
    return f"  {mark} {habit.name:<{width}} {habit.title}" + (
        style(f"  {about}", dim=True) if about else ""
    )


def _json(habit: Habit, state: DayState, due: bool, next_due: datetime | None) -> dict[str, Any]:
    next_reminder = next_due.isoformat() if next_due else None
    return words.state_json(habit, state) | {"due": due, "next_reminder": next_reminder}
