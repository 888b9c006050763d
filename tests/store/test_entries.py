"""Entries: stored once, read back as they were, and damage to them is found."""

from __future__ import annotations

import itertools
import random
import shutil
import sqlite3
from collections import Counter
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.store.conftest import NOW, TODAY

from reconnect.clock import to_ms
from reconnect.errors import DamagedError, ReconnectError
from reconnect.store import entries
from reconnect.store.database import open_database, plain_errors, writing

if TYPE_CHECKING:
    from pathlib import Path

    from tests.store.conftest import Store

    from reconnect.model.habit import Entry

FLIPS = 200
NUMBERS = itertools.count()


def test_an_entry_is_read_back_as_it_was(store: Store) -> None:
    rich = store.entry(
        1, kind="lapse", lapse="a", landed="cold", note="Ein Satz,\nzwei 🎈 Zeilen\tund تجربة",
        fields={"n": 1, "f": 2.5, "b": False, "t": ("a", "b"), "s": "x\u0000y"}, external_id="w-1",
        at=NOW - timedelta(days=300, milliseconds=7), day=TODAY - timedelta(days=300),
    )  # fmt: skip
    with writing(store.db):
        number, new = entries.insert(store.db, rich, to_ms(NOW))
    assert new
    assert entries.get(store.db, number) == msgspec.structs.replace(rich, id=number, recorded=NOW)
    assert entries.damaged(store.db) == []
    with pytest.raises(LookupError):
        entries.get(store.db, number + 1)


texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)
values = st.one_of(
    st.integers(-(2**53), 2**53), st.floats(-1e15, 1e15), st.booleans(), texts,
    st.lists(texts, max_size=3).map(tuple),
)  # fmt: skip


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(
    st.dictionaries(texts, values, max_size=4), st.one_of(st.none(), texts),
    st.dates(date(1990, 1, 1), date(2200, 1, 1)),
)  # fmt: skip
def test_whatever_was_logged_is_whole(
    store: Store, fields: dict[str, Any], note: str | None, day: date
) -> None:
    number, _ = store.add(next(NUMBERS), fields=fields, note=note, day=day)
    read = entries.get(store.db, number)
    assert (read.fields, read.note, read.day) == (fields, note, day)
    assert entries.damaged(store.db) == []


def test_an_id_from_outside_makes_it_one_entry(store: Store) -> None:
    first, new = store.add(1, external_id="phone-7")
    assert new
    for number in range(2, 5):
        assert store.add(number, external_id="phone-7") == (first, False)
    assert store.add(5)[1]
    assert store.add(6)[1]
    assert [entry.note for entry in store.read()] == [f"note number {n}" for n in (1, 5, 6)]


def test_a_deleted_number_is_never_given_again(store: Store) -> None:
    number, _ = store.add(1)
    assert entries.delete(store.db, number)
    assert not entries.delete(store.db, number)
    assert store.add(2)[0] > number


@pytest.mark.parametrize(
    "change",
    [
        "uid = 'other'", "kind = 'skip'", "at = at + 1", "day = '2026-11-22'", "tzid = 'UTC'",
        "fields = '{\"minutes\":80}'", "lapse = 'x'", "landed = 'warm'", "note = NULL",
        "note = note || ' '", "external_id = 'x'", "recorded = recorded + 1",
        "sha256 = zeroblob(32)", "sha256 = substr(sha256, 1, 31)",
        "note = CAST(X'ff41' AS TEXT)", "fields = CAST(X'7b80' AS TEXT)",
    ],
)  # fmt: skip
def test_any_change_behind_our_back_is_found(store: Store, change: str) -> None:
    for number in (1, 2, 3):
        store.add(number)
    store.db.execute(f"UPDATE entry SET {change} WHERE id = 2")  # noqa: S608 - from the table above
    ((number, day),) = entries.damaged(store.db)
    assert number == 2
    assert day == ("2026-11-22" if change.startswith("day") else "2026-11-23")
    # Looking leaves the connection as it was.
    assert store.db.text_factory is str


