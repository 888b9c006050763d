"""Policy: whether a delivery that is about to be sent may be sent now.

What the person asked for at one time (a one-off, the return from a break that they promised) comes
at that time: neither a pause nor quiet hours hold it back. What repeats keeps both, and a snooze of
it keeps the pause.
"""

from __future__ import annotations

import logging
import sqlite3
from datetime import timedelta
from typing import TYPE_CHECKING, NamedTuple

from reconnect.clock import local_day
from reconnect.habits.days import day_state
from reconnect.recurrence import to_instant, to_wall
from reconnect.reminders.quiet import quiet_until, what_then
from reconnect.store import entries, habits, pauses, pending, people, reminders

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime

    from reconnect.config import Settings
    from reconnect.model.habit import Habit, Person
    from reconnect.model.reminder import Delivery, Pause

log = logging.getLogger("reconnect.policy")

REASONS = {
    "too-late": "its window was over",
    "missed": "nothing ran at its time, and its window was over",
    "coalesced": "a newer one, or one message about several, took its place",
    "removed": "its reminder was removed",
    "archived": "its habit is archived",
    "done": "it was done already",
    "paused": "its reminders were paused",
    "quiet": "it fell into quiet hours",
    "snoozed": "it was put off: it comes again later",
    "not-due": "its rule did not want it then",
    "vetoed": "a plugin held it back",
}
"""Why a delivery was not sent, by the code that is recorded."""

_HELD = timedelta(days=8)
# A delivery waits a week at the most: pauses that ended before that are not asked for.


class Verdict(NamedTuple):
    """What policy says of a delivery.

    `objection` is why it must not be sent, or None; `until` is when quiet hours that put it off
    end, or None: send it now.
    """

    objection: str | None = None
    until: datetime | None = None


class Policy:
    """Looks at deliveries together; what it reads is read once.

    Args:
        db: the open database, inside the transaction that claimed.
        now: the present instant.
        settings: what holds now.
        deliveries: those that it will be asked about.
    """

    def __init__(
        self, db: sqlite3.Connection, now: datetime, settings: Settings, of: Sequence[Delivery]
    ) -> None:
        """Read the terms of their reminders."""
        self._db = db
        self._now = now
        self._settings = settings
        self._terms = reminders.terms(db, {delivery.reminder_id for delivery in of})
        self._people: dict[int, Person] = {}
        self._habits: dict[int, Habit] = {}
        self._pauses: dict[int, list[Pause]] = {}
        self._quiet: dict[str, datetime | None] = {}
        self._done: dict[tuple[int, date], bool] = {}

    def person(self, person_id: int) -> Person:
        """The person that a delivery is for."""
        if person_id not in self._people:
            self._people[person_id] = people.get(self._db, person_id)
        return self._people[person_id]

    def habit(self, habit_id: int) -> Habit:
        """The habit that a delivery is about."""
        if habit_id not in self._habits:
            self._habits[habit_id] = habits.get(self._db, habit_id)
        return self._habits[habit_id]

    def role(self, delivery: Delivery) -> str:
        """The role of the delivery's reminder."""
        if delivery.reminder_id == pending.DIGEST:
            return "digest"
        return self._terms[delivery.reminder_id].role

    def judge(self, delivery: Delivery) -> Verdict:
        """Whether the delivery may be sent now.

        Raises:
            LookupError, ValueError, ReconnectError: its person or habit cannot be read.
        """
        if delivery.expires_at <= self._now:
            return Verdict("too-late")
        terms = self._terms.get(delivery.reminder_id)
        if terms is None and delivery.reminder_id != pending.DIGEST:
            return Verdict("removed")
        # A digest is about more than the habit that it is filed under.
        about_one = terms is not None and terms.role != "digest"
        if about_one and self.habit(delivery.habit_id).archived is not None:
            return Verdict("archived")
        if not (terms and terms.once) and self._is_paused(delivery):
            return Verdict("paused")
        # A text of its own is a promise ("come back at 20:40"), which logging does not keep.
        may_be_done = terms is not None and about_one and not terms.even_if_done
        if may_be_done and delivery.text is None and self._done_already(delivery):
            return Verdict("done")
        return self._in_quiet_hours(delivery, terms)

    def put_off(self, delivery: Delivery, until: datetime) -> pending.Deferred:
        """The delivery, put off until quiet hours end, and worth sending for a window after."""
        window = timedelta(minutes=self._settings.reminders.window_minutes)
        return pending.Deferred(delivery, until, max(delivery.expires_at, until + window))

    def _in_quiet_hours(self, delivery: Delivery, terms: reminders.Terms | None) -> Verdict:
        tzid = self.person(delivery.person_id).tzid
        if tzid not in self._quiet:
            self._quiet[tzid] = quiet_until(self._settings.quiet, self._now, tzid)
        until = self._quiet[tzid]
        if until is None:
            return Verdict()
        what = what_then(self._settings, terms.quiet if terms else None, delivery.channel)
        if what == "defer":
            return Verdict(until=until)
        return Verdict("quiet" if what == "drop" else None)

    def _is_paused(self, delivery: Delivery) -> bool:
        """Whether it rests now, or rested when it fell due and nothing ran."""
        person = self.person(delivery.person_id)
        if person.id not in self._pauses:
            since = to_wall(self._now - _HELD, person.tzid)
            self._pauses[person.id] = pauses.since(self._db, person.id, since)
        return any(
            pause.holds(delivery.habit_id, to_wall(instant, person.tzid), instant)
            # One habit's pause is not one of the message about several, or about the week.
            and (pause.habit_id is None or self.role(delivery) != "digest")
            for pause in self._pauses[person.id]
            for instant in (self._now, delivery.due)
        )

    def _done_already(self, delivery: Delivery) -> bool:
        try:
            return self._answered(self.habit(delivery.habit_id), delivery)
        except sqlite3.Error:
            raise
        except Exception as error:  # noqa: BLE001 - an entry or a zone that cannot be read
            # A reminder too many is better than none, and than a daemon that cannot go on.
            log.error("habit=%d cannot be read: %s", delivery.habit_id, type(error).__name__)
            return False

    def _answered(self, habit: Habit, delivery: Delivery) -> bool:
        person = self.person(delivery.person_id)
        terms = self._terms[delivery.reminder_id]
        due = delivery.due
        if terms.spread_min:
            # A window over midnight belongs to the day on which it begins.
            due = to_instant(delivery.occ_wall, terms.tzid or person.tzid)
        day = local_day(due, person.tzid, person.day_starts)
        key = (habit.id, day)
        if key not in self._done:
            of_day = entries.between(self._db, person.id, day, day, habit_id=habit.id)
            state = day_state(habit, day, of_day).state
            self._done[key] = state in ("yes", "skip")
        return self._done[key]
