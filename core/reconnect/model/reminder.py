"""Reminders and their deliveries, as values."""

from datetime import datetime
from typing import Literal

import msgspec

Role = Literal["do", "log", "digest"]
CatchUp = Literal["latest", "all", "skip"]
Quiet = Literal["defer", "drop", "allow"]
Body = Literal["full", "prompt", "nudge"]
DeliveryState = Literal[
    "pending", "leased", "sent", "unknown", "dead", "expired", "suppressed"
]  # fmt: skip


class Reminder(msgspec.Struct, frozen=True, kw_only=True):
    """A habit's "tell me then".

    `rrule` is RRULE text, empty for a one-off at `dtstart_wall`. Wall times are naive and in
    `tzid`, or in the person's zone where it is None. `window_s` is how many seconds after its due
    instant a late one is still worth sending. `rev` rises with every edit. `priority` is 0 (the
    most urgent) to 99.

    Where `spread_min` is not 0, each occurrence falls due at a moment drawn out of so many minutes
    after its wall time. Of `every_nth` occurrences one falls due; 0 is none. `quiet` is what quiet
    hours do to it, None what the settings say. `stems_from` is the reminder that a one-off repeats
    later, with its `prompt`.
    """

    id: int
    person_id: int
    habit_id: int
    role: Role
    rrule: str
    dtstart_wall: datetime
    tzid: str | None
    last_occ_wall: datetime | None
    count_left: int | None
    next_due: datetime | None
    rev: int
    catchup: CatchUp
    window_s: int
    priority: int
    channels: tuple[str, ...]
    text: str | None
    spread_min: int = 0
    even_if_done: bool = False
    quiet: Quiet | None = None
    every_nth: int = 1
    stems_from: int | None = None
    prompt: str | None = None


class Delivery(msgspec.Struct, frozen=True, kw_only=True):
    """One reminder falling due at one instant, on one channel. Instants are UTC.

    `unsure` is how many of its attempts may have arrived although nobody said so.
    """

    id: int
    idem_key: str
    person_id: int
    reminder_id: int
    habit_id: int
    occ_wall: datetime
    due: datetime
    channel: str
    state: DeliveryState
    not_before: datetime
    expires_at: datetime
    attempts: int
    prompt: str | None
    outcome: str | None
    sent_at: datetime | None
    text: str | None = None
    unsure: int = 0


class Pause(msgspec.Struct, frozen=True, kw_only=True):
    """A time in which reminders rest: those of a habit, or (None) all of the person's.

    Wall times are naive and the person's, wherever they are; without `until_wall` it lasts until it
    is ended by hand, at the instant `ended`.
    """

    id: int
    person_id: int
    habit_id: int | None
    from_wall: datetime
    until_wall: datetime | None
    reason: str | None = None
    ended: datetime | None = None

    def holds(self, habit_id: int, wall: datetime, instant: datetime) -> bool:
        """Whether the habit's reminders rest at an instant; `wall` is what the clock shows."""
        return (
            self.habit_id in (None, habit_id)
            and self.from_wall <= wall
            and (self.until_wall is None or wall < self.until_wall)
            and (self.ended is None or instant < self.ended)
        )
