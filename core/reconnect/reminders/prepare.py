"""Prepare what was claimed: where it goes, what it says, and what the plugins make of it."""

from __future__ import annotations

import logging
import sqlite3
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from reconnect.clock import local_day
from reconnect.errors import NotFoundError, ReconnectError
from reconnect.habits.looking_back import history_of
from reconnect.model.history import DueReminder, History
from reconnect.reminders.channels import body_of, is_terminal, url_of
from reconnect.reminders.compose import about_late, about_week, compose, context_of
from reconnect.reminders.deliver import Letter
from reconnect.reminders.first_hop import doubt_of
from reconnect.reminders.outcomes import Outcome
from reconnect.reminders.senders import Job
from reconnect.review.digest import digest_text
from reconnect.rules.dispatch import before_reminder, is_due
from reconnect.store import pending, prompts_shown

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date, datetime

    from reconnect.config import Settings
    from reconnect.model.habit import Habit, Person
    from reconnect.model.reminder import Body, Delivery
    from reconnect.rules.events import Message
    from reconnect.rules.registry import Registry

log = logging.getLogger("reconnect.prepare")

_HISTORIES = 50
# So many rules' histories are kept, until another process writes.

_GIVEN = 1000
# So many occurrences are remembered with the prompt they got.


class Claimed(NamedTuple):
    """A delivery that may be sent, whom and what it is about, and the lane it was let into."""

    delivery: Delivery
    role: str
    person: Person
    habit: Habit
    lane: str


