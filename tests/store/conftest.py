"""A database with a person and a habit in it, and a way to be nobody special."""

from __future__ import annotations

import os
import shutil
import tempfile
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from reconnect.clock import to_ms
from reconnect.model.habit import Entry, Habit, Terms
from reconnect.store import entries, habits, people
from reconnect.store.database import open_database, writing

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator

    from reconnect.model.habit import Person

NOW = datetime(2026, 11, 23, 11, tzinfo=UTC)
TODAY = date(2026, 11, 23)


class Store:
    """An open database with one person and one habit."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.db: sqlite3.Connection = open_database(str(path))
        with writing(self.db):
            self.person: Person = people.save(
                self.db, key="me", name="", tzid="Europe/Berlin", day_starts=180, now_ms=to_ms(NOW)
            )
            self.habit = habits.insert(
                self.db,
                Habit(
                    id=0, person_id=self.person.id, name="listen", rule="listen",
                    template="undivided", title="Listen", goal="at-least", amount="minutes",
                    unit="minutes", cue=None,
                    terms=(Terms(since=TODAY, anchor=TODAY, rrule="FREQ=DAILY", target=8),),
                ),
                to_ms(NOW),
            )  # fmt: skip

    def entry(self, number: int, **more: Any) -> Entry:
        """An entry that is not stored yet."""
        given: dict[str, Any] = {
            "kind": "done", "at": NOW, "day": TODAY, "tzid": "Europe/Berlin",
            "fields": {"minutes": number}, "note": f"note number {number}",
        } | more  # fmt: skip
        return Entry(
            id=0, uid=f"uid-{number:06}", person_id=self.person.id, habit_id=self.habit.id,
            rule="listen", template="undivided", **given,
        )  # fmt: skip

    def add(self, number: int, **more: Any) -> tuple[int, bool]:
        """Store an entry: its number, and whether it is new."""
        with writing(self.db):
            return entries.insert(self.db, self.entry(number, **more), to_ms(NOW))

    def read(self) -> list[Entry]:
        """Every entry."""
        return entries.between(self.db, self.person.id, date.min, date.max)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    made = Store(tmp_path / "store" / "reconnect.db")
    yield made
    made.db.close()


@pytest.fixture
def locked_out() -> Iterator[Path]:
    """A directory in which this process may do no more than any other user would."""
    place = Path(tempfile.mkdtemp(prefix="reconnect-test-"))
    root = hasattr(os, "geteuid") and os.geteuid() == 0
    if root:
        # What root may not write does not exist: the file system asks who one is for now.
        os.chown(place, 65534, 65534)
        os.seteuid(65534)
    try:
        yield place
    finally:
        if root:
            os.seteuid(0)
        for folder in (place, *place.rglob("*")):
            folder.chmod(0o700)
        shutil.rmtree(place)
