"""Policy: whether a delivery that is about to be sent may still be sent."""

from __future__ import annotations

import logging
import sqlite3
from typing import TYPE_CHECKING

from reconnect.clock import local_day
from reconnect.habits.days import day_state
from reconnect.store import entries, habits, people

if TYPE_CHECKING:
    from datetime import date, datetime

    from reconnect.model.habit import Habit, Person
    from reconnect.model.reminder import Delivery

log = logging.getLogger("reconnect.policy")


class Policy:
    """Looks at what was claimed together; what it reads is read once.

    Args:
        db: the open database, inside the transaction that claimed.
        now: the present instant.
        roles: the role of each reminder, by its number; missing where it was removed.
    """

    def __init__(self, db: sqlite3.Connection, now: datetime, roles: dict[int, str]) -> None:
        """Nothing is read yet."""
        self._db = db
        self._now = now
        self._roles = roles
        self._people: dict[int, Person] = {}
        self._habits: dict[int, Habit] = {}
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
        return self._roles[delivery.reminder_id]

    def objection(self, delivery: Delivery) -> str | None:
        """Why the delivery must not be sent (a short code), or None: send it."""
        if delivery.expires_at <= self._now:
            return "too-late"
        role = self._roles.get(delivery.reminder_id)
        if role is None:
            return "removed"
        habit = self.habit(delivery.habit_id)
        if habit.archived is not None:
            return "archived"
        # A text of its own is a promise ("come back at 20:40"), which logging does not keep.
        if role in ("do", "log") and delivery.text is None and self._done_already(habit, delivery):
            return "done"
        return None

    def _done_already(self, habit: Habit, delivery: Delivery) -> bool:
        try:
            return self._answered(habit, delivery)
        except sqlite3.Error:
            raise
        except Exception as error:  # noqa: BLE001 - an entry or a zone that cannot be read
            # A reminder too many is better than none, and than a daemon that cannot go on.
            log.error("habit=%d cannot be read: %s", habit.id, type(error).__name__)
            return False

    def _answered(self, habit: Habit, delivery: Delivery) -> bool:
        person = self.person(delivery.person_id)
        day = local_day(delivery.due, person.tzid, person.day_starts)
        key = (habit.id, day)
        if key not in self._done:
            of_day = entries.between(self._db, person.id, day, day, habit_id=habit.id)
            state = day_state(habit, day, of_day).state
            self._done[key] = state in ("yes", "skip")
        return self._done[key]
