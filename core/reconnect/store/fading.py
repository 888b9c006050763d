"""Which habits run by themselves: what the person was asked about them, and what they said."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

if TYPE_CHECKING:
    import sqlite3

Answer = Literal["yes", "no", "later", "slump"]
_COLUMNS = "habit_id, person_id, every_nth, since, strength, asked, answer"


class Fading(NamedTuple):
    """How a habit's reminders fade.

    Of `every_nth` of their occurrences one comes (0: none) since the day `since`, on which the
    habit's strength was `strength`. `asked` is the day of the last question, and `answer` what
    was said; None is an open question.
    """

    habit_id: int
    person_id: int
    every_nth: int = 1
    since: date | None = None
    strength: float | None = None
    asked: date | None = None
    answer: Answer | None = None


def put(db: sqlite3.Connection, fading: Fading, now_ms: int) -> None:
    """Keep how a habit fades."""
    since, asked = (None if day is None else day.isoformat() for day in fading[3:6:2])
    db.execute(
        f"INSERT INTO fading ({_COLUMNS}, changed) VALUES (?, ?, ?, ?, ?, ?, ?, ?) "
        "ON CONFLICT (habit_id) DO UPDATE SET every_nth = excluded.every_nth, "
        "since = excluded.since, strength = excluded.strength, asked = excluded.asked, "
        "answer = excluded.answer, changed = excluded.changed",
        (
            fading.habit_id, fading.person_id, fading.every_nth, since, fading.strength, asked,
            fading.answer, now_ms,
        ),
    )  # fmt: skip


def of_person(db: sqlite3.Connection, person_id: int) -> dict[int, Fading]:
    """What is known of each habit about which the person was asked, by its number."""
    rows = db.execute(f"SELECT {_COLUMNS} FROM fading WHERE person_id = ?", (person_id,))
    return {row[0]: _fading(row) for row in rows}


def _fading(row: tuple[Any, ...]) -> Fading:
    since, asked = (None if day is None else date.fromisoformat(day) for day in row[3:6:2])
    return Fading(row[0], row[1], row[2], since, row[4], asked, row[6])
