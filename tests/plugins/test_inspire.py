"""Inspire: one question for the evening, and what was possible against what was complained of."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.conftest import Clock, Run


@pytest.fixture(autouse=True)
def adopted(cli: Run) -> None:
    assert cli("adopt", "inspire", "--no-reminder").code == 0


def values(cli: Run) -> dict[str, float | None]:
    (rule,) = cli("metrics", "inspire", "--json").json()["rules"]
    return {one["metric"]: one["points"][-1]["value"] for one in rule["metrics"]}


def test_the_question_stays_all_evening_until_another_is_wished(cli: Run) -> None:
    first = cli("inspire", "question").out
    assert first.endswith("?\n")
    assert cli("inspire", "question").out == first
    second = cli("inspire", "question", "--another").out
    assert second != first
    assert cli("inspire", "question").out == second


def test_the_days_bring_others(cli: Run, clock: Clock) -> None:
    seen = set()
    for _ in range(10):
        seen.add(cli("inspire", "question").out)
        clock.move(days=1)
    assert len(seen) >= 8


def test_what_was_asked_is_not_offered_for_two_weeks(cli: Run, clock: Clock) -> None:
    question = cli("inspire", "question").out.strip()
    assert cli("log", "inspire", "asked", "--question", question.upper()).code == 0
    assert cli("inspire", "question").out.strip() == question  # tonight it stays
    for _ in range(13):
        clock.move(days=1)
        assert cli("inspire", "question").out.strip() != question


def test_the_ratio_sets_what_was_possible_against_complaints(cli: Run) -> None:
    assert values(cli)["possibility-ratio"] is None
    for kind in ("asked", "encouraged", "celebrated"):
        cli("log", "inspire", kind)
    assert values(cli)["possibility-ratio"] is None  # nothing to divide by: no figure
    cli("lapse", "inspire", "complained")
    cli("lapse", "inspire", "fixed")
    assert values(cli)["possibility-ratio"] == 1.5


def test_only_questions_whose_landing_was_noted_count(cli: Run) -> None:
    cli("log", "inspire", "asked")
    cli("log", "inspire", "asked", "--landed", "warm")
    cli("log", "inspire", "asked", "--landed", "cold")
    assert values(cli)["questions-landed"] == 50.0
