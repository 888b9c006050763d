"""Quiet hours: over midnight, on the nights of a change, put off once, dropped, or let through."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from reconnect.config import QuietSettings
from reconnect.reminders.quiet import quiet_until

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.conftest import Clock
    from tests.reminders.keeping import Kept
    from tests.reminders.live import DaemonProcess, Receiver

NIGHT = QuietSettings(from_="22:00", until="07:00")
NOON_BREAK = QuietSettings(from_="13:00", until="14:00")


def at(text: str) -> datetime:
    return datetime.fromisoformat(text)


def quiet(kept: Kept, receiver: Receiver, *, what: str = "defer", more: str = "") -> None:
    """Quiet hours from 22:00 until 07:00, on one channel."""
    kept.configure(
        f'[person]\ntimezone = "Europe/Berlin"\n[channels.hook]\nurl = "{receiver.url}"\n{more}\n'
        f'[quiet]\nfrom = "22:00"\nuntil = "07:00"\nwhat = "{what}"\n'
    )


@pytest.mark.parametrize(
    ("now", "until"),
    [
        ("2026-11-23T21:59:59+01:00", None),
        ("2026-11-23T22:00:00+01:00", "2026-11-24T07:00:00+01:00"),
        ("2026-11-24T00:30:00+01:00", "2026-11-24T07:00:00+01:00"),
        ("2026-11-24T06:59:59+01:00", "2026-11-24T07:00:00+01:00"),
        ("2026-11-24T07:00:00+01:00", None),
        # The short night, and the long one.
        ("2026-03-28T23:00:00+01:00", "2026-03-29T07:00:00+02:00"),
        ("2026-10-24T23:00:00+02:00", "2026-10-25T07:00:00+01:00"),
        ("2026-10-25T02:30:00+01:00", "2026-10-25T07:00:00+01:00"),
        # Year's end.
        ("2026-12-31T23:59:59+01:00", "2027-01-01T07:00:00+01:00"),
    ],
)
def test_over_midnight(now: str, until: str | None) -> None:
    expected = at(until) if until else None
    assert quiet_until(NIGHT, at(now), "Europe/Berlin") == expected


def test_within_a_day_and_none_at_all() -> None:
    assert quiet_until(NOON_BREAK, at("2026-11-23T13:30:00+01:00"), "Europe/Berlin") == at(
        "2026-11-23T14:00:00+01:00"
    )
    assert quiet_until(NOON_BREAK, at("2026-11-23T12:30:00+01:00"), "Europe/Berlin") is None
    assert quiet_until(QuietSettings(), at("2026-11-23T03:30:00+01:00"), "Europe/Berlin") is None
    # It is the person's clock that counts, not the machine's.
    assert quiet_until(NIGHT, at("2026-11-23T23:00:00+01:00"), "America/New_York") is None


def test_an_end_in_a_gap_is_the_gap() -> None:
    early = QuietSettings(from_="22:00", until="02:30")
    assert quiet_until(early, at("2026-03-29T01:30:00+01:00"), "Europe/Berlin") == at(
        "2026-03-29T03:00:00+02:00"
    )


@pytest.mark.parametrize(
    ("tzid", "from_", "until", "now", "ends"),
    [
        # 23:00 comes twice in Cairo, midnight in Havana, 2:30 in Berlin.
        ("Africa/Cairo", "23:00", "06:00", "2026-10-29T23:30+03:00", "2026-10-30T06:00+02:00"),
        ("Africa/Cairo", "23:45", "06:00", "2026-10-29T23:50+03:00", "2026-10-30T06:00+02:00"),
        ("Africa/Cairo", "23:45", "06:00", "2026-10-29T23:30+02:00", None),
        ("America/Havana", "00:00", "06:00", "2026-11-01T00:30-04:00", "2026-11-01T06:00-05:00"),
        ("Europe/Berlin", "22:00", "02:30", "2026-10-25T02:15+02:00", "2026-10-25T02:30+02:00"),
        ("Europe/Berlin", "22:00", "02:30", "2026-10-25T02:45+02:00", None),
        ("Europe/Berlin", "22:00", "02:30", "2026-10-25T02:15+01:00", "2026-10-25T02:30+01:00"),
    ],
)
def test_the_clock_on_the_wall_decides_in_the_hour_that_comes_twice(
    tzid: str, from_: str, until: str, now: str, ends: str | None
) -> None:
    found = quiet_until(QuietSettings(from_=from_, until=until), at(now), tzid)
    assert found == (at(ends) if ends else None)


@pytest.mark.parametrize(
    ("evening", "morning"),
    [
        ("2026-11-23T22:30:00+01:00", "2026-11-24T07:00:00+01:00"),
        ("2027-03-27T22:30:00+01:00", "2027-03-28T07:00:00+02:00"),
        ("2027-10-30T22:30:00+02:00", "2027-10-31T07:00:00+01:00"),
    ],
)
def test_it_is_put_off_and_comes_once(
    kept: Kept, receiver: Receiver, evening: str, morning: str
) -> None:
    quiet(kept, receiver)
    kept.shown.set((at(evening) - timedelta(hours=1)).isoformat())
    kept.remind("22:30", window_s=3600)
    kept.shown.set(evening)
    runner = kept.deliver()
    (one,) = kept.deliveries()
    assert (one.state, one.outcome, one.attempts) == ("pending", "quiet", 0)
    assert one.not_before == at(morning)
    # Restarts, and looks in between, change nothing.
    for hours in (1, 3):
        kept.shown.set((at(evening) + timedelta(hours=hours)).isoformat())
        runner = kept.deliver(kept.runner())
        (again,) = kept.deliveries()
        assert (again.not_before, again.expires_at) == (one.not_before, one.expires_at)
    kept.shown.set((at(morning) - timedelta(seconds=1)).isoformat())
    kept.deliver(runner)
    assert receiver.posts == []
    kept.shown.set(morning)
    kept.deliver(runner)
    kept.shown.set((at(morning) + timedelta(minutes=1)).isoformat())
    kept.deliver(kept.runner())
    assert [post.key for post in receiver.posts] == [one.idem_key]
    assert kept.outcomes() == [("sent", "accepted")]


def test_dropped_with_its_reason(kept: Kept, receiver: Receiver) -> None:
    quiet(kept, receiver, what="drop")
    kept.remind("22:30")
    kept.shown.set("2026-11-23T22:30:00+01:00")
    kept.deliver()
    assert kept.outcomes() == [("suppressed", "quiet")]
    assert receiver.posts == []


@pytest.mark.parametrize("how", ["settings", "channel", "reminder"])
def test_let_through(kept: Kept, receiver: Receiver, how: str) -> None:
    quiet(
        kept, receiver, what="allow" if how == "settings" else "drop",
        more='quiet = "allow"' if how == "channel" else "",
    )  # fmt: skip
    kept.remind("22:30", quiet="allow" if how == "reminder" else None)
    kept.shown.set("2026-11-23T22:30:00+01:00")
    kept.deliver()
    assert kept.outcomes() == [("sent", "accepted")]


def test_a_reminders_own_wish_counts_more_than_the_channels(kept: Kept, receiver: Receiver) -> None:
    quiet(kept, receiver, what="defer", more='quiet = "allow"')
    kept.remind("22:30", quiet="drop")
    kept.shown.set("2026-11-23T22:30:00+01:00")
    kept.deliver()
    assert kept.outcomes() == [("suppressed", "quiet")]


def test_what_was_asked_for_at_that_time_comes(kept: Kept, receiver: Receiver) -> None:
    quiet(kept, receiver, what="drop")
    kept.once("2026-11-23T23:10", text="Sample: you said you would come back")
    kept.shown.set("2026-11-23T23:10:00+01:00")
    kept.deliver()
    assert kept.outcomes() == [("sent", "accepted")]


def test_of_an_hourly_one_the_newest_comes_in_the_morning(kept: Kept, receiver: Receiver) -> None:
    quiet(kept, receiver)
    kept.remind("12:15", "FREQ=HOURLY;BYHOUR=22,23,0,1,2,3,4,5,6")
    runner = kept.runner()
    for hour in range(22, 31):
        wall = at("2026-11-23T00:15:00+01:00") + timedelta(hours=hour)
        kept.shown.set(wall.isoformat())
        kept.deliver(runner)
    assert kept.outcomes() == [("suppressed", "coalesced")] * 8 + [("pending", "quiet")]
    kept.shown.set("2026-11-24T07:00:00+01:00")
    kept.deliver(runner)
    assert kept.outcomes()[-1] == ("sent", "accepted")
    assert len(receiver.posts) == 1


def test_other_quiet_hours_hold_at_once(kept: Kept, receiver: Receiver) -> None:
    quiet(kept, receiver)
    kept.remind("22:30")
    kept.shown.set("2026-11-23T22:30:00+01:00")
    runner = kept.deliver()
    assert kept.outcomes() == [("pending", "quiet")]
    kept.channels(hook=receiver.url)  # none any more
    runner.look_again()
    kept.deliver(runner)
    assert kept.outcomes() == [("sent", "accepted")]


def test_done_meanwhile_it_stays_quiet(kept: Kept, receiver: Receiver) -> None:
    from reconnect.habits.record import record

    quiet(kept, receiver)
    kept.remind("22:30")
    kept.shown.set("2026-11-23T22:30:00+01:00")
    runner = kept.deliver()
    rule = kept.app.rule("listen")
    kept.shown.set("2026-11-23T23:00:00+01:00")
    record(kept.db, kept.person, kept.habit, rule, kept.now, kind="done", fields={"minutes": 9})
    kept.shown.set("2026-11-24T07:00:00+01:00")
    kept.deliver(runner)
    assert kept.outcomes() == [("suppressed", "done")]


def test_the_daemon_keeps_them(
    kept: Kept, clock: Clock, receiver: Receiver, daemon: Callable[..., DaemonProcess]
) -> None:
    from tests.reminders.live import until

    quiet(kept, receiver)
    kept.remind("22:30")
    first = daemon().ready()
    clock.set("2026-11-23T22:30:00+01:00")
    until(lambda: kept.outcomes() == [("pending", "quiet")])
    first.kill()
    second = daemon().ready()
    clock.set("2026-11-24T07:00:00+01:00")
    until(lambda: kept.outcomes() == [("sent", "accepted")])
    assert second.interrupt() == 0
    assert list(receiver.counts().values()) == [1]
    assert kept.now.astimezone(UTC) == at("2026-11-24T06:00:00+00:00")
