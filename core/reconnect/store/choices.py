"""What a person chose at a weekly review for the week after it, in their own words."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import sqlite3

    from reconnect.model.week import Week


def put(db: sqlite3.Connection, person_id: int, reviewed: Week, text: str, now_ms: int) -> None:
    """Keep what was chosen at the review of a week; an earlier choice is replaced."""
    db.execute(
        "INSERT INTO weekly_choice (person_id, week, text, at) VALUES (?, ?, ?, ?) "
        "ON CONFLICT (person_id, week) DO UPDATE SET text = excluded.text, at = excluded.at",
        (person_id, reviewed.id, text, now_ms),
    )


def get(db: sqlite3.Connection, person_id: int, reviewed: Week) -> str | None:
    """What was chosen at the review of a week, or None."""
    row = db.execute(
        "SELECT text FROM weekly_choice WHERE person_id = ? AND week = ?", (person_id, reviewed.id)
    ).fetchone()
    return row[0] if row else None


def delete(db: sqlite3.Connection, person_id: int, reviewed: Week) -> bool:
    """Remove what was chosen at the review of a week; False where there was nothing."""
    cursor = db.execute(
        "DELETE FROM weekly_choice WHERE person_id = ? AND week = ?", (person_id, reviewed.id)
    )
    return cursor.rowcount == 1
