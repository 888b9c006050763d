from __future__ import annotations

import re
from pathlib import Path

import pytest
from tests import snapshots
from tests.review.samples import SAMPLES

from reconnect.review.charts.circles import as_text
from reconnect.review.charts.look import Look
from reconnect.review.charts.terminal import draw, listed
from reconnect.review.charts.terminal_line import spark
from reconnect.review.figures import LineFigure, YearFigure
from reconnect.textfit import columns

HERE = Path(__file__).parent / "snapshots"
ESCAPE = re.compile(r"\x1b\[[0-9;]*m")
LOOKS = {
    **{f"{width}-plain": Look(width, 0, True) for width in (20, 40, 80, 120)},
    **{f"{width}-256": Look(width, 256, True) for width in (20, 40, 80, 120)},
    "80-16": Look(80, 16, True),
    "20-ascii": Look(20, 0, False),
    "80-ascii-256": Look(80, 256, False),
}


def drawn(look: Look) -> str:
    parts = ["\n".join([f"== {name}", *draw(of, look)]) for name, of in SAMPLES.items()]
    lines = [one for one in SAMPLES.values() if isinstance(one, LineFigure) and one.values()]
    parts.append("\n".join(["== listed", *listed(lines, look)]))
    return "\n\n".join(parts) + "\n"


@pytest.mark.parametrize("name", LOOKS)
def test_what_a_terminal_shows(name: str) -> None:
    snapshots.check(HERE / f"{name}.txt", drawn(LOOKS[name]))


@pytest.mark.parametrize("name", LOOKS)
def test_it_fits_and_has_only_what_the_terminal_knows(name: str) -> None:
    look = LOOKS[name]
    text = drawn(look)
    plain = ESCAPE.sub("", text)
    assert "\x1b" not in plain
    assert (plain != text) == bool(look.colors)
    for line in plain.splitlines():
        if line.startswith("== "):
            continue
        assert columns(line) <= look.width, line
        assert line == line.rstrip()
    if not look.unicode:
        assert re.sub("[äöüß]", "", plain).isascii()
    # A colour is never left on.
    assert text.count("\x1b[0m") * 2 == len(ESCAPE.findall(text))


def test_the_half_blocks_show_two_days_each() -> None:
    year = SAMPLES["year"]
    lines = draw(year, LOOKS["80-256"])
    named = [ESCAPE.sub("", line)[:3] for line in lines]
    assert [name for name in named if name in ("Mon", "Tue", "Wed", "Fri", "Sun")] == [
        "Mon", "Wed", "Fri", "Sun",
    ]  # fmt: skip
    # Monday is kept (36), Tuesday too, of the first week; Wednesday partly (179) over Thursday.
    monday, wednesday = (next(x for x in lines if day in x) for day in ("Mon", "Wed"))
    assert "\x1b[38;5;36m█" in monday
    assert "\x1b[38;5;179;48;5;36m▀" in wednesday


def test_less_room_shows_the_latest_weeks() -> None:
    year = SAMPLES["year"]
    assert isinstance(year, YearFigure)
    narrow = draw(year, Look(20))
    rows = {line[:3]: line[4:] for line in draw(year, Look(80)) if line[3:4] == " "}
    for line in narrow[-12:]:
        if line[:3] in ("Mon", "Wed", "Sun"):
            assert rows[line[:3]].endswith(line[4:])
            assert len(line) <= 20


def test_the_sparkline_tells_nought_from_nothing() -> None:
    look = Look()
    assert spark([0, None, 1, 2, 4, 8], look, 20) == "▁ ▁▂▄█"
    assert spark([0, None, 1, 2, 4, 8], Look(unicode=False), 20) == "_ _.=#"
    assert spark([], look, 20) == spark([None, float("nan")], look, 20) == ""
    assert spark([1.0] * 100, look, 10) == "█" * 10


def test_the_circles_come_closer_step_by_step() -> None:
    pairs = [as_text(step) for step in range(1, 8)]
    assert pairs[0] == "(      )(      )"
    assert pairs[6] == "((     ))"
    assert len(set(pairs)) == 7
    lengths = [len(pair) for pair in pairs]
    assert lengths == sorted(lengths, reverse=True)
