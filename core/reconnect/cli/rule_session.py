"""What a rule's own command works with, on the command line."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, Any

import click

from reconnect.cli.output import data, talk
from reconnect.clock import local_day, to_ms
from reconnect.errors import NotFoundError
from reconnect.rules.session import Once, RuleSession

if TYPE_CHECKING:
    from collections.abc import Mapping
    from contextlib import AbstractContextManager
    from datetime import date, datetime, time

    from reconnect.cli.app import App
    from reconnect.model.habit import Entry, EntryKind, Habit, Landed
    from reconnect.model.history import History, Record
    from reconnect.model.rule import Rule

_ECHOED = 4
"""A terminal shows ^C where Ctrl-C is pressed: so much more of a line is overwritten."""


class Session(RuleSession):
    """One run of a command of one rule; nothing is opened before it is needed."""

    def __init__(self, app: App, rule_id: str) -> None:
        """Know whose command it is."""
        self._app = app
        self._rule_id = rule_id
        self._progress = 0

    @property
    def now(self) -> datetime:
        """The present instant (UTC), asked anew each time."""
        return self._app.clock.now()

    @property
    def wall(self) -> datetime:
        """The naive time that the person's clock shows now."""
        from reconnect.recurrence import to_wall

        return to_wall(self.now, self._app.person.tzid)

    @property
    def today(self) -> date:
        """The person's day that is now."""
        person = self._app.person
        return local_day(self.now, person.tzid, person.day_starts)

    @property
    def person_name(self) -> str:
        """What the person is called; may be empty."""
        return self._app.person.name

    @property
    def adopted(self) -> bool:
        """Whether the person keeps a habit of this rule."""
        return bool(self._habits())

    @property
    def rule(self) -> Rule:
        """The rule itself, as data."""
        rule = self._app.catalog.rule(self._rule_id)
        if rule is None:
            raise NotFoundError(f"the plugin of '{self._rule_id}' is off: see `reconnect plugins`")
        return rule

    @property
    def templates(self) -> frozenset[str]:
        """The template ids of the rule's habits that the person keeps."""
        return frozenset(habit.template for habit in self._habits())

    @property
    def interactive(self) -> bool:
        """Whether somebody is there to be asked."""
        return self._app.may_ask

    def require(self, habit: str | None = None) -> None:
        """Go no further unless the rule (or its habit of that template id) is adopted."""
        self._habit(habit)

    def history(self) -> History:
        """Everything logged of this rule so far, oldest first."""
        from reconnect.habits.looking_back import history_of

        app = self._app
        return history_of(
            app.looking, app.person.id, self._rule_id, self.today, app.catalog.rules()
        )

    def record(
        self,
        *,
        kind: EntryKind = "done",
        fields: Mapping[str, object] | None = None,
        lapse: str | None = None,
        note: str | None = None,
        landed: Landed | None = None,
        habit: str | None = None,
    ) -> Entry:
        """Store an entry for today, and say so."""
        from reconnect.cli.help_offer import offer_help_for
        from reconnect.cli.log import tell, tell_plugins
        from reconnect.habits.record import record

        app, of = self._app, self._habit(habit)
        # A command that waits, as a timer does, may end on another day than it began.
        app.__dict__["now"] = self.now
        recorded = record(
            app.db, app.person, of, app.rule_of(of), app.now,
            kind=kind, fields=fields, lapse=lapse, note=note, landed=landed,
        )  # fmt: skip
        tell(app, of, recorded, as_json=False)
        tell_plugins(app, recorded.entry)
        offer_help_for(app, self.rule)
        return recorded.entry

    def next_at(self, clock: time) -> datetime:
        """The next instant (UTC) at which the person's clock shows so."""
        from reconnect.reminders.promised import next_time

        return next_time(clock, self.now, self._app.person.tzid)

    def remind_at(self, when: datetime, text: str, *, habit: str | None = None) -> Once:
        """Remind the person once."""
        from reconnect.reminders.manage import add_once

        app = self._app
        reminder = add_once(
            app.db, app.person, self._habit(habit, or_any=True), self.now, app.settings,
            when=when, text=text,
        )  # fmt: skip
        say_where_nothing_reminds(app)
        return Once(reminder.id, reminder.dtstart_wall)

    def cancel(self, number: int) -> bool:
        """Take back a reminder of this rule's; False where it is gone or another rule's."""
        from reconnect.reminders.manage import remove
        from reconnect.store import reminders

        app = self._app
        own = {habit.id for habit in self._habits(archived=True)}
        for reminder in reminders.listed(app.db, app.person.id, ended=True):
            if reminder.id == number and reminder.habit_id in own:
                remove(app.db, reminder)
                return True
        return False

    def records(self, kind: str) -> tuple[Record, ...]:
        """What the rule keeps of a kind, oldest first."""
        from reconnect.store import rule_data

        app = self._app
        return tuple(rule_data.listed(app.looking, app.person.id, self._rule_id, kind))

    def pick(self, kind: str, number: int, command: str) -> Record:
        """The record of that number: as `records` has them, the first is 1."""
        known = self.records(kind)
        if not 1 <= number <= len(known):
            raise NotFoundError(
                f"no {kind} {number}: `reconnect {self._rule_id} {command}` lists them"
            )
        return known[number - 1]

    def get(self, kind: str, key: str) -> dict[str, Any]:
        """What is kept under a kind and key; empty where there is nothing."""
        return next((record.value for record in self.records(kind) if record.key == key), {})

    def put(self, kind: str, key: str, value: Mapping[str, object]) -> None:
        """Keep something for the person, in this rule's own part of the store."""
        from reconnect.habits.text import refuse_control_within
        from reconnect.store import rule_data
        from reconnect.store.database import writing

        app = self._app
        refuse_control_within(value, kind)
        with writing(app.db):
            rule_data.put(
                app.db, app.person.id, self._rule_id, kind, key, dict(value), to_ms(self.now)
            )

    def drop(self, kind: str, key: str) -> bool:
        """Delete what is kept under a kind and key; False where there was nothing."""
        from reconnect.store import rule_data
        from reconnect.store.database import empty_log, writing

        app = self._app
        with writing(app.db):
            found = rule_data.delete(app.db, app.person.id, self._rule_id, kind, key)
        if found and not app.db.in_transaction:
            empty_log(app.db)
        return found

    def together(self) -> AbstractContextManager[object]:
        """Of what is stored inside of it, all is, or nothing."""
        from reconnect.store.database import writing

        return writing(self._app.db)

    def show(self, text: str) -> None:
        """Print what the command was asked for, to stdout."""
        self.progress("")
        data(text)

    def say(self, text: str) -> None:
        """Say what is going on, to stderr."""
        self.progress("")
        talk(text)

    def progress(self, text: str) -> None:
        """On a terminal, show a line that the next one overwrites; empty ends it."""
        if not (sys.stderr and sys.stderr.isatty()) or os.environ.get("TERM") == "dumb":
            return
        if text or self._progress:
            blanks = " " * max(0, self._progress + _ECHOED - len(text))
            back = "" if text else "\r"
            click.echo(f"\r{text}{blanks}{back}", nl=False, err=True)
        self._progress = len(text)

    def ask(self, question: str, default: str = "") -> str:
        """Ask for a line of text; the default where nobody is there."""
        if not self.interactive:
            return default
        from reconnect.habits.text import without_control

        self.progress("")
        answer: str = click.prompt(question, default=default, show_default=bool(default), err=True)
        return without_control(answer).strip()

    def confirm(self, question: str, default: bool | None) -> bool | None:
        """Ask for a yes or no; the default on Enter, or where nobody is there."""
        if not self.interactive:
            return default
        from reconnect.cli.asking import confirm

        self.progress("")
        return confirm(question, default)

    def wait(self, seconds: float) -> None:
        """Let time pass. Ctrl-C raises KeyboardInterrupt."""
        import threading

        self._app.clock.wait(threading.Event(), seconds)

    def _habits(self, *, archived: bool = False) -> list[Habit]:
        from reconnect.store import habits

        app = self._app
        kept = habits.listed(app.looking, app.person.id, archived=archived)
        return [habit for habit in kept if habit.rule == self._rule_id]

    def _habit(self, template: str | None, *, or_any: bool = False) -> Habit:
        kept = self._habits()
        if not kept:
            raise NotFoundError(
                f"{self._rule_id} is not adopted: `reconnect adopt {self._rule_id}` takes it up"
            )
        rule = self._app.rule_of(kept[0])
        starter = next((t.id for t in rule.habits if t.starter), None)
        for wanted in (template, starter) if or_any or template is None else (template,):
            for habit in kept:
                if habit.template == wanted:
                    return habit
        if template is not None and not or_any:
            raise NotFoundError(
                f"{self._rule_id}'s habit '{template}' is not adopted: "
                f"`reconnect adopt {self._rule_id} {template}` takes it up"
            )
        return kept[0]


def say_where_nothing_reminds(app: App) -> None:
    """Say that a reminder was set, but that nothing runs to send it."""
    from reconnect.lock import InstanceLock

    if not InstanceLock(app.paths.lock).held_by_another():
        talk("the daemon does not run, so nothing reminds you: `reconnect start` starts it")
