"""Which moment a prompt is for: after a slip, on a hard day, after a gap, in a good run."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest

from reconnect.model.habit import Entry
from reconnect.model.history import History, Signals
from reconnect.reminders.moments import GAP, moments

TODAY = date(2026, 11, 23)


def entry(back: int, kind: str = "done") -> Entry:
    day = TODAY - timedelta(days=back)
    at = datetime.combine(day, time(12), UTC)
    return Entry(
        id=0, uid=f"{back}{kind}", person_id=1, habit_id=1, kind=kind, at=at, day=day,  # type: ignore[arg-type]
        tzid="UTC", recorded=at,
    )  # fmt: skip


def history(*entries: Entry, signals: dict[date, Signals] | None = None) -> History:
    return History(rule="listen", day=TODAY, entries=entries, signals=signals or {})


def test_nothing_logged_is_an_ordinary_moment() -> None:
    assert moments(history(), "do", TODAY, None) == ("before",)


def test_after_a_slip_one_way_back_then_silence() -> None:
    slip = entry(0, "lapse")
    assert moments(history(slip), "do", TODAY, None)[0] == "re-entry"
    assert moments(history(slip), "do", TODAY, slip.at - timedelta(hours=1))[0] == "re-entry"
    assert moments(history(slip), "do", TODAY, slip.at + timedelta(hours=1))[0] != "re-entry"


def test_long_silence_about_a_slip_stays_silence() -> None:
    slip = entry(GAP.days + 5, "lapse")
    assert moments(history(slip), "do", TODAY, slip.at + timedelta(days=1)) == ("before",)


@pytest.mark.parametrize(("back", "first"), [(GAP.days - 1, "before"), (GAP.days, "re-entry")])
def test_after_a_gap_a_welcome_back(back: int, first: str) -> None:
    assert moments(history(entry(back)), "do", TODAY, None)[0] == first


@pytest.mark.parametrize(
    ("signals", "tense"),
    [
        (Signals(mood="stormy"), True),
        (Signals(tension=4), True),
        (Signals(tension=5), True),
        (Signals(tension=3), False),
        (Signals(mood="mixed", lapsed=True), False),
    ],
)
@pytest.mark.parametrize("back", [0, 1])
def test_a_hard_day_and_the_evening_after_it(signals: Signals, tense: bool, back: int) -> None:
    seen = history(signals={TODAY - timedelta(days=back): signals})
    assert (moments(seen, "do", TODAY, None)[0] == "tense") is tense


def test_two_days_later_the_storm_is_over() -> None:
    seen = history(signals={TODAY - timedelta(days=2): Signals(mood="stormy")})
    assert moments(seen, "do", TODAY, None) == ("before",)


def test_a_reminder_to_log_looks_back() -> None:
    assert moments(history(entry(1)), "log", TODAY, None)[0] == "after"


@pytest.mark.parametrize("length", range(1, 12))
def test_every_fifth_day_of_a_run_celebrates(length: int) -> None:
    run = [entry(back) for back in range(length, 0, -1)]
    assert (moments(history(*run), "do", TODAY, None)[0] == "celebrate") is (length % 5 == 0)
