"""What a person keeps: habits, the entries they log, and the state of a day, which is derived."""

from datetime import date, datetime
from typing import Literal

import msgspec

EntryKind = Literal["done", "lapse", "skip", "no"]
Landed = Literal["warm", "neutral", "cold"]
Goal = Literal["at-least", "at-most"]
State = Literal["yes", "partly", "no", "skip", "unknown"]
FieldValue = str | bool | int | float | tuple[str, ...]


class Person(msgspec.Struct, frozen=True, kw_only=True):
    """Who everything belongs to.

    `tzid` is an IANA zone name, `day_starts` the minutes after midnight at which their day begins
    (0 to 1439): what is logged before it counts for the day before.
    """

    id: int
    key: str
    name: str
    tzid: str
    day_starts: int


class Habit(msgspec.Struct, frozen=True, kw_only=True):
    """A rule's template that a person adopted.

    `rrule` is the recurrence that holds now, anchored at `since`; earlier ones are in the store.
    An empty `rrule` means that the habit is due on no day and is logged when it happens.
    """

    id: int
    person_id: int
    name: str
    rule: str
    template: str
    title: str
    goal: Goal
    amount: str | None
    target: float | None
    unit: str | None
    cue: str | None
    rrule: str
    since: date
    archived: datetime | None = None


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """One thing a person logged, at the instant `at` (UTC), for the local `day` it counts for.

    `recorded` is when it was stored: `at` itself, or later for a day in the past.
    """

    id: int
    uid: str
    person_id: int
    habit_id: int
    kind: EntryKind
    at: datetime
    day: date
    tzid: str
    fields: dict[str, FieldValue] = {}
    lapse: str | None = None
    landed: Landed | None = None
    note: str | None = None
    external_id: str | None = None
    rule: str = ""
    template: str = ""
    recorded: datetime | None = None


class DayState(msgspec.Struct, frozen=True, kw_only=True):
    """What a day came to, derived from its entries: never stored.

    `amount` is the sum of the habit's numeric field; `entries` counts what was logged that day.
    """

    day: date
    state: State
    amount: float | None = None
    entries: int = 0
    lapses: int = 0
