"""What is planted: a database that is busy or full, a process that went away, a late answer."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pytest
from tests.reminders.live import until

from reconnect.errors import ReconnectError
from reconnect.habits.record import record

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.reminders.keeping import Kept
    from tests.reminders.live import Receiver

COUNT = 6


def once_each(kept: Kept, receiver: Receiver) -> None:
    assert {d.state for d in kept.deliveries()} == {"sent"}
    assert receiver.counts() == {d.idem_key: 1 for d in kept.deliveries()}


@contextmanager
def locked(kept: Kept) -> Iterator[None]:
    """Another process holds the database."""
    hold = (
        "import sqlite3, sys; db = sqlite3.connect(sys.argv[1], isolation_level=None); "
        "db.execute('BEGIN IMMEDIATE'); print('held', flush=True); sys.stdin.read()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", hold, kept.app.paths.database],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE,
    ) as other:  # fmt: skip
        assert other.stdout is not None
        assert other.stdout.readline() == b"held\n"
        yield


class Faulty:
    """A connection whose nth statement fails as on a full disk; SQLite rolls back, or does not."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db
        self.calls = 0
        self.fail_at = 0
        self.rolls_back = False

    def __getattr__(self, name: str) -> Any:
        return getattr(self._db, name)

    def execute(self, *arguments: Any) -> sqlite3.Cursor:
        self._count(arguments[0])
        return self._db.execute(*arguments)

    def executemany(self, *arguments: Any) -> sqlite3.Cursor:
        self._count(arguments[0])
        return self._db.executemany(*arguments)

    def _count(self, statement: str) -> None:
        if statement == "ROLLBACK":
            return
        self.calls += 1
        if self.calls == self.fail_at:
            if self.rolls_back and self._db.in_transaction:
                self._db.execute("ROLLBACK")
            raise sqlite3.OperationalError("database or disk is full")


@pytest.mark.parametrize("rolls_back", [False, True])
def test_a_disk_that_is_full_for_a_moment_loses_nothing(
    kept: Kept, receiver: Receiver, rolls_back: bool
) -> None:
    faulty = Faulty(kept.db)
    runner = kept.runner(db=faulty)
    for n in range(1, 40):
        kept.many(COUNT, f"{kept.now.date()}T12:05")
        kept.shown.set(f"{kept.now.date()}T12:05:00+01:00")
        receiver.posts.clear()
        faulty.calls, faulty.fail_at, faulty.rolls_back = 0, n, rolls_back
        failed = 0
        deadline = time.monotonic() + 30
        while not (kept.deliveries() and kept.at_rest()) or runner.held():
            assert time.monotonic() < deadline, kept.outcomes()
            try:
                runner.step()
            except sqlite3.OperationalError:
                failed += 1
            kept.wake.wait(0.02)
            kept.wake.clear()
        assert failed == (faulty.calls >= n)
        once_each(kept, receiver)
        assert not kept.db.in_transaction
        if not failed:
            break
        kept.db.execute("DELETE FROM reminder")
        kept.db.execute("DELETE FROM delivery")
        kept.shown.move(days=1, minutes=-5)
    assert n > 12  # every statement of a run had its turn


def test_a_database_that_cannot_grow(kept: Kept, receiver: Receiver) -> None:
    kept.many(400, "2026-11-23T12:05")
    kept.shown.move(minutes=5)
    runner = kept.runner()
    pages = kept.db.execute("PRAGMA page_count").fetchone()[0]
    kept.db.execute(f"PRAGMA max_page_count = {pages}")
    with pytest.raises(sqlite3.OperationalError, match="full"):
        kept.deliver(runner)
    assert kept.deliveries() == []
    kept.db.execute("PRAGMA max_page_count = 1000000")
    kept.deliver(runner)
    assert len(receiver.posts) == 400
    once_each(kept, receiver)


