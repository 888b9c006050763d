"""The first set-up, shared by `start` and `init`: settings, a channel, first habits."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import click

from reconnect.cli.asking import confirm
from reconnect.cli.output import on_terminal, style, talk, wrapped
from reconnect.errors import ReconnectError, UsageError

if TYPE_CHECKING:
    from reconnect.cli.app import App
    from reconnect.model.habit import Habit
    from reconnect.model.rule import HabitTemplate, Rule

AT_ONCE = 3
"""So many habits can be taken up at set-up, however willing somebody is: the others come later."""

_CONFIG = """\
# Settings of reconnect. `reconnect config show` lists every setting there is and what holds now;
# config.example.toml in the project says what each one means.

[person]
name = {name}
# An IANA zone such as "Europe/Berlin"; empty follows this machine.
timezone = ""
# What is logged before this time counts for the day before.
day_starts = "03:00"

[channels.{channel}]
# An Apprise URL, or env:NAME or file:PATH that hold one.
url = {url}
"""


def set_up(app: App) -> list[Habit]:
    """Create what is not there yet, asking on a terminal; returns the habits that were adopted."""
    asking = on_terminal() and not app.no_input
    if not os.path.exists(app.paths.config):
        _write_config(app, asking=asking)
    app.__dict__.pop("settings", None)
    return _adopt_first(app, asking=asking)


def needs_set_up(app: App) -> bool:
    """Whether there is no settings file, or nothing was ever adopted."""
    from reconnect.store import habits

    return not os.path.exists(app.paths.config) or not habits.listed(
        app.db, app.person.id, archived=True
    )


def _write_config(app: App, *, asking: bool) -> None:
    import msgspec

    from reconnect.paths import write_private_file

    channel, url = _default_channel()
    name = ""
    if asking:
        talk("Hello. A few questions first; Enter takes what stands in brackets.\n")
        name = _asked_name()
        channel, url = _asked_channel(channel, url)
    else:
        where = "this terminal" if channel == "terminal" else "desktop notifications"
        talk(f"Nobody to ask here, so defaults are taken: reminders go to {where}.")
    quoted = [msgspec.json.encode(text).decode() for text in (name, url)]
    text = _CONFIG.format(name=quoted[0], channel=channel, url=quoted[1])
    try:
        write_private_file(app.paths.config, text.encode())
    except OSError as error:
        raise ReconnectError(
            f"cannot write {app.paths.config}: {error.strerror}. Set RECONNECT_HOME to a "
            "directory that you can write to."
        ) from error
    talk(f"Settings: {app.paths.config} (only you can read it)")


def _asked_name() -> str:
    from reconnect.habits.text import checked_line

    while True:
        name = click.prompt("What may I call you?", default="", show_default=False, err=True)
        try:
            return checked_line(name, "the name") or ""
        except UsageError as error:
            talk(str(error))


def _default_channel() -> tuple[str, str]:
    from reconnect.reminders.channels import TERMINAL, TERMINAL_URL
    from reconnect.reminders.deliver import desktop_url

    url = desktop_url()
    return ("desktop", url) if url else (TERMINAL, TERMINAL_URL)


def _asked_channel(channel: str, url: str) -> tuple[str, str]:
    from reconnect.reminders.deliver import Sender
    from reconnect.secrets import resolve

    what = "desktop notifications" if channel == "desktop" else "this terminal"
    text = (
        f"Reminders go to {style(what, bold=True)}; Enter keeps that. Or give an Apprise address, "
        "such as ntfy://ntfy.sh/a-name-nobody-guesses, or env:NAME or file:PATH that hold one."
    )
    talk(f"\n{wrapped(text)}")
    while True:
        given = click.prompt("Channel", default="", show_default=False, err=True).strip()
        if not given:
            return channel, url
        try:
            address = resolve(given, "the channel")
        except ReconnectError as error:
            talk(str(error))
            continue
        if Sender().check(address).accepted:
            return _name_for(address), given
        talk("Apprise does not know this address, or a package for it is missing. Once more:")


def _name_for(address: str) -> str:
    """What the channel is called in config.toml: "ntfy" for ntfys://…, "mail" for mailto://…."""
    import re

    schema = address.partition("://")[0].lower()
    plain = schema[:-1] if schema in ("jsons", "xmls", "forms", "ntfys", "gotifys") else schema
    if plain in ("mailto", "mailtos"):
        return "mail"
    return plain if re.fullmatch(r"[a-z][a-z0-9_-]{0,39}", plain) else "channel"


def take_up(app: App, rule: Rule, at: str) -> Habit:
    """Adopt a rule's first habit with a reminder at that time, and say so."""
    from reconnect.habits.adopt import adopt, template_of
    from reconnect.recurrence import describe
    from reconnect.reminders.manage import add_reminder
    from reconnect.store.database import writing

    with writing(app.db):
        habit = adopt(app.db, app.person, rule, template_of(rule), app.now)
        if habit.rrule:
            add_reminder(app.db, app.person, habit, app.now, app.settings, at=at)
    when = f"{describe(habit.rrule)} at {at}" if habit.rrule else "when needed"
    talk(f"{style('+', fg='green')} {habit.name}: {habit.title}, {when}")
    return habit


def _adopt_first(app: App, *, asking: bool) -> list[Habit]:
    """Begin with one rule, the first in order; on a terminal more are taken up only if wished."""
    from reconnect.habits.adopt import template_of

    rules = app.catalog.rules()
    adopted: list[Habit] = []
    for rule in rules:
        at: str | None = template_of(rule).time
        if asking:
            if adopted and not confirm("\nOne more now? One a week is plenty", False):
                break
            at = ask_time(rule, template_of(rule))
            if at is None:
                continue
        adopted.append(take_up(app, rule, at or "19:30"))
        if not asking or len(adopted) == AT_ONCE:
            break
    if adopted and len(rules) > len(adopted):
        text = (
            "One rule is enough to begin with: the next one is offered when this has its place. "
            "`reconnect rules` shows all."
        )
        talk(style(wrapped(text), dim=True))
    return adopted


def ask_time(rule: Rule, template: HabitTemplate) -> str | None:
    """Ask whether to take up a habit, and when to remind; None is no."""
    from reconnect.reminders.spoken import parse_time

    talk("\n" + wrapped(f"{style(rule.title, bold=True)}: {rule.summary}"))
    if not confirm(f"Take up '{template.title}'?", True):
        return None
    while True:
        given = click.prompt("Remind you at", default=template.time, err=True)
        try:
            return parse_time(given).strftime("%H:%M")
        except UsageError as error:
            talk(str(error))
