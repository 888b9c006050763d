"""RRULE text and a zone -> wall times and instants. Nothing else knows RRULE or daylight saving.

A rule runs on wall time, without a zone; only then is each wall time converted. In a gap it takes
the offset before the gap (02:30 becomes 03:30), in a fold the first of the two. Each function that
takes an RRULE or a zone raises UsageError where it cannot read it; only `describe` does not. Those
that look at a habit's days (`due_days`, `is_due`, `pace_of`) get a rule that was stored: one that
they cannot read is damaged, and they raise DamagedError.
"""

from reconnect.recurrence.occurrences import (
    Occurrence,
    check,
    due_days,
    is_due,
    next_occurrence,
    occurrences,
    to_instant,
    to_wall,
)
from reconnect.recurrence.pace import Pace, UnitOfTime, pace_of
from reconnect.recurrence.rrule import describe, from_days
from reconnect.recurrence.spans import span

__all__ = [
    "Occurrence",
    "Pace",
    "UnitOfTime",
    "check",
    "describe",
    "due_days",
    "from_days",
    "is_due",
    "next_occurrence",
    "occurrences",
    "pace_of",
    "span",
    "to_instant",
    "to_wall",
]
