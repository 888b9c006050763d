"""The time zone database changes: what falls due is reckoned anew, and nothing comes twice."""

from __future__ import annotations

import shutil
import zoneinfo
from typing import TYPE_CHECKING

import pytest

from reconnect.clock import zone_data
from reconnect.reminders.housekeeping import Housekeeping
from reconnect.reminders.zonedata import follow_zone_data

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.reminders.keeping import Kept
    from tests.reminders.live import Receiver


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Path]:
    """A time zone database of the test's own, for this process."""
    found = tmp_path / "zoneinfo"
    for name in ("Europe/Berlin", "Europe/Moscow", "America/New_York", "UTC"):
        data = zone_data(name)
        assert data is not None
        (found / name).parent.mkdir(parents=True, exist_ok=True)
        (found / name).write_bytes(data)
    zoneinfo.reset_tzpath([str(found)])
    zoneinfo.ZoneInfo.clear_cache()
    yield found
    zoneinfo.reset_tzpath()
    zoneinfo.ZoneInfo.clear_cache()


def berlin_keeps_moscow_time(place: Path) -> None:
    """Berlin is two hours ahead of what it was."""
    shutil.copy(place / "Europe" / "Moscow", place / "Europe" / "Berlin")


def test_what_falls_due_is_reckoned_anew(kept: Kept, place: Path, receiver: Receiver) -> None:
    mine = kept.remind("19:30")
    fixed = kept.change(kept.remind("20:30"), tzid="America/New_York")
    assert follow_zone_data(kept.db) == []
    assert mine.next_due is not None
    assert mine.next_due.isoformat() == "2026-11-23T18:30:00+00:00"
    berlin_keeps_moscow_time(place)
    assert follow_zone_data(kept.db) == ["Europe/Berlin"]
    now = kept.reminder(mine).next_due
    assert now is not None
    assert now.isoformat() == "2026-11-23T16:30:00+00:00"
    assert kept.reminder(fixed).next_due == fixed.next_due
    assert follow_zone_data(kept.db) == []


def test_what_was_sent_is_not_sent_again(kept: Kept, place: Path, receiver: Receiver) -> None:
    kept.remind("12:05")
    runner = kept.runner()
    Housekeeping(kept.db, kept.clock, "runner-0", lambda: kept.settings, runner.held)
    kept.shown.move(minutes=5)
    kept.deliver(runner)
    assert len(receiver.posts) == 1
    berlin_keeps_moscow_time(place)
    kept.clock.ahead += 3600  # it is looked at once an hour
    Housekeeping(kept.db, kept.clock, "runner-0", lambda: kept.settings, runner.held)
    kept.shown.move(hours=3)
    kept.deliver(runner)
    assert len(receiver.posts) == 1
    kept.shown.set("2026-11-24T10:06:00+01:00")  # 12:06 by Moscow's clock
    kept.deliver(runner)
    assert len(receiver.posts) == 2


def test_a_zone_that_is_nowhere_to_be_read_changes_nothing(kept: Kept, place: Path) -> None:
    mine = kept.remind("19:30")
    follow_zone_data(kept.db)
    (place / "Europe" / "Berlin").unlink()
    follow_zone_data(kept.db)  # the package tzdata may have it
    assert kept.reminder(mine).next_due == mine.next_due
