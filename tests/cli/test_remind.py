"""`remind`: list, add and remove reminders."""

from __future__ import annotations

import shlex
import sqlite3
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import Clock, Rows, Run


@pytest.fixture(autouse=True)
def _adopted(cli: Run, clock: Clock) -> None:
    assert cli("adopt", "listen", "--at", "20:30").code == 0


def test_the_next_three_of_each(cli: Run) -> None:
    cli("remind", "add", "listen", "--at", "7:15", "--days", "mon,thu", "--role", "log")
    shown = cli("remind")
    assert shown.code == 0
    later = "2026-11-30 07:15; 2026-12-03 07:15"
    assert shown.out.splitlines() == [
        "no  habit   when                           to       next",
        "1   listen  every day at 20:30             default  20:30; tomorrow 20:30; Wed 20:30",
        f"2   listen  Mon and Thu at 07:15 (to log)  default  Thu 07:15; {later}",
    ]
    assert cli("remind", "list").out == shown.out


def test_as_json(cli: Run) -> None:
    whole = cli("remind", "--json").json()
    assert (whole["schema_version"], whole["kind"]) == (1, "reminders")
    (one,) = whole["reminders"]
    assert one == {
        "id": 1, "habit": "listen", "role": "do", "rrule": "FREQ=DAILY", "time": "20:30",
        "between": None, "zone": None, "priority": 50, "even_if_done": False, "quiet": None,
        "every_nth": 1, "put_off": False, "has_text": False, "channels": [],
        "next": [f"2026-11-{day}T19:30:00+00:00" for day in (23, 24, 25)],
    }  # fmt: skip
    assert cli("remind", "list", "--json").json() == whole


def test_a_zone_that_is_gone_hides_no_other_reminder(cli: Run, home: Path) -> None:
    """Zones are renamed, and old names leave the database of a system."""
    cli("remind", "add", "listen", "--at", "7:15", "--zone", "America/New_York")
    db = sqlite3.connect(home / "reconnect.db", isolation_level=None)
    db.execute("UPDATE reminder SET tzid = 'US/Gone' WHERE id = 2")
    db.close()
    shown = cli("remind")
    assert (shown.code, shown.out.count("every day")) == (0, 1)
    assert shown.err == (
        "reminder 2 does not come: this machine knows no time zone 'US/Gone'. "
        '`reconnect remind edit 2 --zone ""` lets it follow you\n'
    )
    assert [one["id"] for one in cli("remind", "--json").json()["reminders"]] == [1]
    found = cli("doctor")
    assert found.code == 1
    assert "no time zone 'US/Gone': it cannot tell when 2 is due" in found.out
    assert cli("remind", "edit", "2", "--zone", "").code == 0
    assert cli("remind").out.count("every day") == 2


def test_what_was_missed_does_not_come(cli: Run, clock: Clock) -> None:
    clock.move(days=3)  # and no daemon ran
    (one,) = cli("remind", "--json").json()["reminders"]
    assert one["next"][0] == "2026-11-26T19:30:00+00:00"
    assert "yesterday" not in cli("remind").out


def test_add_says_when_the_next_one_comes(cli: Run) -> None:
    added = cli("remind", "add", "listen", "--at", "11:00")
    assert (added.code, added.out) == (0, "")
    assert added.err == "reminder 2: listen, every day at 11:00; the next one tomorrow 11:00\n"
    added = cli("remind", "add", "listen", "--at", "08:00", "--every", "FREQ=MONTHLY;BYDAY=-1SU")
    assert "the last Sunday of the month at 08:00; the next one Sun 08:00" in added.err
    as_json = cli("remind", "add", "listen", "--at", "09:00", "--days", "weekends", "--json")
    assert as_json.json()["reminder"]["rrule"] == "FREQ=WEEKLY;BYDAY=SA,SU"


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["lisen", "--at", "08:00"], 3, "did you mean listen?"),
        (["listen", "--at", "8"], 2, "'8' is no time of day"),
        (["listen", "--at", "24:00"], 2, "expected hours and minutes such as 19:30"),
        (["listen"], 2, "--at"),
        (["listen", "--at", "08:00", "--days", "mon,someday"], 2, "unknown 'someday'"),
        (["listen", "--at", "08:00", "--every", "FREQ=MINUTELY"], 2, "FREQ"),
        (["listen", "--at", "08:00", "--every", "FREQ=DAILY;UNTIL=20260101"], 2, "no occurrence"),
        (["listen", "--at", "08:00", "--days", "mon", "--every", "FREQ=DAILY"], 2, "exclude"),
        (["listen", "--at", "08:00", "--channel", "nope"], 2, "no channel 'nope'"),
        (["listen", "--at", "20:30"], 2, "this reminder is there already (number 1)"),
        (["listen", "--at", "20:30", "--days", "daily"], 2, "already"),
    ],
)
def test_what_cannot_be_is_refused(
    cli: Run, rows: Rows, arguments: list[str], code: int, said: str
) -> None:
    before = rows()
    refused = cli("remind", "add", *arguments)
    assert refused.code == code
    assert said in refused.err
    assert refused.err.count("\n") == 1
    assert rows() == before


