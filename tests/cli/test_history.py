from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.conftest import Clock, Run


@pytest.fixture(autouse=True)
def adopted(cli: Run) -> None:
    for rule in ("listen", "peace"):
        assert cli("adopt", rule).code == 0


def test_an_empty_history_is_no_error(cli: Run) -> None:
    shown = cli("history")
    assert shown.code == 0
    assert shown.out == ""
    assert shown.err.startswith("Nothing logged from Tue 10 Nov 2026 to Mon 23 Nov 2026.")
    empty = cli("history", "listen", "--json").json()
    assert empty["days"] == []
    assert (empty["from"], empty["to"]) == ("2026-11-10", "2026-11-23")


def test_day_by_day_the_newest_last(cli: Run, clock: Clock) -> None:
    cli("log", "listen", "3", "--on", "yesterday")
    cli("log", "listen", "5")
    clock.move(hours=1)
    cli("lapse", "peace", "argued")
    clock.move(minutes=30)
    cli("log", "listen", "5", "--note", "-", stdin="One.\nTwo.")
    assert cli("history").out == (
        "Sunday, 22 November 2026\n"
        "  ~ listen  --:--  3 minutes\n"
        "\n"
        "Monday, 23 November 2026\n"
        "  + listen  12:00  5 minutes\n"
        "            13:30  5 minutes, with a note\n"
        "  . peace   13:00  slip: argued\n"
    )
    assert "                   One.\n                   Two.\n" in cli("history", "--notes").out


def test_json_derives_each_days_states(cli: Run) -> None:
    cli("log", "listen", "3", "--on", "yesterday")
    cli("skip", "peace", "--on", "yesterday")
    whole = cli("history", "--json").json()
    assert whole["schema_version"] == 1
    (day,) = whole["days"]
    assert [(s["habit"], s["state"], s["amount"]) for s in day["states"]] == [
        ("listen", "partly", 3.0),
        ("peace", "skip", None),
    ]


@pytest.mark.parametrize("notes", [False, True])
def test_notes_are_given_only_when_asked_for(cli: Run, notes: bool) -> None:
    cli("log", "listen", "3", "--note", "-", stdin="The keys.")
    shown = cli("history", "--json", *(["--notes"] if notes else []))
    entry = shown.json()["days"][0]["entries"][0]
    assert entry["has_note"] is True
    assert entry.get("note") == ("The keys." if notes else None)
    assert ("note" in entry) is notes


def days_of(cli: Run, *arguments: object) -> list[str]:
    return [day["day"] for day in cli("history", *arguments, "--json").json()["days"]]


def test_the_span(cli: Run) -> None:
    for day in ("2026-11-01", "2026-11-09", "2026-11-10", "2026-11-22", "2026-11-23"):
        cli("log", "listen", "9", "--on", day)
    assert days_of(cli) == ["2026-11-10", "2026-11-22", "2026-11-23"]
    assert days_of(cli, "--days", 2) == ["2026-11-22", "2026-11-23"]
    assert days_of(cli, "--days", 1) == ["2026-11-23"]
    assert days_of(cli, "--from", "2026-11-09", "--to", "2026-11-10") == [
        "2026-11-09",
        "2026-11-10",
    ]
    assert days_of(cli, "--to", "yesterday", "--days", 1) == ["2026-11-22"]
    assert len(days_of(cli, "--days", 36600)) == 5
    assert len(days_of(cli, "--from", "1900-01-01")) == 5


def test_of_one_habit_archived_ones_too(cli: Run) -> None:
    cli("log", "listen", "9")
    cli("log", "peace", "mixed")
    cli("habits", "archive", "listen")
    shown = cli("history", "listen", "--json").json()
    assert shown["habit"] == "listen"
    assert [e["habit"] for e in shown["days"][0]["entries"]] == ["listen"]
    assert "+ listen" in cli("history").out


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--from", "mon", "--days", 3), "--days and --from"),
        (("--from", "today", "--to", "yesterday"), "lies after"),
        (("--to", "2026-11-24"), "lies ahead"),
        (("--from", "1899-12-31"), "too far back"),
        (("--days", 0), "0 is not in the range"),
    ],
)
def test_a_span_that_cannot_be(cli: Run, arguments: tuple[object, ...], said: str) -> None:
    shown = cli("history", *arguments)
    assert shown.code == 2
    assert said in shown.err


def test_the_time_is_that_of_the_place(
    cli: Run, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    cli("log", "listen", "9")
    monkeypatch.setenv("TZ", "Asia/Tokyo")
    clock.move(hours=1)
    cli("log", "listen", "9")
    text = cli("history").out
    assert "12:00  9 minutes" in text  # in Berlin
    assert "21:00  9 minutes" in text  # an hour later, in Tokyo
