"""Channels as they stand: on or off, how often in a row they failed, and when they may be tried."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import msgspec

if TYPE_CHECKING:
    import sqlite3

_COLUMNS = "person_id, name, lane, state, fail_streak, refusals, next_ok, code, since, told"


class ChannelState(msgspec.Struct, frozen=True, kw_only=True):
    """One channel of a person's. Instants are UTC ms.

    `fail_streak` counts failures in a row, `refusals` those of them that no second try changes;
    `code` is the last failure's. `next_ok` is when it may be tried again, `since` when it was
    switched on or off, `told` whether the person was told that it is off.
    """

    person_id: int
    name: str
    lane: str = ""
    state: Literal["on", "off"] = "on"
    fail_streak: int = 0
    refusals: int = 0
    next_ok: int = 0
    code: str | None = None
    since: int = 0
    told: bool = False


def states(db: sqlite3.Connection) -> dict[tuple[int, str], ChannelState]:
    """Every channel that ever failed, by person and name; of the others there is nothing to say."""
    rows = db.execute(f"SELECT {_COLUMNS} FROM channel").fetchall()
    found = (
        ChannelState(
            person_id=row[0], name=row[1], lane=row[2], state=row[3], fail_streak=row[4],
            refusals=row[5], next_ok=row[6], code=row[7], since=row[8], told=bool(row[9]),
        )
        for row in rows
    )  # fmt: skip
    return {(one.person_id, one.name): one for one in found}


def save(db: sqlite3.Connection, state: ChannelState) -> None:
    """Store how a channel stands."""
    db.execute(
        f"INSERT INTO channel ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) "
        "ON CONFLICT (person_id, name) DO UPDATE SET lane = excluded.lane, "
        "state = excluded.state, fail_streak = excluded.fail_streak, "
        "refusals = excluded.refusals, next_ok = excluded.next_ok, code = excluded.code, "
        "since = excluded.since, told = excluded.told",
        (
            state.person_id, state.name, state.lane, state.state, state.fail_streak,
            state.refusals, state.next_ok, state.code, state.since, int(state.told),
        ),
    )  # fmt: skip


def hasten(db: sqlite3.Connection, now_ms: int, most_ms: int) -> int:
    """Let no channel rest longer than `most_ms` from now, as when the clock was set back."""
    return db.execute(
        "UPDATE channel SET next_ok = ? WHERE next_ok > ?", (now_ms, now_ms + most_ms)
    ).rowcount


def hasten_by(db: sqlite3.Connection, now_ms: int, ms: int) -> int:
    """Let what rests come back sooner by so much: the clock was set back by that, to now."""
    return db.execute(
        "UPDATE channel SET next_ok = next_ok - ? WHERE next_ok > ?", (ms, now_ms)
    ).rowcount
