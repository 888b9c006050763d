"""Rules come in order, one at a time, when the last one has found its place."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.conftest import Clock, Run, Terminal

ORDER = [
    "sincerity", "listen", "humor", "quality_time", "tone", "inspire", "support", "peace",
    "honesty", "apology",
]  # fmt: skip


def adopted(cli: Run) -> list[str]:
    return [habit["rule"] for habit in cli("habits", "--json").json()["habits"]]


def test_a_fresh_set_up_takes_up_the_first_rule_alone(cli: Run) -> None:
    done = cli("init")
    assert done.code == 0
    assert adopted(cli) == ["sincerity"]
    assert [rule["rule"] for rule in cli("rules", "--json").json()["rules"]] == ORDER


def test_the_next_is_offered_after_a_week_of_keeping_the_last(cli: Run, clock: Clock) -> None:
    cli("init")  # a Monday; the check-in is due on Sundays
    clock.move(days=6)
    assert cli("log", "sincerity", "7").code == 0
    assert "Want to add" not in cli("today").err  # six days are no week
    clock.move(days=1)
    said = cli("today").err
    assert "You have kept sincerity once. Want to add Listen? `reconnect adopt listen`" in said
    cli("adopt", "listen")
    assert "Want to add" not in cli("today").err  # one rule a week
    for _ in range(6):
        clock.move(days=1)
        assert "Want to add" not in cli("today").err
        cli("log", "listen", "10")
    clock.move(days=1)
    said = cli("today").err
    assert "You have kept listen 6 times. Want to add Humor?" in said


def test_a_habit_that_is_not_kept_brings_no_offer(cli: Run, clock: Clock) -> None:
    cli("init")
    cli("adopt", "listen")
    for _ in range(3):
        clock.move(days=3)
        cli("log", "listen", "10")
    assert "Want to add" not in cli("today").err  # three of nine days
    cli("log", "listen", "10", "--on", "yesterday")
    assert "Want to add Humor?" in cli("today").err


def test_a_rule_that_was_put_away_is_not_offered_again(cli: Run, clock: Clock) -> None:
    cli("init")
    cli("adopt", "listen")
    cli("habits", "archive", "listen")
    clock.move(days=14)
    for back in range(1, 6):
        cli("log", "sincerity", "5", "--on", f"-{back}")
    assert "Want to add Listen" not in cli("today").err


def test_nothing_is_offered_when_all_are_taken_up(cli: Run, clock: Clock) -> None:
    cli("init")
    for rule in ORDER[1:]:
        assert cli("adopt", rule).code == 0
    for _ in range(9):
        clock.move(days=1)
        cli("log", "apology", "amends")
    assert "Want to add" not in cli("today").err


def test_start_offers_on_a_terminal_and_takes_up(
    cli: Run, clock: Clock, terminal: Callable[..., Terminal]
) -> None:
    cli("init")
    clock.move(days=6)
    cli("log", "sincerity", "7")
    clock.move(days=1)
    shown = terminal("start")
    shown.expect("You have kept sincerity once. Want to add Listen")
    shown.expect("Take up 'Eight undivided minutes'")
    shown.send("y")
    shown.expect("Remind you at")
    shown.send("19:15")
    shown.expect("listen: Eight undivided minutes, every day at 19:15")
    shown.expect("Ctrl-C stops")
    shown.process.terminate()
    assert shown.end() == 0
    assert adopted(cli) == ["sincerity", "listen"]


def test_after_a_no_a_week_passes(
    cli: Run, clock: Clock, terminal: Callable[..., Terminal]
) -> None:
    cli("init")
    clock.move(days=6)
    cli("log", "sincerity", "7")
    clock.move(days=1)
    shown = terminal("start")
    shown.expect("Take up 'Eight undivided minutes'")
    shown.send("n")
    shown.expect("What you keep is enough")
    shown.expect("Ctrl-C stops")
    shown.process.terminate()
    assert shown.end() == 0
    for _ in range(7):
        assert "Want to add" not in cli("today").err
        clock.move(days=1)
    assert "Want to add Listen?" in cli("today").err
    assert adopted(cli) == ["sincerity"]


def test_a_habit_that_is_put_away_does_not_keep_the_next_from_coming(
    cli: Run, clock: Clock
) -> None:
    cli("init")
    clock.move(days=6)
    cli("log", "sincerity", "7")
    cli("adopt", "listen")
    cli("habits", "archive", "listen")
    clock.move(days=6)
    assert "Want to add" not in cli("today").err  # one a week, whatever became of it
    clock.move(days=1)
    assert "You have kept sincerity once. Want to add Humor?" in cli("today").err


def test_a_week_that_begins_on_a_due_day_is_due_once(cli: Run, clock: Clock) -> None:
    clock.set("2026-11-29T12:00:00+01:00")  # a Sunday
    cli("init")
    cli("log", "sincerity", "7")
    clock.move(days=7)
    assert "You have kept sincerity once. Want to add Listen?" in cli("today").err


def test_a_habit_without_days_is_kept_when_it_happens(cli: Run, clock: Clock) -> None:
    cli("adopt", "inspire", "good-news")
    clock.move(days=8)
    assert "Want to add" not in cli("today").err
    cli("log", "inspire", "celebrated")
    assert "You have kept good-news once. Want to add Love sincerely?" in cli("today").err


def test_never_ten_at_once(cli: Run, terminal: Callable[..., Terminal]) -> None:
    shown = terminal("init")
    for question in ("call you", "Channel"):
        shown.expect(question)
        shown.send("")
    for number in range(3):
        if number:
            shown.expect("One more now")
            shown.send("y")
        shown.expect("Take up")
        shown.send("y")
        shown.expect("Remind you at")
        shown.send("")
    shown.expect("Ready")
    assert shown.end() == 0
    assert adopted(cli) == ORDER[:3]
