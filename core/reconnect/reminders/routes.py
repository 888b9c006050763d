"""Routes: which channels an occurrence goes to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reconnect.clock import to_ms
from reconnect.config import minutes_of
from reconnect.reminders.breaker import is_off
from reconnect.reminders.channels import channels, default_names
from reconnect.store import channels as channel_rows
from reconnect.store import habits

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Container, Sequence
    from datetime import datetime

    from reconnect.config import RouteSettings, Settings
    from reconnect.model.reminder import Reminder


class Router:
    """Decides by the reminder's own channels, then by the first route that fits, then the default.

    A channel that is off is left out; where none is left, another one takes its place, and where
    there is no other, the channel stays: that nothing could be sent is recorded then.

    Args:
        db: the open database.
        settings: asked each time, so that a change of config.toml is taken up.
        off: the names of a person's channels that are off.
    """

    def __init__(
        self,
        db: sqlite3.Connection,
        settings: Callable[[], Settings],
        off: Callable[[int], Container[str]],
    ) -> None:
        """Nothing is read yet."""
        self._db = db
        self._settings = settings
        self._off = off
        self._rules: dict[int, str] = {}

    def channels_of(self, reminder: Reminder, wall: datetime) -> Sequence[str]:
        """Where an occurrence goes that falls due at a naive wall time."""
        settings = self._settings()
        names = reminder.channels or self._routed(settings, reminder, wall)
        off = self._off(reminder.person_id)
        on = [name for name in names if name not in off]
        return on or self.instead_of(reminder.person_id, names)[:1] or names

    def instead_of(self, person_id: int, names: Sequence[str]) -> list[str]:
        """Other channels that are on, the best first; none where the person wants none."""
        settings = self._settings()
        fallback = settings.reminders.fallback
        if fallback == "none":
            return []
        wanted = default_names(settings) if isinstance(fallback, str) else fallback
        off = self._off(person_id)
        known = channels(settings)
        return [n for n in wanted if n in known and n not in off and n not in names]

    def _routed(self, settings: Settings, reminder: Reminder, wall: datetime) -> Sequence[str]:
        for route in settings.routes:
            fits = not route.rules or self._rule(reminder.habit_id) in route.rules
            if fits and within(route, wall):
                return route.channels
        return default_names(settings)

    def _rule(self, habit_id: int) -> str:
        if habit_id not in self._rules:
            self._rules[habit_id] = habits.get(self._db, habit_id).rule
        return self._rules[habit_id]


def router_of(db: sqlite3.Connection, settings: Settings, now: datetime) -> Router:
    """A router for what is planned outside the daemon, as when a reminder is changed."""
    now_ms = to_ms(now)
    states = channel_rows.states(db)
    off = {(s.person_id, s.name) for s in states.values() if is_off(s, now_ms)}
    return Router(
        db, lambda: settings, lambda person: {name for whose, name in off if whose == person}
    )


def within(route: RouteSettings, wall: datetime) -> bool:
    """Whether a wall time lies in a route's time of day: from its begin on, before its end.

    "22:00-07:00" goes over midnight.
    """
    if not route.between:
        return True
    begin, end = map(minutes_of, route.between.split("-"))
    minute = wall.hour * 60 + wall.minute
    return begin <= minute < end if begin < end else minute >= begin or minute < end
