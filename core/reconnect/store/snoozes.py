"""What was put off: the delivery that a snooze is about, and the one-offs that repeat it later."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reconnect.store.delivery_history import COLUMNS, delivery_of

if TYPE_CHECKING:
    import sqlite3

    from reconnect.model.reminder import Delivery


def newest(
    db: sqlite3.Connection,
    person_id: int,
    *,
    since_ms: int,
    now_ms: int,
    habit_id: int | None = None,
    reminder_id: int | None = None,
) -> Delivery | None:
    """The delivery that came last, or waits to be sent, since an instant.

    Args:
        db: the open database.
        person_id: to whom.
        since_ms: no older than that (UTC ms).
        now_ms: the present instant.
        habit_id: of that habit only.
        reminder_id: of that reminder, or a one-off that stems from it.
    """
    row = db.execute(
        f"SELECT {COLUMNS} FROM delivery AS d WHERE person_id = ? AND due <= ? "
        "AND state IN ('pending', 'leased', 'sent', 'unknown') AND coalesce(sent_at, due) >= ? "
        "AND (? IS NULL OR habit_id = ?) AND (? IS NULL OR reminder_id = ? OR EXISTS "
        "(SELECT 1 FROM reminder AS r WHERE r.id = d.reminder_id AND r.stems_from = ?)) "
        "ORDER BY coalesce(sent_at, due) DESC, id DESC LIMIT 1",
        (
            person_id, now_ms, since_ms, habit_id, habit_id, reminder_id, reminder_id, reminder_id,
        ),
    ).fetchone()  # fmt: skip
    return None if row is None else delivery_of(row)


def of_occurrence(db: sqlite3.Connection, delivery: Delivery) -> list[Delivery]:
    """The deliveries of the same occurrence, one on each channel."""
    rows = db.execute(
        f"SELECT {COLUMNS} FROM delivery WHERE person_id = ? AND reminder_id = ? AND occ_wall = ? "
        "ORDER BY id",
        (delivery.person_id, delivery.reminder_id, delivery.occ_wall.isoformat()),
    )
    return [delivery_of(row) for row in rows]


def ahead(
    db: sqlite3.Connection,
    person_id: int,
    now_ms: int,
    *,
    habit_id: int | None = None,
    root: int | None = None,
) -> list[int]:
    """The numbers of one-offs still to come that repeat something later.

    Those of a habit, or those that stem from the reminder `root`; all when neither is given.
    """
    rows = db.execute(
        "SELECT id FROM reminder WHERE person_id = ? AND stems_from IS NOT NULL AND next_due > ? "
        "AND (? IS NULL OR habit_id = ?) AND (? IS NULL OR stems_from = ?) ORDER BY id",
        (person_id, now_ms, habit_id, habit_id, root, root),
    )
    return [number for (number,) in rows]
