"""Entries: what a person logged. Each carries a hash of its content."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec

from reconnect.clock import from_ms, to_ms
from reconnect.errors import DamagedError
from reconnect.model.habit import Entry, FieldValue

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Collection, Iterable, Iterator, Sequence

    from reconnect.model.habit import EntryKind

_COLUMNS = (
    "e.id, e.uid, e.person_id, e.habit_id, e.kind, e.at, e.day, e.tzid, e.fields, e.lapse, "
    "e.landed, e.note, e.external_id"
)
_SELECT = (
    f"SELECT {_COLUMNS}, h.rule, h.template, e.recorded "
    "FROM entry AS e JOIN habit AS h ON h.id = e.habit_id"
)
_decode_fields = msgspec.json.Decoder(dict[str, FieldValue]).decode


def content_hash(entry: Entry, recorded_ms: int) -> bytes:
    """SHA-256 over everything a person can read of the entry: 32 bytes."""
    return _hash(_content(entry, recorded_ms))


def insert(db: sqlite3.Connection, entry: Entry, recorded_ms: int) -> tuple[int, bool]:
    """Store an entry: its number, and whether it is new.

    An entry whose `external_id` is known already is not stored again.
    """
    cursor = db.execute(
        "INSERT INTO entry (uid, person_id, habit_id, kind, at, day, tzid, fields, lapse, landed, "
        "note, external_id, recorded, sha256) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) "
        "ON CONFLICT (person_id, external_id) WHERE external_id IS NOT NULL DO NOTHING",
        (*_content(entry, recorded_ms), content_hash(entry, recorded_ms)),
    )
    if cursor.rowcount:
        return int(cursor.lastrowid or 0), True
    row = db.execute(
        "SELECT id FROM entry WHERE person_id = ? AND external_id = ?",
        (entry.person_id, entry.external_id),
    ).fetchone()
    return int(row[0]), False


def between(
    db: sqlite3.Connection,
    person_id: int,
    first: date,
    last: date,
    *,
    habit_id: int | None = None,
    rule: str | None = None,
) -> list[Entry]:
    """Entries of the days from `first` to `last`, both included, oldest first."""
    which, values = _of(person_id, habit_id, rule)
    rows = db.execute(
        f"{_SELECT} WHERE {which} AND e.day BETWEEN ? AND ? ORDER BY e.day, e.at, e.id",
        (*values, first.isoformat(), last.isoformat()),
    )
    return [_entry(row) for row in rows]


def first_day(db: sqlite3.Connection, person_id: int, rule: str) -> date | None:
    """The day of a rule's first entry that is no skip."""
    row = db.execute(
        # The first of each habit stands first in the index; the first of all would be searched for.
        "SELECT min((SELECT e.day FROM entry AS e WHERE e.person_id = h.person_id "
        "AND e.habit_id = h.id AND e.kind <> 'skip' ORDER BY e.day LIMIT 1)) "
        "FROM habit AS h WHERE h.person_id = ? AND h.rule = ?",
        (person_id, rule),
    ).fetchone()
    try:
        return None if row[0] is None else date.fromisoformat(row[0])
    except (ValueError, TypeError) as error:
        raise DamagedError(
            f"an entry of {rule} is damaged: `reconnect doctor` checks them all and says which"
        ) from error


def backwards(
    db: sqlite3.Connection,
    person_id: int,
    rule: str,
    before: date,
    *,
    kind: EntryKind | None = None,
    lapses: Sequence[str] = (),
    templates: Sequence[str] = (),
) -> Iterator[Entry]:
    """A rule's entries of the days before one, newest first: of a kind, some lapses or templates.

    Each is read only when it is asked for.
    """
    which, values = _of(person_id, None, rule)
    for column, wanted in (
        ("e.kind", (kind,) if kind else ()),
        ("e.lapse", lapses),
        ("h.template", templates),
    ):
        if wanted:
            which += f" AND {column} IN ({', '.join('?' * len(wanted))})"
            values += tuple(wanted)
    rows = db.execute(
        f"{_SELECT} WHERE {which} AND e.day < ? ORDER BY e.day DESC, e.at DESC, e.id DESC",
        (*values, before.isoformat()),
    )
    return map(_entry, rows)


class Published(NamedTuple):
    """What may become a signal of an entry: its fields where its rule publishes some, no text."""

    rule: str
    day: date
    lapsed: bool
    fields: dict[str, FieldValue]


def publishing(
    db: sqlite3.Connection, person_id: int, rules: Collection[str], first: date, last: date
) -> list[Published]:
    """The entries of some rules, and every lapse, of the days from `first` to `last`, in order."""
    marks = ", ".join("?" * len(rules))
    rows = db.execute(
        "SELECT e.id, h.rule, e.day, e.kind, e.fields FROM entry AS e "
        "JOIN habit AS h ON h.id = e.habit_id WHERE e.person_id = ? AND e.day BETWEEN ? AND ? "
        f"AND (e.kind = 'lapse' OR h.rule IN ({marks})) ORDER BY e.day, e.at, e.id",
        (person_id, first.isoformat(), last.isoformat(), *rules),
    )
    return [_published(row, rules) for row in rows]


