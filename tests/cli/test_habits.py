from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import Clock, Rows, Run


@pytest.fixture(autouse=True)
def adopted(cli: Run) -> None:
    assert cli("adopt", "listen").code == 0
    assert cli("adopt", "peace", "pause").code == 0


def only(cli: Run, *arguments: object) -> dict[str, Any]:
    done = cli("habits", *arguments, "--json")
    assert done.code == 0, done.err
    habit: dict[str, Any] = done.json()["habit"]
    return habit


def test_the_list(cli: Run) -> None:
    shown = cli("habits")
    assert shown.code == 0
    header, listen, pause = shown.out.splitlines()
    assert header.split("  ")[0] == "habit"
    assert listen.startswith("listen  every day    20:30          -         -       after we clear")
    assert pause.startswith("pause   when needed  -              -         -       after I notice")


def test_the_list_as_json(cli: Run) -> None:
    whole = cli("habits", "--json").json()
    assert whole["schema_version"] == 1
    assert [h["name"] for h in whole["habits"]] == ["listen", "pause"]
    assert whole["habits"][0]["recurrence"] == "every day"


def test_the_list_says_how_far_each_has_come(cli: Run, clock: Clock) -> None:
    for _ in range(3):
        cli("log", "listen", 8)
        clock.move(days=1)
    header, listen, peace = cli("habits").out.splitlines()
    assert "strength  so far" in header
    assert "15 %      3 days in a row" in listen
    assert "when needed  -              -         -  " in peace
    told = cli("habits", "--json").json()["habits"][0]
    assert told["strength"] == pytest.approx(0.1478, abs=1e-4)
    assert told["streak"] == {
        "length": 3, "unit": "day", "first": "2026-11-23", "last": "2026-11-25",
    }  # fmt: skip
    assert (told["kept"], told["rebound"]) == ({"kept": 3, "of": 3, "unit": "day"}, None)


def test_a_reminder_that_nothing_sent_is_not_shown_as_the_next(cli: Run, clock: Clock) -> None:
    assert "20:30" in cli("habits").out
    clock.move(days=3)
    (listen,) = (line for line in cli("habits").out.splitlines() if line.startswith("listen"))
    assert "at next start" in listen
    assert "2026-11-23" not in listen


def test_the_list_of_nothing(cli: Run) -> None:
    for name in ("listen", "peace"):
        cli("habits", "archive", name)
    shown = cli("habits")
    assert (shown.code, shown.out) == (0, "")
    assert "No habit yet" in shown.err
    assert cli("habits", "--json").json()["habits"] == []


def test_edit_changes_what_is_told_and_no_more(cli: Run) -> None:
    edited = only(cli, "edit", "listen", "--title", "Ten minutes", "--target", 10)
    assert (edited["title"], edited["target"]) == ("Ten minutes", 10)
    assert edited["cue"].startswith("after we clear")
    assert only(cli, "edit", "listen", "--cue", "")["cue"] is None
    assert only(cli, "edit", "listen", "--cue", "after tea")["title"] == "Ten minutes"


def test_another_target_judges_no_day_before_it(cli: Run, clock: Clock) -> None:
    cli("log", "listen", 8)
    clock.move(days=1)
    cli("habits", "edit", "listen", "--target", 20)
    cli("log", "listen", 8)
    states = {
        day["day"]: (day["states"][0]["state"], day["states"][0]["target"])
        for day in cli("history", "--json").json()["days"]
    }
    assert states == {"2026-11-23": ("yes", 8), "2026-11-24": ("partly", 20)}


def test_another_target_moves_no_second_day(cli: Run, clock: Clock) -> None:
    cli("habits", "edit", "listen", "--every", "FREQ=DAILY;INTERVAL=2")
    clock.move(days=1)
    cli("habits", "edit", "listen", "--target", 20)
    due = {h["habit"]: h["due"] for h in cli("today", "--json").json()["habits"]}
    assert due["listen"] is False
    clock.move(days=1)
    due = {h["habit"]: h["due"] for h in cli("today", "--json").json()["habits"]}
    assert due["listen"] is True


def test_new_days_hold_from_today_and_move_the_reminder(cli: Run, clock: Clock) -> None:
    clock.move(days=2)  # Wednesday
    edited = only(cli, "edit", "listen", "--days", "fri")
    assert (edited["rrule"], edited["since"]) == ("FREQ=WEEKLY;BYDAY=FR", "2026-11-25")
    assert edited["next_reminder"] == "2026-11-27T19:30:00+00:00"
    due = {h["habit"]: h["due"] for h in cli("today", "--json").json()["habits"]}
    assert due == {"listen": False, "pause": False}
    assert (
        "(every Friday)" in cli("habits", "edit", "listen", "--every", "FREQ=WEEKLY;BYDAY=FR").err
    )


