"""Weeks at random: pauses, quiet hours, snoozes, journeys, restarts. No occurrence gets lost."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

import pytest

from reconnect.errors import ReconnectError
from reconnect.habits.record import record
from reconnect.reminders import follow
from reconnect.reminders.policy import REASONS
from reconnect.reminders.rest import pause, resume
from reconnect.reminders.snooze import snooze
from reconnect.reminders.when import coming
from reconnect.store import reminders

if TYPE_CHECKING:
    from datetime import datetime

    from tests.reminders.keeping import Kept
    from tests.reminders.live import Receiver

ZONES = ("Europe/Berlin", "America/New_York", "Asia/Tokyo")


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_each_occurrence_is_sent_or_recorded_once(
    kept: Kept, receiver: Receiver, seed: int
) -> None:
    chance = random.Random(seed)  # noqa: S311 - no secret
    # Through the night on which clocks go back there.
    kept.shown.set("2027-10-24T12:00:00+02:00")
    zone = ZONES[0]
    configure(kept, receiver, zone)
    made = [
        kept.remind("07:15"),
        kept.remind("22:45"),
        kept.remind("12:30", "FREQ=HOURLY;INTERVAL=7"),
        kept.remind(None, between="18:00-20:00"),
        kept.remind(None, between="23:00-01:00", quiet="allow"),
        kept.remind("02:30", even_if_done=1),
        kept.remind("20:00", "FREQ=WEEKLY;BYDAY=SU,WE", role="log"),
        kept.remind("09:00", tzid="Asia/Tokyo"),
    ]
    runner = kept.runner()
    for _ in range(120):
        kept.shown.move(minutes=chance.choice((5, 40, 200, 400, 900)))
        kept.deliver(runner)
        act = chance.randrange(12)
        if act == 0:
            pause(kept.db, kept.person, chance.choice((None, kept.habit)), kept.now)
        elif act == 1:
            attempt(lambda: resume(kept.db, kept.person, None, kept.now))
        elif act in (2, 3):
            when = chance.choice(("20m", "tonight", "tomorrow", "3h"))
            attempt(lambda w=when: snooze(kept.db, kept.person, kept.now, kept.settings, w))
        elif act == 4:
            zone = chance.choice(ZONES)
            configure(kept, receiver, zone)
        elif act == 5:
            runner = kept.runner()
        elif act == 6:
            rule = kept.app.rule("listen")
            record(
                kept.db, kept.person, kept.habit, rule, kept.now, kind="done",
                fields={"minutes": 9},
            )  # fmt: skip
    attempt(lambda: resume(kept.db, kept.person, None, kept.now))
    kept.shown.move(days=2)
    # It is day in all of the zones.
    kept.shown.set(f"{kept.now:%Y-%m-%d}T12:30:00+00:00")
    kept.deliver(runner)

    rows = kept.deliveries()
    ends = {(one.state, one.outcome) for one in rows}
    assert ends >= {("sent", "accepted"), ("suppressed", "paused"), ("expired", "missed")}
    assert all(state == "sent" or outcome in REASONS for state, outcome in ends)
    assert not any(state in ("pending", "leased") for state, _ in ends)
    assert len({one.idem_key for one in rows}) == len(rows)
    assert set(receiver.counts()) == {one.idem_key for one in rows if one.state == "sent"}
    assert set(receiver.counts().values()) == {1}
    for one in made:
        walls = [row.occ_wall for row in rows if row.reminder_id == one.id]
        assert sorted(walls) == nominal(kept, one.id, max(walls))


def nominal(kept: Kept, number: int, last: datetime) -> list[datetime]:
    """The nominal times of a reminder up to one, by its recurrence alone."""
    import msgspec

    one = reminders.get(kept.db, number)
    fresh = msgspec.structs.replace(one, last_occ_wall=None, count_left=None)
    found = []
    for occurrence in coming(fresh, one.tzid or kept.person.tzid):
        if occurrence.wall > last:
            return found
        found.append(occurrence.wall)
    return found


def configure(kept: Kept, receiver: Receiver, zone: str) -> None:
    kept.configure(
        f'[person]\ntimezone = "{zone}"\n[channels.hook]\nurl = "{receiver.url}"\n'
        '[quiet]\nfrom = "22:00"\nuntil = "07:00"\n'
    )
    follow.follow_settings(kept.db, kept.settings, kept.now)
    for name in ("settings", "person"):
        kept.app.__dict__.pop(name, None)
    assert kept.person.tzid == zone


def attempt(act: object) -> None:
    """Do what may be refused: nothing to put off, nothing that rests."""
    try:
        act()  # type: ignore[operator]
    except ReconnectError:
        return