def get(db: sqlite3.Connection, entry_id: int) -> Entry:
    """The entry with that number. A LookupError means that there is none."""
    row = db.execute(f"{_SELECT} WHERE e.id = ?", (entry_id,)).fetchone()
    if row is None:
        raise LookupError(f"no entry {entry_id}")
    return _entry(row)


def newest(db: sqlite3.Connection, person_id: int, *, habit_id: int | None = None) -> Entry | None:
    """The entry recorded last, whatever day it counts for."""
    row = db.execute(
        f"{_SELECT} WHERE e.person_id = ? AND (? IS NULL OR e.habit_id = ?) "
        "ORDER BY e.id DESC LIMIT 1",
        (person_id, habit_id, habit_id),
    ).fetchone()
    return _entry(row) if row else None


def delete(db: sqlite3.Connection, entry_id: int) -> bool:
    """Remove an entry; secure_delete overwrites what it held. False when it was gone already."""
    return db.execute("DELETE FROM entry WHERE id = ?", (entry_id,)).rowcount == 1


def damaged(db: sqlite3.Connection) -> list[tuple[int, str]]:
    """Entries whose content is not what was stored: their number and (as it stands there) day.

    A sqlite3.DatabaseError means that SQLite itself cannot read on.
    """
    before = db.text_factory
    # A flipped bit may leave bytes that are no text at all.
    db.text_factory = lambda raw: raw.decode("utf-8", "surrogateescape")
    try:
        rows: Iterable[tuple[Any, ...]] = db.execute(
            f"SELECT {_COLUMNS}, e.recorded, e.sha256 FROM entry AS e ORDER BY e.id"
        )
        return [(r[0], ascii(str(r[6]))[1:-1]) for r in rows if not _intact(r[1:14], r[14])]
    finally:
        db.text_factory = before


def _content(entry: Entry, recorded_ms: int) -> tuple[Any, ...]:
    """The columns of an entry, in the order of the table, without its number."""
    return (
        entry.uid, entry.person_id, entry.habit_id, entry.kind, to_ms(entry.at),
        entry.day.isoformat(), entry.tzid, msgspec.json.encode(entry.fields).decode(),
        entry.lapse, entry.landed, entry.note, entry.external_id, recorded_ms,
    )  # fmt: skip


def _intact(content: tuple[Any, ...], expected: object) -> bool:
    try:
        # Of the first entries the hash left out when they were recorded, the last column.
        return expected in (_hash(content), _hash(content[:-1]))
    except (UnicodeEncodeError, TypeError):
        return False


def _hash(content: tuple[Any, ...]) -> bytes:
    from reconnect.digest import sha256

    return sha256(msgspec.json.encode(content)).digest()


def _of(
    person_id: int, habit_id: int | None, rule: str | None
) -> tuple[str, tuple[int | str, ...]]:
    """Whose entries, as a condition that the index by person, habit and day answers."""
    which = "e.person_id = ?"
    values: tuple[int | str, ...] = (person_id,)
    if habit_id is not None:
        which, values = f"{which} AND e.habit_id = ?", (*values, habit_id)
    if rule is not None:
        own = "SELECT id FROM habit WHERE person_id = ? AND rule = ?"
        which, values = f"{which} AND e.habit_id IN ({own})", (*values, person_id, rule)
    return which, values


def _entry(row: tuple[Any, ...]) -> Entry:
    try:
        at = from_ms(row[5])
        return Entry(
            id=row[0], uid=row[1], person_id=row[2], habit_id=row[3], kind=row[4],
            at=at, day=date.fromisoformat(row[6]), tzid=row[7],
            fields=_decode_fields(row[8]), lapse=row[9], landed=row[10], note=row[11],
            external_id=row[12], rule=row[13], template=row[14],
            recorded=at if row[15] == row[5] else from_ms(row[15]),
        )  # fmt: skip
    except (ValueError, TypeError, OverflowError, msgspec.MsgspecError) as error:
        raise _damaged(row[0]) from error


def _published(row: tuple[Any, ...], rules: Collection[str]) -> Published:
    number, rule, day, kind, fields = row
    try:
        answers = _decode_fields(fields) if rule in rules else {}
        return Published(rule, date.fromisoformat(day), kind == "lapse", answers)
    except (ValueError, TypeError, msgspec.MsgspecError) as error:
        raise _damaged(number) from error


def _damaged(number: int) -> DamagedError:
    return DamagedError(f"the entry number {number} is damaged: `reconnect doctor` checks them all")