def test_a_habit_that_becomes_when_needed_is_reminded_of_no_more(cli: Run) -> None:
    assert only(cli, "edit", "listen", "--every", "")["next_reminder"] is None
    assert cli("remind", "--json").json()["reminders"] == []


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("edit", "listen"), 2, "nothing to change"),
        (("edit", "lisen", "--title", "x"), 3, "did you mean listen?"),
        (("edit", "listen", "--title", " "), 2, "the title cannot be empty"),
        (("edit", "listen", "--title", "a\x07"), 2, "U+0007"),
        (("edit", "listen", "--target", "0"), 2, "above 0"),
        (("edit", "peace", "--target", "1"), 2, "takes no target"),
        (("edit", "listen", "--days", "mon", "--every", "FREQ=DAILY"), 2, "give one of them"),
        (("edit", "listen", "--title", "x", "--days", "never"), 2, "'never'"),
        (("archive", "nothing"), 3, "no habit 'nothing'"),
        (("restore", "nothing"), 3, "no habit 'nothing'"),
        (("restore", "listen"), 2, "is not archived"),
        (("archiv", "listen"), 2, "archiv"),
    ],
)
def test_what_cannot_be_changes_nothing(
    cli: Run, arguments: tuple[str, ...], code: int, said: str
) -> None:
    before = cli("habits", "--all", "--json").out
    done = cli("habits", *arguments)
    assert (done.code, said in done.err) == (code, True), done
    assert done.err.count("\n") == 1
    assert cli("habits", "--all", "--json").out == before


def test_archive_and_restore(cli: Run, rows: Rows) -> None:
    cli("log", "listen", 9)
    done = cli("habits", "archive", "listen")
    assert done.code == 0
    assert "its reminders rest, its entries stay" in done.err
    assert [h["name"] for h in cli("habits", "--json").json()["habits"]] == ["pause"]
    listen = cli("habits", "--all", "--json").json()["habits"][0]
    assert listen["archived"] == "2026-11-23T11:00:00+00:00"
    assert listen["next_reminder"] is None
    assert "archived" in cli("habits", "--all").out
    assert rows()["entry"] == 1

    logged = cli("log", "listen", 9)
    assert logged.code == 3
    assert "listen is archived: `reconnect habits restore listen` brings it back" in logged.err
    assert "listen is archived" in cli("habits", "archive", "listen").err

    restored = cli("habits", "restore", "listen")
    assert restored.code == 0
    assert "next reminder: 20:30" in restored.err
    assert cli("log", "listen", 9).code == 0


def test_a_restored_habit_is_not_reminded_of_what_it_missed(cli: Run, clock: Clock) -> None:
    cli("habits", "archive", "listen")
    clock.move(days=40)
    assert only(cli, "restore", "listen")["next_reminder"] == "2027-01-02T19:30:00+00:00"


def test_one_of_two_habits_of_a_rule_must_be_named(cli: Run) -> None:
    cli("adopt", "peace")
    cli("adopt", "peace", "seven-minute-view", "--name", "view")
    assert cli("habits", "archive", "peace").code == 0
    done = cli("habits", "edit", "peace", "--title", "x")
    assert done.code == 3


def terms(home: Path) -> list[tuple[str, str, str, float | None]]:
    with sqlite3.connect(home / "reconnect.db") as db:
        found = db.execute("SELECT since, anchor, rrule, target FROM habit_terms ORDER BY since")
        return found.fetchall()


def test_what_is_changed_and_changed_back_on_one_day_is_as_before(
    cli: Run, clock: Clock, home: Path
) -> None:
    cli("habits", "edit", "listen", "--every", "FREQ=DAILY;INTERVAL=2")
    before = terms(home)
    clock.move(days=3)
    cli("habits", "edit", "listen", "--days", "fri")
    assert len(terms(home)) == len(before) + 1
    cli("habits", "edit", "listen", "--every", "FREQ=DAILY;INTERVAL=2")
    assert terms(home) == before
    # Changed back with another target, every second day is still counted from the first one.
    cli("habits", "edit", "listen", "--days", "fri")
    cli("habits", "edit", "listen", "--every", "FREQ=DAILY;INTERVAL=2", "--target", 12)
    assert terms(home)[-1] == ("2026-11-26", "2026-11-23", "FREQ=DAILY;INTERVAL=2", 12.0)


def test_a_change_on_a_day_that_is_lived_twice_holds(cli: Run, clock: Clock, home: Path) -> None:
    (home / "config.toml").write_text('[person]\ntimezone = "Pacific/Auckland"\n')
    clock.set("2026-11-25T09:00:00+13:00")
    cli("habits", "edit", "listen", "--days", "fri")
    (home / "config.toml").write_text('[person]\ntimezone = "America/Los_Angeles"\n')
    clock.set("2026-11-24T19:00:00-08:00")
    edited = only(cli, "edit", "listen", "--days", "tue,fri")
    assert edited["rrule"] == "FREQ=WEEKLY;BYDAY=TU,FR"
    assert edited["since"] == "2026-11-25"


@pytest.mark.parametrize("rule", ["listen", "tone"])
def test_the_time_in_which_it_was_put_away_neither_keeps_nor_breaks(
    cli: Run, clock: Clock, rule: str
) -> None:
    cli("adopt", "tone")
    for _ in range(5):
        cli("log", rule, 8 if rule == "listen" else 4)
        clock.move(days=1)
    before = grown(cli, rule)
    assert before["streak"]["length"] == 5
    cli("habits", "archive", rule)
    clock.move(days=100)
    cli("habits", "restore", rule)
    after = grown(cli, rule)
    assert after["strength"] == before["strength"]
    assert after["streak"]["length"] == 5
    assert after["kept"] == before["kept"]
    assert cli("today", "--json").json()["habits"][0]["due"] is True
    cli("log", rule, 8 if rule == "listen" else 4)
    clock.move(days=1)
    assert grown(cli, rule)["streak"]["length"] == 6


def grown(cli: Run, name: str) -> dict[str, Any]:
    habits = cli("habits", "--json").json()["habits"]
    found: dict[str, Any] = next(one for one in habits if one["name"] == name)
    return found
