"""`remind`: list, add and remove reminders."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
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
    assert (gone.code, gone.err) == (0, "removed reminder 1: listen, every day at 20:30\n")
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
