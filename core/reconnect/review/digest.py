"""What the reminder of the weekly review says: counts alone, and nothing that tells of what."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reconnect.model.week import Week
from reconnect.review.weekly import default_week
from reconnect.store import entries, habits
from reconnect.textfit import counted

if TYPE_CHECKING:
    import sqlite3
    from datetime import date

    from reconnect.model.habit import Person

LONGEST = 240
_INVITATION = "Ten minutes to look back, and to choose one thing: reconnect review"


def digest_text(db: sqlite3.Connection, person: Person, today: date) -> str:
    """One line for any channel: no habit, no rule and no answer is named in it.

    It counts the week that `reconnect review` shows on that day.

    Args:
        db: the open database.
        person: whose week.
        today: the person's day.

    Returns:
        At most 240 characters, the last of them `reconnect review`.
    """
    known = habits.listed(db, person.id, archived=True)
    week = default_week(today, min((habit.begun for habit in known), default=None))
    until = min(week.sunday, today)
    logged = entries.between(db, person.id, week.monday, until)
    done = [entry for entry in logged if entry.kind == "done"]
    warm = sum(entry.landed == "warm" for entry in done)
    name = "This week" if week == Week.of(today) else "Last week"
    if not done:
        return f"{name} was a quiet one, and that is allowed. {_INVITATION}"
    acts, days = len(done), len({entry.day for entry in done})
    counts = [f"{acts} small act{'s' * (acts > 1)} on {counted(days, 'day')}"]
    if warm:
        counts.append(f"{warm} of them landed warm")
    return f"{name}: {', '.join(counts)}. {_INVITATION}"
