"""Plan: turn what fell due into deliveries, once each, and move every reminder on.

A reminder missed while the machine was off is caught up once, within its window, or recorded as
missed: never silently lost.
"""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import TYPE_CHECKING

import msgspec

from reconnect.clock import from_ms, to_ms
from reconnect.digest import sha256
from reconnect.errors import ReconnectError
from reconnect.recurrence import to_wall
from reconnect.reminders.when import coming, moment_of
from reconnect.store import deliveries, pending, people, reminders

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from datetime import datetime

    from reconnect.model.habit import Person
    from reconnect.model.reminder import DeliveryState, Reminder
    from reconnect.recurrence import Occurrence

BATCH = 500
"""How many reminders one transaction plans at most."""

LATE = timedelta(seconds=90)
"""From here on a reminder is late, and its catch-up policy says what becomes of it."""

_AT_ONCE = 500
# An hourly reminder after a year asleep has 8,760 occurrences: they are recorded in steps.

_ROWS = 2000
# So many rows are enough for one transaction: commands wait for it, and a stop.

_FAR_AHEAD = timedelta(hours=15)
# No zone is further ahead of UTC than 14 hours: what lies beyond was reached by a wrong clock.

_WINDOW = timedelta(days=8)
# No window is longer than a week.

_BEFORE = timedelta(days=2)
# No moment is drawn that much later than its window begins.

_LOOK_AGAIN = timedelta(hours=1)
# A reminder that cannot be planned is left alone for so long.

log = logging.getLogger("reconnect.plan")


def plan(
    db: sqlite3.Connection,
    now: datetime,
    channels_of: Callable[[Reminder, datetime], Sequence[str]],
) -> int:
    """Plan what is due, at most 500 reminders. Call it inside a transaction.

    Args:
        db: the open database, in a transaction that holds the write lock.
        now: the present instant.
        channels_of: the channels that a reminder goes to that falls due at a naive wall time.

    Returns:
        How many reminders were due, of at most 500; as many as that may be due still.
    """
    due = reminders.due(db, to_ms(now), BATCH)
    zones: dict[int, str] = {}
    planned: list[deliveries.Planned] = []
    moves: list[tuple[Reminder, Reminder]] = []
    for reminder in due:
        if len(planned) >= _ROWS:
            break
        if reminder.tzid is None and reminder.person_id not in zones:
            zones[reminder.person_id] = people.get(db, reminder.person_id).tzid
        tzid = reminder.tzid or zones[reminder.person_id]
        try:
            fallen, following = _fallen_due(reminder, tzid, now)
        except ReconnectError as error:
            # Its recurrence or zone cannot be read. It must not keep the others from being planned.
            log.error("reminder=%d cannot be planned: %s", reminder.id, error)
            moves.append((reminder, _at(reminder, None, now + _LOOK_AGAIN)))
            continue
        planned += _deliveries(reminder, fallen, following, now, channels_of)
        ends = following.instant if following else None
        moves.append((reminder, _at(reminder, fallen[-1] if fallen else None, ends)))
    deliveries.insert(db, planned)
    reminders.advance(db, moves)
    return len(due)


def catch_up(
    db: sqlite3.Connection,
    reminder: Reminder,
    tzid: str,
    now: datetime,
    channels_of: Callable[[Reminder, datetime], Sequence[str]],
) -> Reminder:
    """Plan all of one reminder that has fallen due, as before it is changed.

    Call it inside a transaction. Returns the reminder as it stands then.
    """
    while reminder.next_due is not None and reminder.next_due <= now:
        fallen, following = _fallen_due(reminder, tzid, now)
        deliveries.insert(db, _deliveries(reminder, fallen, following, now, channels_of))
        last = fallen[-1] if fallen else None
        moved = _at(reminder, last, following.instant if following else None)
        reminders.advance(db, [(reminder, moved)])
        reminder = moved
    return reminder


def idempotency_key(reminder_id: int, occ_wall: datetime, channel: str) -> str:
    """32 hex digits that name one occurrence of a reminder on one channel.

    Made from the nominal wall time, so that neither a restart nor a new time zone database sends
    it twice.
    """
    content = f"{reminder_id}|{occ_wall.isoformat()}|{channel}"
    return sha256(content.encode()).hexdigest()[:32]


def place(reminder: Reminder, tzid: str, after: datetime) -> Reminder:
    """The reminder, moved past everything up to an instant: it falls due later than that."""
    fallen = None
    for occurrence in coming(reminder, tzid):
        if occurrence.instant > after:
            return _at(reminder, fallen, occurrence.instant)
        fallen = occurrence
    return _at(reminder, fallen, None)


