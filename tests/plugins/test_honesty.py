"""Honesty: a list of what was said and is still open, and help after three lapses in 14 days."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.conftest import Clock, Result, Rows, Run

HELP = "A counsellor or therapist can help you find the words"


@pytest.fixture(autouse=True)
def adopted(cli: Run) -> None:
    assert cli("adopt", "honesty", "--no-reminder").code == 0


def say(cli: Run, issue: str, *options: str, kind: str = "hard-truth") -> Result:
    done = cli("log", "honesty", kind, "--issue", issue, *options)
    assert done.code == 0, done.err
    return done


def values(cli: Run, *options: str) -> dict[str, float | None]:
    (rule,) = cli("metrics", "honesty", "--json", *options).json()["rules"]
    return {one["metric"]: one["points"][-1]["value"] for one in rule["metrics"]}


def test_only_a_hard_truth_opens_an_issue(cli: Run) -> None:
    for kind in ("need-named", "half-truth-corrected"):
        assert "open issue" not in say(cli, "The money", kind=kind).err
    assert cli("log", "honesty", "hard-truth").code == 0  # it names none
    assert cli("honesty", "issues").out == ""
    assert "Kept as an open issue" in say(cli, "The money").err
    assert cli("honesty", "issues").out == "1  The money  (open for 0 days)\n"
    assert "The money" not in cli("history").out


def test_the_same_words_are_the_same_issue(cli: Run, clock: Clock) -> None:
    say(cli, "Your mother 💐")
    clock.move(days=1)
    assert "open issue" not in say(cli, "your Mother 💐").err
    clock.move(days=2)
    assert cli("honesty", "issues").out == "1  Your mother 💐  (open for 3 days)\n"
    assert "Resolved: Your mother 💐." in say(cli, "your mother 💐", "--resolved").err
    assert cli("honesty", "issues").out == ""
    assert "(resolved 2026-11-26, after 3 days)" in cli("honesty", "issues", "--all").out
    # Raised anew, it is another one.
    say(cli, "your mother 💐")
    assert cli("honesty", "issues").out.startswith("2  your mother 💐")


def test_resolved_at_once_was_never_open(cli: Run) -> None:
    assert "open issue" not in say(cli, "A small thing", "--resolved").err
    assert cli("honesty", "issues").out == ""
    assert values(cli)["days-to-resolve"] == 0
    assert values(cli)["open-issues"] == 0


def test_a_number_resolves(cli: Run, clock: Clock) -> None:
    say(cli, "The move")
    clock.move(days=1)
    say(cli, "העבודה")
    clock.move(days=9)
    done = cli("honesty", "resolve", "2")
    assert (done.code, done.err) == (0, "Resolved: העבודה. That took some courage.\n")
    assert cli("honesty", "issues").out == "1  The move  (open for 10 days)\n"
    again = cli("honesty", "resolve", "2")
    assert (again.code, again.err) == (0, "Issue 2 was resolved on 2026-12-03 already.\n")


@pytest.mark.parametrize("number", ["0", "2", "99", "-1"])
def test_an_unknown_number(cli: Run, rows: Rows, number: str) -> None:
    say(cli, "The move")
    before = rows()
    done = cli("honesty", "resolve", "--", number)
    assert done.code == 3
    assert done.err == (f"reconnect: no issue {number}: `reconnect honesty issues` lists them\n")
    assert cli("honesty", "resolve", "one").code == 2
    assert rows() == before


def test_an_empty_list(cli: Run) -> None:
    done = cli("honesty", "issues")
    assert (done.code, done.out) == (0, "")
    assert "Nothing is open." in done.err


def test_what_is_taken_back_changes_the_list_back(cli: Run) -> None:
    say(cli, "The move")
    say(cli, "The move", "--resolved")
    assert cli("honesty", "issues").out == ""
    cli("undo")
    assert "The move" in cli("honesty", "issues").out
    cli("undo")
    assert cli("honesty", "issues", "--all").out == ""


def test_days_to_resolve_are_the_median_as_it_was_then(cli: Run, clock: Clock) -> None:
    clock.set("2026-10-01T12:00:00+02:00")
    for number in range(1, 5):
        clock.move(seconds=1)
        say(cli, f"Issue {number}")
    for number, day in ((1, "02"), (2, "05"), (3, "31")):
        clock.set(f"2026-10-{day}T12:00:00+01:00")
        cli("honesty", "resolve", number)
    # After 1, 4 and 30 days; the fourth is still open.
    clock.set("2026-11-23T12:00:00+01:00")
    assert values(cli)["days-to-resolve"] == 4
    assert values(cli)["open-issues"] == 1
    assert values(cli, "--on", "2026-10-06")["days-to-resolve"] == 2.5
    assert values(cli, "--on", "2026-10-06")["open-issues"] == 2
    assert values(cli, "--on", "2026-10-01")["open-issues"] == 4
    assert set(values(cli, "--on", "2026-09-30").values()) == {None}
    clock.set("2027-12-23T12:00:00+01:00")  # more than a year later
    assert values(cli)["days-to-resolve"] is None


def test_half_truths_are_corrected_within_a_day(cli: Run, clock: Clock) -> None:
    cli("lapse", "honesty", "half-truth")
    assert values(cli)["corrected-in-a-day"] is None  # there is still time
    clock.move(days=1)
    assert values(cli)["corrected-in-a-day"] is None
    say(cli, "What I left out", kind="half-truth-corrected")
    assert values(cli)["corrected-in-a-day"] == 100
    cli("lapse", "honesty", "half-truth")
    clock.move(days=2)
    say(cli, "Too late", kind="half-truth-corrected")
    assert values(cli)["corrected-in-a-day"] == 50
    assert values(cli)["truths-told"] == 2


def test_help_comes_with_the_third_lapse_in_a_fortnight(cli: Run, clock: Clock) -> None:
    for kind in ("held-back", "half-truth"):
        assert HELP not in " ".join(cli("lapse", "honesty", kind).err.split())
        clock.move(days=6)
    said = " ".join(cli("lapse", "honesty", "held-back").err.split())
    assert HELP in said
    assert "`reconnect help-lines`" in said
    clock.move(days=1)
    assert "What to look for" not in cli("lapse", "honesty", "half-truth").err


def test_no_help_for_three_lapses_in_fifteen_days(cli: Run, clock: Clock) -> None:
    for _ in range(5):
        assert "What to look for" not in cli("lapse", "honesty", "held-back").err
        clock.move(days=7)
