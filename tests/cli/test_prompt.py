"""`prompt`: no repeat until all that fit were shown, the same in the same place, and explained."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import Clock, Rows, Run

RULES = (
    "sincerity", "listen", "humor", "quality_time", "tone", "inspire", "support", "peace",
    "honesty", "apology",
)  # fmt: skip


def told(cli: Run, *options: str) -> dict[str, Any]:
    answer: dict[str, Any] = cli("prompt", *options, "--json").json()
    return answer


def prompts_of(cli: Run, rule: str) -> dict[str, dict[str, Any]]:
    whole = cli("rules", rule, "--json").json()["rule"]
    return {prompt["id"]: prompt for prompt in whole["prompts"]}


def starter(cli: Run, rule: str) -> str:
    habits = cli("rules", rule, "--json").json()["rule"]["habits"]
    return str(next(habit["id"] for habit in habits if habit["starter"]))


@pytest.mark.parametrize("rule", RULES)
def test_none_comes_again_until_all_that_fit_were_shown(cli: Run, rule: str) -> None:
    habit = starter(cli, rule)
    fitting = {
        prompt
        for prompt, text in prompts_of(cli, rule).items()
        if text["moment"] == "before" and text["habit"] in (None, habit)
    }
    assert len(fitting) >= 10
    for _ in range(2):
        drawn = [told(cli, rule)["prompt"]["id"] for _ in fitting]
        assert len(set(drawn)) == len(drawn)
        assert set(drawn) == fitting


def test_the_same_place_gives_the_same_prompts(
    cli: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = [cli("prompt", "listen").out for _ in range(10)]
    monkeypatch.setenv("RECONNECT_HOME", str(tmp_path / "another"))
    assert [cli("prompt", "listen").out for _ in range(10)] == first


def test_another_day_another_order(
    cli: Run, clock: Clock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = [cli("prompt", "listen").out for _ in range(6)]
    clock.move(days=1)
    monkeypatch.setenv("RECONNECT_HOME", str(tmp_path / "another"))
    assert [cli("prompt", "listen").out for _ in range(6)] != first


def test_why_explains_the_choice(cli: Run) -> None:
    shown = cli("prompt", "listen", "--why")
    known = prompts_of(cli, "listen")
    reasons = re.fullmatch(
        r"(listen[\w-]+): moment: before; habit: undivided; (\d+) of (\d+) fit; "
        r"(\d+) of those were shown least, never; its chance among them was (\d+)%\n",
        shown.err,
    )
    assert reasons, shown.err
    assert shown.out == known[reasons[1]]["text"] + "\n"
    fitting = sum(p["moment"] == "before" and p["habit"] in (None, "undivided")
                  for p in known.values())  # fmt: skip
    assert [int(reasons[place]) for place in (2, 3, 4)] == [fitting, len(known), fitting]
    assert int(reasons[5]) == round(100 / fitting)
    again = cli("prompt", "listen", "--why").err
    assert f"{fitting - 1} of those were shown least, never" in again
    for _ in range(fitting - 2):
        cli("prompt", "listen")
    assert f"{fitting} of those were shown least, once" in cli("prompt", "listen", "--why").err
    assert cli("prompt", "listen").err == ""


@pytest.mark.parametrize(
    "moment", ["before", "after", "re-entry", "tense", "celebrate", "on-this-day"]
)
def test_a_moment_can_be_asked_for(cli: Run, moment: str) -> None:
    for rule in RULES:
        answer = told(cli, rule, "--moment", moment)
        assert answer["prompt"]["moment"] == moment, rule
        assert f"moment: {moment}" in answer["why"]


@pytest.mark.parametrize("minutes", [1, 2, 5])
def test_the_time_at_hand_counts(cli: Run, minutes: int) -> None:
    known = prompts_of(cli, "humor")
    for _ in range(12):
        answer = told(cli, "humor", "--minutes", str(minutes))
        assert known[answer["prompt"]["id"]]["effort"] <= minutes
        assert f"at most {minutes} min" in answer["why"]


def test_it_is_for_the_habit_that_is_kept(cli: Run) -> None:
    assert "habit: amends" in told(cli, "apology")["why"]
    cli("adopt", "apology", "apology", "--name", "sorry")
    assert "habit: apology" in told(cli, "apology")["why"]
    cli("adopt", "apology")
    assert "habit: amends" in told(cli, "apology")["why"]
    assert "habit: apology" in told(cli, "apology", "--habit", "sorry")["why"]
    known = prompts_of(cli, "peace")
    for _ in range(8):
        shown = told(cli, "peace", "--habit", "seven-minute-view")["prompt"]["id"]
        assert known[shown]["habit"] == "seven-minute-view"


def test_the_rest_after_an_apology_is_explained_by_numbers(cli: Run) -> None:
    cli("adopt", "apology", "apology", "--name", "sorry")
    before = cli("prompt", "apology", "--why").err
    cli("log", "sorry", "apology")
    after = cli("prompt", "apology", "--why").err
    counts = [re.search(r"(\d+) of \d+ fit", said) for said in (before, after)]
    assert [int(found[1]) for found in counts if found] == [17, 7]


def test_a_good_run_is_celebrated_now_and_then(cli: Run, clock: Clock) -> None:
    cli("adopt", "listen", "--no-reminder")
    moments = []
    for _ in range(11):
        moments.append(told(cli, "listen")["prompt"]["moment"])
        cli("log", "listen", "8")
        clock.move(days=1)
    assert moments == 5 * ["before"] + ["celebrate"] + 4 * ["before"] + ["celebrate"]


@pytest.mark.parametrize(
    ("began", "seen"),
    [("2026-10-23", "2026-11-23"), ("2026-08-31", "2026-11-30"), ("2026-01-31", "2026-02-28")],
)
def test_the_day_on_which_it_began_is_remembered(
    cli: Run, clock: Clock, began: str, seen: str
) -> None:
    clock.set(f"{began}T12:00:00+01:00")
    cli("adopt", "listen", "--no-reminder")
    cli("log", "listen", "8")
    clock.set(f"{seen}T12:00:00+01:00")
    cli("log", "listen", "8", "--on", "-2")
    assert told(cli, "listen")["prompt"]["moment"] == "on-this-day"
    clock.move(days=1)
    assert told(cli, "listen")["prompt"]["moment"] == "before"


@pytest.mark.parametrize(
    ("options", "code", "said"),
    [
        (("lisen",), 3, "did you mean listen?"),
        (("listen", "--habit", "nap"), 3, "listen has no habit 'nap'"),
        (("listen", "--moment", "never"), 2, "'never' is not one of"),
        (("listen", "--minutes", "0"), 2, "0 is not in the range"),
        ((), 2, "missing argument"),
    ],
)
def test_bad_input(cli: Run, rows: Rows, options: tuple[str, ...], code: int, said: str) -> None:
    cli("prompt", "listen")
    before = rows()
    done = cli("prompt", *options)
    assert done.code == code
    assert said in done.err
    assert done.out == ""
    assert rows() == before
