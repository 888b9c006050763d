from __future__ import annotations

import contextlib
import sqlite3
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.conftest import Clock, Rows, Run, Terminal


@pytest.fixture(autouse=True)
def logged(cli: Run) -> None:
    for rule in ("listen", "peace"):
        assert cli("adopt", rule).code == 0
    assert cli("log", "listen", "20", "--note", "-", stdin="The keys.").code == 0
    assert cli("log", "peace", "mixed", "--on", "yesterday").code == 0


def test_the_entry_recorded_last_goes_whatever_day_it_counts_for(cli: Run, rows: Rows) -> None:
    done = cli("undo")
    assert done.code == 0
    assert done.err == "taken back: peace, yesterday: day: mixed\n"
    assert rows()["entry"] == 1
    done = cli("undo")
    assert done.err == "taken back: listen, today: 20 minutes, with a note\n"
    assert rows()["entry"] == 0


def test_of_one_habit(cli: Run) -> None:
    entry = cli("undo", "listen", "--json").json()["entry"]
    assert entry["habit"] == "listen"
    assert entry["fields"] == {"minutes": 20}
    (day,) = cli("history", "--json").json()["days"]
    assert [one["habit"] for one in day["entries"]] == ["peace"]


def test_by_number(cli: Run) -> None:
    assert cli("undo", "--id", "1").err.startswith("taken back: listen, today")
    again = cli("undo", "--id", "1")
    assert again.code == 3
    assert "no entry 1: `reconnect history --json` shows the numbers" in again.err
    assert cli("undo", "listen", "--id", "2").code == 3


def test_nothing_to_take_back(cli: Run) -> None:
    cli("undo")
    cli("undo")
    for arguments in ((), ("listen",)):
        done = cli("undo", *arguments)
        assert done.code == 3
        assert "there is nothing to take back" in done.err


def test_an_old_entry_needs_a_yes(cli: Run, clock: Clock, rows: Rows) -> None:
    clock.move(hours=24)
    assert cli("undo", "peace").code == 0
    clock.move(seconds=1)
    before = rows()
    done = cli("undo")
    assert done.code == 2
    assert "more than 24 hours ago (yesterday 12:00): --yes takes it back" in done.err
    assert rows() == before
    assert cli("undo", "--yes").code == 0
    assert rows()["entry"] == 0


@pytest.mark.parametrize(("answer", "left"), [("y", 1), ("n", 2), ("", 2)])
def test_an_old_entry_is_asked_about_on_a_terminal(
    terminal: Callable[..., Terminal], clock: Clock, rows: Rows, answer: str, left: int
) -> None:
    clock.move(days=8)
    shown = terminal("undo")
    shown.expect(r"Take back peace, Sun 22 November 2026: day: mixed \(recorded .*\)\? \[y/N\]: ")
    shown.send(answer)
    assert shown.end() == 0
    assert rows()["entry"] == left


def test_an_old_day_recorded_just_now_needs_none(cli: Run) -> None:
    cli("log", "listen", "5", "--on", "2020-02-29")
    done = cli("undo")
    assert done.code == 0
    assert "Sat 29 February 2020" in done.err


def test_of_an_archived_habit(cli: Run) -> None:
    cli("habits", "archive", "listen")
    assert cli("undo", "listen").code == 0


def test_what_is_taken_back_leaves_no_trace_on_the_disk(cli: Run, home: Path) -> None:
    with contextlib.closing(sqlite3.connect(home / "reconnect.db")) as daemon:
        daemon.execute("SELECT count(*) FROM entry").fetchall()  # keeps the log where it is
        assert any(b"The keys." in file.read_bytes() for file in home.glob("reconnect.db*"))
        cli("undo", "listen")
        assert not any(b"The keys." in file.read_bytes() for file in home.glob("reconnect.db*"))


def test_whoever_comes_second_is_told(
    cli: Run, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from reconnect.habits import record

    def first(db: sqlite3.Connection, entry: object) -> None:
        with contextlib.closing(sqlite3.connect(home / "reconnect.db")) as other, other:
            other.execute("DELETE FROM entry")
        undo(db, entry)  # type: ignore[arg-type]

    undo = record.undo
    monkeypatch.setattr(record, "undo", first)
    done = cli("undo")
    assert done.code == 3
    assert "entry 2 is gone already" in done.err
