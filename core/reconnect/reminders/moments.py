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
    from reconnect.model.rule import Prompt

GAP = timedelta(days=10)
"""After so long without an entry a prompt welcomes back instead of going on."""

MONTH = timedelta(days=28)
"""The day on which it began is remembered from then on, once a month."""

NEAR = 200
"""So many of the newest entries are looked at."""

RUN = 5
"""After so many days in a row with something done, one prompt in this many celebrates."""


def moment_for(
    prompts: Sequence[Prompt],
    habit: str | None,
    history: History,
    role: str,
    day: date,
    last_shown: datetime | None,
) -> str:
    """The best of the moments that fit for which there is a prompt (of that habit).

    Args:
        prompts: what the rule has to say.
        habit: the template id of the habit it is about; None is no one of them.
        history: see `moments`, as the rest.
        role: do or log.
        day: the day the reminder counts for.
        last_shown: when a prompt of the rule was last shown.
    """
    there = {prompt.moment for prompt in prompts if prompt.habit in (None, habit)}
    fitting = moments(history, role, day, last_shown)
    return next((moment for moment in fitting if moment in there), fitting[-1])


def moments(history: History, role: str, day: date, last_shown: datetime | None) -> tuple[str, ...]:
    """The moments that fit, best first.

    Args:
        history: the rule's own entries and the signals of other rules, up to the day.
        role: do or log.
        day: the day the reminder counts for.
        last_shown: when a prompt of the rule was last shown. After a slip (or a long gap) one
            prompt offers the way back, then there is silence about it.
    """
    own = history.entries[-NEAR:]
    last = own[-1] if own else None
    slipped = last is not None and last.kind == "lapse"
    if slipped and last and _is_before(last_shown, last.recorded or last.at):
        return ("re-entry", "before")
    near = [history.signals.get(d, Signals()) for d in (day, day - timedelta(days=1))]
    if any(is_tense(signals) for signals in near):
        return ("tense", "before")
    if last and not slipped and _is_welcome_back(last.day, day, last_shown):
        return ("re-entry", "before")
    if role == "log":
        return ("after", "before")
    if _is_good_run(own, day):
        return ("celebrate", "before", "after")
    if own and _is_anniversary(history.entries[0].day, day):
        return ("on-this-day", "before")
    return ("before",)


def _is_before(shown: datetime | None, instant: datetime) -> bool:
    return shown is None or shown < instant


def _is_welcome_back(last: date, day: date, shown: datetime | None) -> bool:
    return day - last >= GAP and (shown is None or shown.date() - last < GAP)


def _is_anniversary(began: date, day: date) -> bool:
    """Whether it began on this day of a month; its last day stands for those it does not have."""
    last_of_month = (day + timedelta(days=1)).day == 1
    same = day.day == began.day or (last_of_month and began.day > day.day)
    return same and day - began >= MONTH


def _is_good_run(own: Sequence[Entry], day: date) -> bool:
    done = {entry.day for entry in own if entry.kind == "done"}
    length = 0
    while day - timedelta(days=length + 1) in done:
        length += 1
    return length > 0 and length % RUN == 0
