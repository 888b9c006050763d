from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.conftest import Clock, Run, Terminal


def test_before_anything_is_adopted(cli: Run) -> None:
    shown = cli("today")
    assert (shown.code, shown.out) == (0, "")
    assert "`reconnect start` sets everything up" in shown.err
    empty = cli("today", "--json").json()
    assert (empty["schema_version"], empty["kind"], empty["habits"]) == (1, "today", [])
    assert empty["day"] == "2026-11-23"


def test_what_is_due_and_what_came_of_it(cli: Run) -> None:
    cli("adopt", "listen")
    cli("adopt", "listen", "phone-free-meal")
    cli("adopt", "peace")
    cli("log", "listen", "5")
    assert cli("today").out == (
        "Monday, 23 November 2026\n"
        "\n"
        "Due\n"
        "  ~ listen           Eight undivided minutes  5 of 8 minutes · today · next 20:30\n"
        "  . peace            Evening check-in         today · next 21:00\n"
        "\n"
        "Next\n"
        "  . phone-free-meal  A meal without my phone  once by Sunday · next Sat 18:00\n"
    )
    cli("log", "listen", "3")
    cli("log", "peace", "mixed")
    text = cli("today").out
    assert "+ listen " in text
    # The reminders of today stay away now.
    assert text.count("again tomorrow\n") == 2
    assert "+ peace            Evening check-in         done · again tomorrow\n" in text
    assert "Due" not in text


@pytest.mark.parametrize(
    ("arguments", "mark", "said"),
    [
        (("skip", "peace"), "s", "Resting|rests · again tomorrow"),
        (("log", "peace", "--no"), "-", "Answered|not this time"),
        (("lapse", "peace", "argued"), ".", "Due|today"),
    ],
)
def test_the_other_states(cli: Run, arguments: tuple[str, ...], mark: str, said: str) -> None:
    cli("adopt", "peace", "--no-reminder")
    assert cli(*arguments).code == 0
    section, _, about = said.partition("|")
    assert cli("today").out.splitlines()[-2:] == [
        section,
        f"  {mark} peace  Evening check-in  {about}",
    ]


def test_a_slip_of_an_at_most_habit(letter: Path, cli: Run, clock: Clock) -> None:
    assert letter.exists()
    clock.set("2026-11-22T12:00:00+01:00")  # a Sunday, on which it is due
    cli("adopt", "letter", "--no-reminder")
    cli("lapse", "letter")
    assert "Answered\n  - letter  A line a week  a slip\n" in cli("today").out


def test_how_long_there_is_time(cli: Run, clock: Clock) -> None:
    def until(day: str, *habit: str) -> str:
        clock.set(f"2026-{day}T12:00:00+01:00")
        (line,) = (one for one in cli("today").out.splitlines() if habit[0] in one)
        return line.split("  ")[-1]

    clock.set("2026-11-23T12:00:00+01:00")
    cli("adopt", "honesty", "--no-reminder")  # Monday, Wednesday, Friday
    assert until("11-23", "honesty") == "three times by Sunday"
    assert until("11-27", "honesty") == "today, then two more by Sunday"
    cli("log", "honesty", "need-named")
    assert until("11-27", "honesty") == "done · two more by Sunday"
    assert until("11-28", "honesty") == "today, then one more by tomorrow"
    cli("log", "honesty", "need-named")
    assert until("11-29", "honesty") == "today"
    cli("log", "honesty", "need-named")
    assert until("11-29", "honesty") == "done · again by Friday"
    # What cannot be kept any more is not counted down.
    assert until("12-05", "honesty") == "Say one true thing, kindly"


def test_nothing_is_said_twice_and_nothing_that_will_not_happen(cli: Run, clock: Clock) -> None:
    cli("adopt", "peace")
    cli("log", "peace", "mixed")
    assert "done · again tomorrow\n" in cli("today").out  # not: next 21:00
    clock.set("2026-11-23T22:00:00+01:00")
    cli("habits", "edit", "peace", "--at", "21:30")
    assert "done · again tomorrow · next 21:30\n" in cli("today").out


