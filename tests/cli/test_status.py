"""`daemon status`: the whole state, in words and for programs, and what was missed lately."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.reminders.keeping import kept, plant
from tests.reminders.live import daemon, receiver, smtp, until

if TYPE_CHECKING:
    from collections.abc import Callable

    import pytest
    from tests.conftest import Clock, Run
    from tests.reminders.keeping import Kept
    from tests.reminders.live import DaemonProcess, Receiver

__all__ = ["daemon", "kept", "plant", "receiver", "smtp"]

KEYS = {
    "schema_version", "kind", "running", "pid", "version", "started", "last_tick", "next_due",
    "deliveries", "missed", "config_problem", "pauses",
}  # fmt: skip


def test_its_keys_are_those_that_programs_know(kept: Kept, cli: Run) -> None:
    told = cli("daemon", "status", "--json").json()
    assert told.keys() == KEYS
    assert told["missed"] == {"days": 7, "count": 0, "reminders": []}
    assert told["config_problem"] is None


def test_what_was_missed_is_counted_and_named(
    kept: Kept, clock: Clock, cli: Run, receiver: Receiver
) -> None:
    kept.remind("12:05")
    kept.channels(hook=receiver.url, gone="nosuch://x")
    # Two nights away: of three occurrences the newest is sent, the others are recorded as missed.
    clock.move(days=2, minutes=6)
    kept.deliver()
    missed = cli("daemon", "status", "--json").json()["missed"]
    states = kept.outcomes()
    assert missed["count"] == len(missed["reminders"]) == 2
    assert ("sent", "accepted") in states
    assert missed["reminders"][0] == {
        "due": "2026-11-24T11:05:00+00:00", "habit": "listen", "channels": ["gone", "hook"],
        "state": "expired", "outcome": "missed",
    }  # fmt: skip
    shown = cli("daemon", "status").out.splitlines()
    assert shown[1] == "missed in the last 7 days: 2"
    assert shown[2] == "  yesterday 12:05  listen       on gone, hook: nothing ran at the time"
    found = {check["name"]: check for check in cli("doctor", "--json").json()["checks"]}
    assert found["missed"]["verdict"] == "warn"
    assert found["missed"]["text"] == (
        "2 in the last 7 days, the newest yesterday 12:05 listen on gone, hook: nothing ran at "
        "the time"
    )
    # After a week it is the past.
    clock.move(days=8)
    assert cli("daemon", "status", "--json").json()["missed"]["count"] == 0


def test_one_that_came_through_elsewhere_was_not_missed(
    kept: Kept, clock: Clock, cli: Run, receiver: Receiver
) -> None:
    kept.remind("12:05")
    kept.channels(hook=receiver.url, gone="nosuch://x")
    clock.move(minutes=6)
    kept.deliver()
    assert sorted(kept.outcomes()) == [("dead", "bad-url"), ("sent", "accepted")]
    assert cli("daemon", "status", "--json").json()["missed"]["count"] == 0


def test_the_last_tick_and_one_that_does_not_come(
    kept: Kept,
    clock: Clock,
    process: Run,
    daemon: Callable[..., DaemonProcess],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    running = daemon().ready()
    shown = process("daemon", "status")
    assert shown.out == (
        f"running since 12:00 (process {running.process.pid}), last tick 12:00, next reminder: "
        "none\n"
    )
    assert shown.err == ""
    clock.move(minutes=1)
    # As after a sleep: it is noted at once that it is awake.
    until(lambda: "last tick 12:01" in process("daemon", "status").out)
    # For whoever looks, the time has moved on; for the daemon it has not: as if it were stuck.
    later = clock.path.with_name("later")
    later.write_text("2026-11-23T12:31:00+01:00", encoding="ascii")
    monkeypatch.setenv("RECONNECT_CLOCK", str(later))
    shown = process("daemon", "status")
    assert "warning: it has not moved for 30 minutes" in shown.err
    found = {c["name"]: c for c in process("doctor", "--json").json()["checks"]}
    assert found["daemon"]["verdict"] == "warn"
    assert "has not moved for 30 minutes" in found["daemon"]["text"]
    assert "`reconnect daemon logs`" in found["daemon"]["todo"]


def test_one_of_another_version(
    kept: Kept, process: Run, daemon: Callable[..., DaemonProcess]
) -> None:
    daemon().ready()
    kept.db.execute("UPDATE runner SET version = '0.0.9'")
    assert "it is 0.0.9 still, and " in process("daemon", "status").err
