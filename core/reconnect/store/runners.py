"""The processes that deliver: who runs, since when, and whether one was asked to stop."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from reconnect.store.database import writing

if TYPE_CHECKING:
    import sqlite3


class Runner(NamedTuple):
    """One delivering process. `started`, `beat` (its last tick) and `ended` are UTC ms."""

    boot_id: str
    pid: int
    version: str
    started: int
    beat: int
    stop_asked: bool
    ended: int | None


def begin(db: sqlite3.Connection, boot_id: str, pid: int, version: str, now_ms: int) -> None:
    """Note that a process began; those before it are over."""
    db.execute("UPDATE runner SET ended = ? WHERE ended IS NULL", (now_ms,))
    db.execute(
        "INSERT INTO runner (boot_id, pid, version, started, beat) VALUES (?, ?, ?, ?, ?)",
        (boot_id, pid, version, now_ms, now_ms),
    )


def tick(db: sqlite3.Connection, boot_id: str, now_ms: int) -> None:
    """Note that the process is alive."""
    db.execute("UPDATE runner SET beat = ? WHERE boot_id = ?", (now_ms, boot_id))


def end(db: sqlite3.Connection, boot_id: str, now_ms: int) -> None:
    """Note that the process ended."""
    db.execute("UPDATE runner SET ended = ? WHERE boot_id = ?", (now_ms, boot_id))


def ask_to_stop(db: sqlite3.Connection) -> None:
    """Ask the running process to end itself: no signal can hit another one by mistake."""
    db.execute("UPDATE runner SET stop_asked = 1 WHERE ended IS NULL AND stop_asked = 0")


def stop_asked(db: sqlite3.Connection, boot_id: str) -> bool:
    """Whether this process was asked to stop, or another one began: it is over then, too.

    Two can run where the file of the lock was deleted.
    """
    row = db.execute(
        "SELECT stop_asked OR ended IS NOT NULL FROM runner WHERE boot_id = ?", (boot_id,)
    ).fetchone()
    return bool(row and row[0])


def newest(db: sqlite3.Connection) -> Runner | None:
    """The process that began last."""
    row = db.execute(
        "SELECT boot_id, pid, version, started, beat, stop_asked, ended FROM runner "
        # One that runs comes first: after a clock was set back, an older one began "later".
        "ORDER BY ended IS NOT NULL, started DESC, beat DESC LIMIT 1"
    ).fetchone()
    if row is None:
        return None
    boot_id, pid, version, started, beat, stop_asked, ended = row
    return Runner(boot_id, pid, version, started, beat, bool(stop_asked), ended)


def prune(db: sqlite3.Connection, before_ms: int) -> int:
    """Forget processes that ended before an instant. Returns how many."""
    return db.execute("DELETE FROM runner WHERE ended < ?", (before_ms,)).rowcount


def answers(db: sqlite3.Connection) -> None:
    """Ask the database for its write lock and for a row, and write nothing.

    Raises:
        sqlite3.Error: it does not answer.
    """
    with writing(db):
        db.execute("SELECT beat FROM runner LIMIT 1").fetchone()


def data_version(db: sqlite3.Connection) -> int:
    """A number that changes when another connection wrote: 5 µs to ask."""
    return int(db.execute("PRAGMA data_version").fetchone()[0])
