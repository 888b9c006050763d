"""The database: safe settings, private files, and a clear word where it cannot be used."""

from __future__ import annotations

import os
import shutil
import sqlite3
from typing import TYPE_CHECKING

import pytest

from reconnect.errors import DamagedError, LockedError, ReconnectError
from reconnect.store import database, migrate
from reconnect.store.database import open_database, open_read_only, writing

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import Run
    from tests.store.conftest import Store


def pragma(db: sqlite3.Connection, name: str) -> object:
    return db.execute(f"PRAGMA {name}").fetchone()[0]


def test_the_settings_are_what_they_should_be(store: Store) -> None:
    read = {
        name: pragma(store.db, name)
        for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout",
                     "secure_delete", "trusted_schema", "user_version")
    }  # fmt: skip
    assert read == {
        "journal_mode": "wal", "synchronous": 2, "foreign_keys": 1,
        "busy_timeout": database.BUSY_MS, "secure_delete": 1, "trusted_schema": 0,
        "user_version": database.SCHEMA_VERSION,
    }  # fmt: skip
    again = open_database(str(store.path))
    assert {name: pragma(again, name) for name in read} == read
    again.close()


def test_every_table_is_strict_and_the_number_is_that_of_the_newest_file(store: Store) -> None:
    tables = store.db.execute(
        "SELECT name, strict FROM pragma_table_list WHERE schema = 'main' "
        "AND name NOT LIKE 'sqlite_%'"
    ).fetchall()
    assert len(tables) > 8
    assert all(strict for _, strict in tables)
    assert migrate.migrations()[-1].version == database.SCHEMA_VERSION


def test_every_file_is_private_whatever_the_umask(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        path = tmp_path / "new" / "reconnect.db"
        db = open_database(str(path))
        with writing(db):
            db.execute("INSERT INTO meta VALUES ('k', 'v')")
        names = {file.name: file.stat().st_mode & 0o777 for file in path.parent.iterdir()}
        assert names == dict.fromkeys(
            ("reconnect.db", "reconnect.db-wal", "reconnect.db-shm"), 0o600
        )
        assert path.parent.stat().st_mode & 0o777 == 0o700
        db.close()
    finally:
        os.umask(before)


def test_a_newer_schema_is_refused_and_left_alone(store: Store, cli: Run, home: Path) -> None:
    store.db.execute("PRAGMA user_version = 99")
    store.db.close()
    before = store.path.read_bytes()
    for opened in (open_database, open_read_only):
        with pytest.raises(
            DamagedError, match=r"newer reconnect \(schema 99, .*: upgrade reconnect"
        ):
            opened(str(store.path))
    assert store.path.read_bytes() == before
    home.mkdir()
    shutil.copy(store.path, home / "reconnect.db")
    for command in ("today", "doctor"):
        assert cli(command).code == 5


@pytest.mark.parametrize(
    "content", [b"no database at all " * 100, b"SQLite format 3\x00" + b"\xff" * 4000]
)
def test_what_is_no_database_is_refused_and_left_alone(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "reconnect.db"
    path.write_bytes(content)
    for opened in (open_database, open_read_only):
        with pytest.raises(DamagedError, match="damaged or no database of this program"):
            opened(str(path))
    assert path.read_bytes() == content


def test_another_programs_database_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "reconnect.db"
    other = sqlite3.connect(path)
    other.execute("CREATE TABLE bookmark (url TEXT)")
    other.close()
    before = path.read_bytes()
    for opened in (open_database, open_read_only):
        with pytest.raises(DamagedError, match="a database of another program"):
            opened(str(path))
    assert path.read_bytes() == before


def test_there_is_nothing_to_look_at_yet(tmp_path: Path) -> None:
    assert open_read_only(str(tmp_path / "new" / "reconnect.db")) is None
    assert not (tmp_path / "new").exists()


def test_looking_changes_nothing(store: Store) -> None:
    looking = open_read_only(str(store.path))
    assert looking is not None
    with pytest.raises(sqlite3.OperationalError, match="readonly"):
        looking.execute("DELETE FROM habit")
    looking.close()


def test_a_locked_database_is_waited_for_and_then_named(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = open_database(str(store.path))
    other.execute("PRAGMA busy_timeout = 20")
    store.db.execute("BEGIN IMMEDIATE")
    with (
        pytest.raises(LockedError, match="in use by another program"),
        database.plain_errors(str(store.path)),
        writing(other),
    ):
        pass
    store.db.execute("ROLLBACK")
    other.close()


def change(path: Path) -> None:
    db = open_database(str(path))
    with database.plain_errors(str(path)), writing(db):
        db.execute("DELETE FROM meta")


def test_a_directory_that_cannot_be_written(locked_out: Path) -> None:
    path = locked_out / "reconnect.db"
    db = open_database(str(path))
    with writing(db):
        db.execute("INSERT INTO meta VALUES ('k', 'v')")
    db.close()
    path.chmod(0o400)
    locked_out.chmod(0o500)
    looking = open_read_only(str(path))
    assert looking is not None
    assert looking.execute("SELECT value FROM meta WHERE key = 'k'").fetchone() == ("v",)
    looking.close()
    with pytest.raises(ReconnectError, match="cannot be") as caught:
        change(path)
    assert caught.value.exit_code == 1
    with pytest.raises(ReconnectError, match="Set RECONNECT_HOME to a directory"):
        open_database(str(locked_out / "other.db"))


def test_what_the_log_holds_is_not_left_out_in_a_read_only_directory(locked_out: Path) -> None:
    path = locked_out / "reconnect.db"
    db = open_database(str(path))
    with writing(db):
        db.execute("INSERT INTO meta VALUES ('k', 'only in the log')")
    copy = locked_out / "copy"
    copy.mkdir()
    for end in ("", "-wal"):
        shutil.copy(f"{path}{end}", copy / f"reconnect.db{end}")
    db.close()
    copy.chmod(0o500)
    # SQLite cannot read the log here, and what is in the database alone would be the past.
    with pytest.raises(ReconnectError, match="cannot be opened"):
        open_read_only(str(copy / "reconnect.db"))


def test_a_failed_write_leaves_nothing(store: Store) -> None:
    def twice() -> None:
        with writing(store.db):
            store.db.execute("INSERT INTO meta VALUES ('a', '1')")
            store.db.execute("INSERT INTO meta VALUES ('a', '2')")

    with pytest.raises(sqlite3.IntegrityError):
        twice()
    assert not store.db.in_transaction
    assert store.db.execute("SELECT count(*) FROM meta WHERE key = 'a'").fetchone() == (0,)


def test_deleted_notes_are_overwritten(store: Store) -> None:
    for number in range(50):
        store.add(number, note=f"SECRET-{number:03}-" * 5)
    with writing(store.db):
        store.db.execute("DELETE FROM entry")
    database.empty_log(store.db)
    left = b"".join(file.read_bytes() for file in store.path.parent.iterdir())
    assert b"SECRET" not in left