def test_a_habit_without_days_needs_them(cli: Run) -> None:
    assert cli("adopt", "apology", "sorry", "--json").code in (0, 3)
    cli("adopt", "peace", "--every", "", "--no-reminder")
    refused = cli("remind", "add", "peace", "--at", "08:00")
    assert refused.code == 2
    assert "say on which days, such as --days sun" in refused.err
    assert cli("remind", "add", "peace", "--at", "08:00", "--days", "sun").code == 0


def test_remove(cli: Run) -> None:
    gone = cli("remind", "remove", "1")
    said, back = gone.err.splitlines()
    assert (gone.code, said) == (0, "removed reminder 1: listen, every day at 20:30")
    assert back.startswith("take it back: reconnect remind add listen --at 20:30 ")
    empty = cli("remind")
    assert (empty.code, empty.out) == (0, "")
    assert empty.err == "No reminders. `reconnect remind add HABIT --at 19:30` adds one.\n"
    assert cli("remind", "--json").json()["reminders"] == []
    again = cli("remind", "remove", "1")
    assert (again.code, again.err) == (
        3, "reconnect: no reminder 1: `reconnect remind` lists them\n",
    )  # fmt: skip
    assert cli("remind", "remove", "one").code == 2


def test_a_time_of_today_that_has_passed_waits_for_tomorrow(cli: Run) -> None:
    cli("remind", "add", "listen", "--at", "12:00", "--days", "daily")
    cli("remind", "add", "listen", "--at", "11:59", "--days", "daily")
    firsts = {r["time"]: r["next"][0] for r in cli("remind", "--json").json()["reminders"]}
    assert firsts["11:59"] == "2026-11-24T10:59:00+00:00"
    assert firsts["12:00"] == "2026-11-24T11:00:00+00:00"


def test_archiving_rests_them_and_restoring_brings_them_back(cli: Run) -> None:
    assert cli("habits", "archive", "listen").code == 0
    assert cli("remind", "--json").json()["reminders"] == []
    assert cli("habits", "restore", "listen").code == 0
    assert len(cli("remind", "--json").json()["reminders"]) == 1


def test_a_window_and_one_offs(cli: Run) -> None:
    added = cli("remind", "add", "listen", "--between", "18:00-20:00", "--json").json()["reminder"]
    assert (added["time"], added["between"]) == ("18:00", ["18:00", "20:00"])
    assert len(added["next"]) == 3
    once = cli("remind", "add", "listen", "--once", "tomorrow 9:00")
    assert once.err == "reminder 3: listen, once, 2026-11-24 09:00; the next one tomorrow 09:00\n"
    soon = cli("remind", "add", "listen", "--once", "in 20 minutes", "--text", "Sample: call")
    assert soon.err == "reminder 4: listen, once, 2026-11-23 12:20; the next one 12:20\n"
    listed = cli("remind").out
    assert "every day between 18:00 and 20:00" in listed
    assert "Sample" not in listed


def test_the_week_is_about_no_one_habit(cli: Run) -> None:
    made = cli("remind", "add", "--role", "digest", "--at", "18:00")
    assert (
        made.err
        == "reminder 2: the week, every Sunday at 18:00 (the week); the next one Sun 18:00\n"
    )
    assert "(all)" in cli("remind").out
    cli("adopt", "peace")
    assert cli("habits", "archive", "listen").code == 0
    assert {one["role"] for one in cli("remind", "--json").json()["reminders"]} == {"do", "digest"}


