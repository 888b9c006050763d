"""Humor: a lighter prompt after a hard day, and laughs on the days that needed them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:

    from tests.conftest import Clock, Run
    from tests.plugins.conftest import Passing


@pytest.fixture(autouse=True)
def adopted(cli: Run, hooked: None) -> None:
    assert cli("adopt", "humor").code == 0  # reminds daily at 17:30
    assert cli("adopt", "peace", "--no-reminder").code == 0


def values(cli: Run) -> dict[str, float | None]:
    (rule,) = cli("metrics", "humor", "--json").json()["rules"]
    return {one["metric"]: one["points"][-1]["value"] for one in rule["metrics"]}


def moment(prompt: str | None) -> str:
    from pathlib import Path

    import reconnect_humor
    from reconnect.api import load_rule

    rule = load_rule(Path(reconnect_humor.__path__[0]) / "rule.toml")
    (found,) = [one.moment for one in rule.prompts if one.id == prompt]
    return found


@pytest.mark.parametrize(
    ("logged", "tense"),
    [
        (("peace", "stormy"), True),
        (("humor", "0", "--tension", "4"), True),
        (("humor", "0", "--tension", "3"), False),
        (("peace", "mixed"), False),
    ],
)
def test_the_evening_after_a_hard_day_gets_a_tense_prompt(
    cli: Run, passing: Passing, logged: tuple[str, ...], tense: bool
) -> None:
    passing.to("2026-11-23 22:00")
    cli("log", *logged)
    sent, _ = passing.arrives("2026-11-24 17:30")
    assert (moment(sent.prompt) == "tense") is tense
    passing.to("2026-11-25 12:00")
    sent, _ = passing.arrives("2026-11-25 17:30")
    assert moment(sent.prompt) != "tense"  # two days later the storm is over


def test_a_laugh_on_a_hard_day_counts_whoever_called_it_hard(cli: Run, clock: Clock) -> None:
    assert values(cli)["tense-days-with-laugh"] is None
    cli("log", "peace", "stormy")
    clock.move(days=1)
    cli("log", "humor", "2", "--tension", "5")
    clock.move(days=1)
    cli("log", "humor", "3", "--tension", "1")  # no hard day
    assert values(cli)["tense-days-with-laugh"] == 50.0
    cli("log", "humor", "1", "--on", "2026-11-23")
    assert values(cli)["tense-days-with-laugh"] == 100.0


def test_no_laugh_is_no_laugh(cli: Run, clock: Clock) -> None:
    cli("log", "humor", "1")
    clock.move(days=3)
    cli("log", "humor", "0")
    assert values(cli)["days-since-laugh"] == 3.0
    assert values(cli)["laughs-week"] == 1.0
