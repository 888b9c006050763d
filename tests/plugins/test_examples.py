"""What `adopt` prints as an example is something that really can be typed."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING

import pytest
from tests.plugins.test_texts import RULES

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import Run

HABITS = [(rule.id, habit.id) for rule in RULES.values() for habit in rule.habits]

EVERY_TYPE = """
api = 1
id = "kinds"
title = "Kinds"
summary = "S."
asks = "A."
why = "W."

[[habits]]
id = "one"
title = "One"
{target}

[[fields]]
id = "what"
title = "What"
ask = "What?"
defines = true
{field}

[[prompts]]
id = "kinds-01"
text = "T."
"""


def example(said: str) -> list[str]:
    """The line after "log it:", as a shell would read it."""
    (line,) = [line for line in said.splitlines() if line.startswith("  log it: ")]
    words = shlex.split(line.removeprefix("  log it: "))
    assert words[:2] == ["reconnect", "log"]
    return words[1:]


@pytest.mark.parametrize(("rule", "habit"), HABITS)
def test_the_example_of_every_habit_works(cli: Run, rule: str, habit: str) -> None:
    adopted = cli("adopt", rule, habit, "--no-reminder")
    assert adopted.code == 0
    logged = cli(*example(adopted.err))
    assert logged.code == 0, logged.err
    (day,) = cli("history", "--json").json()["days"]
    assert [entry["kind"] for entry in day["entries"]] == ["done"]


@pytest.mark.parametrize(
    ("field", "target", "value"),
    [
        ('type = "integer"', "", "3"),
        ('type = "integer"\nminimum = 1\nmaximum = 5', "", "5"),
        ('type = "integer"\nminimum = 20', "", "20"),
        ('type = "integer"\nmaximum = 0', "", "0"),
        ('type = "integer"\nminimum = -9\nmaximum = -5', "", "-5"),
        ('type = "number"\nmaximum = 2.5', "", "2.5"),
        ('type = "integer"', 'amount = "what"\ntarget = 40', "40"),
        ('type = "percent"', "", "3"),
        ('type = "boolean"', "", "yes"),
        ('type = "date"', "", "2026-12-24"),
        ('type = "text"', "", "a few words"),
        ('type = "choice"\nchoices = ["a b", "c"]', "", "a b"),
        ('type = "choices"\nchoices = ["x", "y"]', "", "x"),
    ],
)
def test_the_example_of_every_type_works(
    cli: Run, home: Path, field: str, target: str, value: str
) -> None:
    place = home / "rules" / "kinds"
    place.mkdir(parents=True)
    text = EVERY_TYPE.format(field=field, target=target)
    (place / "rule.toml").write_text(text, encoding="utf-8")
    adopted = cli("adopt", "kinds", "--no-reminder")
    assert adopted.code == 0, adopted.err
    words = example(adopted.err)
    assert words[-1] == value
    # A shell and click alike take what begins with a dash for an option.
    done = cli(*words[:2], "--", *words[2:])
    assert done.code == 0, done.err
