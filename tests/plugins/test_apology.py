"""Apology: the draft, promises that are followed up, and seven days in which nothing is rushed."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from tests.plugins.conftest import stored

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.conftest import Clock, Rows, Run, Terminal
    from tests.plugins.conftest import Passing

HURRY = "apology-draft-"
PROMISED = ("log", "apology", "apology", "--promise", "Ring the bank", "--promise-date")


@pytest.fixture(autouse=True)
def adopted(cli: Run, hooked: None) -> None:
    assert cli("adopt", "apology", "--no-reminder").code == 0
    assert cli("adopt", "apology", "apology", "--name", "sorry").code == 0


def once(cli: Run) -> list[str]:
    """When reminders are due that come once, by the clock of the wall."""
    rows = cli("remind", "list", "--json").json()["reminders"]
    return [row["next"][0] for row in rows if not row["rrule"]]


def entries(cli: Run) -> list[dict[str, Any]]:
    days = cli("history", "--json", "--notes", "--days", "60").json()["days"]
    return [entry for day in days for entry in day["entries"]]


def metric(cli: Run, name: str, *options: str) -> float | None:
    (rule,) = cli("metrics", "apology", "--json", *options).json()["rules"]
    (found,) = [m for m in rule["metrics"] if m["metric"] == name]
    value: float | None = found["points"][-1]["value"]
    return value


# The draft.


def test_a_draft_is_made_part_by_part(
    terminal: Callable[..., Terminal], cli: Run, home: Path
) -> None:
    shown = terminal("apology", "draft")
    shown.expect("nothing is ever sent")
    shown.expect("What did you do")
    shown.send("i told your sister 😔")
    shown.expect("put it right")
    shown.send("")
    shown.expect("regret")
    shown.send("\x1b[Dאהבה!")
    for question in ("come about", "differently", "forgiveness"):
        shown.expect(question)
        shown.send("")
    said = shown.expect("Read it aloud once")
    assert "I told your sister 😔\nאהבה!\n" in said
    assert "\x1b[D" not in said
    shown.expect("offers nothing yet to put right")
    shown.expect(r"Keep the draft\? \[Y/n\]")
    shown.send("")
    shown.expect("--parts responsibility,regret")
    assert shown.end() == 0
    assert "counts most" not in shown.text
    again = cli("apology", "draft", "--show")
    assert (again.code, again.out) == (0, "I told your sister 😔\nאהבה!\n")
    assert stored(home, "your sister")
    assert cli("apology", "draft", "--forget").err == "Deleted.\n"
    assert not stored(home, "your sister")
    for option in ("--show", "--forget"):
        gone = cli("apology", "draft", option)
        assert (gone.code, gone.out, gone.err) == (0, "", "There is no draft.\n")
    assert entries(cli) == []


def test_a_draft_need_not_be_kept(terminal: Callable[..., Terminal], cli: Run, home: Path) -> None:
    shown = terminal("apology", "draft")
    shown.expect("What did you do")
    shown.send("I forgot it")
    for question in ("put it right", "regret", "come about", "differently", "forgiveness"):
        shown.expect(question)
        shown.send("")
    shown.expect("(?s)I forgot it\\.\n.*Keep the draft")
    shown.send("n")
    assert shown.end() == 0
    assert not stored(home, "forgot it")


def test_empty_answers_make_no_draft(terminal: Callable[..., Terminal], cli: Run) -> None:
    shown = terminal("apology", "draft")
    for question in ("do?", "right?", "regret", "come about", "differently", "forgiveness"):
        shown.expect(question.replace("?", r"\?"))
        shown.send("   ")
    shown.expect("Nothing was written")
    assert shown.end() == 0
    assert cli("apology", "draft", "--show").out == ""


def test_without_a_terminal_the_questions_are_shown(cli: Run, rows: Rows) -> None:
    before = rows()
    done = cli("apology", "draft")
    assert done.code == 0
    parts = ["responsibility", "repair", "regret", "explanation", "promise", "forgiveness"]
    assert [line.partition(":")[0] for line in done.out.splitlines()] == parts
    assert rows() == before


# Promises.


def test_a_promise_is_followed_up_on_its_date(cli: Run) -> None:
    done = cli(*PROMISED, "2026-11-27")
    assert done.code == 0
    assert "You will be reminded of your promise on 2026-11-27." in done.err
    assert "Ring the bank" not in done.err
    assert once(cli) == ["2026-11-27T17:30:00+00:00"]
    assert cli("apology", "promises").out == "1  Ring the bank  (due 2026-11-27)\n"


@pytest.mark.parametrize(
    ("now", "due"), [("12:00", "17:30"), ("17:45", "17:45"), ("21:00", "21:00"), ("23:30", "23:30")]
)
def test_a_promise_for_today_leaves_time_to_keep_it(
    cli: Run, clock: Clock, now: str, due: str
) -> None:
    clock.set(f"2026-11-23T{now}:00+01:00")
    cli(*PROMISED, "2026-11-23")
    # In UTC: half past six in the evening, or an hour from now.
    assert once(cli) == [f"2026-11-23T{due}:00+00:00"]


def test_a_promise_in_the_past_is_refused_and_nothing_written(cli: Run, rows: Rows) -> None:
    before = rows()
    done = cli(*PROMISED, "2026-11-22")
    assert done.code == 2
    assert done.err == (
        "reconnect: promise_date: 2026-11-22 has passed, expected today or a day to come\n"
    )
    assert cli(*PROMISED, "soon").code == 2
    assert rows() == before


def test_a_kept_promise_counts_and_its_reminder_goes(cli: Run) -> None:
    cli(*PROMISED, "2026-11-27")
    kept = cli("apology", "promises", "--kept", "1")
    assert kept.code == 0
    assert "You kept your word" in kept.err
    assert once(cli) == []
    assert cli("apology", "promises").err == "No promise is open.\n"
    assert cli("apology", "promises", "--all").out == "1  Ring the bank  (kept)\n"
    assert metric(cli, "promises-kept") == 100
    assert metric(cli, "repair-days") == 1


def test_a_broken_one_is_a_slip_with_the_way_back_and_no_day_of_repair(cli: Run) -> None:
    cli(*PROMISED, "2026-11-27")
    broke = cli("apology", "promises", "--broke", "1")
    assert broke.code == 0
    assert broke.out.startswith("Own it within a day")
    assert [(e["kind"], e["lapse"]) for e in entries(cli)][-1] == ("lapse", "broke-promise")
    assert metric(cli, "promises-kept") == 0
    assert metric(cli, "days-since-breach") == 0
    assert metric(cli, "repair-days") == 0
    assert once(cli) == []


@pytest.mark.parametrize("again", ["--kept", "--broke"])
def test_settled_twice_is_refused(cli: Run, rows: Rows, again: str) -> None:
    cli(*PROMISED, "2026-11-27")
    cli("apology", "promises", "--kept", "1")
    before = rows()
    done = cli("apology", "promises", again, "1")
    assert done.code == 2
    assert "promise 1 was settled before (kept)" in done.err
    assert rows() == before


def test_a_promise_that_is_not_there(cli: Run, rows: Rows) -> None:
    before = rows()
    for number in ("0", "1", "-1"):
        done = cli("apology", "promises", "--kept", number)
        assert done.code == 3
        assert f"no promise {number}" in done.err
    assert cli("apology", "promises", "--kept", "1", "--broke", "1").code == 2
    assert rows() == before


def test_a_promise_without_a_date_is_kept_without_a_reminder(cli: Run) -> None:
    cli("log", "apology", "apology", "--promise", "לא עוד 🤞")
    assert cli("apology", "promises").out == "1  לא עוד 🤞  (open)\n"
    assert once(cli) == []


def test_what_is_taken_back_is_not_followed_up(cli: Run) -> None:
    cli(*PROMISED, "2026-11-27")
    assert cli("undo").code == 0
    assert once(cli) == []
    assert cli("apology", "promises", "--all").out == ""


@pytest.mark.parametrize("how", ["--kept", "--broke"])
def test_a_promise_is_open_again_when_settling_it_is_taken_back(cli: Run, how: str) -> None:
    cli(*PROMISED, "2026-11-27")
    cli("apology", "promises", how, "1")
    assert cli("undo").code == 0
    assert cli("apology", "promises").out == "1  Ring the bank  (due 2026-11-27)\n"
    assert once(cli) == ["2026-11-27T17:30:00+00:00"]
    assert metric(cli, "promises-kept") is None


def test_a_promise_arrives_on_its_date(cli: Run, clock: Clock, passing: Passing) -> None:
    cli(*PROMISED, "2026-11-27")
    clock.move(minutes=1)
    cli(*PROMISED, "2026-12-01")
    assert cli("apology", "promises", "--kept", "1").code == 0
    # The kept one is not asked after; the other comes on its day.
    sent, text = passing.arrives("2026-12-01 18:30")
    assert sent.prompt is None
    assert text == "Today is the day of a promise you made. Small and on time is enough."
    assert len(passing.deliveries()) == 1
    assert "bank" not in passing.receiver.posts[0].body


# Do not rush.


def drawn(cli: Run, times: int) -> list[str]:
    told = [cli("prompt", "apology", "--habit", "sorry", "--json").json() for _ in range(times)]
    return [one["prompt"]["id"] for one in told]


def test_for_seven_days_nothing_asks_for_an_apology(cli: Run, clock: Clock) -> None:
    assert any(prompt.startswith(HURRY) for prompt in drawn(cli, 3))
    cli("log", "apology", "apology")
    for _ in range(7):
        assert not [prompt for prompt in drawn(cli, 3) if prompt.startswith(HURRY)]
        clock.move(days=1)
    assert any(prompt.startswith(HURRY) for prompt in drawn(cli, 3))


def test_the_pace_is_the_persons(cli: Run, clock: Clock, rows: Rows) -> None:
    assert cli("apology", "pace").out == "7 days\n"
    assert cli("apology", "pace", "1").err == "After an apology nothing is rushed for 1 day.\n"
    assert cli("apology", "pace").out == "1 day\n"
    before = rows()
    for wrong in ("0", "61", "-1", "x"):
        assert cli("apology", "pace", wrong).code == 2
    assert rows() == before
    cli("log", "apology", "apology")
    clock.move(days=1)
    assert any(prompt.startswith(HURRY) for prompt in drawn(cli, 3))


@pytest.mark.parametrize("kind", ["amends", "gave-space"])
def test_amends_do_not_set_the_pace(cli: Run, kind: str) -> None:
    cli("log", "apology", kind)
    assert any(prompt.startswith(HURRY) for prompt in drawn(cli, 3))


def test_reminders_give_space_for_seven_days(cli: Run, clock: Clock, passing: Passing) -> None:
    cli("remind", "add", "sorry", "--at", "10:00", "--days", "daily")
    cli("log", "apology", "apology", "--landed", "cold")
    day = date(2026, 11, 24)
    prompts = []
    for number in range(16):
        sent, text = passing.arrives(f"{day + timedelta(days=number)} 10:00")
        prompts.append(sent.prompt or "")
        assert text
    assert not [prompt for prompt in prompts[:6] if prompt.startswith(HURRY)]
    assert [prompt for prompt in prompts[6:] if prompt.startswith(HURRY)]
    assert len(set(prompts)) == 16


# What is measured, and what is not.


def test_the_parts_of_the_last_apology(cli: Run) -> None:
    cli("log", "apology", "apology", "--parts", "responsibility,repair,regret", "--on", "-3")
    cli("log", "apology", "apology", "--parts", "explanation", "--landed", "warm")
    cli("log", "apology", "amends")
    assert metric(cli, "parts-last") == 1
    assert metric(cli, "parts-last", "--on", "-1") == 3
    assert metric(cli, "took-responsibility") == 50
    assert metric(cli, "offered-repair") == 50
    assert metric(cli, "landed-warm") == 100


def test_no_streak_is_shown(cli: Run) -> None:
    for back in range(9):
        cli("log", "apology", "amends", "--on", f"-{back}")
    assert cli("rules", "apology", "--json").json()["rule"]["streaks"] is False
    for command in (("today",), ("metrics", "apology"), ("history",), ("habits",)):
        said = cli(*command)
        assert "streak" not in (said.out + said.err).lower()
        assert "in a row" not in said.out + said.err
