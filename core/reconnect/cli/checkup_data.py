"""What `doctor` looks at in the database: whether it opens, holds together, and moves on."""

from __future__ import annotations

import os
import sqlite3
from typing import TYPE_CHECKING

from reconnect.cli.checkup import Check, damage
from reconnect.errors import ReconnectError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reconnect.cli.app import App

RESTORE = "restore a backup; the rest can still be read with `reconnect history`"
SHOWN = 5
"""So many damaged entries are named."""

LATE_MINUTES = 10


def database(app: App) -> Iterator[Check]:
    """Whether the database opens, and everything in it is what was stored."""
    from reconnect.store.database import SCHEMA_VERSION, open_read_only, translated

    path = app.paths.database
    try:
        db = open_read_only(path)
    except ReconnectError as error:
        yield Check("database", damage(error), str(error))
        return
    if db is None:
        yield Check("database", "ok", f"no {path} yet")
        return
    try:
        yield Check("database", "ok", f"{path}, schema {SCHEMA_VERSION}")
        yield from _integrity(db)
        yield from _references(db)
        yield from _entries(db)
    except sqlite3.Error as error:
        known = translated(error, path)
        yield Check("database", damage(known), str(known), RESTORE)
    finally:
        db.close()


def daemon(app: App) -> Iterator[Check]:
    """Whether reminders are being sent, and none waits for too long."""
    from reconnect.cli import overview
    from reconnect.clock import to_ms
    from reconnect.store import delivery_history

    if not os.path.exists(app.paths.database):
        todo = "`reconnect start` sets everything up"
        yield Check("daemon", "ok", "nothing to send yet", todo)
        return
    before_ms = to_ms(app.now) - LATE_MINUTES * 60_000
    try:
        seen = overview.look(app)
        pending, late = delivery_history.waiting(app.looking, before_ms)
    except (ReconnectError, sqlite3.Error) as error:
        yield Check("daemon", "problem", f"cannot look: {' '.join(str(error).split())}")
        return
    now = seen.now
    if now.next_due is not None and to_ms(now.next_due) < before_ms:
        late, pending = late + 1, pending + 1  # One that nobody has even planned.
    trouble = overview.trouble(app, seen)
    if trouble:
        yield Check(
            "daemon", "warn", f"{overview.running_words(app, seen)}; {trouble[0]}", trouble[1]
        )
    elif now.running:
        yield Check("daemon", "ok", overview.running_words(app, seen))
    else:
        text = f"does not run: nothing is sent ({overview.running_words(app, seen)})"
        todo = "`reconnect start` starts it, `reconnect service install` keeps it running"
        yield Check("daemon", "warn", text, todo)
    if late:
        text = f"{late} of {pending} waiting reminders are late by more than {LATE_MINUTES} minutes"
        yield Check("deliveries", "warn", text, "see `reconnect daemon status` and `channels test`")
    else:
        yield Check("deliveries", "ok", f"{pending} waiting, none late")
    yield from _channels_off(app)
    yield from _zones_gone(app)
    if seen.missed_count:
        newest = " ".join(overview.missed_words(app, seen)[0].split())
        text = f"{seen.missed_count} in the last {overview.MISSED_DAYS} days, the newest {newest}"
        yield Check("missed", "warn", text, "see `reconnect daemon status`")


def _channels_off(app: App) -> Iterator[Check]:
    """Channels to which nothing is sent, of which nobody may have been told on another one."""
    from reconnect.cli.outcome_words import explain
    from reconnect.store import channels

    for one in channels.states(app.looking).values():
        if one.state == "off" and one.name in app.settings.channels:
            todo = f"`reconnect channels test {one.name}`, then `channels on {one.name}`"
            yield Check("channels", "warn", f"{one.name} is off: {explain(one.code or '')}", todo)


def _zones_gone(app: App) -> Iterator[Check]:
    """Reminders that do not come, because this machine no longer knows their zone."""
    from reconnect.clock import is_zone
    from reconnect.store import reminders

    for tzid in reminders.zones(app.looking):
        numbers = [one.id for one in reminders.in_zone(app.looking, tzid)]
        if numbers and not is_zone(tzid):
            which = ", ".join(map(str, numbers[:SHOWN])) + (", …" if numbers[SHOWN:] else "")
            text = f"this machine knows no time zone {tzid!r}: it cannot tell when {which} is due"
            todo = f'`reconnect remind edit {numbers[0]} --zone ""` lets it follow you'
            yield Check("reminders", "problem", text, todo)


def _integrity(db: sqlite3.Connection) -> Iterator[Check]:
    found = [str(row[0]) for row in db.execute("PRAGMA integrity_check(5)")]
    if found == ["ok"]:
        yield Check("integrity", "ok", "SQLite finds the file whole")
    else:
        text = "; ".join(" ".join(line.split()) for line in found)[:300]
        yield Check("integrity", "damaged", f"SQLite finds damage: {text}", RESTORE)


def _references(db: sqlite3.Connection) -> Iterator[Check]:
    lost = len(db.execute("PRAGMA foreign_key_check").fetchall())
    if lost:
        yield Check("references", "damaged", f"{lost} rows belong to nothing", RESTORE)


def _entries(db: sqlite3.Connection) -> Iterator[Check]:
    from reconnect.store import entries

    damaged = entries.damaged(db)
    total = db.execute("SELECT count(*) FROM entry").fetchone()[0]
    if not damaged:
        yield Check("entries", "ok", f"{total:,} entries, each as it was stored")
        return
    named = ", ".join(f"number {number} of {day}" for number, day in damaged[:SHOWN])
    more = f" and {len(damaged) - SHOWN} more" if len(damaged) > SHOWN else ""
    text = f"{len(damaged)} of {total:,} entries are not what was stored: {named}{more}"
    yield Check("entries", "damaged", text, RESTORE)
