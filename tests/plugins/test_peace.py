"""Peace: a break that has one end, seven minutes of writing three times a year, and the ratio."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.conftest import Clock, Rows, Run, Terminal
    from tests.plugins.conftest import Passing

BACK = "You said that you would come back now. One kind sentence is enough."


@pytest.fixture(autouse=True)
def adopted(cli: Run, hooked: None) -> None:
    assert cli("adopt", "peace", "--no-reminder").code == 0


@pytest.fixture
def writing(cli: Run) -> None:
    assert cli("adopt", "peace", "seven-minute-view", "--name", "view").code == 0


def entries(cli: Run) -> list[dict[str, Any]]:
    days = cli("history", "--json", "--notes").json()["days"]
    return [entry for day in days for entry in day["entries"]]


def values(cli: Run, *options: str) -> dict[str, float | None]:
    (rule,) = cli("metrics", "peace", "--json", *options).json()["rules"]
    return {one["metric"]: one["points"][-1]["value"] for one in rule["metrics"]}


# The break.


def test_the_return_arrives_at_the_promised_time(cli: Run, passing: Passing) -> None:
    assert cli("peace", "pause").code == 0
    sent, text = passing.arrives("2026-11-23 12:20")
    assert (sent.prompt, text) == (None, BACK)


def test_a_break_that_is_named_anew_has_one_end(cli: Run, passing: Passing) -> None:
    cli("peace", "pause")
    cli("peace", "pause", "--back-at", "13:00")
    _, text = passing.arrives("2026-11-23 13:00")
    assert text == BACK
    assert len(passing.deliveries()) == 1
    # The next one is a break of its own.
    cli("peace", "pause", "--minutes", "25")
    passing.arrives("2026-11-23 13:25")
    assert len(passing.deliveries()) == 2


def test_the_end_comes_although_the_evening_was_logged(cli: Run, passing: Passing) -> None:
    cli("peace", "pause")
    cli("log", "peace", "stormy")
    assert passing.arrives("2026-11-23 12:20")[1] == BACK


def test_a_break_that_was_too_much_is_answered(cli: Run) -> None:
    done = cli("lapse", "peace", "flooded")
    assert "at least twenty minutes" in " ".join(done.out.split())
    assert "Next: Name a time, take twenty minutes, and come back." in done.out


# The view from outside.


@pytest.mark.usefixtures("writing")
def test_the_view_falls_due_every_four_months(cli: Run, passing: Passing) -> None:
    (reminder,) = cli("remind", "--json").json()["reminders"]
    days = ["2027-03-07", "2027-07-04", "2027-11-07"]
    assert [instant[:10] for instant in reminder["next"]] == days
    for day in [*days, "2028-03-05"]:
        sent, text = passing.arrives(f"{day} 18:00")
        assert (sent.prompt or "").startswith("peace-view-")
        assert text
    assert len({one.prompt for one in passing.deliveries()}) == 4


@pytest.mark.usefixtures("writing")
def test_what_is_written_is_kept_as_a_note(
    cli: Run, clock: Clock, terminal: Callable[..., Terminal]
) -> None:
    shown = terminal("peace", "view")
    shown.expect("who wants the best for both of you")
    shown.expect("Write now")
    shown.expect(">")
    shown.send("Two tired people at a kitchen table. \x1b[A\x1b[D🍵")
    shown.expect(">")
    shown.send("אהבה")
    shown.expect(">")
    clock.move(minutes=8)
    shown.send("")
    shown.expect("view: with a note")
    assert shown.end() == 0
    assert "counts all the same" not in shown.text
    (entry,) = entries(cli)
    assert entry["habit"] == "view"
    assert entry["note"] == "Two tired people at a kitchen table. 🍵\nאהבה"
    assert values(cli)["outside-views"] == 1


@pytest.mark.usefixtures("writing")
@pytest.mark.parametrize(("minutes", "said"), [(0, "Less than a minute."), (6, "6 of 7 minutes.")])
def test_a_shorter_one_counts_all_the_same(
    cli: Run, clock: Clock, terminal: Callable[..., Terminal], minutes: int, said: str
) -> None:
    shown = terminal("peace", "view")
    shown.expect(">")
    shown.send("They both meant well.")
    shown.expect(">")
    clock.move(minutes=minutes, seconds=50)
    shown.send("")
    shown.expect(f"{said} It counts all the same")
    assert shown.end() == 0
    assert len(entries(cli)) == 1


@pytest.mark.usefixtures("writing")
@pytest.mark.parametrize(("answer", "kept"), [("", 1), ("y", 1), ("n", 0), (None, 0)])
def test_ctrl_c_asks_before_what_was_written_goes(
    cli: Run, terminal: Callable[..., Terminal], answer: str | None, kept: int
) -> None:
    shown = terminal("peace", "view")
    shown.expect(">")
    shown.send("They both meant well.")
    shown.expect(">")
    shown.interrupt(r"Keep what you wrote\? \[Y/n\]: ")
    if answer is None:
        shown.interrupt()
    else:
        shown.send(answer)
    assert shown.end() == 0
    assert len(entries(cli)) == kept
    assert ("Nothing is logged." in shown.text) is not bool(kept)


@pytest.mark.usefixtures("writing")
def test_an_empty_page_logs_nothing(
    cli: Run, terminal: Callable[..., Terminal], rows: Rows
) -> None:
    before = rows()
    for stop in (False, True):
        shown = terminal("peace", "view")
        shown.expect(">")
        if stop:
            shown.interrupt("Nothing was written, nothing is logged")
        else:
            shown.send("  ")
            shown.expect("Nothing was written, nothing is logged")
        assert shown.end() == 0
    assert rows() == before


@pytest.mark.usefixtures("writing")
def test_on_paper_it_is_logged_afterwards(cli: Run, rows: Rows) -> None:
    before = rows()
    done = cli("peace", "view")
    assert done.code == 0
    assert done.err.endswith("Write on paper, and then: `reconnect peace view --done`\n")
    assert rows() == before
    assert cli("peace", "view", "--done").code == 0
    (entry,) = entries(cli)
    assert (entry["habit"], entry["fields"], entry["note"]) == ("view", {}, None)


def test_without_the_habit_it_says_how_to_take_it_up(cli: Run) -> None:
    done = cli("peace", "view")
    assert done.code == 3
    assert "`reconnect adopt peace seven-minute-view` takes it up" in done.err


# The figures.


def test_the_ratio_is_a_line_and_no_grade(cli: Run) -> None:
    for warm in (4, 0, 6):
        cli("log", "peace", "mixed", "--warm", warm)
    assert values(cli)["warm-to-conflict"] is None
    cli("lapse", "peace", "argued")
    cli("lapse", "peace", "bickered")
    cli("lapse", "peace", "flooded")  # a break is no conflict
    assert values(cli)["warm-to-conflict"] == 5
    said = " ".join(cli("metrics", "peace").out.split())
    assert "5 to 1, over 28 days, to compare: 5 to 1" in said


def test_peaceful_days_and_repairs(cli: Run) -> None:
    for back, day in enumerate(("peaceful", "stormy", "mixed", "peaceful", "peaceful")):
        repaired = {"stormy": ["--repaired"], "mixed": ["--no-repaired"]}.get(day, [])
        cli("log", "peace", day, *repaired, "--on", f"-{back * 3}")
    now = values(cli)
    assert (now["peaceful-7"], now["peaceful-28"]) == (1, 3)
    assert now["repair-rate"] == 50
    assert now["days-since-storm"] == 3
    assert values(cli, "--on", "-4")["days-since-storm"] is None
