"""Inspire: one question for the evening, and the ratio of what opens to what closes."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.conftest import Clock, Rows, Run


@pytest.fixture(autouse=True)
def adopted(cli: Run) -> None:
    assert cli("adopt", "inspire", "--no-reminder").code == 0


def question(cli: Run, *options: str) -> str:
    done = cli("inspire", "question", *options)
    assert done.code == 0
    assert done.out.endswith("?\n")
    return done.out.strip()


def values(cli: Run, *options: str) -> dict[str, float | None]:
    (rule,) = cli("metrics", "inspire", "--json", *options).json()["rules"]
    return {one["metric"]: one["points"][-1]["value"] for one in rule["metrics"]}


def test_the_question_is_the_same_all_evening(cli: Run, clock: Clock, rows: Rows) -> None:
    before = rows()
    tonight = question(cli)
    assert rows() == before  # to look writes nothing
    clock.move(hours=9)
    assert question(cli) == tonight
    cli("log", "inspire", "asked", "--question", tonight)
    assert question(cli) == tonight  # also once it was asked
    clock.set("2026-11-24T02:59:00+01:00")  # the evening lasts until three
    assert question(cli) == tonight
    clock.move(minutes=1)
    assert question(cli) != tonight


def test_another_one_is_another_for_the_whole_evening(cli: Run, clock: Clock) -> None:
    asked = [question(cli)] + [question(cli, "--another") for _ in range(20)]
    assert len(set(asked)) == 21
    assert question(cli) == asked[-1]
    clock.move(days=1)
    assert question(cli) != asked[-1]


def test_none_comes_twice_in_a_fortnight(cli: Run, clock: Clock) -> None:
    asked = []
    for _ in range(60):
        asked.append(question(cli))
        clock.move(days=1)
    for place, one in enumerate(asked):
        assert one not in asked[max(0, place - 14) : place]
    assert len(set(asked)) >= 30


def test_there_are_enough_and_only_open_ones_for_any_evening(cli: Run) -> None:
    every = {question(cli)} | {question(cli, "--another") for _ in range(80)}
    assert len(every) >= 30
    rule = cli("rules", "inspire", "--json").json()["rule"]
    others = [p["text"] for p in rule["prompts"] if p["habit"] != "open-question"]
    for one in every:
        # Yes or no is no answer to it, and it is theirs to answer: it speaks to them.
        assert re.match(r"(What|Which|Who|Where|How|When|If|In which)\b", one), one
        assert re.search(r"\b(you|your|us|our|I)\b", one), one
        assert not any(one[1:] in text for text in others), one


def test_what_was_asked_lately_does_not_come_up(cli: Run, clock: Clock) -> None:
    for _ in range(40):
        tonight = question(cli)
        # Written down in one's own way: without the mark, in capitals.
        cli("log", "inspire", "asked", "--question", tonight.rstrip("?").upper())
        for _ in range(3):
            clock.move(days=1)
            assert question(cli) != tonight


def test_when_all_were_asked_one_comes_all_the_same(cli: Run, clock: Clock) -> None:
    seen = {question(cli)} | {question(cli, "--another") for _ in range(60)}
    for one in seen:
        cli("log", "inspire", "asked", "--question", one)
    clock.move(days=1)
    assert question(cli) in seen


def test_the_ratio(cli: Run) -> None:
    assert values(cli)["possibility-ratio"] is None
    for kind in ("asked", "encouraged", "celebrated", "asked", "asked", "asked"):
        cli("log", "inspire", kind)
    assert values(cli)["possibility-ratio"] is None  # nothing to compare with yet
    cli("lapse", "inspire", "complained")
    cli("lapse", "inspire", "fixed", "--on", "-20")
    cli("lapse", "inspire", "fixed", "--on", "-40")
    now = values(cli)
    assert now["possibility-ratio"] == 3
    assert now["questions-asked"] == 4
    assert now["good-news-met"] == 1
    assert now["days-since-complaint"] == 0
    assert "3 to 1, over 28 days" in cli("metrics", "inspire").out
    earlier = values(cli, "--on", "-20")
    assert (earlier["possibility-ratio"], earlier["days-since-complaint"]) == (0, None)


def test_how_questions_landed(cli: Run) -> None:
    for landed in ("warm", "warm", "cold", "neutral"):
        cli("log", "inspire", "asked", "--landed", landed)
    cli("log", "inspire", "asked")  # not noted, so not counted
    cli("log", "inspire", "encouraged", "--landed", "cold")  # no question
    assert values(cli)["questions-landed"] == 50


def test_a_skip_or_an_empty_answer_is_no_question(cli: Run, rows: Rows) -> None:
    cli("skip", "inspire")
    before = rows()
    assert cli("log", "inspire", "").code == 2
    assert rows() == before
    assert cli("log", "inspire", "asked", "--question", "").code == 0
    assert values(cli)["questions-asked"] == 1
    assert question(cli)


def test_every_question_is_a_whole_sentence(cli: Run, clock: Clock) -> None:
    for _ in range(30):
        text = question(cli)
        assert text[0].isupper()
        assert len(text) <= 120
        clock.move(days=1)
