"""Quality time: ideas unlike what was done lately, and memories that come back on their day."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.conftest import Clock, Run
    from tests.plugins.conftest import Passing


@pytest.fixture(autouse=True)
def adopted(cli: Run, hooked: None) -> None:
    assert cli("adopt", "quality_time").code == 0  # reminds on Saturdays at ten


def test_an_idea_stays_the_same_all_day_until_another_is_asked_for(cli: Run) -> None:
    first = cli("quality_time", "idea").out
    assert cli("quality_time", "idea").out == first
    others = [cli("quality_time", "idea", "--another").out for _ in range(10)]
    assert len({first, *others}) == 11
    assert cli("quality_time", "idea").out == others[-1]


def test_what_was_done_lately_comes_up_less(cli: Run, clock: Clock) -> None:
    for _ in range(4):
        cli("log", "quality_time", "120", "--activity", "film")
    drawn: Counter[str] = Counter()
    for _ in range(50):
        clock.move(days=1)
        drawn[cli("quality_time", "idea").out.partition(":")[0]] += 1
    assert drawn["film"] <= 2  # one in 256 of an even share
    assert len(drawn) >= 6


@pytest.mark.parametrize(
    ("logged", "seen", "said"),
    [
        ("2026-02-28", "2026-03-28", "A month ago"),
        ("2026-01-31", "2026-02-28", "A month ago"),
        ("2025-11-23", "2026-11-23", "A year ago"),
        ("2021-11-23", "2026-11-23", "5 years ago"),
        ("2024-02-29", "2026-02-28", "2 years ago"),
        ("2024-02-29", "2028-02-29", "4 years ago"),
        ("2024-12-31", "2025-01-31", "A month ago"),
    ],
)
def test_a_memory_comes_back_on_its_day(
    cli: Run, clock: Clock, logged: str, seen: str, said: str
) -> None:
    clock.set(f"{logged}T20:00:00+01:00")
    cli("log", "quality_time", "90", "--memory", "We got lost and found 🍦 עוגה")
    clock.set(f"{seen}T12:00:00+01:00")
    assert cli("quality_time", "memories").out == f"{said}: We got lost and found 🍦 עוגה\n"


@pytest.mark.parametrize("seen", ["2026-11-22", "2026-11-24", "2026-10-23"])
def test_on_other_days_there_is_none(cli: Run, clock: Clock, seen: str) -> None:
    clock.set("2025-11-23T20:00:00+01:00")
    cli("log", "quality_time", "90", "--memory", "The lake")
    clock.set(f"{seen}T12:00:00+01:00")
    assert cli("quality_time", "memories").out == ""
    assert "The lake" in cli("quality_time", "memories", "--all").out


def test_a_memory_never_goes_over_the_wire(cli: Run, passing: Passing) -> None:
    passing.to("2026-11-28 09:00")
    cli("log", "quality_time", "90", "--memory", "The secret lake", "--on", "2025-11-28")
    sent, text = passing.arrives("2026-11-28 10:00")
    assert sent.prompt is not None
    assert not sent.prompt.startswith("memory-")
    assert "secret lake" not in text
    # The person's own prompt command is read by nobody else.
    assert "The secret lake" in cli("prompt", "quality_time").out
