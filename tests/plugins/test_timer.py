"""`reconnect listen timer`, on a terminal and without one, with the clock moved by hand."""

from __future__ import annotations

import signal
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.conftest import Clock, Rows, Run, Terminal

TIMER = (sys.executable, "-m", "reconnect", "listen", "timer")


@pytest.fixture(autouse=True)
def adopted(cli: Run) -> None:
    assert cli("adopt", "listen").code == 0


def logged(cli: Run) -> list[dict[str, Any]]:
    return [e["fields"] for day in cli("history", "--json").json()["days"] for e in day["entries"]]


def test_eight_minutes_are_logged_at_the_end(
    cli: Run, clock: Clock, terminal: Callable[..., Terminal]
) -> None:
    shown = terminal("listen", "timer")
    shown.expect("Listen now, for 8 minutes")
    shown.expect("Listening, 8:00 left")
    clock.move(minutes=3, seconds=1)
    shown.expect("4:59 left")
    clock.move(minutes=4, seconds=58)
    shown.expect("0:01 left")
    assert logged(cli) == []
    clock.move(seconds=1)
    shown.expect("That was it")
    shown.expect(r"Was your phone out of sight\? \[y/n, Enter leaves it open\]")
    shown.send("maybe")
    shown.expect("please answer y or n")
    shown.send("y")
    shown.expect(r"listen: 8 minutes, phone away")
    assert shown.end() == 0
    assert logged(cli) == [{"minutes": 8, "phone_away": True}]


def test_ctrl_c_keeps_what_was_listened(
    cli: Run, clock: Clock, terminal: Callable[..., Terminal]
) -> None:
    shown = terminal("listen", "timer", "--minutes", "20")
    shown.expect("20:00 left")
    clock.move(minutes=3, seconds=20)
    shown.expect("16:40 left")
    shown.interrupt(r"Ended early. Keep 3 min\? \[Y/n\]: ")
    shown.send("")
    shown.expect("phone out of sight")
    shown.send("")
    assert shown.end() == 0
    assert logged(cli) == [{"minutes": 3}]


def test_what_is_not_wanted_is_not_kept(
    cli: Run, clock: Clock, terminal: Callable[..., Terminal]
) -> None:
    shown = terminal("listen", "timer")
    shown.expect("8:00 left")
    clock.move(minutes=5)
    shown.expect("3:00 left")
    shown.interrupt("Keep 5 min.*: ")
    shown.send("maybe")
    shown.expect("please answer y or n")
    shown.send("n")
    shown.expect("Nothing is logged")
    assert shown.end() == 130
    assert logged(cli) == []


def test_stopping_twice_is_no_yes(
    cli: Run, clock: Clock, terminal: Callable[..., Terminal]
) -> None:
    shown = terminal("listen", "timer")
    shown.expect("8:00 left")
    clock.move(minutes=5)
    shown.expect("3:00 left")
    shown.interrupt("Keep 5 min.*: ")
    shown.interrupt("Nothing is logged")
    assert shown.end() == 130
    assert logged(cli) == []


def test_ctrl_c_at_once_logs_nothing(cli: Run, terminal: Callable[..., Terminal]) -> None:
    shown = terminal("listen", "timer")
    shown.expect("8:00 left")
    shown.interrupt("Nothing is logged")
    assert shown.end() == 130
    # One line, and what the terminal echoed of the key is gone from it.
    assert shown.text.endswith(f"\r{' ' * 24}\rNothing is logged.\n")
    assert logged(cli) == []


def test_the_last_question_can_be_left_by_ctrl_c(
    cli: Run, clock: Clock, terminal: Callable[..., Terminal]
) -> None:
    shown = terminal("listen", "timer")
    shown.expect("8:00 left")
    clock.move(minutes=8)
    shown.expect("phone out of sight.* open")
    shown.interrupt()
    assert shown.end() == 0
    assert logged(cli) == [{"minutes": 8}]


