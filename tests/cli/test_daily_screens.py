"""What `today`, `week` and `ask` look like on a real terminal, kept as files."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from tests import snapshots

from reconnect.textfit import columns

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.conftest import Clock, Run, Terminal

HERE = Path(__file__).parent / "snapshots"
ESCAPE = re.compile(r"\x1b\[[0-9;]*m")
TYPED = re.compile(r"\d\x08 \x08")
"""A digit that was shown while it was typed, and taken away for what it means."""

WIDTHS = (20, 40, 80, 120)
ANSWERS = (
    (r"\[8.*\] > ", "\r"), ("1-3 > ", "2"), ("> ", "?"), ("> ", "y"), ("1-5 > ", "s"),
)  # fmt: skip


@pytest.fixture
def kept(cli: Run, clock: Clock) -> None:
    """Six habits, one of them put away, with a week of sample entries."""
    clock.set("2026-11-16T19:00:00+01:00")
    for rule in ("sincerity", "listen", "humor", "tone", "inspire", "peace", "apology", "honesty"):
        cli("adopt", rule, *(["--no-reminder"] if rule == "tone" else []))
    cli("adopt", "listen", "phone-free-meal", "--no-reminder")
    for day, minutes in enumerate((20, 8, 5, 12, 0, 9)):
        clock.set(f"2026-11-{17 + day}T21:30:00+01:00")
        if minutes:
            cli("log", "listen", minutes)
        cli("log", "tone", 1 + day % 5)
        cli(*(("skip", "peace") if day == 3 else ("log", "peace", "peaceful")))
    cli("lapse", "tone", "sarcasm", "--on", "thu")
    cli("log", "humor", "--no", "--on", "fri")
    cli("log", "inspire", "asked", "--on", "fri")
    cli("log", "sincerity", "7")
    clock.set("2026-11-23T20:12:00+01:00")
    cli("remind", "add", "tone", "--at", "21:45")
    cli("log", "apology", "amends")
    cli("log", "inspire", "encouraged")
    cli("skip", "honesty")
    cli("log", "phone-free-meal", "12")


def seen(shown: Terminal) -> str:
    return TYPED.sub("", shown.text)


@pytest.mark.usefixtures("kept")
@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("colored", [True, False], ids=["colour", "plain"])
def test_what_a_terminal_shows(
    terminal: Callable[..., Terminal], width: int, colored: bool
) -> None:
    environment = {"COLUMNS": str(width)} | ({} if colored else {"NO_COLOR": "1"})
    name = f"{width}-{'colour' if colored else 'plain'}.txt"
    for command in ("today", "week"):
        shown = terminal(command, **environment)
        assert shown.end() == 0
        fits(seen(shown), width, colored)
        snapshots.check(HERE / f"{command}-{name}", seen(shown))
    shown = terminal("ask", **environment)
    for prompt, key in ANSWERS:
        shown.expect(prompt)
        shown.press(key)
    assert shown.end() == 0
    fits(seen(shown), width, colored)
    snapshots.check(HERE / f"ask-{name}", seen(shown))


def fits(text: str, width: int, colored: bool) -> None:
    assert ("\x1b" in text) is colored
    plain = ESCAPE.sub("", text)
    assert "\x1b" not in plain
    for line in plain.splitlines():
        # A name that is longer than that is shown whole: it is what one types.
        assert columns(line) <= width or columns(line.split()[-1]) > width - 2, line


@pytest.mark.usefixtures("kept")
@pytest.mark.parametrize("encoding", ["ascii", "latin-1"])
def test_without_utf_8(process: Run, encoding: str) -> None:
    for command in ("today", "week"):
        shown = process(command, env={"PYTHONIOENCODING": encoding})
        assert shown.code == 0
        assert shown.out.isascii()
        assert "?" not in shown.out
    asked = process("ask", env={"PYTHONIOENCODING": encoding}, input="8\nq\n")
    assert asked.code == 0
    assert "listen - Eight undivided minutes" in asked.err
    assert "\\x" not in asked.err


@pytest.mark.usefixtures("kept")
def test_in_a_pipe_a_line_may_be_of_any_length(process: Run) -> None:
    wide = process("today", env={"COLUMNS": "20"}).out
    assert "Eight undivided minutes" in wide
    assert "17 Nov 2026 to" in process("week", env={"COLUMNS": "20"}).out
