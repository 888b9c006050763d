"""Open the database: private files, safe settings, the newest schema."""

from __future__ import annotations

import os
import sqlite3
from contextlib import contextmanager
from typing import TYPE_CHECKING

from reconnect.errors import DamagedError, LockedError, ReconnectError
from reconnect.paths import create_private_file

if TYPE_CHECKING:
    from collections.abc import Iterator

SCHEMA_VERSION = 6
"""The number of the newest file in store/schema."""

BUSY_MS = 10_000
BRIEF_MS = 250
_EVERY_TIME = f"""
PRAGMA busy_timeout = {BUSY_MS};
PRAGMA synchronous = FULL;
PRAGMA foreign_keys = ON;
PRAGMA secure_delete = ON;
PRAGMA trusted_schema = OFF;
"""


def open_database(path: str, *, threads: bool = False) -> sqlite3.Connection:
    """Open the database for reading and writing; create or upgrade it where needed.

    Args:
        path: the file. Missing directories are created for the owner only.
        threads: whether other threads than this one will use the connection, one at a time.

    Raises:
        DamagedError: not a database, or one of a newer schema.
        LockedError: another program holds it for longer than ten seconds.
        ReconnectError: the file cannot be opened or written.
    """
    with plain_errors(path):
        try:
            create_private_file(path)
        except OSError as error:
            raise ReconnectError(
                f"cannot create {path}: {error.strerror}. Set RECONNECT_HOME to a directory "
                "that you can write to."
            ) from error
        db = sqlite3.connect(path, isolation_level=None, check_same_thread=not threads)
        try:
            db.executescript(_EVERY_TIME)
            version = db.execute("PRAGMA user_version").fetchone()[0]
            if version != SCHEMA_VERSION:
                _refuse_newer(version, path)
                from reconnect.store.migrate import migrate

                migrate(db, path)
        except BaseException:
            db.close()
            raise
        return db


def be_brief(db: sqlite3.Connection) -> None:
    """Wait no longer for a lock that another program holds: there are other things to be done."""
    db.execute(f"PRAGMA busy_timeout = {BRIEF_MS}")


def open_read_only(path: str) -> sqlite3.Connection | None:
    """Open the database only to look; None where there is none yet.

    In a directory that cannot be written SQLite refuses even to read a WAL database; then the file
    is read as one that nobody changes, unless a log beside it holds what is not in it yet.

    Raises:
        DamagedError: not a database, or one of another schema.
        LockedError: another program holds it for longer than ten seconds.
        ReconnectError: the file cannot be opened.
    """
    if not os.path.exists(path):
        return None
    with plain_errors(path):
        for mode in ("mode=ro", "mode=ro&immutable=1"):
            db = sqlite3.connect(f"file:{_quoted(path)}?{mode}", uri=True, isolation_level=None)
            try:
                db.execute(f"PRAGMA busy_timeout = {BUSY_MS}")
                version = db.execute("PRAGMA user_version").fetchone()[0]
                # user_version alone can be answered without the write-ahead log.
                db.execute("SELECT count(*) FROM sqlite_schema").fetchone()
                _refuse_newer(version, path)
            except BaseException as error:
                db.close()
                if mode == "mode=ro" and _cannot_be_changed(error, path):
                    continue
                raise
            if version < SCHEMA_VERSION:
                db.close()
                return open_database(path)
            return db
    return None


@contextmanager
def writing(db: sqlite3.Connection) -> Iterator[sqlite3.Connection]:
    """One transaction that holds the write lock from its start: all of it is stored, or nothing.

    Inside another one it is a part of that.
    """
    if db.in_transaction:
        yield db
        return
    db.execute("BEGIN IMMEDIATE")
    try:
        yield db
        db.execute("COMMIT")
    except BaseException:
        # On a full disk SQLite has rolled back already, and a second ROLLBACK would raise.
        if db.in_transaction:
            db.execute("ROLLBACK")
        raise


def empty_log(db: sqlite3.Connection) -> None:
    """Bring the write-ahead log into the database and empty it.

    What was deleted is overwritten in the database, but the log still holds it until then.
    """
    db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()


@contextmanager
def plain_errors(path: str) -> Iterator[None]:
    """Turn SQLite's errors into ours, which say what to do."""
    try:
        yield
    except (sqlite3.Error, UnicodeDecodeError) as error:
        raise translated(error, path) from error


def translated(error: Exception, path: str) -> ReconnectError:
    """One of SQLite's errors in the program's own words."""
    name = getattr(error, "sqlite_errorname", "") or ""
    if isinstance(error, UnicodeDecodeError):
        # SQLite's own words for what is wrong may quote the damaged bytes.
        name = "SQLITE_CORRUPT"
    if name.startswith(("SQLITE_BUSY", "SQLITE_LOCKED")):
        return LockedError(
            f"{path} is in use by another program for more than {BUSY_MS // 1000} seconds: "
            "close it and try again. Nothing was written."
        )
    if "decode to UTF-8" in str(error):
        return DamagedError(f"{path} holds a text that is damaged: `reconnect doctor` says which.")
    if name.startswith(("SQLITE_CORRUPT", "SQLITE_NOTADB")):
        return DamagedError(
            f"{path} is damaged or no database of this program: restore a backup, or move the "
            "file away to start anew. Nothing was written."
        )
    if name.startswith("SQLITE_FULL") or (name.startswith("SQLITE_IOERR") and _disk_is_full(path)):
        return ReconnectError(f"the disk that holds {path} is full: nothing was written.")
    if name.startswith("SQLITE_READONLY"):
        return ReconnectError(f"{path} cannot be written (read-only): nothing was written.")
    if name.startswith("SQLITE_CANTOPEN"):
        return ReconnectError(f"{path} cannot be opened: check the directory and its permissions.")
    return ReconnectError(f"{path}: {error}. Nothing was written.")


def _cannot_be_changed(error: BaseException, path: str) -> bool:
    name = getattr(error, "sqlite_errorname", "") or ""
    if not name.startswith(("SQLITE_CANTOPEN", "SQLITE_READONLY")):
        return False
    log = f"{path}-wal"
    return not (os.path.exists(log) and os.path.getsize(log))


def _disk_is_full(path: str) -> bool:
    # Where the log beside the database cannot grow, SQLite says no more than "I/O error".
    from shutil import disk_usage

    try:
        return disk_usage(os.path.dirname(path)).free < 128 * 1024
    except OSError:
        return False


def _refuse_newer(version: int, path: str) -> None:
    if version > SCHEMA_VERSION:
        raise DamagedError(
            f"{path} was written by a newer reconnect (schema {version}, this one knows "
            f"{SCHEMA_VERSION}): upgrade reconnect. Nothing was changed."
        )


def _quoted(path: str) -> str:
    # What urllib.parse.quote answers (a test holds the two equal), without its import: 3 ms.
    plain = b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.-~/"
    return "".join(chr(c) if c in plain else f"%{c:02X}" for c in os.fsencode(path))
