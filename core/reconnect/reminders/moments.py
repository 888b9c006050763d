"""Which moments a prompt should fit: before, after a slip, a hard day, a good run."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from reconnect.model.history import Signals, is_tense

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime

    from reconnect.model.habit import Entry
    from reconnect.model.history import History

GAP = timedelta(days=10)
"""After so long without an entry a prompt welcomes back instead of going on."""

NEAR = 200
"""So many of the newest entries are looked at."""

RUN = 5
"""After so many days in a row with something done, one prompt in this many celebrates."""


def moments(history: History, role: str, day: date, last_sent: datetime | None) -> tuple[str, ...]:
    """The moments that fit, best first.

    Args:
        history: the rule's own entries and the signals of other rules, up to the day.
        role: do or log.
        day: the day the reminder counts for.
        last_sent: when the habit was last reminded of. After a slip one prompt offers the way back,
            then there is silence about it.
    """
    own = history.entries[-NEAR:]
    slipped = bool(own) and own[-1].kind == "lapse"
    if slipped and (last_sent is None or last_sent < (own[-1].recorded or own[-1].at)):
        return ("re-entry", "before")
    near = [history.signals.get(d, Signals()) for d in (day, day - timedelta(days=1))]
    if any(is_tense(signals) for signals in near):
        return ("tense", "before")
    if own and not slipped and day - own[-1].day >= GAP:
        return ("re-entry", "before")
    if role == "log":
        return ("after", "before")
    if _is_good_run(own, day):
        return ("celebrate", "before", "after")
    return ("before",)


def _is_good_run(own: Sequence[Entry], day: date) -> bool:
    done = {entry.day for entry in own if entry.kind == "done"}
    length = 0
    while day - timedelta(days=length + 1) in done:
        length += 1
    return length > 0 and length % RUN == 0