def test_a_database_that_is_busy_for_a_while(kept: Kept, receiver: Receiver) -> None:
    kept.many(COUNT, "2026-11-23T12:05")
    kept.shown.move(minutes=5)
    kept.db.execute("PRAGMA busy_timeout = 50")
    runner = kept.runner()
    kept.begin(runner, wide=True)
    with locked(kept):
        until(lambda: len(receiver.posts) == COUNT)
        for _ in range(3):
            with pytest.raises(sqlite3.OperationalError, match="locked"):
                runner.step()
    kept.deliver(runner)
    once_each(kept, receiver)


def test_a_stop_waits_for_the_database(kept: Kept, receiver: Receiver) -> None:
    kept.many(COUNT, "2026-11-23T12:05")
    kept.shown.move(minutes=5)
    kept.db.execute("PRAGMA busy_timeout = 50")
    runner = kept.runner()
    kept.begin(runner, wide=True)
    until(lambda: len(receiver.posts) == COUNT)
    with locked(kept):
        began = time.monotonic()
        naps = iter([False, False, True])
        assert runner.finish(5, lambda _s: next(naps))  # the third time: no longer
        assert time.monotonic() - began < 5
    # It could not be recorded: the next process sends it once more, and loses nothing.
    following = kept.runner()
    kept.shown.move(seconds=60)
    kept.deliver(following)
    assert {d.state for d in kept.deliveries()} == {"sent"}
    assert set(receiver.counts().values()) == {2}


def test_one_that_cannot_be_prepared_does_not_stop_the_others(
    kept: Kept, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    from reconnect.reminders import prepare

    kept.many(3, "2026-11-23T12:05")
    real = prepare.compose

    def broken(registry: Any, habit: Any, delivery: Any, context: Any, **more: Any) -> Any:
        if delivery.reminder_id == 2:
            raise KeyError("a text of a person")
        return real(registry, habit, delivery, context, **more)

    monkeypatch.setattr(prepare, "compose", broken)
    kept.shown.move(minutes=5)
    runner = kept.deliver()
    assert sorted(kept.outcomes()) == [
        ("pending", "error-KeyError"), ("sent", "accepted"), ("sent", "accepted"),
    ]  # fmt: skip
    monkeypatch.setattr(prepare, "compose", real)
    kept.shown.move(seconds=15)
    kept.deliver(runner)
    once_each(kept, receiver)


def test_a_day_that_cannot_be_read_is_reminded_of(
    kept: Kept, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    from reconnect.reminders.policy import Policy

    def damaged(_self: Policy, _habit: Any, _delivery: Any) -> bool:
        raise ReconnectError("damaged")

    monkeypatch.setattr(Policy, "_answered", damaged)
    kept.remind("12:05")
    kept.shown.move(minutes=5)
    kept.deliver()
    once_each(kept, receiver)


def test_an_entry_that_is_damaged_stops_no_reminder(kept: Kept, receiver: Receiver) -> None:
    record(
        kept.db, kept.person, kept.habit, kept.app.rule("listen"), kept.now,
        kind="done", fields={"minutes": 20},
    )  # fmt: skip
    kept.db.execute("UPDATE entry SET fields = '{broken'")
    kept.remind("12:05")
    kept.shown.move(minutes=5)
    kept.deliver()
    once_each(kept, receiver)


def test_a_thread_that_dies_is_no_end(kept: Kept, monkeypatch: pytest.MonkeyPatch) -> None:
    from reconnect.reminders.deliver import Sender

    def dies(*_arguments: object) -> None:
        raise SystemExit("a service that wants to end the program")

    monkeypatch.setattr(Sender, "send", dies)
    kept.remind("12:05")
    kept.shown.move(minutes=5)
    runner = kept.deliver()
    assert kept.outcomes() == [("pending", "raised-SystemExit")]
    monkeypatch.undo()
    kept.shown.move(seconds=60)  # it may have been sent before it was raised
    kept.deliver(runner)
    assert kept.outcomes() == [("sent", "accepted")]
