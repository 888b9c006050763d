"""Quiet hours: until when they last, by the person's clock."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING

from reconnect import recurrence

if TYPE_CHECKING:
    from reconnect.config import QuietSettings, Settings
    from reconnect.model.reminder import Quiet


def quiet_until(quiet: QuietSettings, now: datetime, tzid: str) -> datetime | None:
    """When the quiet hours end that hold now (UTC); None where none do.

    Args:
        quiet: from when until when, on each day, over midnight too.
        now: the present instant.
        tzid: the person's zone. On the night of a change the clock on their wall decides.

    Raises:
        UsageError: no such zone.
    """
    if not quiet.from_ or not quiet.until:
        return None
    begins, ends = time.fromisoformat(quiet.from_), time.fromisoformat(quiet.until)
    wall = recurrence.to_wall(now, tzid)
    for day in (wall.date() - timedelta(days=1), wall.date()):
        first = datetime.combine(day, begins)
        last = datetime.combine(day + timedelta(days=ends <= begins), ends)
        since, until = recurrence.span(first, last, tzid)
        if since <= now < until:
            return until
        if first <= wall < last:
            # In the hour that is there twice a clock shows quiet hours before or after the span.
            return max(until, now + (last - wall))
    return None


def what_then(settings: Settings, of_reminder: Quiet | None, channel: str) -> Quiet:
    """What quiet hours do to a reminder: its own wish, or its channel's, or the settings'."""
    if of_reminder is not None:
        return of_reminder
    own = settings.channels.get(channel)
    return (own and own.quiet) or settings.quiet.what
