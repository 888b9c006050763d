"""`start`: set up on first use, then remind in the foreground until Ctrl-C."""

from __future__ import annotations

import sys
from functools import partial
from typing import TYPE_CHECKING

import click

from reconnect.cli import words
from reconnect.cli.app import App, pass_app
from reconnect.cli.output import style, talk, wrapped
from reconnect.cli.resting import tell_fading, tell_rest
from reconnect.clock import from_ms
from reconnect.errors import NotFoundError
from reconnect.habits.adopt import template_of

if TYPE_CHECKING:
    from datetime import datetime

    from reconnect.model.habit import Habit
    from reconnect.store.leases import Ack


@click.command("start")
@pass_app
def start_command(app: App) -> None:
    """Set up on first use, send a first reminder at once, and keep reminding until Ctrl-C."""
    from reconnect.cli.setup import needs_set_up, set_up
    from reconnect.daemon import Daemon
    from reconnect.lock import InstanceLock
    from reconnect.logfile import LogFile
    from reconnect.logging import PLAIN, add, log_to
    from reconnect.store import habits

    # Held while setting up: two first starts at once would both take up the first habit.
    lock = InstanceLock(app.paths.lock)
    lock.acquire()
    try:
        if needs_set_up(app):
            set_up(app)
        else:
            _offer(app)
            tell_rest(app)
            tell_fading(app)
    finally:
        lock.release()
    kept = habits.listed(app.db, app.person.id)
    if kept:
        _welcome(app, kept[0])
    else:
        talk(
            "Nothing adopted yet: `reconnect rules` shows what there is, `reconnect adopt RULE` "
            "takes it up."
        )

    log_to(None, "error", PLAIN)
    add(LogFile(app.paths.log), app.settings.daemon.log_level, app.settings.daemon.log_format)
    daemon = Daemon(
        app.paths, app.clock, terminal=sys.stdout, told=partial(_tell, app), waits=_ask_patience
    )
    daemon.run(on_ready=partial(_show_next, app, kept), on_end=_say_goodbye)


def _offer(app: App) -> None:
    """Offer the next rule, once the last one has its place."""
    from reconnect.cli.setup import ask_time, take_up
    from reconnect.habits.introduction import decline, offer
    from reconnect.store.database import writing

    found = offer(app.db, app.person.id, app.catalog.rules(), app.today)
    if found is None:
        return
    times = f"{found.times} times" if found.times > 1 else "once"
    talk(wrapped(f"You have kept {found.habit.name} {times}. Want to add {found.rule.title}?"))
    if not app.may_ask:
        talk(f"`reconnect adopt {found.rule.id}` takes it up.")
        return
    at = ask_time(found.rule, template_of(found.rule))
    if at is not None:
        take_up(app, found.rule, at)
        return
    with writing(app.db):
        decline(app.db, app.person.id, app.today)
    talk("Then not now. What you keep is enough.")


def _ask_patience() -> None:
    talk("\nWaiting a few seconds for what is on its way. Ctrl-C again leaves at once.")


def _say_goodbye() -> None:
    talk("\nStopped. What falls due meanwhile is caught up when you start again.")


def _welcome(app: App, habit: Habit) -> None:
    """The very first reminder comes at once, so that the person sees it work."""
    from reconnect import recurrence
    from reconnect.reminders.manage import add_once
    from reconnect.store import delivery_history, reminders

    once = [one for one in reminders.listed(app.db, app.person.id) if not one.rrule]
    if once or delivery_history.listed(app.db, app.person.id, limit=1):
        return
    wall = recurrence.to_wall(app.now, app.person.tzid)
    add_once(app.db, app.person, habit, app.now, app.settings, when=wall)


def _tell(app: App, ack: Ack) -> None:
    """Say what became of a reminder, where the terminal does not show it."""
    from reconnect.cli.outcome_words import explain
    from reconnect.reminders.channels import channels, is_terminal

    name = ack.delivery.channel
    settings = channels(app.settings).get(name)
    if ack.state == "suppressed" or (settings is not None and is_terminal(settings.url)):
        return
    now = words.moment(from_ms(ack.ended), app.person.tzid, app.today)
    if ack.state == "sent":
        talk(style(f"{now} sent to {name}", dim=True))
        return
    again = {
        "pending": ". It is sent again later",
        "dead": f". `reconnect deliveries retry {ack.delivery.id}` sends it again",
    }.get(ack.state, "")
    talk(f"{now} {style(f'not sent to {name}', fg='yellow')}: {explain(ack.outcome)}{again}.")


def _show_next(app: App, kept: list[Habit]) -> None:
    from reconnect.reminders.channels import default_names
    from reconnect.store import reminders

    # The welcome is due now, and not what comes next.
    coming: dict[int, datetime] = {}
    for reminder in reminders.listed(app.db, app.person.id):
        if reminder.next_due is not None and reminder.next_due > app.now:
            coming.setdefault(reminder.habit_id, reminder.next_due)
    where = ", ".join(default_names(app.settings))
    talk(f"\n{style('Reminding', bold=True)} to: {where}. Ctrl-C stops.")
    for habit in kept:
        due = coming.get(habit.id)
        if due is not None:
            when = words.moment(due, app.person.tzid, app.today)
            talk(f"  {when:<16} {habit.name:<12} {habit.title}")
    example = _example(app, kept[0]) if kept else "reconnect adopt RULE"
    talk(f"In another terminal: `{example}`, `reconnect today`")


def _example(app: App, habit: Habit) -> str:
    try:
        return words.log_example(habit, app.rule_of(habit))
    except NotFoundError:
        return f"reconnect log {habit.name}"