def test_entries_of_before_the_hash_covered_all_are_whole(store: Store) -> None:
    number, _ = store.add(1)
    old = entries._hash(entries._content(store.entry(1), to_ms(NOW))[:-1])
    store.db.execute("UPDATE entry SET sha256 = ? WHERE id = ?", (old, number))
    assert entries.damaged(store.db) == []


@pytest.mark.parametrize(
    "change",
    ["day = 'not a day'", "fields = '{'", "fields = '[]'", "at = 999999999999999999",
     "note = CAST(X'ff41' AS TEXT)"],
)  # fmt: skip
def test_what_cannot_be_read_is_named_as_damage(store: Store, change: str) -> None:
    store.add(1)
    store.db.execute(f"UPDATE entry SET {change}")  # noqa: S608 - from the table above
    with pytest.raises(DamagedError, match="reconnect doctor"), plain_errors("x.db"):
        entries.newest(store.db, store.person.id)


def contents(read: list[Entry]) -> list[tuple[Any, ...]]:
    """What a person sees of the entries that is stored in their own rows."""
    return [msgspec.structs.astuple(msgspec.structs.replace(e, rule="", template="")) for e in read]


def test_no_flipped_bit_changes_an_entry_unnoticed(store: Store, tmp_path: Path) -> None:
    for number in range(120):
        store.add(number, landed="warm", external_id=f"x{number}",
                  note=f"What was said on evening {number}, and how it went on.")  # fmt: skip
    before = contents(store.read())
    store.db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    store.db.close()
    whole = store.path.read_bytes()
    drawn = random.Random(20261123)  # noqa: S311 - the same flips each time
    found: Counter[str] = Counter()
    seen_by_sqlite = 0
    place = tmp_path / "flipped.db"
    while found.total() - found["unchanged"] < FLIPS:
        spoilt = bytearray(whole)
        spoilt[drawn.randrange(len(spoilt))] ^= 1 << drawn.randrange(8)
        for end in ("-wal", "-shm"):
            (tmp_path / f"flipped.db{end}").unlink(missing_ok=True)
        place.write_bytes(spoilt)
        verdict = classify(place, store.person.id, before)
        found[verdict] += 1
        if verdict == "found by the hash":
            seen_by_sqlite += by_sqlite(place)
    # Most of what the hash finds SQLite itself does not see: that is what it is for.
    assert seen_by_sqlite < found["found by the hash"] / 2, (found, seen_by_sqlite)
    assert found["found by the hash"] > FLIPS / 4
    print(found, seen_by_sqlite)  # noqa: T201 - shown by pytest -rP


def classify(place: Path, person_id: int, before: list[tuple[Any, ...]]) -> str:
    """What a flip did: AssertionError where it changed what is read, and nothing says so."""
    try:
        db = open_database(str(place))
    except ReconnectError:
        return "unreadable"
    try:
        with plain_errors(str(place)):
            damaged = entries.damaged(db)
            read = contents(entries.between(db, person_id, date.min, date.max))
    except ReconnectError:
        return "unreadable"
    finally:
        db.close()
    if damaged:
        return "found by the hash"
    if read == before:
        return "unchanged"
    # What is read by way of an index is compared with the rows by SQLite itself.
    assert by_sqlite(place), [
        pair for pair in zip(before, read, strict=False) if len(set(pair)) > 1
    ]
    return "found by SQLite"


def by_sqlite(place: Path) -> bool:
    """Whether SQLite's own checks find damage."""
    db = sqlite3.connect(place)
    try:
        found = [row[0] for row in db.execute("PRAGMA integrity_check")] != ["ok"]
        return found or bool(db.execute("PRAGMA foreign_key_check").fetchall())
    except (sqlite3.DatabaseError, UnicodeDecodeError):
        return True
    finally:
        db.close()


def test_a_copy_can_be_read_by_itself(store: Store, tmp_path: Path) -> None:
    store.add(1)
    store.db.close()
    shutil.copy(store.path, tmp_path / "copy.db")
    db = open_database(str(tmp_path / "copy.db"))
    assert entries.damaged(db) == []
    db.close()
