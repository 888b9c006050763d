"""Many processes at once: every entry is stored, and nobody hears of a lock."""

from __future__ import annotations

import subprocess
import sys

import pytest
from tests.store.conftest import NOW, Store

EACH = 1000
WRITER = """
import sys
from datetime import datetime
from reconnect.habits.record import record
from reconnect.paths import Paths
from reconnect.rules.rulefile import load_rule
from reconnect.store import habits, people
from reconnect.store.database import open_database

path, rule_file, name, count, now = sys.argv[1:]
db = open_database(path)
person = people.find(db)
(habit,) = habits.listed(db, person.id)
rule = load_rule(rule_file)
print("ready", flush=True)
sys.stdin.readline()
for number in range(int(count)):
    done = record(
        db, person, habit, rule, datetime.fromisoformat(now), kind="done",
        fields={"minutes": number % 480 + 1}, external_id=f"{name}-{number}",
    )
    assert done.new
print("done", flush=True)
"""


@pytest.mark.slow
def test_four_processes_log_a_thousand_entries_each(store: Store) -> None:
    import reconnect_listen

    rule = reconnect_listen.__path__[0] + "/rule.toml"
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", WRITER, str(store.path), rule, f"p{number}", str(EACH),
             NOW.isoformat()],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )
        for number in range(4)
    ]  # fmt: skip
    for process in processes:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
    for process in processes:
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.flush()
    for process in processes:
        out, err = process.communicate(timeout=120)
        assert (process.returncode, out, err) == (0, "done\n", "")
    assert len(store.read()) == 4 * EACH
    assert store.db.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    from reconnect.store import entries

    assert entries.damaged(store.db) == []


def test_the_same_id_from_many_processes_is_one_entry(store: Store) -> None:
    import reconnect_listen

    rule = reconnect_listen.__path__[0] + "/rule.toml"
    code = WRITER.replace("    assert done.new\n", "")
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", code, str(store.path), rule, "same", "20", NOW.isoformat()],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )
        for _ in range(4)
    ]  # fmt: skip
    for process in processes:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
    for process in processes:
        out, _ = process.communicate("go\n", timeout=60)
        assert (process.returncode, out) == (0, "done\n")
    assert len(store.read()) == 20
