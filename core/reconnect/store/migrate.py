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
        DamagedError: the backup of the database does not pass SQLite's integrity check.
        LockedError: other processes kept the database busy.
    """
    _use_wal(db, path)
    steps = migrations(directory)
    version = _version(db)
    if 0 < version < steps[-1].version:
        back_up(db, f"{path}.schema{version}.bak")
    for step in steps:
        db.execute("BEGIN IMMEDIATE")
        try:
            if _version(db) < step.version:
                for statement in _statements(step.sql):
                    db.execute(statement)
                db.execute(f"PRAGMA user_version = {step.version:d}")
            db.execute("COMMIT")
        except BaseException:
            if db.in_transaction:
                db.execute("ROLLBACK")
            raise


def back_up(db: sqlite3.Connection, target: str) -> None:
    """Copy a live database to a private file, and check the copy.

    Raises:
        DamagedError: the copy does not pass the integrity check.
    """
    if os.path.exists(target):
        os.unlink(target)
    create_private_file(target)
    copy = sqlite3.connect(target)
    try:
        db.backup(copy)
        verdict = copy.execute("PRAGMA integrity_check").fetchone()[0]
    finally:
        copy.close()
    if verdict != "ok":
        raise DamagedError(f"{target}: the backup is damaged ({verdict}); nothing was changed")


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
