"""`chart`: in the terminal, as a file, as a table, for programs."""

from __future__ import annotations

import os
import stat
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.conftest import Clock, Rows, Run, Terminal


@pytest.fixture
def kept(cli: Run, clock: Clock) -> None:
    clock.set("2026-10-01T12:00:00+02:00")
    assert cli("adopt", "listen", "--no-reminder").code == 0
    assert cli("adopt", "peace", "--no-reminder").code == 0
    clock.set("2026-11-23T12:00:00+01:00")
    for back, minutes in ((0, 20), (1, 4), (3, 8), (10, 30), (20, 60)):
        done = cli("log", "listen", minutes, "--heard", 60 + back, "--on", f"-{back}")
        assert done.code == 0
    cli("skip", "listen", "--on", "-2")
    cli("lapse", "listen", "half-listened", "--note", "-", stdin="a secret of mine")


@pytest.mark.usefixtures("kept")
def test_the_days_of_a_habit_and_what_else_is_known(cli: Run, rows: Rows) -> None:
    before = rows()
    shown = cli("chart", "listen")
    assert (shown.code, shown.err) == (0, "")
    lines = shown.out.splitlines()
    assert lines[:2] == ["Eight undivided minutes", "1 Oct 2026 to 23 Nov 2026"]
    week = [line[-1] for line in lines if line[:3] in ("Fri", "Sat", "Sun")]
    assert week == ["+", "s", "~"]
    assert "\nStrength  " in shown.out
    assert "Undivided minutes" in shown.out
    assert "secret" not in shown.out
    assert rows() == before


@pytest.mark.usefixtures("kept")
def test_a_metric_by_its_id_or_by_a_word(cli: Run) -> None:
    shown = cli("chart", "listen", "--metric", "undivided", "--weeks", 3)
    assert shown.out == cli("chart", "listen", "--metric", "minutes-week", "--weeks", "3").out
    assert "Undivided minutes" in shown.out
    (chart,) = cli("chart", "listen", "--metric", "undivided", "--weeks", 2, "--json").json()[
        "charts"
    ]
    assert chart["points"] == [
        {"day": "2026-11-16", "value": 30.0},
        {"day": "2026-11-23", "value": 32.0},
    ]
    unsure = cli("chart", "listen", "--metric", "listen")
    assert unsure.code == 3
    assert "may mean half-listened or listening-days" in unsure.err
    assert "expected one of minutes-week" in cli("chart", "listen", "--metric", "love").err


@pytest.mark.usefixtures("kept")
@pytest.mark.parametrize(
    "options",
    [
        (), ("--year", "2026"), ("--year", "2025"), ("--strength",), ("--weekday",),
        ("--metric", "heard"), ("--weeks", "1"), ("--weeks", "54"),
    ],
)  # fmt: skip
def test_every_chart_in_every_form(cli: Run, tmp_path: Path, options: tuple[str, ...]) -> None:
    file = tmp_path / "picture.svg"
    for form in ((), ("--table",), ("--json",), ("--svg", file), ("--svg", "-")):
        done = cli("chart", "listen", *options, *form)
        assert done.code == 0, done.err
        assert "secret" not in done.out + done.err
    written = file.read_text(encoding="utf-8")
    assert ET.fromstring(written).tag.endswith("svg")  # noqa: S314 - our own text
    assert cli("chart", "listen", *options, "--svg", "-").out == written


@pytest.mark.usefixtures("kept")
def test_the_file_is_private_and_nothing_else_is_replaced(cli: Run, tmp_path: Path) -> None:
    file = tmp_path / "picture.svg"
    done = cli("chart", "listen", "--svg", file)
    assert done.err == f"wrote {file} (only you can read it)\n"
    assert done.out == ""
    if os.name != "nt":
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert cli("chart", "listen", "--weekday", "--svg", file).code == 0
    assert "by weekday" in file.read_text(encoding="utf-8")

    letter = tmp_path / "letter.txt"
    letter.write_text("Dear you", encoding="utf-8")
    refused = cli("chart", "listen", "--svg", letter)
    assert refused.code == 2
    assert "exists and is no SVG" in refused.err
    assert letter.read_text(encoding="utf-8") == "Dear you"
    assert cli("chart", "listen", "--svg", letter, "--force").code == 0
    assert letter.read_text(encoding="utf-8").startswith("<svg")
    assert [one.name for one in tmp_path.glob("*.new")] == []

    assert "no directory" in cli("chart", "listen", "--svg", tmp_path / "a" / "b.svg").err
    assert not (tmp_path / "a").exists()
    assert "no ordinary file" in cli("chart", "listen", "--svg", tmp_path).err