def test_edit(cli: Run) -> None:
    def edited(*arguments: str) -> dict[str, object]:
        done = cli("remind", "edit", "1", *arguments, "--json")
        assert done.code == 0, done.err
        reminder: dict[str, object] = done.json()["reminder"]
        return reminder

    assert edited("--at", "7:15")["time"] == "07:15"
    assert edited("--days", "mon,thu")["rrule"] == "FREQ=WEEKLY;BYDAY=MO,TH"
    assert edited("--between", "18:00-20:00")["between"] == ["18:00", "20:00"]
    assert edited("--at", "20:30", "--every", "FREQ=DAILY")["between"] is None
    assert edited("--priority", "10")["priority"] == 10
    assert edited("--even-if-done")["even_if_done"] is True
    assert edited("--quiet-once-done")["even_if_done"] is False
    assert edited("--quiet", "drop")["quiet"] == "drop"
    assert edited("--quiet", "default")["quiet"] is None
    assert edited("--role", "log")["role"] == "log"
    assert edited("--zone", "Asia/Tokyo")["next"][0] == "2026-11-23T11:30:00+00:00"  # type: ignore[index]
    assert edited("--zone", "")["zone"] is None
    assert edited("--text", "Sample: a word")["has_text"] is True
    assert edited("--text", "")["has_text"] is False
    once = edited("--once", "fri 18:00")
    assert (once["rrule"], once["quiet"]) == ("", "allow")
    assert edited("--at", "19:00")["next"] == ["2026-11-27T18:00:00+00:00"]
    assert edited("--days", "daily")["quiet"] is None
    said = cli("remind", "edit", "1", "--at", "21:00").err.splitlines()
    assert said[0] == "it was: every day at 19:00 (to log, priority 10)"


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["add", "listen", "--at", "8:00", "--between", "8:00-9:00"], 2, "one of --at"),
        (["add", "listen", "--between", "8:00-8:00"], 2, "from a minute to twenty hours"),
        (["add", "listen", "--between", "8:00"], 2, "two times"),
        (["add", "listen", "--between", "8:00-9:00", "--every", "FREQ=HOURLY"], 2, "rule of days"),
        (["add", "listen", "--once", "yesterday 9:00"], 2, "no moment"),
        (["add", "listen", "--once", "today 11:00"], 2, "has passed"),
        (["add", "listen", "--once", "fri", "--at", "9:00"], 2, "exclude"),
        (["add", "listen", "--at", "9:00", "--zone", "Mars/Base"], 2, "time zone"),
        (["add", "listen", "--at", "9:00", "--priority", "100"], 2, "--priority"),
        (["add", "--at", "9:00"], 2, "of which habit?"),
        (["edit", "1"], 2, "nothing to change"),
        (["edit", "99", "--at", "9:00"], 3, "no reminder 99"),
        (["edit", "2", "--at", "20:30"], 2, "already"),
        (["edit", "2", "--channel", "nope"], 2, "no channel"),
    ],
)
def test_what_cannot_be_either(
    cli: Run, rows: Rows, arguments: list[str], code: int, said: str
) -> None:
    cli("remind", "add", "listen", "--at", "21:00")
    before = rows(), cli("remind", "--json").out
    refused = cli("remind", *arguments)
    assert (refused.code, refused.err.count("\n")) == (code, 1)
    assert said in refused.err
    assert (rows(), cli("remind", "--json").out) == before


def test_the_short_way_to_another_time(cli: Run) -> None:
    assert cli("habits", "edit", "listen", "--at", "19:45").code == 0
    assert cli("remind", "--json").json()["reminders"][0]["time"] == "19:45"
    cli("remind", "add", "listen", "--at", "7:00")
    refused = cli("habits", "edit", "listen", "--at", "8:00")
    assert (refused.code, refused.err.count("\n")) == (2, 1)
    assert "several reminders (2, 1)" in refused.err or "several reminders (1, 2)" in refused.err
    assert cli("habits", "edit", "listen", "--at", "8").code == 2


@pytest.mark.parametrize(
    "made",
    [
        ("--at", "7:15", "--days", "mon,thu", "--role", "log", "--priority", "10"),
        ("--between", "18:00-20:00", "--even-if-done", "--quiet", "drop"),
        ("--at", "9:00", "--every", "FREQ=MONTHLY;BYDAY=-1SU", "--zone", "Asia/Tokyo"),
        ("--once", "fri 18:00"),
        ("--once", "in 20 minutes"),
    ],
)
def test_what_was_removed_or_changed_can_be_taken_back(cli: Run, made: tuple[str, ...]) -> None:
    def shown() -> list[dict[str, object]]:
        one = cli("remind", "--json").json()["reminders"]
        # A while is a time like any other, once it is written down; a window is drawn anew.
        forget = {"id", "time", "zone"} if "in 20 minutes" in made else {"id"}
        forget |= {"next"} if "--between" in made else set()
        return [{k: v for k, v in r.items() if k not in forget} for r in one if r["id"] != 1]

    cli("remind", "add", "listen", *made)
    before = shown()
    said = cli("remind", "edit", "2", "--once", "2026-12-24 18:00").err.splitlines()[-1]
    assert shown() != before
    assert cli(*shlex.split(said.removeprefix("take it back: reconnect "))).code == 0
    assert shown() == before
    said = cli("remind", "remove", "2").err.splitlines()[-1]
    assert cli(*shlex.split(said.removeprefix("take it back: reconnect "))).code == 0
    assert shown() == before


def test_days_without_a_time_take_the_one_that_the_rule_suggests(cli: Run) -> None:
    cli("adopt", "listen", "--at", "07:00")
    added = cli("remind", "add", "listen", "--every", "FREQ=MONTHLY;BYDAY=-1SU")
    assert (added.code, "the last Sunday of the month at 20:30" in added.err) == (0, True)
    assert "Fri at 20:30" in cli("remind", "add", "listen", "--days", "mon,fri").err
    refused = cli("remind", "add", "listen")
    assert (refused.code, "expected a time" in refused.err) == (2, True)
