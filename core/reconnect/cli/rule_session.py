"""What a rule's own command works with, on the command line."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

import click

from reconnect.cli.output import data, talk
from reconnect.clock import local_day
from reconnect.errors import NotFoundError
from reconnect.rules.session import RuleSession

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date, datetime

    from reconnect.cli.app import App
    from reconnect.model.habit import Entry, EntryKind, Habit, Landed
    from reconnect.model.history import History

_YES = ("y", "yes")
_NO = ("n", "no")


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
    def interactive(self) -> bool:
        """Whether somebody is there to be asked."""
        return self._app.may_ask

    def require(self, habit: str | None = None) -> None:
        """Go no further unless the rule (or its habit of that template id) is adopted."""
        self._habit(habit)

    def history(self) -> History:
        """Everything logged of this rule so far, oldest first."""
        from datetime import date

        from reconnect.model.history import History
        from reconnect.store import entries

        app, today = self._app, self.today
        found = entries.between(app.looking, app.person.id, date.min, today, rule=self._rule_id)
        return History(rule=self._rule_id, day=today, entries=tuple(found))

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
        from reconnect.cli.log import tell
        from reconnect.habits.record import record

        app, of = self._app, self._habit(habit)
        # A command that waits, as a timer does, may end on another day than it began.
        app.__dict__["now"] = self.now
        recorded = record(
            app.db, app.person, of, app.rule_of(of), app.now,
            kind=kind, fields=fields, lapse=lapse, note=note, landed=landed,
        )  # fmt: skip
        if app.catalog.implements("reconnect_entry_recorded", self._rule_id):
            from reconnect.rules.catalog import load_registry
            from reconnect.rules.dispatch import entry_recorded

            entry_recorded(load_registry(app.paths), recorded.entry)
        tell(app, of, recorded, as_json=False)
        return recorded.entry

    def remind_at(self, when: datetime, text: str, *, habit: str | None = None) -> datetime:
        """Remind the person once."""
        from reconnect.lock import InstanceLock
        from reconnect.reminders.manage import add_once

        app = self._app
        wall = when if when.tzinfo is None else _unmistakable(when, app.person.tzid)
        reminder = add_once(
            app.db, app.person, self._habit(habit, or_any=True), self.now, app.settings,
            wall=wall, text=text,
        )  # fmt: skip
        if not InstanceLock(app.paths.lock).held_by_another():
            talk("the daemon does not run, so nothing reminds you: `reconnect start` starts it")
        return reminder.dtstart_wall

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
            blanks = " " * max(0, self._progress - len(text))
            back = "" if text else "\r"
            click.echo(f"\r{text}{blanks}{back}", nl=False, err=True)
        self._progress = len(text)

    def ask(self, question: str, default: str = "") -> str:
        """Ask for a line of text; the default where nobody is there."""
        if not self.interactive:
            return default
        self.progress("")
        answer: str = click.prompt(question, default=default, show_default=bool(default), err=True)
        return answer.strip()

    def confirm(self, question: str, default: bool | None) -> bool | None:
        """Ask for a yes or no; the default on Enter, or where nobody is there."""
        choices = {True: "Y/n", False: "y/N", None: "y/n, Enter leaves it open"}[default]
        while self.interactive:
            answer = self.ask(f"{question} [{choices}]").lower()
            if answer in _YES or answer in _NO:
                return answer in _YES
            if not answer:
                break
            talk("please answer y or n")
        return default

    def wait(self, seconds: float) -> None:
        """Let time pass. Ctrl-C raises KeyboardInterrupt."""
        import threading

        self._app.clock.wait(threading.Event(), seconds)

    def _habits(self) -> list[Habit]:
        from reconnect.store import habits

        app = self._app
        return [h for h in habits.listed(app.looking, app.person.id) if h.rule == self._rule_id]

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


def _unmistakable(instant: datetime, tzid: str) -> datetime:
    """The wall time of an instant; where clocks go back, the first that means no earlier one."""
    from datetime import timedelta

    from reconnect.recurrence import to_instant, to_wall

    instant = instant.replace(microsecond=0)
    wall = to_wall(instant, tzid)
    while to_instant(wall, tzid) < instant:
        wall += timedelta(minutes=1)
    return wall
