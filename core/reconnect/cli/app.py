"""What every command needs, made only when it is asked for."""

from __future__ import annotations

import os
from functools import cached_property
from typing import TYPE_CHECKING

import click

from reconnect.clock import clock_from_environment, local_day
from reconnect.paths import find_paths

if TYPE_CHECKING:
    import sqlite3
    from datetime import date, datetime

    from reconnect.config import Settings
    from reconnect.model.habit import Habit, Person
    from reconnect.model.rule import Rule
    from reconnect.rules.catalog import Catalog


class App:
    """One run of the command: its clock, paths, settings, database and plugins.

    Args:
        no_input: never ask, even on a terminal.
    """

    def __init__(self, *, no_input: bool = False) -> None:
        """Nothing is opened yet."""
        self.no_input = no_input
        self.clock = clock_from_environment()
        self.paths = find_paths()
        self._rules: dict[str, Rule | None] = {}
        self._config_seen = False
        self._to_warn = ""
        self.config_problem: str | None = None

    @property
    def may_ask(self) -> bool:
        """Whether somebody is there to be asked, and wants to be."""
        from reconnect.cli.output import on_terminal

        return not self.no_input and on_terminal()

    def close(self) -> None:
        """Let go of the database; last the one that writes, which then empties the log."""
        if self._to_warn:
            from reconnect.cli.output import talk

            talk(self._to_warn)
            self._to_warn = ""
        for name in ("looking", "db"):
            connection = self.__dict__.pop(name, None)
            if connection is not None:
                connection.close()

    @cached_property
    def settings(self) -> Settings:
        """config.toml, read."""
        from reconnect.config import load_settings
        from reconnect.errors import ConfigError

        try:
            return load_settings(self.paths.config)
        except ConfigError:
            self._to_warn = ""  # Who cannot go on without them says the same, as an error.
            raise

    @cached_property
    def db(self) -> sqlite3.Connection:
        """The database, open for writing; created where there is none."""
        from reconnect.store.database import open_database

        return open_database(self.paths.database)

    @cached_property
    def looking(self) -> sqlite3.Connection:
        """The database to look at: never created or changed by looking, where that is possible."""
        from reconnect.store.database import open_read_only

        return open_read_only(self.paths.database) or self.db

    @cached_property
    def now(self) -> datetime:
        """The instant at which the command began, in UTC."""
        return self.clock.now()

    @cached_property
    def catalog(self) -> Catalog:
        """The plugins and their rules."""
        from reconnect.rules.catalog import load_catalog

        loaded = load_catalog(self.paths)
        if os.environ.get("RECONNECT_PLUGINS"):
            from reconnect.cli.output import talk
            from reconnect.rules.consent import unknown_wanted

            for text in unknown_wanted(card.found.name for card in loaded.cards):
                talk(text)
        return loaded

    @cached_property
    def person(self) -> Person:
        """Whose command this is, in step with config.toml.

        The settings are read again only when the file (or the machine's zone) changed since they
        were last brought into the database: reading TOML would cost `log` time on every run.
        """
        from reconnect.store import people

        stamp = _stamp(self.paths.config)
        person = people.find(self.looking)
        if person is not None and people.get_meta(self.looking, "config_stamp") == stamp:
            return person
        if person is not None and self.warn_of_config():
            return person
        return self._sync(stamp)

    def warn_of_config(self) -> bool:
        """Whether config.toml cannot be used; that is said in one line when the command is over.

        What it said before still holds then: it stands in the database.
        """
        if self._config_seen:
            return self.config_problem is not None
        self._config_seen = True
        from reconnect.errors import ConfigError

        try:
            self.settings  # noqa: B018 - read
        except ConfigError as error:
            self.config_problem = str(error)
            self._to_warn = f"warning: {error}; what held before holds until that is mended"
        return self.config_problem is not None

    @property
    def today(self) -> date:
        """The person's day that is now."""
        return local_day(self.now, self.person.tzid, self.person.day_starts)

    def rule_of(self, habit: Habit) -> Rule:
        """The rule that a habit came from.

        Raises:
            NotFoundError: its plugin is gone, off or broken.
        """
        if habit.rule not in self._rules:
            self._rules[habit.rule] = self.catalog.rule(habit.rule)
        rule = self._rules[habit.rule]
        if rule is None:
            from reconnect.errors import NotFoundError

            raise NotFoundError(
                f"the plugin of the rule '{habit.rule}' is missing, off or broken: see "
                "`reconnect plugins`"
            )
        return rule

    def rule(self, name: str) -> Rule:
        """A rule by its id.

        Raises:
            NotFoundError: no running plugin teaches it.
        """
        rule = self.catalog.rule(name)
        if rule is not None:
            return rule
        from difflib import get_close_matches

        from reconnect.errors import NotFoundError

        for card in self.catalog.cards:
            if card.found.name == name and card.off:
                raise NotFoundError(f"the plugin '{name}' does not run ({card.off})")
        known = [card.rule_id for card in self.catalog.cards if card.rule_id]
        near = get_close_matches(name, known, 1)
        hint = f"did you mean {near[0]}?" if near else "`reconnect rules` lists them all"
        raise NotFoundError(f"no rule '{name}': {hint}")

    def habit(self, name: str, *, archived: bool = False) -> Habit:
        """A habit by its name; archived ones only when asked for.

        Raises:
            NotFoundError: no such habit.
        """
        from reconnect.errors import NotFoundError
        from reconnect.habits.adopt import find_habit
        from reconnect.store import habits

        try:
            return find_habit(habits.listed(self.looking, self.person.id, archived=archived), name)
        except NotFoundError:
            for habit in habits.listed(self.looking, self.person.id, archived=True):
                if habit.name == name and habit.archived:
                    raise NotFoundError(
                        f"{name} is archived: `reconnect habits restore {name}` brings it back"
                    ) from None
            raise

    def _sync(self, stamp: str) -> Person:
        from reconnect.reminders.follow import follow_settings
        from reconnect.store import people
        from reconnect.store.database import writing

        settings = self.settings
        with writing(self.db):
            person = follow_settings(self.db, settings, self.now)
            people.set_meta(self.db, "config_stamp", stamp)
        return person


def _stamp(config: str) -> str:
    try:
        stat = os.stat(config)
        file = f"{stat.st_mtime_ns}:{stat.st_size}"
    except OSError:
        file = "none"
    try:
        machine = os.readlink("/etc/localtime")
    except OSError:
        machine = ""
    return f"{file}:{os.environ.get('TZ', '')}:{machine}"


pass_app = click.make_pass_decorator(App)
