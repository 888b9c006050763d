"""Reminders and their deliveries, as values."""

from datetime import datetime
from typing import Literal

import msgspec

Role = Literal["do", "log", "digest"]
CatchUp = Literal["latest", "all", "skip"]
DeliveryState = Literal[
    "pending", "leased", "sent", "unknown", "dead", "expired", "suppressed"
]  # fmt: skip


class Reminder(msgspec.Struct, frozen=True, kw_only=True):
    """A habit's "tell me then".

    `rrule` is RRULE text, empty for a one-off at `dtstart_wall`. Wall times are naive and in
    `tzid`, or in the person's zone where it is None. `window_s` is how many seconds after its due
    instant a late one is still worth sending. `rev` rises with every edit.
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


class Delivery(msgspec.Struct, frozen=True, kw_only=True):
    """One reminder falling due at one instant, on one channel. Instants are UTC."""

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
