"""Trouble that one reminder has must not reach another, and nothing may be lost over it."""

from __future__ import annotations

import contextlib
import sqlite3
from typing import TYPE_CHECKING

from reconnect.clock import from_ms

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.conftest import Clock, Run
    from tests.reminders.keeping import Kept, Planted
    from tests.reminders.live import Receiver


def test_a_damaged_reminder_does_not_keep_the_others_from_being_sent(
    kept: Kept, receiver: Receiver
) -> None:
    damaged = kept.remind("12:05")
    kept.remind("12:06")
    change = "UPDATE reminder SET dtstart_wall = ? WHERE id = ?"
    kept.db.execute(change, ("2026-11-2!T12:05:00", damaged.id))
    kept.shown.move(minutes=6)
    runner = kept.deliver()
    assert kept.outcomes() == [("sent", "accepted")]
    # Mended, it is caught up.
    kept.db.execute(change, ("2026-11-23T12:05:00", damaged.id))
    kept.shown.move(hours=1)
    kept.deliver(runner)
    assert len(receiver.posts) == 2


def test_a_damaged_habit_does_not_keep_the_others_from_being_sent(
    kept: Kept, receiver: Receiver, cli: Run
) -> None:
    cli("adopt", "tone", "--at", "12:05")
    kept.remind("12:05")
    kept.db.execute(
        "UPDATE habit_terms SET since = '2026-11-2!' WHERE habit_id <> ?", (kept.habit.id,)
    )
    kept.shown.move(minutes=5)
    kept.deliver()
    assert sorted(kept.outcomes()) == [("pending", "damaged"), ("sent", "accepted")]
    assert len(receiver.posts) == 1


def test_an_external_id_of_another_habit_is_refused(cli: Run) -> None:
    cli("adopt", "honesty", "--no-reminder")
    cli("adopt", "tone", "--no-reminder")
    cli("log", "honesty", "hard-truth", "--issue", "SECRET", "--id", "X1")
    done = cli("log", "tone", "5", "--id", "X1", "--json")
    assert done.code == 2
    assert "SECRET" not in done.out + done.err
    assert cli("log", "honesty", "hard-truth", "--issue", "SECRET", "--id", "X1").code == 0
    assert cli("lapse", "honesty", "held-back", "--id", "X1").code == 2


def dues(home: Path) -> list[str]:
    """When each reminder falls due next (UTC)."""
    with contextlib.closing(sqlite3.connect(home / "reconnect.db")) as db:
        rows = db.execute("SELECT next_due FROM reminder WHERE next_due IS NOT NULL ORDER BY 1")
        return [from_ms(ms).isoformat() for (ms,) in rows]


def test_a_promise_that_came_due_while_its_habit_rested_is_not_lost(
    cli: Run, clock: Clock, home: Path
) -> None:
    cli("adopt", "apology", "--no-reminder")
    cli("log", "apology", "apology", "--promise", "Ring", "--promise-date", "2026-11-25")
    cli("habits", "archive", "apology")
    clock.set("2026-11-25T19:00:00+01:00")
    cli("habits", "restore", "apology")
    assert dues(home) == ["2026-11-25T17:30:00+00:00"]


def test_a_change_of_days_keeps_what_is_due_and_unsent(cli: Run, clock: Clock, home: Path) -> None:
    cli("adopt", "listen", "--at", "19:30")
    clock.set("2026-11-23T19:40:00+01:00")
    cli("habits", "edit", "listen", "--days", "tue,wed")
    assert dues(home) == ["2026-11-24T18:30:00+00:00"]
    with contextlib.closing(sqlite3.connect(home / "reconnect.db")) as db:
        ((state, due),) = db.execute("SELECT state, due FROM delivery").fetchall()
    assert (state, from_ms(due).isoformat()) == ("pending", "2026-11-23T18:30:00+00:00")


def test_a_habit_without_days_takes_its_reminder_up_again(cli: Run) -> None:
    cli("adopt", "listen", "--at", "19:30")
    before = cli("remind", "--json").json()["reminders"]
    cli("habits", "edit", "listen", "--every", "")
    assert cli("remind", "--json").json()["reminders"] == []
    cli("habits", "edit", "listen", "--days", "daily")
    assert cli("remind", "--json").json()["reminders"] == before


NOT_DUE = """
from reconnect.api import Rule

class Mine(Rule, frozen=True):
    def due(self, reminder, context):
        return reminder.role != "do" or context.history.rule != self.id

@hookimpl
def reconnect_register_rule():
    return load_rule(Path(__file__).with_name("rule.toml"), Mine)
"""


def test_a_rule_may_say_that_a_reminder_is_not_due(
    kept: Kept, receiver: Receiver, plant: Callable[..., Planted]
) -> None:
    planted = plant("quiet", NOT_DUE)
    kept.remind("12:05", habit=planted.habit)
    kept.once("2026-11-23T12:05:00", habit=planted.habit, text="A promise is a promise.")
    kept.shown.move(minutes=5)
    kept.deliver()
    assert sorted(kept.outcomes()) == [("sent", "accepted"), ("suppressed", "not-due")]
    assert len(receiver.posts) == 1


RAISES = """
@hookimpl
def reconnect_before_reminder(message):
    raise ValueError("therapist " + message.body)
"""


def test_what_a_plugin_raises_is_in_no_file(
    kept: Kept, plant: Callable[..., Planted], home: Path
) -> None:
    planted = plant("telling", RAISES)
    for minute in (5, 6, 7):
        kept.remind(f"12:0{minute}", habit=planted.habit)
    kept.shown.move(minutes=8)
    kept.deliver()
    choices = (home / "plugins.json").read_text()
    assert "turned off after 3 faults, the last in reconnect_before_reminder" in choices
    assert "therapist" not in choices


def test_a_clock_that_was_ahead_does_not_silence_anything(kept: Kept, receiver: Receiver) -> None:
    kept.remind("19:30")
    runner = kept.runner()
    for day in ("2030-01-01", "2030-01-02"):
        kept.shown.set(f"{day}T12:00:00+01:00")
        for _ in range(5):
            runner.step()
    kept.deliver(runner)
    sent = len(receiver.posts)
    kept.shown.set("2026-11-23T19:31:00+01:00")
    kept.deliver(kept.runner())
    assert len(receiver.posts) == sent + 1
    kept.shown.set("2026-11-24T19:31:00+01:00")
    kept.deliver(kept.runner())
    assert len(receiver.posts) == sent + 2


def test_a_clock_set_back_by_hours_sends_nothing_twice(kept: Kept, receiver: Receiver) -> None:
    kept.remind("19:30")
    kept.shown.set("2026-11-23T19:31:00+01:00")
    kept.deliver()
    for back in ("2026-11-23T17:00:00+01:00", "2026-11-22T12:00:00+01:00"):
        kept.shown.set(back)
        kept.deliver()
    kept.shown.set("2026-11-23T19:35:00+01:00")
    kept.deliver()
    days = [one.occ_wall.date().isoformat() for one in kept.deliveries() if one.state == "sent"]
    assert days.count("2026-11-23") == 1
