"""`demo`: everything to look at, with sample data, and nothing of the person's own touched."""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from reconnect.paths import find_paths

if TYPE_CHECKING:
    from tests.conftest import Clock, Run

MARK = "SAMPLE DATA: made up, nothing here is yours."


@pytest.fixture
def place() -> Path:
    """Where the sample is kept."""
    return Path(find_paths().cache_dir, "demo")


def contents(home: Path) -> dict[str, bytes]:
    return {
        str(file.relative_to(home)): file.read_bytes()
        for file in home.rglob("*")
        if file.is_file() and "cache" not in file.relative_to(home).parts
    }


def test_every_rule_with_half_a_year_behind_it(cli: Run, place: Path) -> None:
    shown = cli("demo", "habits", "--json")
    assert MARK in shown.err
    kept = shown.json()["habits"]
    assert len({habit["rule"] for habit in kept}) == len(kept) == 10
    db = sqlite3.connect(place / "reconnect.db")
    first, last, count = db.execute("SELECT min(day), max(day), count(*) FROM entry").fetchone()
    assert (first, last) == ("2026-06-07", "2026-11-23")
    assert count > 450
    assert db.execute("SELECT count(*) FROM closeness").fetchone() == (25,)
    texts = [row[0] for row in db.execute("SELECT note FROM entry WHERE note IS NOT NULL")]
    texts += [row[0] for row in db.execute("SELECT text FROM weekly_choice")]
    assert len(texts) > 20
    assert all(text.startswith("Sample: ") for text in texts)
    for (fields,) in db.execute("SELECT fields FROM entry WHERE fields LIKE '%\" %'"):
        assert "Sample: " in fields
    db.close()


def test_what_rules_keep_is_there(cli: Run) -> None:
    goals = cli("demo", "support", "goals")
    assert goals.code == 0, goals.err
    assert "2  Sample: finish the course  (" in goals.out
    assert "1  Sample: run ten kilometres  (" in goals.out
    assert "   why: Sample: to feel light again\n" in goals.out


def test_a_page_of_it_says_what_it_is(cli: Run, tmp_path: Path) -> None:
    page = tmp_path / "week.html"
    assert cli("demo", "review", "--html", page).code == 0
    assert "Sample data: made up, of nobody." in page.read_text(encoding="utf-8")
    assert "Sample data" in cli("demo", "review").out
    assert cli("demo", "review", "--json").json()["sample"] is True
    cli("adopt", "listen")
    assert "Sample data" not in cli("review").out
    assert cli("review", "--json").json()["sample"] is False


def test_the_tour(cli: Run) -> None:
    tour = cli("demo")
    assert tour.code == 0
    for command in ("today", "week", "chart listen", "review"):
        assert f"$ reconnect demo {command}  SAMPLE DATA" in tour.err


def test_nothing_of_the_persons_own_is_touched(cli: Run, home: Path) -> None:
    cli("adopt", "listen")
    cli("log", "listen", 8)
    before = contents(home)
    variable = os.environ["RECONNECT_HOME"]
    assert cli("demo", "log", "listen", 99).code == 0
    assert cli("demo", "undo", "--yes").code == 0
    assert cli("demo", "habits", "archive", "listen").code == 0
    assert contents(home) == before
    assert os.environ["RECONNECT_HOME"] == variable
    assert [e["fields"] for d in cli("history", "--json").json()["days"] for e in d["entries"]] == [
        {"minutes": 8}
    ]


def test_a_first_look_makes_no_profile_of_the_persons_own(cli: Run, home: Path) -> None:
    assert cli("demo", "today").code == 0
    assert contents(home) == {}


def test_the_same_day_gives_the_same_data(cli: Run, clock: Clock) -> None:
    first = cli("demo", "history", "--days", 30, "--json").json()["days"]
    again = cli("demo", "--fresh", "history", "--days", 30, "--json").json()["days"]
    drop = {"uid", "id"}
    seen, seen_again = (
        [{k: v for k, v in e.items() if k not in drop} for day in days for e in day["entries"]]
        for days in (first, again)
    )
    assert seen == seen_again
    clock.move(days=1)
    later = cli("demo", "history", "--days", 3, "--json").json()["days"]
    assert max(day["day"] for day in later) == "2026-11-24"


def test_what_was_begun_and_not_finished_is_made_anew(cli: Run, place: Path) -> None:
    place.mkdir(parents=True)
    (place / "sample.txt").write_text("unfinished sample data\n")
    (place / "reconnect.db").write_bytes(b"half a page")
    assert cli("demo", "today").code == 0


@pytest.mark.parametrize("command", ["start", "init", "daemon", "channels", "plugins", "demo"])
def test_the_sample_reminds_nobody(cli: Run, place: Path, command: str) -> None:
    refused = cli("demo", command)
    assert refused.code == 2
    assert f"{command}: sample data reminds nobody" in refused.err
    assert not place.exists()


def test_mistakes_are_named_as_ever(cli: Run) -> None:
    assert cli("demo", "tody").code == 2
    assert "did you mean today" in cli("demo", "tody").err
    assert cli("demo", "log", "nothing").code == 3
    assert cli("demo", "--remove", "today").code == 2


def test_remove(cli: Run, place: Path) -> None:
    assert "there is no sample data" in cli("demo", "--remove").err
    cli("demo", "today")
    assert "removed" in cli("demo", "--remove").err
    assert not place.exists()
    place.mkdir()
    (place / "mine.txt").write_text("mine")
    refused = cli("demo", "today")
    assert (refused.code, (place / "mine.txt").read_text()) == (1, "mine")
    assert "holds no sample data of ours" in refused.err


@pytest.mark.parametrize("command", [("--no-input", "daemon"), ("--color", "never", "service")])
def test_no_option_leads_around_what_is_refused(
    cli: Run, place: Path, command: tuple[str, ...]
) -> None:
    refused = cli("demo", *command)
    assert refused.code == 2
    assert "expected a command" in refused.err
    assert not place.exists()


def test_a_sample_that_was_never_begun_is_no_hindrance(cli: Run, place: Path) -> None:
    place.mkdir(parents=True)
    assert cli("demo", "today").code == 0


def test_what_was_not_wholly_removed_is_removed_the_next_time(
    cli: Run, place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import shutil

    cli("demo", "today")

    def stopped(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(shutil, "rmtree", stopped)
        patched.setattr(os, "unlink", stopped)
        assert cli("demo", "--remove").code == 130
    assert (place / "sample.txt").exists()
    assert cli("demo", "--remove").code == 0
    assert not place.exists()


def test_a_link_is_not_followed(cli: Run, place: Path, tmp_path: Path) -> None:
    mine = tmp_path / "mine"
    mine.mkdir()
    (mine / "sample.txt").write_text("mine")
    place.parent.mkdir(parents=True, exist_ok=True)
    place.symlink_to(mine)
    for arguments in (("--remove",), ("today",)):
        assert cli("demo", *arguments).code == 1
    assert [file.name for file in mine.iterdir()] == ["sample.txt"]