class Preparer:
    """Makes jobs of deliveries; remembers which prompts are on their way.

    Args:
        db: the open database, only read here.
        registry: the plugins.
        settings: asked each time, so that a change of config.toml is taken up.
    """

    def __init__(
        self,
        db: sqlite3.Connection,
        registry: Registry,
        settings: Callable[[], Settings],
    ) -> None:
        """Nothing is read yet."""
        self.registry = registry
        self._db = db
        self._settings = settings
        self._given: dict[tuple[int, datetime], str] = {}
        self._shown: dict[tuple[int, str], dict[str, int]] = {}
        self._histories: dict[tuple[int, str, date], History] = {}
        self._last: dict[tuple[int, str], datetime | None] = {}
        self._looked_at: set[str] = set()

    def forget(self) -> None:
        """Read anew how often each prompt was shown. Only while nothing is on its way."""
        self._shown.clear()

    def look_again(self) -> None:
        """Read anew what was logged: another process wrote to the database."""
        self._histories.clear()
        self._last.clear()

    def was_shown(self, habit: Habit, when: datetime) -> None:
        """Take note that this process itself sent a prompt."""
        self._last[habit.person_id, habit.rule] = when

    def prepare(self, claimed: Claimed) -> Job | Outcome:
        """A job for the senders, or the outcome of a delivery that cannot or must not be sent.

        What is wrong with one delivery is its own: only a database in trouble raises.
        """
        try:
            return self._job(claimed)
        except sqlite3.Error:
            raise
        except Exception as error:
            if self.registry.strict:
                raise
            kind = type(error).__name__
            log.error("delivery=%d cannot be prepared: %s", claimed.delivery.id, kind)
            return Outcome(False, f"error-{kind}")

    def _job(self, claimed: Claimed) -> Job | Outcome:
        settings = self._settings()
        try:
            url = url_of(settings, claimed.delivery.channel)
        except NotFoundError:
            return Outcome(False, "no-such-channel")
        except ReconnectError:
            return Outcome(False, "no-secret")
        self._warn_once(claimed.delivery.channel, url)
        person, habit = claimed.person, claimed.habit
        how = body_of(settings, claimed.delivery.channel, url)
        if claimed.role == "digest":
            message = self._about_several(claimed, settings.reminders.title, how)
            return self._to_send(claimed.delivery, habit, message, url)
        given = self._prompt_given(claimed.delivery)
        delivery = msgspec.structs.replace(claimed.delivery, prompt=given)
        shown = self._shown_prompts(person.id, habit.rule)
        context = context_of(
            self.registry.rules.get(habit.rule),
            person,
            habit,
            delivery,
            role=claimed.role,
            shown=shown,
            history=self._history(person, habit.rule, delivery.due),
            last_shown=self._last_shown(person.id, habit.rule),
            private=is_terminal(url) and how == "full",
        )
        reminder = DueReminder(habit=habit.template, role=claimed.role, due=delivery.due)
        # A text of its own is a promise that the person made: no rule takes it back.
        if delivery.text is None and not is_due(self.registry, habit.rule, reminder, context):
            return Outcome(False, "not-due")
        title = settings.reminders.title
        made = compose(
            self.registry, habit, delivery, context, role=claimed.role, title=title, how=how
        )
        message = before_reminder(self.registry, made)
        if message.veto is not None:
            return Outcome(False, "vetoed")
        if given is None and message.prompt is not None:
            self._give(delivery, message.prompt)
            # Another reminder of the rule in the same breath must not say the same again.
            self._last[person.id, habit.rule] = delivery.due
            shown[message.prompt] = shown.get(message.prompt, 0) + 1
        if how == "nudge":
            # A plugin may hold it back, not make it tell more than is wanted there.
            message = made
        return self._to_send(delivery, habit, message, url)

    def _about_several(self, claimed: Claimed, title: str, how: Body) -> Message:
        delivery, person = claimed.delivery, claimed.person
        if delivery.reminder_id == pending.DIGEST:
            titles = pending.told_of(self._db, delivery.id)
            return about_late(claimed.habit, delivery, titles, title, how)
        day = local_day(delivery.due, person.tzid, person.day_starts)
        try:
            counts = digest_text(self._db, person, day)
        except ReconnectError:  # an entry that is damaged: the review is worth it all the same
            counts = None
        return about_week(claimed.habit, delivery, counts, title, how)

    def _to_send(self, delivery: Delivery, habit: Habit, message: Message, url: str) -> Job:
        letter = Letter(url, message.title, message.body, delivery.idem_key)
        return Job(delivery, habit, message, letter)

    def _warn_once(self, channel: str, url: str) -> None:
        if channel not in self._looked_at:
            self._looked_at.add(channel)
            doubt = doubt_of(url)
            if doubt is not None:
                log.warning("channel=%s %s: see `reconnect config check`", channel, doubt.code)

    def _history(self, person: Person, rule: str, due: datetime) -> History:
        day = local_day(due, person.tzid, person.day_starts)
        key = (person.id, rule, day)
        if key not in self._histories:
            rules = list(self.registry.rules.values())
            if len(self._histories) >= _HISTORIES:
                self._histories.clear()
            try:
                self._histories[key] = history_of(self._db, person.id, rule, day, rules)
            except sqlite3.Error:
                raise
            except Exception as error:  # noqa: BLE001 - an entry that is damaged
                # It is reminded without it, rather than not at all.
                log.error("history of %s cannot be read: %s", rule, type(error).__name__)
                self._histories[key] = History(rule=rule, day=day)
        return self._histories[key]

    def _last_shown(self, person_id: int, rule: str) -> datetime | None:
        key = (person_id, rule)
        if key not in self._last:
            self._last[key] = prompts_shown.last_shown(self._db, person_id, rule)
        return self._last[key]

    def _shown_prompts(self, person_id: int, rule: str) -> dict[str, int]:
        key = (person_id, rule)
        if key not in self._shown:
            self._shown[key] = prompts_shown.shown_prompts(self._db, person_id, rule)
        return self._shown[key]

    def _prompt_given(self, delivery: Delivery) -> str | None:
        """The prompt that its occurrence got before: on an earlier try, or on another channel."""
        if delivery.prompt is not None:
            return delivery.prompt
        if delivery.attempts == 1 and len(self._settings().channels) < 2:
            return None  # the first try on the only channel: nobody can have given it one
        key = (delivery.reminder_id, delivery.due)
        return self._given.get(key) or prompts_shown.prompt_given(self._db, delivery)

    def _give(self, delivery: Delivery, prompt: str) -> None:
        # The database learns it only with the outcome, when the next channel has long been served.
        self._given[delivery.reminder_id, delivery.due] = prompt
        if len(self._given) > _GIVEN:
            del self._given[next(iter(self._given))]