def test_what_was_not_begun_is_not_counted_as_more(cli: Run, clock: Clock) -> None:
    clock.set("2026-11-23T12:00:00+01:00")
    cli("adopt", "sincerity", "--no-reminder")
    cli("adopt", "honesty", "--no-reminder")
    cli("adopt", "listen", "phone-free-meal", "--no-reminder")
    cli("skip", "honesty")
    text = cli("today").out
    assert "rests · twice by Sunday\n" in text
    assert text.count("once by Sunday") == 2
    cli("log", "phone-free-meal", "12")
    assert "12 of 20 minutes · one more by Sunday" in cli("today").out


def test_what_shows_no_countdown(cli: Run, clock: Clock) -> None:
    cli("adopt", "tone")  # at-most
    cli("adopt", "apology")  # its rule wants no streaks
    cli("adopt", "apology", "apology")  # when needed
    habits = cli("today", "--json").json()["habits"]
    assert [habit["days_left"] for habit in habits] == [None] * 3
    text = cli("today").out
    assert "by Sunday" not in text
    assert "tomorrow" not in text.replace("next tomorrow", "")
    assert "apology-apology  An apology that is due  when needed" in text
    clock.move(days=3)
    assert "today ·" not in cli("today").out


def test_the_end_of_a_break_is_not_the_next_of_the_habit(cli: Run) -> None:
    cli("adopt", "peace")
    before = cli("today", "--json").json()["habits"][0]["next_reminder"]
    cli("peace", "pause")
    assert cli("today", "--json").json()["habits"][0]["next_reminder"] == before
    assert "next 21:00" in cli("today").out
    assert cli("habits", "--json").json()["habits"][0]["next_reminder"] == before


def test_what_breaks_first_comes_first(cli: Run) -> None:
    for rule in ("sincerity", "honesty", "tone", "peace"):
        cli("adopt", rule)
    names = [habit["habit"] for habit in cli("today", "--json").json()["habits"]]
    assert names == ["peace", "honesty", "sincerity", "tone"]


def test_the_day_begins_at_three(cli: Run, clock: Clock) -> None:
    cli("adopt", "listen")
    cli("log", "listen", "9")
    clock.set("2026-11-24T02:59:00+01:00")
    assert cli("today", "--json").json()["habits"][0]["state"] == "yes"
    clock.set("2026-11-24T03:00:00+01:00")
    assert cli("today", "--json").json()["habits"][0]["state"] == "unknown"


def test_looking_writes_nothing(cli: Run, home: Path) -> None:
    cli("adopt", "listen")
    before = (home / "reconnect.db").read_bytes()
    for command in ("today", "history", "habits", "rules"):
        assert cli(command).code == 0
    assert (home / "reconnect.db").read_bytes() == before
    log = home / "reconnect.db-wal"
    assert not log.exists() or log.read_bytes() == b""


@pytest.mark.parametrize(
    ("options", "environment", "colored"),
    [
        ((), {}, True),
        ((), {"NO_COLOR": "1"}, False),
        ((), {"TERM": "dumb"}, False),
        (("--color", "never"), {}, False),
        (("--color", "always"), {"NO_COLOR": "1"}, True),
    ],
)
def test_colour(
    cli: Run,
    terminal: Callable[..., Terminal],
    options: tuple[str, ...],
    environment: dict[str, str],
    colored: bool,
) -> None:
    cli("adopt", "listen")
    shown = terminal(*options, "today", **environment)
    assert shown.end() == 0
    assert ("\x1b[" in shown.text) is colored


def test_no_colour_in_a_pipe(process: Run, cli: Run) -> None:
    cli("adopt", "listen")
    assert "\x1b" not in process("today").out
    assert "\x1b" in process("--color", "always", "today").out
