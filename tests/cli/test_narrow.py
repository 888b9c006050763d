"""What is printed in columns and sentences, on terminals with little room."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from reconnect.textfit import columns

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.conftest import Clock, Run, Terminal


@pytest.mark.parametrize("width", [40, 60, 80, 120])
def test_no_line_is_broken_by_the_terminal(
    cli: Run, clock: Clock, terminal: Callable[..., Terminal], width: int
) -> None:
    cli("adopt", "listen")
    cli("adopt", "support")
    cli("pause", "listen", "--until", "2026-12-20", "--reason", "Sample: at the sea")
    cli("log", "support", "Read the first chapter aloud", "--goal", "Finish the course in spring")
    clock.move(days=1)
    for command in (("habits",), ("schema",), ("history",), ("review",), ("remind",)):
        shown = terminal("--no-input", *command, COLUMNS=str(width), NO_COLOR="1")
        assert shown.end() == 0
        for line in shown.text.splitlines():
            assert columns(line) <= width, line


def test_a_table_puts_below_what_has_no_room_beside(
    cli: Run, terminal: Callable[..., Terminal]
) -> None:
    cli("adopt", "listen")
    shown = terminal("habits", COLUMNS="60", NO_COLOR="1")
    assert shown.end() == 0
    assert shown.text.splitlines() == [
        "habit   when       next reminder  strength  so far",
        "listen  every day  20:30          -         -",
        "  cue: after we clear the table, I put my phone in a drawer",
        "    and face them",
    ]
    # In a pipe a row stays one line.
    assert len(cli("habits").out.splitlines()) == 2


def test_a_command_is_never_cut_in_two_at_a_hyphen(
    cli: Run, clock: Clock, terminal: Callable[..., Terminal]
) -> None:
    cli("adopt", "listen")
    clock.move(weeks=1)
    for width in range(36, 60):
        shown = terminal("--no-input", "review", COLUMNS=str(width), NO_COLOR="1")
        assert shown.end() == 0
        assert not any(line.endswith("-") for line in shown.text.splitlines())


@pytest.mark.parametrize(
    "group", ["", "remind", "deliveries", "channels", "daemon", "service", "plugins", "config",
              "habits"],
)  # fmt: skip
def test_what_a_command_is_for_is_told_whole(
    cli: Run, monkeypatch: pytest.MonkeyPatch, group: str
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    shown = cli(*group.split(), "--help")
    listed = shown.out.partition("Commands:")[2].splitlines()
    assert len(listed) > 2
    assert [line for line in listed if line.endswith("...")] == []
