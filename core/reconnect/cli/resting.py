"""What is said beside the lists: what rests, and which habits run by themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from reconnect.cli.output import talk

if TYPE_CHECKING:
    from datetime import datetime

    from reconnect.cli.app import App
    from reconnect.model.reminder import Pause


def resting(app: App) -> list[Pause]:
    """The person's pauses that hold now or lie ahead."""
    from reconnect.recurrence import to_wall
    from reconnect.store import pauses, people

    if people.find(app.looking) is None:
        return []
    return pauses.open_ones(app.looking, app.person.id, to_wall(app.now, app.person.tzid))


def next_reminders(app: App) -> dict[int, datetime]:
    """When the next reminder of each habit comes, by its number; without those that rest then."""
    from reconnect.store import reminders

    pauses = resting(app)
    if not pauses:
        return reminders.next_by_habit(app.looking, app.person.id)
    from reconnect.cli.remind_words import instants

    found: dict[int, datetime] = {}
    for one in reminders.listed(app.looking, app.person.id):
        ahead = instants(one, app.person, app.now, pauses) if one.rrule else []
        if ahead:
            found[one.habit_id] = min(ahead[0], found.get(one.habit_id, ahead[0]))
    return found


def names(app: App) -> dict[int, str]:
    """The name of each habit, archived ones too."""
    from reconnect.store import habits

    return {one.id: one.name for one in habits.listed(app.looking, app.person.id, archived=True)}


def as_dicts(app: App) -> list[dict[str, Any]]:
    """The pauses for programs."""
    found = resting(app)
    if not found:
        return []
    from reconnect.cli.remind_words import pause_dict

    known = names(app)
    return [pause_dict(one, known.get(one.habit_id or 0), app.person) for one in found]


def tell_rest(app: App) -> None:
    """Say which reminders rest, until when, and how they come back."""
    found = resting(app)
    if not found:
        return
    from reconnect.cli.remind_words import pause_text

    known = names(app)
    for one in found:
        name = known.get(one.habit_id or 0)
        back = "reconnect resume" + (f" {name}" if name else "")
        text = pause_text(one, name, app.person, app.today)
        talk(f"{text[:1].upper()}{text[1:]}. `{back}` brings them back.", wrap=True)


def tell_fading(app: App) -> None:
    """Ask about habits that run by themselves; say whose reminders came back."""
    from reconnect.store import fading as table

    if not table.of_person(app.looking, app.person.id):
        return
    from reconnect.reminders.fading import questions

    for habit, fading, _ in questions(app.looking, app.person, app.today):
        if fading.answer == "slump":
            talk(f"\n{habit.name} is a little harder just now: its reminders are back.")
        elif fading.every_nth == 4:
            talk(f"\n{habit.name} runs itself: stop reminding? `reconnect fade {habit.name}`")
        else:
            talk(f"\n{habit.name} runs itself now: remind less? `reconnect fade {habit.name}`")
