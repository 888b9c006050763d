"""Databases of earlier versions, kept as they were written, are brought up with all they hold."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from datetime import date
from pathlib import Path

from reconnect.store import entries, habits, people, rule_data
from reconnect.store.database import open_database
from reconnect.store.migrate import migrations

OLD = Path(__file__).parent / "old"

RELEASED = {
    1: "b025cc1334652100c751d2af8f70a383f8a6a0867f7981bc459453bdd35ee3f8",
    2: "2e42c6f35a1609f8c5afa88dc1a521015f511c68ddedfb445d73d15aef6c8b35",
}
"""A schema file that somebody's database went through is never changed again: add another one."""


def test_the_schema_files_that_went_out_stay_as_they_are() -> None:
    now = {m.version: hashlib.sha256(m.sql.encode()).hexdigest() for m in migrations()}
    assert {version: now[version] for version in RELEASED} == RELEASED


def written(schema: int, path: Path) -> None:
    db = sqlite3.connect(path)
    db.executescript((OLD / f"schema{schema}.sql").read_text())
    db.close()


def test_a_database_of_the_second_schema_keeps_everything(tmp_path: Path) -> None:
    path = tmp_path / "reconnect.db"
    written(2, path)
    db = open_database(str(path))
    person = people.find(db)
    assert person is not None
    kept = {habit.name: habit for habit in habits.listed(db, person.id)}
    listen = kept["listen"]
    assert [(t.since, t.anchor, t.rrule, t.target) for t in listen.terms] == [
        (date(2026, 11, 2), date(2026, 11, 2), "FREQ=DAILY", 10.0),
        (date(2026, 11, 4), date(2026, 11, 4), "FREQ=WEEKLY;BYDAY=MO,WE,FR", 10.0),
    ]
    assert [kept[name].target for name in ("quality_time", "tone", "honesty")] == [120, None, None]
    assert entries.damaged(db) == []
    logged = entries.between(db, person.id, date(2026, 11, 1), date(2026, 11, 30))
    assert [(e.kind, e.lapse, e.note) for e in logged] == [
        ("done", None, "Sample: a note"), ("done", None, None), ("lapse", "sarcasm", None),
        ("skip", None, None),
    ]  # fmt: skip
    assert db.execute("SELECT count(*) FROM reminder").fetchone() == (5,)
    assert db.execute("PRAGMA foreign_key_check").fetchall() == []
    db.close()


def test_what_rules_kept_in_forms_of_their_own_becomes_lists(tmp_path: Path) -> None:
    path = tmp_path / "reconnect.db"
    written(2, path)
    old = {
        ("apology", "promise", "a"): {"text": "call", "made": "2026-11-02", "kept": None,
                                      "due": "2026-11-09", "reminder": 7},
        ("apology", "promise", "b"): {"text": "", "made": "2026-11-02", "kept": True},
        ("apology", "promise", "c"): {"text": "x", "made": "2026-11-02", "kept": False},
        ("honesty", "issue", "d"): {"text": "roof", "opened": "2026-11-02", "closed": None},
        ("support", "goal", "0001"): {"text": "run", "added": "2026-11-02", "why": "light"},
        ("support", "goal", "0002"): {"text": "sing", "added": "2026-11-02",
                                      "retired": "2026-11-04", "reminder": 3},
        ("tea", "goal", "0001"): {"text": "another's", "added": "2026-11-02"},
    }  # fmt: skip
    db = sqlite3.connect(path)
    for (rule, kind, key), value in old.items():
        db.execute(
            "INSERT INTO rule_data VALUES (1, ?, ?, ?, ?, 1793646000000, 1793818800000)",
            (rule, kind, key, json.dumps(value)),
        )
    db.commit()
    db.close()
    db = open_database(str(path))
    kept = {
        (rule, record.key): record.value
        for rule in ("apology", "honesty", "support", "tea")
        for record in rule_data.listed(db, 1, rule)
    }
    db.close()
    day = "2026-11-02"
    assert kept == {
        ("apology", "a"): {"text": "call", "opened": day, "due": "2026-11-09", "reminder": 7},
        ("apology", "b"): {"text": "", "opened": day, "closed": "2026-11-04", "outcome": "kept"},
        ("apology", "c"): {
            "text": "x", "opened": day, "closed": "2026-11-04", "outcome": "not kept",
        },
        ("honesty", "d"): {"text": "roof", "opened": day, "closed": None},
        ("support", "0001"): {"text": "run", "opened": day, "more": {"why": "light"}},
        ("support", "0002"): {
            "text": "sing", "opened": day, "closed": "2026-11-04", "outcome": "retired",
        },
        ("tea", "0001"): {"text": "another's", "added": day},
    }  # fmt: skip
