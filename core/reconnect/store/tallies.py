"""What was logged a day, counted: for everything that looks at many days at once."""

from __future__ import annotations

import sqlite3
from datetime import date
from typing import TYPE_CHECKING

from reconnect.errors import DamagedError
from reconnect.model.habit import Tally

if TYPE_CHECKING:
    from collections.abc import Collection

Tallies = dict[int, dict[date, Tally]]
"""By habit's number, then by day, in order; a day without an entry is not in it."""

# Of an amount only numbers count, as in an entry that is read: `true` is none. A day is added
# up in Python: after ten years that takes half the time of GROUP BY.
_SELECT = """
SELECT e.habit_id, e.day, e.kind,
       CASE WHEN e.kind = 'done' AND h.amount IS NOT NULL
             AND json_type(e.fields, '$.' || h.amount) IN ('integer', 'real')
            THEN json_extract(e.fields, '$.' || h.amount) END
FROM entry AS e JOIN habit AS h ON h.id = e.habit_id
WHERE e.person_id = ? AND e.day BETWEEN ? AND ?
"""
_ONE = {
    "done": Tally(done=1),
    "skip": Tally(skips=1),
    "no": Tally(noes=1),
    "lapse": Tally(lapses=1),
}


def of_days(
    db: sqlite3.Connection,
    person_id: int,
    first: date,
    last: date,
    habit_ids: Collection[int] | None = None,
) -> Tallies:
    """What was logged on the days from `first` to `last`, of all habits or of some.

    Raises:
        DamagedError: an entry that cannot be read.
    """
    which, values = "", [person_id, first.isoformat(), last.isoformat()]
    if habit_ids is not None:
        which = f"AND e.habit_id IN ({', '.join('?' * len(habit_ids))})"
        values += habit_ids
    found: Tallies = {}
    try:
        rows = db.execute(f"{_SELECT} {which} ORDER BY e.day", values)
        for habit_id, text, kind, amount in rows:
            tally = _ONE[kind] if amount is None else Tally(1, amount=float(amount))
            days, day = found.setdefault(habit_id, {}), date.fromisoformat(text)
            days[day] = _joined(days[day], tally) if day in days else tally
    except (ValueError, TypeError, KeyError, sqlite3.OperationalError) as error:
        if isinstance(error, sqlite3.OperationalError) and "JSON" not in str(error):
            raise
        raise DamagedError(
            "an entry is damaged: `reconnect doctor` checks them all and says which"
        ) from error
    return found


def _joined(one: Tally, other: Tally) -> Tally:
    amounts = [tally.amount for tally in (one, other) if tally.amount is not None]
    return Tally(
        one.done + other.done, one.skips + other.skips, one.noes + other.noes,
        one.lapses + other.lapses, sum(amounts) if amounts else None,
    )  # fmt: skip
