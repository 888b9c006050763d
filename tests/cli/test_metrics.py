"""`metrics`: for today and for any day before it, as a line of weeks, for people and programs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from tests.rules.conftest import HEAD, site

if TYPE_CHECKING:
    from tests.conftest import Clock, Rows, Run
    from tests.rules.conftest import Site

__all__ = ["site"]

# A year of a person's own: what is logged, and on which day.
YEAR = [
    ("2026-01-10", ("log", "listen", "20", "--phone-away", "--heard", "60")),
    ("2026-02-14", ("log", "quality_time", "120", "--activity", "meal", "--memory", "Rain")),
    ("2026-03-01", ("lapse", "tone", "contempt")),
    ("2026-03-02", ("log", "tone", "4", "--soft-start")),
    ("2026-03-03", ("log", "peace", "stormy", "--repaired", "--warm", "2")),
    ("2026-03-03", ("lapse", "peace", "argued")),
    ("2026-03-04", ("log", "humor", "1", "--tension", "4")),
    ("2026-05-05", ("log", "honesty", "hard-truth", "--issue", "The move")),
    ("2026-05-25", ("log", "honesty", "hard-truth", "--issue", "The move", "--resolved")),
    ("2026-06-01", ("support", "add", "Learn the cello")),
    ("2026-06-09", ("log", "support", "Drove along", "--goal", "Learn the cello")),
    ("2026-07-01", ("log", "apology", "apology", "--parts", "responsibility,repair")),
    ("2026-07-02", ("skip", "listen")),
    ("2026-08-08", ("log", "inspire", "asked", "--landed", "warm")),
    ("2026-09-09", ("support", "retire", "1")),
    ("2026-10-11", ("log", "sincerity", "7")),
]  # fmt: skip
RULES = (
    "sincerity", "listen", "humor", "quality_time", "tone", "inspire", "support", "peace",
    "honesty", "apology",
)  # fmt: skip


def figures(cli: Run, *options: str) -> dict[str, dict[str, list[dict[str, Any]]]]:
    told = cli("metrics", "--json", *options).json()
    assert (told["schema_version"], told["kind"]) == (1, "metrics")
    return {
        rule["rule"]: {metric["metric"]: metric["points"] for metric in rule["metrics"]}
        for rule in told["rules"]
    }


def test_past_days_are_answered_as_they_were_then(cli: Run, clock: Clock) -> None:
    clock.set("2026-01-01T12:00:00+01:00")
    for rule in RULES:
        assert cli("adopt", rule, "--no-reminder").code == 0
    then = {}
    for day, command in YEAR:
        clock.set(f"{day}T12:00:00+01:00")
        assert cli(*command).code == 0
        clock.set(f"{day}T22:00:00+01:00")
        then[day] = figures(cli)
    clock.set("2026-11-23T12:00:00+01:00")
    assert len(figures(cli)) == 10
    for day, found in then.items():
        assert figures(cli, "--on", day) == found


def test_a_line_of_weeks_ends_on_the_day(cli: Run) -> None:
    cli("adopt", "listen", "--no-reminder")
    for back, minutes in ((0, 5), (7, 10), (14, 20), (15, 40)):
        cli("log", "listen", minutes, "--on", f"-{back}")
    points = figures(cli, "--weeks", "4")["listen"]["minutes-week"]
    assert points == [
        {"day": "2026-11-02", "value": None, "entries": 0},
        {"day": "2026-11-09", "value": 60, "entries": 2},
        {"day": "2026-11-16", "value": 10, "entries": 1},
        {"day": "2026-11-23", "value": 5, "entries": 1},
    ]
    shown = cli("metrics", "listen", "--weeks", "4")
    assert "    - 60 10 5 minutes, over 7 days, more is better" in shown.out.splitlines()
    assert "A point a week, from 2026-11-02 to 2026-11-23" in shown.err
    earlier = figures(cli, "--weeks", "2", "--on", "2026-11-16")["listen"]["minutes-week"]
    assert [point["value"] for point in earlier] == [60, 10]
    # Each point is what it is alone.
    alone = [figures(cli, "--on", p["day"])["listen"]["minutes-week"][0] for p in points]
    assert alone == points


def test_a_zero_is_shown_only_to_who_has_begun(cli: Run, clock: Clock) -> None:
    cli("adopt", "listen", "--no-reminder")
    cli("skip", "listen")

    def minutes(*options: object) -> Any:
        return figures(cli, *options)["listen"]["minutes-week"][0]["value"]

    assert minutes() is None
    text = cli("metrics", "listen").out
    assert "    nothing logged over 7 days" in text.splitlines()
    assert " 0 " not in text
    cli("lapse", "listen", "half-listened")
    assert minutes() == 0
    assert minutes("--on", "-1") is None
    clock.move(days=400)  # longer ago than any metric looks back
    assert minutes() == 0
    assert "    0 minutes, over 7 days, more is better" in cli("metrics", "listen").out.splitlines()


def test_json_says_what_is_counted(cli: Run) -> None:
    cli("adopt", "peace", "--no-reminder")
    told = cli("metrics", "peace", "--json").json()
    assert told["day"] == "2026-11-23"
    (ratio,) = [m for m in told["rules"][0]["metrics"] if m["metric"] == "warm-to-conflict"]
    assert ratio == {
        "metric": "warm-to-conflict",
        "question": "How many warm moments did I notice for each time I argued or bickered?",
        "unit": "to 1",
        "window_days": 28,
        "direction": "more",
        "baseline": 5,
        "points": [{"day": "2026-11-23", "value": None, "entries": 0}],
    }


def test_a_rule_that_is_not_adopted_shows_what_it_asks(cli: Run, rows: Rows) -> None:
    assert cli("metrics").out == ""
    assert "Nothing adopted yet" in cli("metrics").err
    before = rows()
    shown = cli("metrics", "tone")
    assert shown.code == 0
    assert shown.out.startswith(
        "Tone\n  How many days ago was I last scornful?\n    nothing logged yet\n"
    )
    assert rows() == before


def test_what_was_put_away_still_has_its_figures(cli: Run) -> None:
    cli("adopt", "listen", "--no-reminder")
    cli("log", "listen", "8")
    cli("habits", "archive", "listen")
    assert figures(cli)["listen"]["minutes-week"][0]["value"] == 8


def test_one_is_said_as_one(cli: Run) -> None:
    cli("adopt", "listen", "--no-reminder")
    cli("adopt", "quality_time", "--no-reminder")
    cli("log", "listen", "1")
    cli("log", "quality_time", "60", "--memory", "Rain")
    lines = [line.strip() for line in cli("metrics").out.splitlines()]
    assert "1 minute, over 7 days, more is better" in lines
    assert "1 day, over 28 days, more is better" in lines
    assert "1 memory, over 365 days, more is better" in lines
    assert "60 minutes, over 7 days, to compare: 120 minutes, more is better" in lines


@pytest.mark.parametrize(
    ("options", "code", "said"),
    [
        (("listn",), 3, "did you mean listen?"),
        (("listen", "--on", "tomorrow"), 2, "'tomorrow' is no day"),
        (("listen", "--on", "2026-11-24"), 2, "lies ahead"),
        (("listen", "--on", "1815-06-18"), 2, "lies too far back"),
        (("listen", "--weeks", "0"), 2, "0 is not in the range"),
        (("listen", "--weeks", "521"), 2, "521 is not in the range"),
    ],
)
def test_bad_input(cli: Run, options: tuple[str, ...], code: int, said: str) -> None:
    cli("adopt", "listen", "--no-reminder")
    done = cli("metrics", *options)
    assert done.code == code
    assert said in done.err
    assert done.err.count("\n") == 1
    assert done.out == ""


def test_far_back_nothing_is_known(cli: Run) -> None:
    for rule in RULES:
        cli("adopt", rule, "--no-reminder")
    for metrics in figures(cli, "--on", "1900-01-01", "--weeks", "520").values():
        assert {point["value"] for points in metrics.values() for point in points} <= {None, 0}


def test_a_rule_whose_code_fails_shows_the_rest(site: Site, cli: Run) -> None:
    code = f"""{HEAD}
class Odd(Rule, frozen=True, kw_only=True):
    def measure(self, history):
        return 1 / 0

@hookimpl
def reconnect_register_rule():
    return load_rule(Path(__file__).with_name("rule.toml"), Odd)
"""
    site.install("odd", code)
    cli("adopt", "odd", "--no-reminder")
    cli("adopt", "listen", "--no-reminder")
    cli("log", "odd", "3")
    shown = cli("metrics")
    assert shown.code == 0
    assert "How many cups this week?\n    3 cups" in shown.out
    assert "plugin odd: measure: ZeroDivisionError" in shown.err
    assert "Listen" in shown.out


def test_colours_are_for_terminals(cli: Run) -> None:
    cli("adopt", "listen", "--no-reminder")
    assert "\x1b[" not in cli("metrics").out
    assert "\x1b[" in cli("--color", "always", "metrics").out
