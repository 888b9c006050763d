"""Tone: the way back after a sharp word, and help when there were several."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.conftest import Clock, Run, Terminal

HELP = "anger-management class"


@pytest.fixture(autouse=True)
def adopted(cli: Run) -> None:
    assert cli("adopt", "tone", "--no-reminder").code == 0


def values(cli: Run) -> dict[str, float | None]:
    (rule,) = cli("metrics", "tone", "--json").json()["rules"]
    return {one["metric"]: one["points"][-1]["value"] for one in rule["metrics"]}


def test_a_slip_is_answered_with_its_antidote_and_one_small_act(cli: Run) -> None:
    done = cli("lapse", "tone", "contempt", "--remind", "21:00")
    assert done.code == 0
    assert "Name it without a reason" in done.out
    assert "Next: " in done.out
    assert "You will be reminded of it, 21:00." in done.err
    (reminder,) = cli("remind", "--json").json()["reminders"]
    assert reminder["next"] == ["2026-11-23T20:00:00+00:00"]


def test_a_reminder_for_a_time_that_has_passed_comes_tomorrow(cli: Run) -> None:
    said = cli("lapse", "tone", "sarcasm", "--remind", "7:00").err
    assert "tomorrow 07:00" in said
    assert cli("lapse", "tone", "sarcasm", "--remind", "25:00").code == 2


def test_help_is_offered_at_the_fourth_slip_in_two_weeks_and_once_a_month(
    cli: Run, clock: Clock
) -> None:
    for day in range(3):
        assert HELP not in cli("lapse", "tone", "sarcasm").err, day
        clock.move(days=1)
    said = cli("lapse", "tone", "contempt").err
    assert HELP in said
    assert "What to look for:" in said
    for _ in range(6):
        clock.move(days=4)
        assert HELP not in cli("lapse", "tone", "raised-voice").err  # within thirty days
    clock.move(days=4)
    cli("lapse", "tone", "sarcasm")
    clock.move(days=3)  # the thirty-first day
    assert HELP in cli("lapse", "tone", "sarcasm").err


def test_of_all_rules_one_offer_a_month(cli: Run, clock: Clock) -> None:
    for rule in ("honesty", "sincerity"):
        assert cli("adopt", rule, "--no-reminder").code == 0
    offers = []

    def log(*command: object) -> None:
        told = cli(*command).err
        offers.extend([command[1]] * ("What to look for" in told))

    for _ in range(3):
        log("lapse", "honesty", "half-truth")
        log("log", "sincerity", 1)
    for _ in range(4):
        log("lapse", "tone", "contempt")
    assert offers == ["honesty"]
    clock.move(days=29)
    for _ in range(4):
        log("lapse", "tone", "contempt")
    assert offers == ["honesty"]
    clock.move(days=1)
    log("lapse", "tone", "contempt")
    assert offers == ["honesty", "tone"]
    for days, expected in ((8, 2), (21, 2), (1, 3)):
        clock.move(days=days)
        for _ in range(3):
            log("log", "sincerity", 1)
        assert offers == ["honesty", "tone", "sincerity"][:expected]


def test_four_slips_in_three_weeks_are_no_reason(cli: Run, clock: Clock) -> None:
    for _ in range(6):
        assert HELP not in cli("lapse", "tone", "sarcasm").err
        clock.move(days=5)


def test_a_soft_restart_counts_for_the_slip_before_it(cli: Run, clock: Clock) -> None:
    cli("adopt", "tone", "restart", "--name", "restart")
    cli("lapse", "tone", "contempt")
    clock.move(minutes=10)
    assert cli("tone", "restart", "--tone", "4").code == 0
    assert values(cli)["restarts"] == 100.0
    clock.move(days=3)
    cli("lapse", "tone", "raised-voice")
    clock.move(days=2)
    cli("tone", "restart", "--tone", "5")  # two days later is not in time
    assert values(cli)["restarts"] == 50.0


def test_a_restart_is_asked_for_on_a_terminal(cli: Run, terminal: Callable[..., Terminal]) -> None:
    shown = terminal("tone", "restart")
    shown.expect("Start again")
    shown.expect("How did it sound")
    shown.send("9")
    shown.expect("A number from 1 to 5")
    shown.send("")
    assert shown.end() == 0
    assert "Nothing is logged" in shown.text
    assert cli("history", "--json").json()["days"] == []


def test_days_since_contempt_start_at_the_last_one(cli: Run, clock: Clock) -> None:
    assert values(cli)["days-since-contempt"] is None
    cli("lapse", "tone", "contempt")
    clock.move(days=12)
    assert values(cli)["days-since-contempt"] == 12.0
