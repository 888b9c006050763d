"""Support: the goals that the partner named, the one that waited longest first."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.reminders.live import until

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.conftest import Clock, Rows, Run, Terminal
    from tests.plugins.conftest import Passing


@pytest.fixture(autouse=True)
def adopted(cli: Run, hooked: None) -> None:
    assert cli("adopt", "support", "--no-reminder").code == 0


def values(cli: Run, *options: str) -> dict[str, float | None]:
    (rule,) = cli("metrics", "support", "--json", *options).json()["rules"]
    return {one["metric"]: one["points"][-1]["value"] for one in rule["metrics"]}


def test_an_act_belongs_to_a_goal_on_the_list(cli: Run, rows: Rows) -> None:
    cli("support", "add", "Run ten kilometres")
    cli("support", "add", "Speak Portuguese")
    assert cli("log", "support", "Cheered at the finish", "--goal", "run").code == 0
    before = rows()
    refused = cli("log", "support", "Nothing yet", "--goal", "Sail round the world")
    assert refused.code == 2
    assert "is not one of Run ten kilometres, Speak Portuguese" in refused.err
    assert rows() == before


def test_without_a_list_no_goal_can_be_named(cli: Run, rows: Rows) -> None:
    before = rows()
    refused = cli("log", "support", "An act", "--goal", "anything")
    assert refused.code == 2
    assert len(refused.err.splitlines()) == 1
    assert rows() == before
    assert cli("log", "support", "An act").code == 0


def test_the_goal_that_waited_longest_stands_first(cli: Run, clock: Clock) -> None:
    cli("support", "add", "Run ten kilometres")
    clock.move(days=3)
    cli("support", "add", "Speak Portuguese", "--why", "their grandmother does")
    clock.move(days=4)
    assert cli("support", "goals").out.splitlines() == [
        "1  Run ten kilometres  (7 days without an act)",
        "2  Speak Portuguese  (4 days without an act)",
        "   why: their grandmother does",
    ]
    cli("log", "support", "Held the watch", "--goal", "Run ten kilometres")
    assert cli("support", "goals").out.startswith("2  Speak Portuguese")
    assert values(cli)["longest-wait"] == 4.0
    assert values(cli)["goals-backed"] == 50.0
    assert values(cli, "--on", "yesterday")["goals-backed"] == 0.0


def test_a_goal_that_is_retired_takes_its_reminder_along(cli: Run) -> None:
    cli("support", "add", "First concert", "--on", "2026-12-05")
    (reminder,) = cli("remind", "--json").json()["reminders"]
    assert reminder["next"] == ["2026-12-05T07:00:00+00:00"]
    assert cli("support", "retire", "1").code == 0
    assert cli("remind", "--json").json()["reminders"] == []
    assert "No goal yet" in cli("support", "goals").err
    assert "First concert  (retired)" in cli("support", "goals", "--all").out
    assert cli("log", "support", "Too late", "--goal", "First concert").code == 2


def test_a_goal_may_be_anything_a_person_writes(cli: Run) -> None:
    for goal in ("לרוץ מרתון", "🎻 play in front of people", "x" * 200):
        assert cli("support", "add", goal).code == 0
        assert goal in cli("support", "goals").out


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("add", ""), 2),
        (("add", "x" * 201), 2),
        (("add", "Learn\x1b[31m"), 2),
        (("add", "Run", "--on", "2026-11-22"), 2),
        (("add", "Run", "--on", "someday"), 2),
        (("retire", "7"), 3),
        (("why", "7", "because"), 3),
    ],
)
def test_what_cannot_be_is_refused_in_one_line(
    cli: Run, rows: Rows, arguments: tuple[str, ...], code: int
) -> None:
    cli("support", "goals")
    before = rows()
    done = cli("support", *arguments)
    assert done.code == code, done
    assert len(done.err.splitlines()) == 1
    assert rows() == before


def test_the_same_goal_is_not_added_twice(cli: Run) -> None:
    cli("support", "add", "Run")
    assert cli("support", "add", "run").code == 2
    cli("support", "retire", "1")
    assert cli("support", "add", "run").code == 0


def test_a_big_day_arrives_in_the_morning(cli: Run, passing: Passing) -> None:
    assert cli("support", "add", "First concert 🎻", "--on", "2026-12-05").code == 0
    _, text = passing.arrives("2026-12-05 08:00")
    assert text == "Today is a day that matters to them. A word this morning is a good start."
    assert "concert" not in passing.receiver.posts[0].body


def test_a_goal_is_retired_while_its_reminder_is_on_its_way(cli: Run, passing: Passing) -> None:
    cli("support", "add", "First concert", "--on", "2026-12-05")
    passing.receiver.behave(500)
    passing.to("2026-12-05 08:00")
    until(lambda: [d.outcome for d in passing.deliveries() if d.state == "pending" and d.outcome])
    assert cli("support", "retire", "1").code == 0
    (sent,) = passing.deliveries()
    assert (sent.state, sent.outcome) == ("suppressed", "removed")
    passing.receiver.behave(200)
    cli("support", "add", "Another", "--on", "2026-12-06")
    passing.arrives("2026-12-06 08:00")
    assert len(passing.receiver.posts) == 1


def test_a_prompt_names_the_goal_that_waited_longest_to_nobody_else(
    cli: Run, clock: Clock, passing: Passing
) -> None:
    cli("support", "add", "Learn the cello")
    cli("support", "add", "Finish school")
    clock.move(days=1)
    cli("log", "support", "Made room", "--goal", "Learn the cello")
    assert cli("prompt", "support").out.endswith("(It waits longest: Finish school)\n")
    cli("remind", "add", "support", "--at", "19:00", "--days", "daily")
    _, text = passing.arrives("2026-11-25 19:00")
    known = {p["text"] for p in cli("rules", "support", "--json").json()["rule"]["prompts"]}
    assert text in known


def test_retired_goals_count_for_the_days_before(cli: Run, clock: Clock) -> None:
    cli("support", "add", "Run")
    clock.move(days=2)
    cli("log", "support", "Went along", "--goal", "Run", "--know-why", "--landed", "warm")
    clock.move(days=3)
    cli("support", "retire", "1")
    assert values(cli) == {
        "goals-backed": None, "acts": 1, "longest-wait": None, "know-why": 100, "landed-warm": 1,
    }  # fmt: skip
    assert values(cli, "--on", "-1")["longest-wait"] == 2
    assert values(cli, "--on", "-3")["goals-backed"] == 100
    assert values(cli, "--on", "-4")["longest-wait"] == 1
    assert values(cli, "--on", "-6")["longest-wait"] is None


def test_a_question_without_choices_is_not_asked(
    cli: Run, terminal: Callable[..., Terminal]
) -> None:
    for goals in (0, 1):
        shown = terminal("log", "support", "Made room for the exam")
        if goals:
            shown.expect("Which of their goals was it for")
            shown.send("pass")
        shown.expect("Do you know why this goal matters")
        assert ("Which of their goals" in shown.text) is bool(goals)
        shown.send("")
        assert shown.end() == 0
        cli("support", "add", "Pass the exam")


@pytest.mark.parametrize("act", ["", "   ", "\n\t"])
def test_an_empty_answer_is_no_act(cli: Run, rows: Rows, act: str) -> None:
    before = rows()
    done = cli("log", "support", act)
    assert done.code == 2
    assert "act: missing, expected text" in done.err
    assert rows() == before


def parts(cli: Run, *more: str) -> list[list[str]]:
    found = cli("review", "--week", "this", "--json", *more).json()
    return [part["lines"] for part in found["sections"] if part["title"] == "Their goals"]


def test_the_review_counts_goals_and_names_them_only_when_asked(cli: Run, clock: Clock) -> None:
    assert parts(cli) == []
    cli("support", "add", "Learn the cello")
    assert parts(cli) == [
        [
            "The goal on your list would be glad of a small act.",
            "`reconnect support goals` shows it.",
        ]
    ]
    clock.move(days=31)
    cli("support", "add", "Run ten kilometres")
    clock.move(days=31)
    cli("log", "support", "x", "--goal", "Learn the cello")
    (lines,) = parts(cli)
    assert lines[0] == "1 of the 2 goals on your list had an act of yours in the last 30 days."
    assert lines[1] == "`reconnect support goals` shows which one waits longest."
    assert parts(cli, "--notes") == [[lines[0], "It waits longest: Run ten kilometres"]]
    cli("log", "support", "x", "--goal", "Run ten kilometres")
    assert parts(cli)[0][0] == "Both goals on your list had an act of yours in the last 30 days."
    cli("support", "retire", "2")
    assert parts(cli)[0][0] == "The goal on your list had an act of yours in the last 30 days."
