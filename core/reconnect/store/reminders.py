"""Reminders: what falls due when."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec

from reconnect.clock import from_ms, to_ms
from reconnect.model.reminder import Reminder

if TYPE_CHECKING:
    import logging
    import sqlite3
    from collections.abc import Collection, Iterable

    from reconnect.model.reminder import Quiet, Role

_COLUMNS = (
    "r.id, r.person_id, r.habit_id, r.role, r.rrule, r.dtstart_wall, r.tzid, r.last_occ_wall, "
    "r.count_left, r.next_due, r.rev, r.catchup, r.window_s, r.priority, r.channels, r.text, "
    "r.spread_min, r.even_if_done, r.quiet, r.every_nth, r.stems_from, r.prompt"
)

_SET_ASIDE_MS = 3_600_000
# A row that cannot be read is left alone for so long.


def insert(db: sqlite3.Connection, reminder: Reminder, now_ms: int) -> Reminder:
    """Store a new reminder; the answer carries its number."""
    cursor = db.execute(
        "INSERT INTO reminder (person_id, habit_id, role, rrule, dtstart_wall, tzid, "
        "last_occ_wall, count_left, next_due, catchup, window_s, priority, channels, text, "
        "spread_min, even_if_done, quiet, every_nth, stems_from, prompt, created) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (reminder.person_id, *_content(reminder), now_ms),
    )
    return get(db, int(cursor.lastrowid or 0))


def get(db: sqlite3.Connection, reminder_id: int) -> Reminder:
    """The reminder with that number. A LookupError means that there is none."""
    row = db.execute(
        f"SELECT {_COLUMNS} FROM reminder AS r WHERE r.id = ?", (reminder_id,)
    ).fetchone()
    if row is None:
        raise LookupError(f"no reminder {reminder_id}")
    return _reminder(row)


def listed(
    db: sqlite3.Connection, person_id: int, *, habit_id: int | None = None, ended: bool = False
) -> list[Reminder]:
    """The person's reminders, next first; those that never fall due again only when asked for."""
    rows = db.execute(
        f"SELECT {_COLUMNS} FROM reminder AS r WHERE r.person_id = ? "
        "AND (? IS NULL OR r.habit_id = ?) AND (r.next_due IS NOT NULL OR ?) "
        "ORDER BY r.next_due IS NULL, r.next_due, r.id",
        (person_id, habit_id, habit_id, ended),
    )
    return [_reminder(row) for row in rows]


def due(db: sqlite3.Connection, now_ms: int, limit: int) -> list[Reminder]:
    """Reminders whose next occurrence has come, the longest waiting first."""
    rows = db.execute(
        f"SELECT {_COLUMNS} FROM reminder AS r WHERE r.next_due <= ? ORDER BY r.next_due LIMIT ?",
        (now_ms, limit),
    ).fetchall()
    readable = []
    for row in rows:
        try:
            readable.append(_reminder(row))
        except (ValueError, TypeError, msgspec.MsgspecError):
            # One damaged row must not keep the others from being sent: it is looked at again later.
            _log().error("reminder=%d is damaged: see `reconnect doctor`", row[0])
            db.execute(
                "UPDATE reminder SET next_due = ? WHERE id = ?", (now_ms + _SET_ASIDE_MS, row[0])
            )
    return readable


def advance(db: sqlite3.Connection, moves: Iterable[tuple[Reminder, Reminder]]) -> int:
    """Move reminders past what fell due: pairs of each as it was read, and moved.

    A `next_due` of None ends it. One that somebody else changed since it was read stays where it
    is. Returns how many were moved.
    """
    cursor = db.executemany(
        "UPDATE reminder SET last_occ_wall = ?, count_left = ?, next_due = ? "
        "WHERE id = ? AND rev = ? AND next_due IS ?",
        [(*_position(moved), read.id, read.rev, _ms(read.next_due)) for read, moved in moves],
    )
    return max(0, cursor.rowcount)


def zones(db: sqlite3.Connection) -> list[str]:
    """Every zone by which a reminder or a person lives."""
    rows = db.execute(
        "SELECT tzid FROM person UNION SELECT tzid FROM reminder WHERE tzid IS NOT NULL ORDER BY 1"
    )
    return [tzid for (tzid,) in rows]


def in_zone(db: sqlite3.Connection, tzid: str) -> list[Reminder]:
    """Reminders with a zone of their own that will fall due again."""
    rows = db.execute(
        f"SELECT {_COLUMNS} FROM reminder AS r WHERE r.tzid = ? AND r.next_due IS NOT NULL", (tzid,)
    )
    return [_reminder(row) for row in rows]


def move(db: sqlite3.Connection, moved: Reminder) -> None:
    """Set where a reminder stands, as another zone or a restored habit makes needed."""
    db.execute(
        "UPDATE reminder SET last_occ_wall = ?, count_left = ?, next_due = ?, rev = rev + 1 "
        "WHERE id = ?",
        (*_position(moved), moved.id),
    )


class Terms(NamedTuple):
    """What decides about a reminder's deliveries: see `Reminder`.

    `once` is whether it is a one-off that the person asked for: not a later repeat of one that
    comes on its days.
    """

    role: Role
    tzid: str | None
    even_if_done: bool
    quiet: Quiet | None
    once: bool
    spread_min: int


