"""People, and small facts about the database itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reconnect.model.habit import Person

if TYPE_CHECKING:
    import sqlite3

ME = "me"
"""The key of the person whose machine this is."""

SAMPLE = "sample"
"""A fact about a database that holds sample data: whatever leaves it says so."""


def find(db: sqlite3.Connection, key: str = ME) -> Person | None:
    """The person of that key, or None."""
    row = db.execute(
        "SELECT id, key, name, tzid, day_starts FROM person WHERE key = ?", (key,)
    ).fetchone()
    return _person(row) if row else None


def get(db: sqlite3.Connection, person_id: int) -> Person:
    """The person with that number. A LookupError means a broken reference."""
    row = db.execute(
        "SELECT id, key, name, tzid, day_starts FROM person WHERE id = ?", (person_id,)
    ).fetchone()
    if row is None:
        raise LookupError(f"no person {person_id}")
    return _person(row)


def everyone(db: sqlite3.Connection) -> list[Person]:
    """All people of the database."""
    rows = db.execute("SELECT id, key, name, tzid, day_starts FROM person ORDER BY id")
    return [_person(row) for row in rows.fetchall()]


def save(
    db: sqlite3.Connection, *, key: str, name: str, tzid: str, day_starts: int, now_ms: int
) -> Person:
    """Create the person, or change their name, zone and start of day."""
    db.execute(
        "INSERT INTO person (key, name, tzid, day_starts, created) VALUES (?, ?, ?, ?, ?) "
        "ON CONFLICT (key) DO UPDATE SET name = excluded.name, tzid = excluded.tzid, "
        "day_starts = excluded.day_starts",
        (key, name, tzid, day_starts, now_ms),
    )
    person = find(db, key)
    if person is None:
        raise LookupError(f"person '{key}' was not stored")
    return person


def get_meta(db: sqlite3.Connection, key: str) -> str | None:
    """A fact about the database, or None."""
    row = db.execute("SELECT value FROM meta WHERE key = ?", (key,)).fetchone()
    return row[0] if row else None


def set_meta(db: sqlite3.Connection, key: str, value: str) -> None:
    """Keep a fact about the database."""
    db.execute(
        "INSERT INTO meta (key, value) VALUES (?, ?) "
        "ON CONFLICT (key) DO UPDATE SET value = excluded.value",
        (key, value),
    )


def _person(row: tuple[int, str, str, str, int]) -> Person:
    return Person(id=row[0], key=row[1], name=row[2], tzid=row[3], day_starts=row[4])
