"""Random moments: inside their window, the same however often asked for, each for itself."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from itertools import islice, pairwise
from statistics import mean
from typing import TYPE_CHECKING

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reconnect.errors import UsageError
from reconnect.habits.record import record
from reconnect.model.reminder import Reminder
from reconnect.recurrence import span, to_wall
from reconnect.reminders.when import coming, moment_of

if TYPE_CHECKING:
    from tests.reminders.keeping import Kept
    from tests.reminders.live import Receiver

ZONES = ("Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Pacific/Apia", "UTC")
RULES = (
    "FREQ=DAILY",
    "FREQ=DAILY;INTERVAL=2",
    "FREQ=WEEKLY;BYDAY=SA,SU",
    "FREQ=MONTHLY;BYDAY=-1SU",
)


def reminder(
    number: int, begins: time, spread: int, rrule: str = "FREQ=DAILY", day: int = 20
) -> Reminder:
    return Reminder(
        id=number, person_id=1, habit_id=1, role="do", rrule=rrule,
        dtstart_wall=datetime.combine(datetime(2026, 10, day), begins),  # noqa: DTZ001
        tzid=None, last_occ_wall=None, count_left=None, next_due=None, rev=1, catchup="latest",
        window_s=21_600, priority=50, channels=(), text=None, spread_min=spread,
    )  # fmt: skip


@settings(deadline=None, max_examples=200)
@given(
    number=st.integers(1, 10**9),
    begins=st.times().map(lambda t: t.replace(second=0, microsecond=0, fold=0)),
    spread=st.integers(1, 1200),
    rrule=st.sampled_from(RULES),
    tzid=st.sampled_from(ZONES),
)
def test_it_lies_in_its_window(
    number: int, begins: time, spread: int, rrule: str, tzid: str
) -> None:
    one = reminder(number, begins, spread, rrule)
    # From October on the clocks of the north change within these, those of the south in April.
    found = list(islice(coming(one, tzid), 170 if "DAILY" in rrule else 30))
    for occurrence in found:
        ends = occurrence.wall + timedelta(minutes=spread)
        begin, end = span(occurrence.wall, ends, tzid)
        assert begin <= occurrence.instant < end
        # Asked for from anywhere it is the same: nothing but the occurrence decides.
        later = msgspec.structs.replace(one, last_occ_wall=occurrence.wall - timedelta(days=1))
        assert moment_of(later, occurrence.wall, tzid) == occurrence.instant
    assert all(a.instant < b.instant for a, b in pairwise(found))


def test_two_reminders_say_nothing_of_each_other() -> None:
    one, other = reminder(1, time(18), 120), reminder(2, time(18), 120)
    drawn = [
        [(o.instant - span(o.wall, o.wall + timedelta(hours=2), "UTC")[0]).total_seconds() / 7200
         for o in islice(coming(each, "UTC"), 1000)]
        for each in (one, other)
    ]  # fmt: skip
    assert all(0.45 < mean(of) < 0.55 for of in drawn)
    assert len(set(drawn[0])) > 900
    together = mean((a - 0.5) * (b - 0.5) for a, b in zip(*drawn, strict=True)) * 12
    assert abs(together) < 0.1


def test_it_is_sent_at_its_moment_once_whatever_restarts(kept: Kept) -> None:
    made = kept.remind(None, between="18:00-20:00")
    due = kept.reminder(made).next_due
    assert due is not None
    wall = to_wall(due, "Europe/Berlin")
    assert time(18) <= wall.time() < time(20)
    kept.shown.set((due - timedelta(seconds=1)).isoformat())
    kept.deliver()
    assert kept.deliveries() == []
    kept.shown.set(due.isoformat())
    kept.deliver()
    kept.deliver(kept.runner())
    (one,) = kept.deliveries()
    assert (one.state, one.due, one.occ_wall.time()) == ("sent", due, time(18))
    following = kept.reminder(made).next_due
    assert following is not None
    assert to_wall(following, "Europe/Berlin").date() == wall.date() + timedelta(days=1)


def test_a_window_over_midnight_belongs_to_the_day_on_which_it_begins(
    kept: Kept, receiver: Receiver
) -> None:
    kept.configure(
        '[person]\ntimezone = "Europe/Berlin"\nday_starts = "00:00"\n'
        f'[channels.hook]\nurl = "{receiver.url}"\n'
    )
    for name in ("settings", "person"):
        kept.app.__dict__.pop(name, None)
    assert kept.person.day_starts == 0
    late = next(
        made
        for made in (kept.remind(None, between=f"23:{m}-01:00") for m in range(10, 60))
        if made.next_due and to_wall(made.next_due, "Europe/Berlin").hour == 0
    )
    rule = kept.app.rule("listen")
    record(kept.db, kept.person, kept.habit, rule, kept.now, kind="done", fields={"minutes": 9})
    assert late.next_due is not None
    kept.shown.set(late.next_due.isoformat())
    kept.deliver()
    mine = [one for one in kept.deliveries() if one.reminder_id == late.id]
    assert [(one.state, one.outcome) for one in mine] == [("suppressed", "done")]


@pytest.mark.parametrize("rrule", ["FREQ=HOURLY", "FREQ=DAILY;BYHOUR=8,20"])
def test_a_rule_with_times_of_its_own_takes_no_window(kept: Kept, rrule: str) -> None:
    with pytest.raises(UsageError, match="needs a rule of days"):
        kept.remind(None, rrule, between="18:00-20:00")
