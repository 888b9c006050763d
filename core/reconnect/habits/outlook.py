"""What is open today, and how long there is still time: read from the last days alone."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, NamedTuple

from reconnect import recurrence
from reconnect.habits.days import is_due, state_of
from reconnect.habits.spans import last_of, spans
from reconnect.model.habit import Tally
from reconnect.store import tallies

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Mapping, Sequence

    from reconnect.habits.spans import Span
    from reconnect.model.habit import Habit, State

_BACK = {"day": 1, "week": 7, "month": 31, "year": 366}
_DAY = timedelta(days=1)


class Outlook(NamedTuple):
    """A habit today.

    `span` is the day, week, month or year that goes on (None where the habit is due on no day).
    `days_left` says in how many days at the latest something is to be done so that it can still be
    kept, 0 is today; None where there is nothing to lose: an at-most habit, a span that cannot be
    kept any more. `stands` says whether the span before was kept: then a streak would break.
    """

    habit: Habit
    state: State
    tally: Tally
    due: bool
    span: Span | None
    days_left: int | None
    stands: bool


def outlook_of(
    db: sqlite3.Connection, person_id: int, habits: Sequence[Habit], today: date
) -> dict[int, Outlook]:
    """How each habit stands today, by its number. It costs the same after ten years."""
    paces = {habit.id: recurrence.pace_of(habit.rrule) for habit in habits}
    back = max((_BACK[pace.unit] for pace in paces.values() if pace), default=0)
    # The span that goes on, and the one before it.
    since = today - timedelta(days=2 * back)
    logged = tallies.of_days(db, person_id, since, today)
    return {habit.id: _outlook(habit, logged.get(habit.id, {}), today) for habit in habits}


def _outlook(habit: Habit, logged: Mapping[date, Tally], today: date) -> Outlook:
    tally = logged.get(today, Tally())
    pace = recurrence.pace_of(habit.rrule)
    found: Sequence[Span] = ()
    if pace is not None and habit.begun <= today:
        found = spans(habit, logged, today, since=today - timedelta(days=_BACK[pace.unit]))
    now = found[-1] if found else None
    return Outlook(
        habit=habit,
        state=state_of(habit, today, tally),
        tally=tally,
        due=is_due(habit, today),
        span=now,
        days_left=_days_left(habit, now, today) if now else None,
        stands=len(found) > 1 and found[-2].verdict in ("kept", "rested"),
    )


def _days_left(habit: Habit, span: Span, today: date) -> int | None:
    if habit.goal == "at-most" or span.verdict == "missed":
        return None
    wanted, last = span.asked - span.done - span.skips, span.last
    if wanted <= 0:
        ahead = _next_due(habit, span)
        if not ahead:
            return None
        last = last_of(span.unit, ahead[0])
        wanted = sum(day <= last for day in ahead)
    return max(0, (last - today).days - wanted + 1)


def _next_due(habit: Habit, span: Span) -> list[date]:
    """The due days of the next span that has any; none where there is none within two years."""
    first = span.last + _DAY
    # Mostly it is the very next one. A rule that has ended would be looked for in vain.
    for last in (first, first + _DAY * 2 * _BACK["year"]):
        last = last_of(span.unit, last)
        if found := recurrence.due_days(habit.rrule, habit.anchor, first, last):
            return found
    return []
