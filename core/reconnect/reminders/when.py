"""When a reminder falls due: its recurrence, a moment drawn out of a window, fading."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from reconnect import recurrence
from reconnect.digest import sha256

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from reconnect.model.reminder import Reminder
    from reconnect.recurrence import Occurrence


def coming(reminder: Reminder, tzid: str) -> Iterator[Occurrence]:
    """Each occurrence after the reminder's last one, in order; without end where it has none.

    `wall` is the nominal time, from which the idempotency key is made; `instant` is when it falls
    due. Where the reminder fades, only every second or fourth occurrence comes, counted from the
    last one that did.

    Raises:
        UsageError: its recurrence or zone cannot be read.
    """
    if reminder.every_nth < 1:
        return
    every = recurrence.occurrences(
        reminder.rrule,
        dtstart=reminder.dtstart_wall,
        tzid=tzid,
        last=reminder.last_occ_wall,
        count_left=reminder.count_left,
    )
    passed = 0 if reminder.last_occ_wall is not None else reminder.every_nth - 1
    for occurrence in every:
        passed += 1
        if passed < reminder.every_nth:
            continue
        passed = 0
        if reminder.spread_min:
            yield occurrence._replace(instant=moment_of(reminder, occurrence.wall, tzid))
        else:
            yield occurrence


def moment_of(reminder: Reminder, wall: datetime, tzid: str) -> datetime:
    """The UTC instant at which the occurrence of a nominal wall time falls due.

    A drawn moment depends on the reminder and on that wall time alone: it is the same however often
    it is asked for, after a restart too, and says nothing of any other.
    """
    if not reminder.spread_min:
        return recurrence.to_instant(wall, tzid)
    begin, end = recurrence.span(wall, wall + timedelta(minutes=reminder.spread_min), tzid)
    seconds = int((end - begin).total_seconds())
    drawn = int.from_bytes(sha256(f"moment|{reminder.id}|{wall.isoformat()}".encode()).digest()[:8])
    return begin + timedelta(seconds=drawn * seconds >> 64)
