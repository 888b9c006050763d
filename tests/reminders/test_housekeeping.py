"""Housekeeping: late, twice or under a clock that jumps, it comes to the same."""

from __future__ import annotations

import logging
import time
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from reconnect.reminders import housekeeping
from reconnect.reminders.housekeeping import Housekeeping
from reconnect.store import people

if TYPE_CHECKING:
    from tests.reminders.keeping import Kept
    from tests.reminders.live import Receiver


def chores(kept: Kept) -> Housekeeping:
    return Housekeeping(kept.db, kept.clock, "runner-0", lambda: kept.settings, tuple)


def test_what_is_old_is_forgotten_once_a_day(kept: Kept) -> None:
    kept.remind("12:05")
    kept.shown.move(minutes=5)
    kept.deliver()
    mine = chores(kept)
    kept.shown.move(days=400)
    people.set_meta(kept.db, "last_prune", kept.now.isoformat())
    mine.run_pending()
    assert len(kept.deliveries()) == 1
    kept.shown.move(days=1)
    mine.run_pending()
    assert kept.deliveries() == []
    assert kept.db.execute("SELECT count(*) FROM attempt").fetchone() == (0,)


def test_a_clock_years_ahead_forgets_a_day_at_once(kept: Kept) -> None:
    mine = chores(kept)
    before = kept.now
    kept.shown.move(days=3 * 365)
    for day in (1, 2):
        mine._prune_daily()
        last = (before + timedelta(days=day)).isoformat()
        assert people.get_meta(kept.db, "last_prune") == last
    kept.shown.set(before.isoformat())
    mine._prune_daily()
    assert people.get_meta(kept.db, "last_prune") == before.isoformat()


def test_a_clock_that_was_ahead_does_not_stop_it_for_years(kept: Kept) -> None:
    people.set_meta(kept.db, "last_prune", (kept.now + timedelta(days=3650)).isoformat())
    chores(kept)
    assert people.get_meta(kept.db, "last_prune") == kept.now.isoformat()


def test_after_a_jump_every_job_runs_and_is_registered_anew(
    kept: Kept, caplog: pytest.LogCaptureFixture
) -> None:
    mine = chores(kept)
    jobs = list(mine._scheduler.jobs)
    mine.run_pending()
    assert mine._scheduler.jobs == jobs
    for hours in (2, -4):
        kept.shown.move(hours=hours)
        with caplog.at_level(logging.INFO, "reconnect"):
            mine.run_pending()
        assert "the clock jumped" in caplog.text
        caplog.clear()
        assert len(mine._scheduler.jobs) == len(jobs)
        assert not set(mine._scheduler.jobs) & set(jobs)


@pytest.mark.skipif(not hasattr(time, "tzset"), reason="Windows has its own zone for a process")
def test_when_the_machine_puts_its_clocks_back_every_job_is_registered_anew(kept: Kept) -> None:
    """`schedule` reckons by the clock on the wall: no heartbeat, and no ping, for an hour."""
    with pytest.MonkeyPatch.context() as machine:
        machine.setenv("TZ", "CEST-2")
        time.tzset()
        mine = chores(kept)
        jobs = list(mine._scheduler.jobs)
        mine.run_pending()
        assert mine._scheduler.jobs == jobs
        machine.setenv("TZ", "CET-1")
        time.tzset()
        mine.run_pending()
        assert len(mine._scheduler.jobs) == len(jobs)
        assert not set(mine._scheduler.jobs) & set(jobs)
    time.tzset()


def test_a_job_that_fails_does_not_starve_the_others(
    kept: Kept, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_arguments: object) -> None:
        raise RuntimeError("planted")

    monkeypatch.setattr(housekeeping, "follow_settings", fails)
    kept.remind("12:05")
    receiver.behave(500)
    kept.shown.move(minutes=5)
    kept.deliver()
    mine = chores(kept)
    kept.shown.move(hours=7)
    mine.run_pending()
    assert kept.outcomes() == [("expired", "http-500")]


def test_a_machine_that_travels_takes_its_reminders_along(
    kept: Kept, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept.configure('[channels.here]\nurl = "terminal://"\n')
    mine = chores(kept)
    reminder = kept.remind("19:30")
    monkeypatch.setenv("TZ", "America/New_York")
    mine.follow()
    due = kept.reminder(reminder).next_due
    assert due is not None
    assert due.isoformat() == "2026-11-24T00:30:00+00:00"
