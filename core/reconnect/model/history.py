"""What a rule may look at: its own entries, and of others only signals."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

import msgspec

from reconnect.model.habit import Entry


class Signals(msgspec.Struct, frozen=True, kw_only=True):
    """What one rule may know of another's day: never a note, never a text.

    `tension` runs from 1 (calm) to 5; `mood` is peaceful, mixed or stormy; None was not logged.
    """

    tension: int | None = None
    mood: str | None = None
    lapsed: bool = False


MOODS = ("peaceful", "mixed", "stormy")

TENSE = 4
"""From this tension (1 to 5) on a day counts as tense."""


def is_tense(signals: Signals) -> bool:
    """Whether a day was hard: stormy, or a tension of 4 or 5."""
    return signals.mood == "stormy" or (signals.tension or 0) >= TENSE


class Record(msgspec.Struct, frozen=True, kw_only=True):
    """Something a rule keeps of a person's beside entries: a promise, an open issue, a goal.

    `value` is what the rule put there; `created` and `changed` are UTC instants.
    """

    kind: str
    key: str
    value: dict[str, Any]
    created: datetime
    changed: datetime


class History(msgspec.Struct, frozen=True, kw_only=True):
    """One rule's entries up to and on `day`, oldest first, of all the person's habits of it.

    `signals` holds what other rules say of the days of the last quarter of a year, `records` what
    the rule itself keeps, oldest first. `first` is the day of the very first entry, which `entries`
    may not reach back to; skips do not count.
    """

    rule: str
    day: date
    entries: tuple[Entry, ...] = ()
    signals: Mapping[date, Signals] = {}
    records: tuple[Record, ...] = ()
    first: date | None = None

    @property
    def begun(self) -> bool:
        """Whether anything but a skip was logged up to `day`: before that, nothing is no zero."""
        if self.first is not None and self.first <= self.day:
            return True
        return any(entry.kind != "skip" and entry.day <= self.day for entry in self.entries)

    def get(self, kind: str, key: str) -> dict[str, Any]:
        """What the rule keeps under a kind and key; empty where there is nothing."""
        known = (one.value for one in self.records if (one.kind, one.key) == (kind, key))
        return next(known, {})


class DueReminder(msgspec.Struct, frozen=True, kw_only=True):
    """A reminder of a rule that has fallen due: of which habit template, in which role, when."""

    habit: str
    role: str
    due: datetime


class MetricValue(msgspec.Struct, frozen=True, kw_only=True):
    """A metric's answer for a day. `value` is None where nothing was logged that could answer it.

    `entries` is how many entries stand behind the value.
    """

    metric: str
    value: float | None
    entries: int


class PromptContext(msgspec.Struct, frozen=True, kw_only=True):
    """What a prompt is chosen for.

    `moments` lists the moments that fit, best first; `minutes` is the time at hand, None is any;
    `shown` says how often each prompt id was sent so far. The same `seed` gives the same choice.
    `history` is the rule's own; `private` is true where nobody but the person reads the text.
    """

    day: date
    seed: str
    moments: tuple[str, ...] = ("before",)
    habit: str | None = None
    minutes: int | None = None
    shown: Mapping[str, int] = {}
    signals: Signals = Signals()
    history: History = History(rule="", day=date.min)
    private: bool = False
