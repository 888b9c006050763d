"""What the daily commands share: how every habit stands on a day, and in which order they come."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reconnect.cli.output import talk
from reconnect.habits.asking import by_urgency
from reconnect.habits.outlook import outlook_of
from reconnect.model.habit import DayState, Tally

if TYPE_CHECKING:
    from datetime import date

    from reconnect.cli.app import App
    from reconnect.habits.outlook import Outlook


def outlooks(app: App, day: date) -> list[Outlook]:
    """How the person's habits stand on a day: what breaks first comes first.

    A rule that shows no streaks has no countdown either.
    """
    from reconnect.store import habits

    kept = [h for h in habits.listed(app.looking, app.person.id) if h.begun <= day]
    quiet = app.catalog.unstreaked()
    found = outlook_of(app.looking, app.person.id, kept, day)
    each = [
        found[habit.id]._replace(days_left=None) if habit.rule in quiet else found[habit.id]
        for habit in kept
    ]
    return sorted(each, key=by_urgency)


def state_on(outlook: Outlook, day: date) -> DayState:
    """What the day of an outlook came to."""
    tally = outlook.tally
    return DayState(
        day=day,
        state=outlook.state,
        amount=tally.amount,
        entries=tally.done + tally.skips + tally.noes + tally.lapses,
        lapses=tally.lapses,
    )


def logged_since(app: App, outlook: Outlook, day: date) -> bool:
    """Whether somebody else logged it since it was looked at: a link, or another `ask`."""
    from reconnect.store import tallies

    number = outlook.habit.id
    now = tallies.of_days(app.looking, app.person.id, day, day, {number})
    return now.get(number, {}).get(day, Tally()) != outlook.tally


def say_nothing_adopted() -> None:
    """Say how to begin."""
    talk(
        "Nothing adopted yet. `reconnect start` sets everything up; `reconnect rules` shows "
        "what there is."
    )
