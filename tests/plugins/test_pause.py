"""`reconnect peace pause`: the sentence, the promised time, and the reminder that keeps it."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.conftest import Clock, Run, Terminal


@pytest.fixture(autouse=True)
def adopted(cli: Run) -> None:
    assert cli("adopt", "peace", "--no-reminder").code == 0


def once(cli: Run) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = cli("remind", "list", "--json").json()["reminders"]
    return rows


def logged(cli: Run) -> list[str]:
    days = cli("history", "--json").json()["days"]
    return [entry["lapse"] for day in days for entry in day["entries"]]


@pytest.mark.parametrize(
    ("options", "clock_shows", "due"),
    [
        ([], "12:20", "2026-11-23T11:20:00+00:00"),
        (["--minutes", "45"], "12:45", "2026-11-23T11:45:00+00:00"),
        (["--back-at", "20:45"], "20:45", "2026-11-23T19:45:00+00:00"),
        (["--back-at", "7:30"], "07:30 tomorrow", "2026-11-24T06:30:00+00:00"),
        (["--back-at", "12:00"], "12:00 tomorrow", "2026-11-24T11:00:00+00:00"),
        (["--minutes", "1440"], "12:00 tomorrow", "2026-11-24T11:00:00+00:00"),
    ],
)
def test_it_says_the_sentence_and_reminds(
    cli: Run, options: list[str], clock_shows: str, due: str
) -> None:
    done = cli("peace", "pause", *options)
    assert done.code == 0
    assert f"I will be back at {clock_shows}." in done.out
    assert done.out.count("\n") == 1
    assert "the daemon does not run" in done.err
    (reminder,) = once(cli)
    assert datetime.fromisoformat(reminder["next"][0]) == datetime.fromisoformat(due)
    assert logged(cli) == []


def test_it_is_logged_only_when_asked_for(cli: Run) -> None:
    assert cli("peace", "pause", "--log").code == 0
    assert logged(cli) == ["flooded"]


def test_a_short_break_is_allowed_with_a_word(cli: Run) -> None:
    short = cli("peace", "pause", "--minutes", "5")
    assert short.code == 0
    assert "about twenty minutes" in short.err
    assert "about twenty minutes" not in cli("peace", "pause").err


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        (["--minutes", "5", "--back-at", "13:00"], "give one of them"),
        (["--minutes", "0"], "0 is not in the range"),
        (["--back-at", "25:00"], "expected hours and minutes such as 20:45"),
        (["--back-at", "9"], "expected hours and minutes such as 20:45"),
        (["--back-at", "9:5"], "expected hours and minutes such as 20:45"),
        (["--back-at", ""], "expected hours and minutes such as 20:45"),
    ],
)
def test_bad_input_promises_nothing(cli: Run, options: list[str], expected: str) -> None:
    done = cli("peace", "pause", *options)
    assert done.code == 2
    assert expected in done.err
    assert once(cli) == []


def test_without_the_rule_it_says_so(cli: Run) -> None:
    cli("habits", "archive", "peace")
    done = cli("peace", "pause")
    assert done.code == 3
    assert done.err == "reconnect: peace is not adopted: `reconnect adopt peace` takes it up\n"


def test_the_hour_that_comes_twice(cli: Run, clock: Clock) -> None:
    # 02:50 summer time: twenty minutes on it is 02:10 again, which a wall time cannot tell apart.
    clock.set("2026-10-25T02:50:00+02:00")
    done = cli("peace", "pause")
    (reminder,) = once(cli)
    due = datetime.fromisoformat(reminder["next"][0])
    assert due >= datetime.fromisoformat("2026-10-25T02:10:00+01:00")
    assert "I will be back at 03:00." in done.out


def test_the_hour_that_is_left_out(cli: Run, clock: Clock) -> None:
    clock.set("2026-03-29T01:50:00+01:00")
    assert "I will be back at 03:10." in cli("peace", "pause").out
    (reminder,) = once(cli)
    due = datetime.fromisoformat(reminder["next"][0])
    assert due == datetime.fromisoformat("2026-03-29T03:10:00+02:00")


def test_the_daemon_keeps_the_promise(
    cli: Run, clock: Clock, terminal: Callable[..., Terminal]
) -> None:
    shown = terminal("daemon", "run")
    shown.expect("started")
    done = cli("peace", "pause")
    assert "the daemon does not run" not in done.err
    clock.move(minutes=20)
    shown.expect("You said that you would come back now")