def come_back(db: sqlite3.Connection, now: datetime) -> int:
    """Bring reminders back that a clock ahead has moved past now. Call it in a transaction.

    What was sent stays sent: its key keeps it from being planned again. Returns how many moved.
    """
    moved, now_ms = 0, to_ms(now)
    no_zone = now.replace(tzinfo=None) + _FAR_AHEAD
    for reminder in reminders.ahead_of(db, no_zone, now_ms, to_ms(now - _WINDOW)):
        tzid = reminder.tzid or people.get(db, reminder.person_id).tzid
        # What is late by less than its window is caught up: not what was never to come.
        since_ms = to_ms(now - timedelta(seconds=reminder.window_s))
        oldest = deliveries.oldest_open(db, reminder.id, since_ms, now_ms)
        after = now if oldest is None else from_ms(oldest - 1)
        try:
            # A COUNT has to be counted from the start on, which may be years ago.
            last = None if "COUNT" in reminder.rrule else to_wall(after, tzid) - _BEFORE
            fresh = msgspec.structs.replace(reminder, last_occ_wall=last, count_left=None)
            placed = place(fresh, tzid, after)
        except ReconnectError as error:
            log.error("reminder=%d cannot be moved: %s", reminder.id, error)
            continue
        deliveries.forget_ahead(db, reminder.id, since_ms, now_ms)
        reminders.move(db, placed)
        moved += 1
    return moved


def move_to_zone(db: sqlite3.Connection, person: Person) -> None:
    """Let the person's reminders that follow them fall due by the clocks of their new zone.

    What has passed there, but was not sent yet, falls due at once and is caught up. What is to be
    sent yet moves to the instant of its wall time in the new zone. A reminder with a zone of its
    own stays where it is.
    """
    following = {}
    for reminder in reminders.listed(db, person.id, ended=True):
        if reminder.tzid is None:
            following[reminder.id] = reminder
    _move_pending(db, person, following)
    for reminder in following.values():
        reckon_again(db, reminder, person.tzid)


def reckon_again(db: sqlite3.Connection, reminder: Reminder, tzid: str) -> None:
    """Let a reminder fall due by what is known of a zone now. Call it inside a transaction."""
    if reminder.next_due is None:
        return
    try:
        first = _following(reminder, tzid)
    except ReconnectError as error:
        log.error("reminder=%d cannot be moved: %s", reminder.id, error)
        return
    reminders.move(db, _at(reminder, None, first.instant if first else None))


def _move_pending(
    db: sqlite3.Connection, person: Person, following: Mapping[int, Reminder]
) -> None:
    for delivery in pending.of_person(db, person.id):
        reminder = following.get(delivery.reminder_id)
        due = delivery.due
        if reminder is not None:
            try:
                due = moment_of(reminder, delivery.occ_wall, person.tzid)
            except ReconnectError as error:
                log.error("delivery=%d cannot be moved: %s", delivery.id, error)
        pending.move(db, delivery, due)


def _at(reminder: Reminder, last: Occurrence | None, due: datetime | None) -> Reminder:
    if last is None:
        return msgspec.structs.replace(reminder, next_due=due)
    return msgspec.structs.replace(
        reminder, next_due=due, last_occ_wall=last.wall, count_left=last.count_left
    )


def _following(reminder: Reminder, tzid: str) -> Occurrence | None:
    return next(coming(reminder, tzid), None)


def _deliveries(
    reminder: Reminder,
    fallen: Sequence[Occurrence],
    following: Occurrence | None,
    now: datetime,
    channels_of: Callable[[Reminder, datetime], Sequence[str]],
) -> Iterator[deliveries.Planned]:
    # Of a long sleep only the last step holds the newest occurrence.
    caught_up = following is None or following.instant > now
    for number, occurrence in enumerate(fallen, start=1):
        last = number == len(fallen)
        newer = following if last else fallen[number]
        state, outcome = _verdict(reminder, occurrence, now, newest=last and caught_up)
        ends = occurrence.instant + timedelta(seconds=reminder.window_s)
        if newer is not None and reminder.catchup != "all":
            ends = min(ends, newer.instant)
        for channel in channels_of(reminder, occurrence.wall):
            yield deliveries.Planned(
                idem_key=idempotency_key(reminder.id, occurrence.wall, channel),
                person_id=reminder.person_id,
                reminder_id=reminder.id,
                habit_id=reminder.habit_id,
                occ_wall=occurrence.wall,
                due=occurrence.instant,
                channel=channel,
                priority=reminder.priority,
                state=state,
                expires_at=ends,
                outcome=outcome,
                text=reminder.text,
                prompt=reminder.prompt,
                late=state == "pending" and now - occurrence.instant > LATE,
            )


def _fallen_due(
    reminder: Reminder, tzid: str, now: datetime
) -> tuple[list[Occurrence], Occurrence | None]:
    """The occurrences up to now, oldest first and some hundreds at most, and the one after them."""
    fallen: list[Occurrence] = []
    for occurrence in coming(reminder, tzid):
        if occurrence.instant > now or len(fallen) >= _AT_ONCE:
            return fallen, occurrence
        fallen.append(occurrence)
    return fallen, None


def _verdict(
    reminder: Reminder, occurrence: Occurrence, now: datetime, *, newest: bool
) -> tuple[DeliveryState, str | None]:
    late = now - occurrence.instant
    if late <= LATE:
        return ("pending", None) if newest or reminder.catchup != "latest" else _COALESCED
    if reminder.catchup == "skip" or late > timedelta(seconds=reminder.window_s):
        return "expired", "missed"
    if reminder.catchup == "latest" and not newest:
        return _COALESCED
    return "pending", None


_COALESCED: tuple[DeliveryState, str] = ("suppressed", "coalesced")
