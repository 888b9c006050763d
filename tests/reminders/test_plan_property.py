"""Planning at any instants, however far apart: one row per occurrence and channel, none missing."""

from __future__ import annotations

import sqlite3
from datetime import datetime, timedelta
from itertools import pairwise, takewhile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reconnect import recurrence
from reconnect.model.reminder import Reminder
from reconnect.reminders.plan import place, plan
from reconnect.store import reminders
from reconnect.store.database import writing
from reconnect.store.migrate import migrations

RULES = (
    "FREQ=DAILY",
    "FREQ=DAILY;INTERVAL=3",
    "FREQ=DAILY;COUNT=7",
    "FREQ=HOURLY;INTERVAL=5",
    "FREQ=WEEKLY;BYDAY=MO,WE,SU",
    "FREQ=WEEKLY;INTERVAL=2;BYDAY=SA",
    "FREQ=MONTHLY;BYMONTHDAY=-1",
    "FREQ=MONTHLY;BYDAY=1SU",
    "FREQ=DAILY;UNTIL=20270401T000000",
    "",
)
ZONES = ("Europe/Berlin", "America/New_York", "Pacific/Apia", "Australia/Lord_Howe", "UTC")
CHANNELS = ("hook", "mail")
starts = st.datetimes(datetime(2026, 9, 1), datetime(2027, 4, 1)).map(  # noqa: DTZ001 - wall times
    lambda wall: wall.replace(microsecond=0, fold=0)
)
gaps = st.one_of(st.integers(0, 3 * 3600), st.integers(0, 30 * 86_400), st.just(0), st.just(86_400))


def _database(tzid: str) -> sqlite3.Connection:
    db = sqlite3.connect(":memory:", isolation_level=None)
    for step in migrations():
        db.executescript(step.sql)
    db.execute("INSERT INTO person VALUES (1, 'me', '', ?, 180, 0)", (tzid,))
    db.execute(
        "INSERT INTO habit (id, person_id, name, rule, template, title, goal, created) "
        "VALUES (1, 1, 'listen', 'listen', 'undivided', '', 'at-least', 0)"
    )
    return db


@pytest.mark.slow
@settings(max_examples=250, deadline=None)
@given(
    rrule=st.sampled_from(RULES),
    start=starts,
    tzid=st.sampled_from(ZONES),
    catchup=st.sampled_from(["latest", "all", "skip"]),
    window_s=st.sampled_from([60, 21_600, 604_800]),
    waits=st.lists(gaps, min_size=1, max_size=8),
)
def test_any_plans_at_any_instants(
    rrule: str, start: datetime, tzid: str, catchup: str, window_s: int, waits: list[int]
) -> None:
    db = _database(tzid)
    began = recurrence.to_instant(start, tzid) - timedelta(seconds=1)
    wish = Reminder(
        id=0, person_id=1, habit_id=1, role="do", rrule=rrule, dtstart_wall=start, tzid=None,
        last_occ_wall=None, count_left=None, next_due=None, rev=1, catchup=catchup,  # type: ignore[arg-type]
        window_s=window_s, priority=50, channels=(), text=None,
    )  # fmt: skip
    reminder = reminders.insert(db, place(wish, tzid, began), 0)
    now = began
    for wait in waits:
        now += timedelta(seconds=wait)
        for _ in range(50):
            with writing(db):
                if not plan(db, now, lambda _reminder, _wall: CHANNELS):
                    break
        due = reminders.get(db, reminder.id).next_due
        assert due is None or due > now
    every = recurrence.occurrences(rrule, dtstart=start, tzid=tzid)
    expected = [one.wall for one in takewhile(lambda one: one.instant <= now, every)]
    for channel in CHANNELS:
        rows = db.execute(
            "SELECT occ_wall, due FROM delivery WHERE channel = ? ORDER BY due", (channel,)
        ).fetchall()
        assert [datetime.fromisoformat(wall) for wall, _ in rows] == expected
        assert all(a < b for (_, a), (_, b) in pairwise(rows))
    assert reminders.get(db, reminder.id).next_due == next(
        (
            one.instant
            for one in recurrence.occurrences(rrule, dtstart=start, tzid=tzid)
            if one.instant > now
        ),
        None,
    )
    db.close()
