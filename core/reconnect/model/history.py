"""What a rule may look at: its own entries, and of others only signals."""

from collections.abc import Mapping
from datetime import date

import msgspec

from reconnect.model.habit import Entry


class Signals(msgspec.Struct, frozen=True, kw_only=True):
    """What one rule may know of another's day: never a note, never a text.

    `tension` runs from 1 (calm) to 5; `mood` is peaceful, mixed or stormy; None was not logged.
    """

    tension: int | None = None
    mood: str | None = None
    lapsed: bool = False


class History(msgspec.Struct, frozen=True, kw_only=True):
    """One rule's entries up to and on `day`, oldest first, of all the person's habits of it."""

    rule: str
    day: date
    entries: tuple[Entry, ...] = ()
    signals: Mapping[date, Signals] = {}


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
    """

    day: date
    seed: str
    moments: tuple[str, ...] = ("before",)
    habit: str | None = None
    minutes: int | None = None
    shown: Mapping[str, int] = {}
    signals: Signals = Signals()
