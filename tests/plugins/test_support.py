"""Support: the goals that the partner named, the one that waited longest first."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.conftest import Clock, Rows, Run


@pytest.fixture(autouse=True)
def adopted(cli: Run) -> None:
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
