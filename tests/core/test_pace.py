"""How often a rule comes."""

from __future__ import annotations

import pytest

from reconnect.errors import DamagedError
from reconnect.recurrence import pace_of


@pytest.mark.parametrize(
    ("rrule", "times", "days", "unit"),
    [
        ("FREQ=DAILY", 1, 1, "day"),
        ("FREQ=DAILY;INTERVAL=3", 1, 3, "week"),
        ("FREQ=HOURLY;INTERVAL=2", 1, 1, "day"),
        ("FREQ=HOURLY;INTERVAL=48", 4, 7, "week"),
        ("FREQ=WEEKLY", 1, 7, "week"),
        ("FREQ=WEEKLY;BYDAY=MO,WE,FR", 3, 7, "week"),
        ("FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,TH", 2, 14, "week"),
        ("FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR,SA,SU", 1, 1, "day"),
        ("FREQ=DAILY;BYDAY=SA,SU", 2, 7, "week"),
        ("FREQ=MONTHLY", 1, 30, "month"),
        ("FREQ=MONTHLY;BYDAY=-1SU", 1, 30, "month"),
        ("FREQ=MONTHLY;INTERVAL=4;BYDAY=1SU", 1, 120, "month"),
        ("FREQ=MONTHLY;BYMONTHDAY=1,15", 2, 30, "month"),
        ("FREQ=MONTHLY;BYDAY=MO,TU", 2, 7, "month"),
        ("FREQ=YEARLY", 1, 365, "year"),
        ("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29", 1, 1461, "year"),
        ("FREQ=DAILY;BYMONTH=12;COUNT=3", 1, 7, "week"),
        ("FREQ=DAILY;UNTIL=20261231", 1, 1, "day"),
    ],
)
def test_pace(rrule: str, times: int, days: int, unit: str) -> None:
    assert pace_of(rrule) == (times, days, unit)


def test_no_pace() -> None:
    assert pace_of("") is None
    with pytest.raises(DamagedError):
        pace_of("FREQ=NEVER")