def terms(db: sqlite3.Connection, ids: Collection[int]) -> dict[int, Terms]:
    """The terms of each of the reminders that are still there."""
    marks = ", ".join("?" * len(ids))
    rows = db.execute(
        "SELECT r.id, r.role, r.tzid, r.even_if_done, r.quiet, r.rrule = '' AND (r.stems_from IS "
        "NULL OR coalesce((SELECT b.rrule = '' FROM reminder AS b WHERE b.id = r.stems_from), 0)), "
        f"r.spread_min FROM reminder AS r WHERE r.id IN ({marks})",
        tuple(ids),
    )
    return {
        number: Terms(role, tzid, bool(even_if_done), quiet, bool(once), spread_min)
        for number, role, tzid, even_if_done, quiet, once, spread_min in rows
    }


def ahead_of(db: sqlite3.Connection, wall: datetime, now_ms: int, since_ms: int) -> list[Reminder]:
    """Reminders whose last occurrence lies after now, or was given up before its window is over.

    Its delivery knows; where it has none, a naive wall time that no zone shows yet. What fell due
    before `since_ms` is not looked at.
    """
    rows = db.execute(
        f"SELECT {_COLUMNS} FROM reminder AS r WHERE r.last_occ_wall > ? OR r.id IN "
        # By person, as the deliveries are indexed: few of many lie ahead.
        "(SELECT l.id FROM person AS p CROSS JOIN delivery AS d CROSS JOIN reminder AS l "
        "WHERE d.person_id = p.id AND d.due > ? AND l.id = d.reminder_id "
        "AND l.last_occ_wall = d.occ_wall AND (d.due > ? OR (d.state = 'expired' "
        "AND d.unsure = 0 AND d.expires_at > ? AND l.catchup <> 'skip')))",
        (wall.isoformat(), since_ms, now_ms, now_ms),
    )
    return [_reminder(row) for row in rows]


def replace(db: sqlite3.Connection, changed: Reminder) -> None:
    """Change a reminder; what was planned by its old terms stays as it is."""
    db.execute(
        "UPDATE reminder SET habit_id = ?, role = ?, rrule = ?, dtstart_wall = ?, tzid = ?, "
        "last_occ_wall = ?, count_left = ?, next_due = ?, catchup = ?, window_s = ?, priority = ?, "
        "channels = ?, text = ?, spread_min = ?, even_if_done = ?, quiet = ?, every_nth = ?, "
        "stems_from = ?, prompt = ?, rev = rev + 1 WHERE id = ?",
        (*_content(changed), changed.id),
    )


def first_due(db: sqlite3.Connection) -> int | None:
    """When the next reminder of anybody falls due, in UTC ms."""
    row = db.execute("SELECT min(next_due) FROM reminder WHERE next_due IS NOT NULL").fetchone()
    return None if row[0] is None else int(row[0])


def next_by_habit(db: sqlite3.Connection, person_id: int) -> dict[int, datetime]:
    """When each habit's next reminder falls due (UTC): of those that come again and again.

    A one-off, such as the end of a break, is about something else than the habit itself.
    """
    rows = db.execute(
        "SELECT habit_id, min(next_due) FROM reminder "
        "WHERE person_id = ? AND next_due IS NOT NULL AND rrule <> '' GROUP BY habit_id",
        (person_id,),
    )
    return {habit_id: from_ms(ms) for habit_id, ms in rows}


def delete(db: sqlite3.Connection, reminder_id: int) -> None:
    """Remove a reminder. What was delivered stays on record."""
    db.execute("DELETE FROM reminder WHERE id = ?", (reminder_id,))


def _log() -> logging.Logger:
    import logging  # 3 ms that `today` does not need

    return logging.getLogger("reconnect.store")


def _ms(instant: datetime | None) -> int | None:
    return None if instant is None else to_ms(instant)


def _position(reminder: Reminder) -> tuple[str | None, int | None, int | None]:
    last = reminder.last_occ_wall
    return None if last is None else last.isoformat(), reminder.count_left, _ms(reminder.next_due)


def _content(reminder: Reminder) -> tuple[object, ...]:
    """The columns that an edit may change, in the order of the table."""
    return (
        reminder.habit_id, reminder.role, reminder.rrule, reminder.dtstart_wall.isoformat(),
        reminder.tzid, *_position(reminder), reminder.catchup, reminder.window_s, reminder.priority,
        msgspec.json.encode(reminder.channels).decode(), reminder.text, reminder.spread_min,
        reminder.even_if_done, reminder.quiet, reminder.every_nth, reminder.stems_from,
        reminder.prompt,
    )  # fmt: skip


def _reminder(row: tuple[Any, ...]) -> Reminder:
    return Reminder(
        id=row[0], person_id=row[1], habit_id=row[2], role=row[3], rrule=row[4],
        dtstart_wall=datetime.fromisoformat(row[5]), tzid=row[6],
        last_occ_wall=None if row[7] is None else datetime.fromisoformat(row[7]),
        count_left=row[8], next_due=None if row[9] is None else from_ms(row[9]), rev=row[10],
        catchup=row[11], window_s=row[12], priority=row[13],
        channels=msgspec.json.decode(row[14], type=tuple[str, ...]), text=row[15],
        spread_min=row[16], even_if_done=bool(row[17]), quiet=row[18], every_nth=row[19],
        stems_from=row[20], prompt=row[21],
    )  # fmt: skip
