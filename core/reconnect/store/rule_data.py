"""What a rule keeps of a person's beside entries, each rule in a part of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from reconnect.clock import from_ms
from reconnect.errors import UsageError
from reconnect.model.history import Record

if TYPE_CHECKING:
    import sqlite3

VALUE_BYTES = 64 * 1024


def put(
    db: sqlite3.Connection,
    person_id: int,
    rule: str,
    kind: str,
    key: str,
    value: dict[str, Any],
    now_ms: int,
) -> None:
    """Keep a value, or replace the one of that kind and key.

    Raises:
        UsageError: the value is larger than 64 KiB as JSON.
    """
    encoded = msgspec.json.encode(value)
    if len(encoded) > VALUE_BYTES:
        raise UsageError(f"{kind}: {len(encoded):,} bytes, at most {VALUE_BYTES:,} are kept")
    db.execute(
        "INSERT INTO rule_data (person_id, rule, kind, key, value, created, changed) "
        "VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (person_id, rule, kind, key) "
        "DO UPDATE SET value = excluded.value, changed = excluded.changed",
        (person_id, rule, kind, key, encoded.decode(), now_ms, now_ms),
    )


def listed(
    db: sqlite3.Connection, person_id: int, rule: str, kind: str | None = None
) -> list[Record]:
    """What is kept, of one kind or of all, oldest first."""
    rows = db.execute(
        "SELECT kind, key, value, created, changed FROM rule_data "
        "WHERE person_id = ? AND rule = ? AND (? IS NULL OR kind = ?) ORDER BY created, key",
        (person_id, rule, kind, kind),
    )
    return [
        Record(
            kind=row[0],
            key=row[1],
            value=msgspec.json.decode(row[2], type=dict[str, Any]),
            created=from_ms(row[3]),
            changed=from_ms(row[4]),
        )
        for row in rows
    ]


def delete(db: sqlite3.Connection, person_id: int, rule: str, kind: str, key: str) -> bool:
    """Remove a value; False where there was none."""
    cursor = db.execute(
        "DELETE FROM rule_data WHERE person_id = ? AND rule = ? AND kind = ? AND key = ?",
        (person_id, rule, kind, key),
    )
    return cursor.rowcount == 1
