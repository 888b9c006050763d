"""Bring a database to the newest schema: numbered SQL files, one transaction each."""

from __future__ import annotations

import os
import re
import sqlite3
from typing import NamedTuple

from reconnect.errors import DamagedError, LockedError, ReconnectError
from reconnect.paths import create_private_file
from reconnect.store.database import BUSY_MS

SCHEMA_DIR = os.path.join(os.path.dirname(__file__), "schema")


class Migration(NamedTuple):
    """One numbered file: the schema it leads to, and its SQL."""

    version: int
    sql: str


def migrations(directory: str = SCHEMA_DIR) -> list[Migration]:
    """All numbered SQL files of a directory, in order.

    Raises:
        ReconnectError: a number is missing or there twice.
    """
    found = []
    for name in sorted(os.listdir(directory)):
        match = re.fullmatch(r"(\d{4})_[a-z0-9_]+\.sql", name)
        if match:
            with open(os.path.join(directory, name), encoding="utf-8") as file:
                found.append(Migration(int(match[1]), file.read()))
    if [m.version for m in found] != list(range(1, len(found) + 1)):
        raise ReconnectError(f"{directory}: the numbers of the schema files have a gap")
    return found


def migrate(db: sqlite3.Connection, path: str, directory: str = SCHEMA_DIR) -> None:
    """Apply what is missing. A database that holds something is backed up and verified first.

    Safe when several processes do it at once: each step looks again under the write lock.

    Raises:
        DamagedError: the database is another program's, or its backup does not pass SQLite's
            integrity check. Nothing was changed then.
        LockedError: other processes kept the database busy.
    """
    _refuse_foreign(db, path)
    _use_wal(db, path)
    steps = migrations(directory)
    backed_up = False
    for step in steps:
        db.execute("BEGIN IMMEDIATE")
        try:
            version = _version(db)
            if version < step.version:
                # Under the lock: a backup named after a version holds just that one.
                if version and not backed_up and _holds_something(db):
                    back_up(path, f"{path}.schema{version}.bak")
                    backed_up = True
                for statement in _statements(step.sql):
                    db.execute(statement)
                db.execute(f"PRAGMA user_version = {step.version:d}")
            db.execute("COMMIT")
        except BaseException:
            if db.in_transaction:
                db.execute("ROLLBACK")
            raise


def back_up(path: str, target: str) -> None:
    """Copy a live database to a private file, and check the copy.

    Others may write meanwhile: the copy is what it was when the last page was read.

    Raises:
        DamagedError: the copy does not pass the integrity check.
    """
    draft = f"{target}.new"
    if os.path.exists(draft):
        os.unlink(draft)
    create_private_file(draft)
    # A connection of its own: one that is writing cannot be copied from.
    source, copy = sqlite3.connect(path), sqlite3.connect(draft)
    try:
        source.backup(copy)
        verdict = copy.execute("PRAGMA integrity_check").fetchone()[0]
    finally:
        copy.close()
        source.close()
    if verdict != "ok":
        os.unlink(draft)
        raise DamagedError(f"{target}: the backup is damaged ({verdict}); nothing was changed")
    os.replace(draft, target)


def _refuse_foreign(db: sqlite3.Connection, path: str) -> None:
    tables = db.execute("SELECT count(*) FROM sqlite_schema WHERE type = 'table'").fetchone()[0]
    # Looked at in this order: another process may be making the tables just now.
    if tables and not _version(db):
        raise DamagedError(
            f"{path} is a database of another program: move it away, or set RECONNECT_HOME to "
            "another directory. Nothing was changed."
        )


def _holds_something(db: sqlite3.Connection) -> bool:
    # Every row of every table belongs to a person.
    return bool(db.execute("SELECT EXISTS (SELECT 1 FROM person)").fetchone()[0])


def _version(db: sqlite3.Connection) -> int:
    return int(db.execute("PRAGMA user_version").fetchone()[0])


def _use_wal(db: sqlite3.Connection, path: str) -> None:
    # The switch needs the file alone and does not wait for others as a transaction does.
    import time

    for _ in range(BUSY_MS // 10):
        try:
            db.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError as error:
            if not error.sqlite_errorname.startswith(("SQLITE_BUSY", "SQLITE_LOCKED")):
                raise
            time.sleep(0.01)
        else:
            return
    raise LockedError(f"{path} is in use by another program: close it and try again")


def _statements(script: str) -> list[str]:
    # executescript() would commit the transaction that holds the step together.
    statements: list[str] = []
    rest = ""
    for line in script.splitlines(keepends=True):
        rest += line
        if sqlite3.complete_statement(rest):
            statements.append(rest)
            rest = ""
    if rest.strip():
        statements.append(rest)
    return statements
