"""What a person keeps: habits, the entries they log, and the state of a day, which is derived."""

from datetime import date, datetime
from typing import Literal, NamedTuple

import msgspec

EntryKind = Literal["done", "lapse", "skip", "no"]
Landed = Literal["warm", "neutral", "cold"]
Goal = Literal["at-least", "at-most"]
State = Literal["yes", "partly", "no", "skip", "unknown"]
STATE_MARKS: dict[State, str] = {"yes": "+", "partly": "~", "no": "-", "skip": "s", "unknown": "."}
"""One character for each state, where there is no room for a word."""

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


class Terms(msgspec.Struct, frozen=True, kw_only=True):
    """What a habit asks from the day `since` on: the past is judged by the terms of its time.

    `rrule` is RFC 5545 text that counts from the day `anchor`; an empty one means that the habit is
    due on no day and is logged when it happens. `target` is an amount a day, in the habit's unit.
    """

    since: date
    anchor: date
    rrule: str
    target: float | None = None


class Habit(msgspec.Struct, frozen=True, kw_only=True):
    """A rule's template that a person adopted. `terms` has at least one, oldest first."""

    id: int
    person_id: int
    name: str
    rule: str
    template: str
    title: str
    goal: Goal
    amount: str | None
    unit: str | None
    cue: str | None
    terms: tuple[Terms, ...]
    archived: datetime | None = None

    @property
    def rrule(self) -> str:
        """The recurrence that was set last."""
        return self.terms[-1].rrule

    @property
    def anchor(self) -> date:
        """The day from which the recurrence that was set last counts."""
        return self.terms[-1].anchor

    @property
    def since(self) -> date:
        """The day on which the terms that were set last began."""
        return self.terms[-1].since

    @property
    def begun(self) -> date:
        """The day on which the habit was taken up."""
        return self.terms[0].since

    @property
    def target(self) -> float | None:
        """The amount a day that was set last."""
        return self.terms[-1].target

    def terms_on(self, day: date) -> Terms:
        """The terms that held on a day; the first ones for a day before them all."""
        held = self.terms[0]
        for terms in self.terms:
            if terms.since > day:
                break
            held = terms
        return held


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


class Tally(NamedTuple):
    """What was logged of one habit on one day: how many of each kind, and the amount done."""

    done: int = 0
    skips: int = 0
    noes: int = 0
    lapses: int = 0
    amount: float | None = None


class DayState(msgspec.Struct, frozen=True, kw_only=True):
    """What a day came to, derived from its entries: never stored.

    `amount` is the sum of the habit's numeric field; `entries` counts what was logged that day.
    """

    day: date
    state: State
    amount: float | None = None
    entries: int = 0
    lapses: int = 0