@pytest.mark.usefixtures("kept")
@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("lisen",), 3, "no habit or rule 'lisen', did you mean listen"),
        (("tone",), 3, "tone is not adopted: `reconnect adopt tone` takes it up"),
        (("listen", "--year", "2027"), 2, "--year 2027 lies ahead"),
        (("listen", "--year", "2026", "--weeks", "3"), 2, "give one of them"),
        (("listen", "--strength", "--weekday"), 2, "exclude each other"),
        (("listen", "--svg", "x", "--json"), 2, "exclude each other"),
        (("listen", "--weeks", "55"), 2, "expected 1 to 54"),
        (("listen", "--weeks", "0"), 2, "weeks"),
    ],
)
def test_what_cannot_be_drawn(cli: Run, arguments: tuple[str, ...], code: int, said: str) -> None:
    done = cli("chart", *arguments)
    assert done.code == code
    assert said in done.err
    assert done.err.count("\n") == 1
    assert done.out == ""


def test_a_rule_draws_all_its_habits(cli: Run, tmp_path: Path) -> None:
    for template, name in (("evening-check-in", "evening"), ("pause", "quiet")):
        assert cli("adopt", "peace", template, "--name", name, "--no-reminder").code == 0
    assert cli("habits", "archive", "quiet").code == 0
    charts = cli("chart", "peace", "--json").json()["charts"]
    assert len([chart for chart in charts if chart["chart"] == "year"]) == 2
    assert cli("chart", "peace").code == 0
    refused = cli("chart", "peace", "--svg", tmp_path / "p.svg")
    assert refused.code == 2
    assert "more than one habit: say which of evening, quiet" in refused.err
    assert cli("chart", "quiet", "--svg", tmp_path / "p.svg").code == 0


def test_no_weekday_before_there_is_one(cli: Run) -> None:
    cli("adopt", "honesty")
    assert cli("chart", "honesty", "--weekday").out == (
        "Say one true thing, kindly, by weekday\nnothing to show yet\n"
    )


def test_an_answer_of_weeks_ago_has_its_day(cli: Run, clock: Clock) -> None:
    cli("adopt", "tone")
    cli("log", "tone", "4", "--soft-start")
    clock.move(weeks=8)
    text = cli("chart", "tone").out
    (soft,) = (line for line in text.splitlines() if line.startswith("Soft starts"))
    assert soft.endswith("100 %, 14 Dec 2026")


def test_a_metric_of_a_rule_that_is_not_adopted(cli: Run) -> None:
    shown = cli("chart", "tone", "--metric", "mean")
    assert shown.code == 0
    assert "nothing to show yet" in shown.out


@pytest.mark.usefixtures("kept")
@pytest.mark.parametrize("columns", [20, 40, 80, 120])
def test_on_a_terminal(terminal: Callable[..., Terminal], columns: int) -> None:
    shown = terminal("chart", "listen", COLUMNS=str(columns))
    assert shown.end() == 0
    assert "▀" in shown.text
    assert "\x1b[38;5;" in shown.text
    plain = terminal("chart", "listen", COLUMNS=str(columns), NO_COLOR="1")
    assert plain.end() == 0
    assert "\x1b" not in plain.text
    assert "▀" not in plain.text
    few = terminal("chart", "listen", COLUMNS=str(columns), TERM="xterm")
    assert few.end() == 0
    assert "\x1b[32" in few.text


@pytest.mark.usefixtures("kept")
def test_without_utf_8(process: Run, cli: Run) -> None:
    for encoding in ("ascii", "latin-1", "cp1252"):
        for options in ((), ("--strength",), ("--weekday",), ("--metric", "heard")):
            shown = process("chart", "listen", *options, env={"PYTHONIOENCODING": encoding})
            assert shown.code == 0, shown.err
            assert shown.out.isascii()
    # What a person wrote themselves may hold letters that the terminal does not know.
    assert cli("habits", "edit", "listen", "--title", "Zärtlich, 日本").code == 0
    latin = {"PYTHONIOENCODING": "latin-1"}
    assert process("chart", "listen", env=latin).out.splitlines()[0].endswith("lich, ??")
    assert process("today", env=latin).code == 0
    picture = process("chart", "listen", "--svg", "-", env=latin).out
    assert ET.fromstring(picture)[0].text == "Zärtlich, 日本"  # noqa: S314 - our own text
    charts = process("chart", "listen", "--json", env=latin).json()["charts"]
    assert charts[0]["title"] == "Zärtlich, 日本"
    whole = process("chart", "listen", "--metric", "heard", env={"PYTHONIOENCODING": "utf-8"})
    assert "█" in whole.out


@pytest.mark.usefixtures("kept")
def test_a_rule_whose_plugin_is_gone_still_shows_its_days(
    cli: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RECONNECT_PLUGINS", "")
    shown = cli("chart", "listen")
    assert shown.code == 0
    assert "Eight undivided minutes" in shown.out
    assert cli("chart", "listen", "--metric", "heard").code == 3


def test_a_name_that_is_near_to_none_says_where_the_names_are(cli: Run) -> None:
    cli("adopt", "listen")
    refused = cli("chart", "zzzz")
    assert refused.code == 3
    assert refused.err == "reconnect: no habit or rule 'zzzz': `reconnect habits` lists yours\n"
    assert "did you mean listen?" in cli("chart", "listn").err
