"""Which prompts were shown to whom, how often and when."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reconnect.clock import from_ms, to_ms

if TYPE_CHECKING:
    import sqlite3
    from datetime import datetime

    from reconnect.model.reminder import Delivery

ONE_MORE = (
    "ON CONFLICT (person_id, rule, prompt) DO UPDATE SET times = times + 1, last = excluded.last"
)


def count_shown(
    db: sqlite3.Connection, person_id: int, rule: str, prompt: str, now_ms: int
) -> None:
    """Count that a prompt was shown."""
    db.execute(
        "INSERT INTO prompt_shown (person_id, rule, prompt, times, last) "
        f"VALUES (?, ?, ?, 1, ?) {ONE_MORE}",
        (person_id, rule, prompt, now_ms),
    )


def last_shown(db: sqlite3.Connection, person_id: int, rule: str) -> datetime | None:
    """When a prompt of a rule was last shown to the person (UTC), reminded of or asked for."""
    row = db.execute(
        "SELECT max(last) FROM prompt_shown WHERE person_id = ? AND rule = ?", (person_id, rule)
    ).fetchone()
    return None if row[0] is None else from_ms(row[0])


def shown_prompts(db: sqlite3.Connection, person_id: int, rule: str) -> dict[str, int]:
    """How often each prompt of a rule was sent to the person."""
    rows = db.execute(
        "SELECT prompt, times FROM prompt_shown WHERE person_id = ? AND rule = ?",
        (person_id, rule),
    )
    return dict(rows.fetchall())


def prompt_given(db: sqlite3.Connection, delivery: Delivery) -> str | None:
    """The prompt that the delivery's occurrence got on this or another channel, if it got one."""
    row = db.execute(
        "SELECT prompt FROM delivery WHERE reminder_id = ? AND due = ? AND prompt IS NOT NULL "
        "LIMIT 1",
        (delivery.reminder_id, to_ms(delivery.due)),
    ).fetchone()
    return row[0] if row else None
