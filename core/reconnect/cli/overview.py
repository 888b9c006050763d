"""How the daemon is, shared by `daemon status`, `service status` and `doctor`."""

from __future__ import annotations

import os
from datetime import timedelta
from typing import TYPE_CHECKING, NamedTuple

from reconnect.cli import words
from reconnect.cli.resting import resting
from reconnect.clock import from_ms, local_day, machine_tzid, to_ms

if TYPE_CHECKING:
    from datetime import datetime

    from reconnect.cli.app import App
    from reconnect.daemon import Status
    from reconnect.store.missed import Missed

MISSED_DAYS = 7
"""So far back it is looked for reminders that were missed."""

NAMED = 5
"""So many of them are named."""

LISTED = 100
"""So many of them stand in the JSON."""

STALE_S = 120
"""A daemon notes that it is alive every half minute; after so long something is wrong with it."""

_WHY = {"missed": "nothing ran at the time", "": "not known why"}


class Overview(NamedTuple):
    """What is known of the daemon, what comes next, and what was missed lately.

    `tzid` is the person's zone; `missed` the newest of those that `missed_count` counts; `coming`
    when the next reminder comes that does not rest then.
    """

    now: Status
    tzid: str
    missed: list[Missed]
    missed_count: int
    coming: datetime | None


def look(app: App) -> Overview:
    """Look at everything, and change nothing; a broken config.toml is no hindrance."""
    from reconnect.daemon import Status, status
    from reconnect.lock import InstanceLock
    from reconnect.store import missed, people

    if not os.path.exists(app.paths.database):
        running = InstanceLock(app.paths.lock).held_by_another()
        return Overview(Status(running, None, None, {}), machine_tzid(), [], 0, None)
    person = people.find(app.looking)
    found: list[Missed] = []
    count = 0
    if person is not None:
        span = (to_ms(app.now - timedelta(days=MISSED_DAYS)), to_ms(app.now))
        found = missed.listed(app.looking, person.id, *span, LISTED)
        count = missed.count(app.looking, person.id, *span)
    tzid = person.tzid if person else machine_tzid()
    now = status(app.paths, app.looking)
    coming = now.next_due if person is None else _coming(app, now.next_due)
    return Overview(now, tzid, found, count, coming)


def _coming(app: App, first: datetime | None) -> datetime | None:
    """When the next reminder comes; what is overdue, because nothing runs, comes first."""
    pauses = resting(app)
    if not pauses or first is None or first <= app.now:
        return first
    from reconnect.cli.remind_words import instants
    from reconnect.store import reminders

    listed = reminders.listed(app.looking, app.person.id)
    ahead = (instants(one, app.person, app.now, pauses) for one in listed)
    return min((found[0] for found in ahead if found), default=None)


def when(app: App, seen: Overview, instant: datetime) -> str:
    """An instant in the person's zone, in words."""
    return words.moment(instant, seen.tzid, local_day(app.now, seen.tzid, 0))


def running_words(app: App, seen: Overview) -> str:
    """The process in words: since when it runs, its last tick, what comes next."""
    runner = seen.now.runner
    comes = when(app, seen, seen.coming) if seen.coming else "none"
    if not seen.now.running or runner is None:
        return f"not running, next reminder: {comes}"
    since, tick = (when(app, seen, from_ms(ms)) for ms in (runner.started, runner.beat))
    return f"running since {since} (process {runner.pid}), last tick {tick}, next reminder: {comes}"


def trouble(app: App, seen: Overview) -> tuple[str, str] | None:
    """What is wrong with a daemon that runs, and what to do; None where it is well or off."""
    from reconnect import __version__

    runner = seen.now.runner
    if not seen.now.running or runner is None:
        return None
    silent_s = (app.now - from_ms(runner.beat)).total_seconds()
    again = "`reconnect daemon stop`, then start it again"
    if silent_s > STALE_S:
        text = f"it has not moved for {silent_s / 60:.0f} minutes: asleep, or its database is stuck"
        return text, f"`reconnect daemon logs` says more; {again}"
    if runner.version != __version__:
        return f"it is {runner.version} still, and {__version__} is installed", again
    return None


def missed_words(app: App, seen: Overview) -> list[str]:
    """Each of the newest missed reminders in a line."""
    return [
        f"{when(app, seen, one.due):<16} {one.habit:<12} on {', '.join(one.channels)}: "
        f"{_why(one.outcome)}"
        for one in seen.missed[:NAMED]
    ]


def as_data(seen: Overview, config_problem: str | None) -> dict[str, object]:
    """The whole for programs. Keys are added, never renamed."""
    runner, now = seen.now.runner, seen.now
    return {
        "running": now.running,
        "pid": runner.pid if runner and now.running else None,
        "version": runner.version if runner else None,
        "started": from_ms(runner.started).isoformat() if runner else None,
        "last_tick": from_ms(runner.beat).isoformat() if runner else None,
        "next_due": seen.coming.isoformat() if seen.coming else None,
        "deliveries": now.counts,
        "missed": {
            "days": MISSED_DAYS,
            "count": seen.missed_count,
            "reminders": [{**one._asdict(), "due": one.due.isoformat()} for one in seen.missed],
        },
        "config_problem": config_problem,
    }


def _why(outcome: str) -> str:
    from reconnect.cli.outcome_words import explain

    return _WHY.get(outcome) or explain(outcome)