def test_both_swap_roles_and_only_own_listening_counts(
    cli: Run, clock: Clock, terminal: Callable[..., Terminal]
) -> None:
    shown = terminal("listen", "timer", "--both", "--minutes", "5", "--phone-away")
    shown.expect("Listening, 5:00 left")
    clock.move(minutes=5)
    shown.expect("Time to swap")
    shown.expect("Press Enter")
    clock.move(minutes=2)
    shown.send("")
    shown.expect("Talking, 5:00 left")
    clock.move(minutes=5)
    shown.expect("That was it")
    assert shown.end() == 0
    assert logged(cli) == [{"minutes": 5, "phone_away": True}]


def test_both_ended_in_the_second_half(
    cli: Run, clock: Clock, terminal: Callable[..., Terminal]
) -> None:
    shown = terminal("listen", "timer", "--both", "--no-phone-away")
    shown.expect("8:00 left")
    clock.move(minutes=8)
    shown.expect("Press Enter")
    shown.send("")
    shown.expect("Talking, 8:00 left")
    shown.interrupt("Keep 8 min.*: ")
    shown.send("")
    assert shown.end() == 0
    assert logged(cli) == [{"minutes": 8, "phone_away": False}]


def unattended(clock: Clock, *options: str) -> subprocess.CompletedProcess[str]:
    """Run it with nobody there, the clock moving on by half a minute at a time."""
    process = subprocess.Popen(
        [*TIMER, "--unattended", *options], text=True, stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip
    for _ in range(400):
        try:
            out, err = process.communicate(timeout=0.05)
        except subprocess.TimeoutExpired:
            clock.move(seconds=30)
        else:
            return subprocess.CompletedProcess(TIMER, process.returncode, out, err)
    process.kill()
    raise AssertionError("it never came to an end")


def test_without_a_terminal_it_does_not_begin(cli: Run, rows: Rows) -> None:
    before = rows()
    done = cli("listen", "timer", "--minutes", "5")
    assert done.code == 2
    assert done.err.count("\n") == 1
    assert "nobody is there to end it or to answer" in done.err
    assert "`reconnect log listen 5`" in done.err
    assert rows() == before


def test_no_input_on_a_terminal_does_not_begin_either(terminal: Callable[..., Terminal]) -> None:
    shown = terminal("--no-input", "listen", "timer")
    assert shown.end() == 2


def test_without_a_terminal_it_asks_nothing(cli: Run, clock: Clock) -> None:
    done = unattended(clock, "--minutes", "2", "--both")
    assert done.returncode == 0
    assert "left" not in done.stderr
    assert "\r" not in done.stderr
    assert logged(cli) == [{"minutes": 2}]


def test_without_a_terminal_ctrl_c_keeps(cli: Run, clock: Clock) -> None:
    process = subprocess.Popen(
        [*TIMER, "--unattended"], text=True, stdin=subprocess.DEVNULL, stderr=subprocess.PIPE
    )
    assert process.stderr is not None
    assert "Listen now" in process.stderr.readline()
    # It has begun for sure when the clock it reads has been moved and it still waits.
    for _ in range(10):
        clock.move(seconds=12)
        with pytest.raises(subprocess.TimeoutExpired):
            process.wait(0.05)
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=20)
    assert process.returncode == 0, err
    (fields,) = logged(cli)
    assert 1 <= fields["minutes"] <= 2


def test_it_counts_for_the_day_on_which_it_ends(cli: Run, clock: Clock) -> None:
    clock.set("2026-11-24T02:58:30+01:00")
    assert unattended(clock, "--minutes", "3").returncode == 0
    (day,) = cli("history", "--json").json()["days"]
    assert day["day"] == "2026-11-24"


def test_it_needs_the_habit_that_it_logs(cli: Run) -> None:
    cli("habits", "archive", "listen")
    done = cli("listen", "timer")
    assert done.code == 3
    assert done.err == "reconnect: listen is not adopted: `reconnect adopt listen` takes it up\n"
    cli("adopt", "listen", "phone-free-meal")
    done = cli("listen", "timer")
    assert done.code == 3
    assert "`reconnect adopt listen undivided` takes it up" in done.err


@pytest.mark.parametrize("minutes", ["0", "121", "x", "-1"])
def test_impossible_minutes(cli: Run, minutes: str) -> None:
    assert cli("listen", "timer", "--minutes", minutes).code == 2
