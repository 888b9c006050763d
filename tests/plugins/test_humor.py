"""Humor: other prompts on hard evenings, and the share of hard days that still had a laugh."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.conftest import Clock, Run
    from tests.plugins.conftest import Passing


@pytest.fixture(autouse=True)
def adopted(cli: Run, hooked: None) -> None:
    assert cli("adopt", "humor").code == 0  # reminds at half past five
    assert cli("adopt", "peace", "--no-reminder").code == 0


def moment(cli: Run) -> str:
    told: str = cli("prompt", "humor", "--json").json()["prompt"]["moment"]
    return told


def laughed(cli: Run, *options: str) -> tuple[float | None, int]:
    (rule,) = cli("metrics", "humor", "--json", *options).json()["rules"]
    (found,) = [m for m in rule["metrics"] if m["metric"] == "tense-days-with-laugh"]
    return found["points"][-1]["value"], found["points"][-1]["entries"]


@pytest.mark.parametrize(
    ("logged", "expected"),
    [
        (("peace", "stormy"), "tense"),
        (("peace", "mixed"), "before"),
        (("peace", "peaceful"), "before"),
        (("humor", "0", "--tension", "5"), "tense"),
        (("humor", "0", "--tension", "4"), "tense"),
        (("humor", "2", "--tension", "3"), "before"),
        (("humor", "2"), "before"),
    ],
)
def test_a_hard_day_is_felt_the_evening_after(
    cli: Run, clock: Clock, logged: tuple[str, ...], expected: str
) -> None:
    assert cli("log", *logged, "--on", "yesterday").code == 0
    assert {moment(cli) for _ in range(5)} == {expected}
    clock.move(days=1)
    assert moment(cli) == "before"


def test_the_last_word_of_the_day_counts(cli: Run, clock: Clock) -> None:
    cli("log", "peace", "stormy")
    clock.move(hours=1)
    cli("log", "peace", "peaceful")
    assert moment(cli) == "before"


def test_reminders_know_of_the_storm(cli: Run, passing: Passing) -> None:
    quiet, _ = passing.arrives("2026-11-23 17:30")
    passing.to("2026-11-23 22:00")
    cli("log", "peace", "stormy", "--note", "-")
    tense, text = passing.arrives("2026-11-24 17:30")
    later, _ = passing.arrives("2026-11-25 17:30")
    kinds = [(one.prompt or "").rpartition("-")[0] for one in (quiet, tense, later)]
    shown = {p["id"]: p for p in cli("rules", "humor", "--json").json()["rule"]["prompts"]}
    moments = [shown[one.prompt or ""]["moment"] for one in (quiet, tense, later)]
    assert moments == ["before", "tense", "before"], kinds
    assert text == shown[tense.prompt or ""]["text"]


def test_the_share_of_tense_days_with_a_laugh(cli: Run, clock: Clock) -> None:
    assert laughed(cli) == (None, 0)
    cli("log", "peace", "stormy", "--on", "-4")  # no laugh
    cli("log", "peace", "stormy", "--on", "-3")
    cli("log", "humor", "2", "--on", "-3")
    cli("log", "humor", "0", "--tension", "5", "--on", "-2")  # none was shared
    cli("log", "humor", "1", "--tension", "4", "--on", "-1")
    cli("log", "humor", "9", "--tension", "1")  # no tense day
    assert laughed(cli) == (50.0, 4)
    assert laughed(cli, "--on", "-2") == (pytest.approx(100 / 3), 3)
    assert laughed(cli, "--on", "-4") == (0.0, 1)
    assert laughed(cli, "--weeks", "30") == (50.0, 4)
    clock.move(days=24)  # four weeks reach back to the day after the first
    assert laughed(cli) == (pytest.approx(200 / 3), 3)


def test_a_line_of_a_year_knows_the_storms_of_its_days(cli: Run) -> None:
    cli("log", "peace", "stormy", "--on", "2026-02-02")
    cli("log", "humor", "3", "--on", "2026-02-02")
    (rule,) = cli("metrics", "humor", "--weeks", "52", "--json").json()["rules"]
    (found,) = [m for m in rule["metrics"] if m["metric"] == "tense-days-with-laugh"]
    known = {p["day"]: p["value"] for p in found["points"] if p["value"] is not None}
    assert known == {"2026-02-02": 100, "2026-02-09": 100, "2026-02-16": 100, "2026-02-23": 100}
