"""Migrations: one transaction each, a verified backup first, all of it or nothing."""

from __future__ import annotations

import os
import shutil
import sqlite3
import threading
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from reconnect.errors import DamagedError, LockedError, ReconnectError
from reconnect.store.database import open_database, writing
from reconnect.store.migrate import SCHEMA_DIR, migrate, migrations

if TYPE_CHECKING:
    from tests.store.conftest import Store

NEXT = len(migrations()) + 1


@pytest.fixture
def newer(tmp_path: Path) -> Path:
    """The schema directory of a program that is two steps ahead."""
    place = tmp_path / "schema"
    shutil.copytree(SCHEMA_DIR, place)
    (place / f"{NEXT:04}_add_mood.sql").write_text(
        "-- a comment; with a semicolon\nALTER TABLE habit ADD COLUMN mood TEXT;\n"
        "UPDATE habit SET mood = 'fine; thanks';\n"
    )
    (place / f"{NEXT + 1:04}_more.sql").write_text("CREATE TABLE more (x INTEGER) STRICT;")
    return place


def moods(db: sqlite3.Connection) -> list[str]:
    return [row[0] for row in db.execute("SELECT mood FROM habit")]


def test_old_rows_live_on_and_a_backup_is_kept(store: Store, newer: Path) -> None:
    store.add(7)
    before = os.umask(0)
    try:
        migrate(store.db, str(store.path), str(newer))
    finally:
        os.umask(before)
    assert moods(store.db) == ["fine; thanks"]
    assert len(store.read()) == 1
    assert store.db.execute("PRAGMA user_version").fetchone()[0] == NEXT + 1
    backup = Path(f"{store.path}.schema{NEXT - 1}.bak")
    assert backup.stat().st_mode & 0o777 == 0o600
    kept = sqlite3.connect(backup)
    assert kept.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    assert kept.execute("PRAGMA user_version").fetchone() == (NEXT - 1,)
    assert kept.execute("SELECT note FROM entry").fetchall() == [("note number 7",)]
    kept.close()
    assert {f.name for f in store.path.parent.glob("*.bak*")} <= {
        backup.name, f"{backup.name}-wal", f"{backup.name}-shm",
    }  # fmt: skip


def test_a_second_look_does_nothing(store: Store, newer: Path) -> None:
    migrate(store.db, str(store.path), str(newer))
    backup = Path(f"{store.path}.schema{NEXT - 1}.bak")
    stamp = backup.stat().st_mtime_ns
    migrate(store.db, str(store.path), str(newer))
    assert backup.stat().st_mtime_ns == stamp


def test_a_step_that_fails_is_taken_back_whole(store: Store, newer: Path) -> None:
    (newer / f"{NEXT:04}_add_mood.sql").write_text(
        "ALTER TABLE habit ADD COLUMN mood TEXT;\nUPDATE habit SET no_such_column = 1;\n"
    )
    with pytest.raises(sqlite3.OperationalError, match="no_such_column"):
        migrate(store.db, str(store.path), str(newer))
    assert not store.db.in_transaction
    assert store.db.execute("PRAGMA user_version").fetchone()[0] == NEXT - 1
    with pytest.raises(sqlite3.OperationalError, match="no such column: mood"):
        moods(store.db)
    assert Path(f"{store.path}.schema{NEXT - 1}.bak").exists()


def test_the_steps_before_a_failing_one_stay(store: Store, newer: Path) -> None:
    (newer / f"{NEXT + 1:04}_more.sql").write_text("CREATE TABLE habit (x INTEGER) STRICT;")
    with pytest.raises(sqlite3.OperationalError, match="already exists"):
        migrate(store.db, str(store.path), str(newer))
    assert store.db.execute("PRAGMA user_version").fetchone()[0] == NEXT
    assert moods(store.db) == ["fine; thanks"]


def test_without_a_good_backup_nothing_is_changed(store: Store, newer: Path) -> None:
    for number in range(20):
        store.add(number)
    store.db.close()
    db = sqlite3.connect(store.path, isolation_level=None)
    # An index over other columns than it was made of: what integrity_check finds in the copy.
    db.execute("PRAGMA writable_schema = ON")
    db.execute(
        "UPDATE sqlite_schema SET sql = 'CREATE INDEX entry_by_day ON entry (uid, tzid, note)' "
        "WHERE name = 'entry_by_day'"
    )
    db.close()
    db = sqlite3.connect(store.path, isolation_level=None)
    with pytest.raises(DamagedError, match=r"the backup is damaged .*; nothing was changed"):
        migrate(db, str(store.path), str(newer))
    assert not db.in_transaction
    assert db.execute("PRAGMA user_version").fetchone()[0] == NEXT - 1
    db.close()
    assert not list(store.path.parent.glob("*.bak*"))


def test_several_processes_at_once_do_each_step_once(store: Store, newer: Path) -> None:
    store.add(1)
    store.db.close()
    failures: list[BaseException] = []

    def work() -> None:
        db = sqlite3.connect(store.path, isolation_level=None)
        db.execute("PRAGMA busy_timeout = 5000")
        try:
            migrate(db, str(store.path), str(newer))
        except BaseException as error:  # noqa: BLE001 - looked at below
            failures.append(error)
        finally:
            db.close()

    threads = [threading.Thread(target=work) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    db = sqlite3.connect(store.path)
    assert moods(db) == ["fine; thanks"]
    db.close()
    kept = sqlite3.connect(f"{store.path}.schema{NEXT - 1}.bak")
    assert kept.execute("PRAGMA user_version").fetchone() == (NEXT - 1,)
    kept.close()


def test_a_busy_database_is_named(store: Store, newer: Path) -> None:
    other = sqlite3.connect(store.path, isolation_level=None)
    other.execute("PRAGMA busy_timeout = 20")
    store.db.execute("BEGIN IMMEDIATE")
    with pytest.raises(sqlite3.OperationalError, match="locked"):
        migrate(other, str(store.path), str(newer))
    store.db.execute("ROLLBACK")
    other.close()
    assert LockedError.exit_code == 4


def test_numbers_with_a_gap_are_refused(newer: Path) -> None:
    (newer / f"{NEXT:04}_add_mood.sql").unlink()
    with pytest.raises(ReconnectError, match="have a gap"):
        migrations(str(newer))
    (newer / "notes.txt").write_text("")
    (newer / f"{NEXT:04}_back.sql").write_text("")
    assert [step.version for step in migrations(str(newer))] == list(range(1, NEXT + 2))


def test_a_database_of_the_first_schema_is_brought_up(tmp_path: Path) -> None:
    path = tmp_path / "reconnect.db"
    db = sqlite3.connect(path, isolation_level=None)
    db.executescript(migrations()[0].sql)
    db.execute("PRAGMA user_version = 1")
    with writing(db):
        db.execute("INSERT INTO meta VALUES ('k', 'kept')")
    db.close()
    opened = open_database(str(path))
    assert opened.execute("SELECT value FROM meta WHERE key = 'k'").fetchone() == ("kept",)
    assert opened.execute("PRAGMA user_version").fetchone()[0] == NEXT - 1
    opened.close()
