"""`snooze`, `pause`, `resume`, `fade`, and what the others say of them."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import Clock, Rows, Run


@pytest.fixture(autouse=True)
def _adopted(cli: Run, clock: Clock) -> None:
    assert cli("adopt", "listen", "--at", "20:30").code == 0


def came(home: Path) -> None:
    """A delivery of the first reminder was sent a moment ago."""
    with closing(sqlite3.connect(home / "reconnect.db")) as db:
        due = db.execute("SELECT next_due FROM reminder WHERE id = 1").fetchone()[0]
        db.execute(
            "INSERT INTO delivery (idem_key, person_id, reminder_id, habit_id, occ_wall, due, "
            "channel, priority, state, not_before, expires_at, outcome, sent_at) VALUES "
            "('k', 1, 1, 1, '2026-11-23T20:30:00', ?, 'terminal', 50, 'sent', ?, ?, 'accepted', ?)",
            (due, due, due + 1000, due),
        )
        db.execute(
            "UPDATE reminder SET last_occ_wall = '2026-11-23T20:30:00', "
            "next_due = next_due + 86400000"
        )
        db.commit()


def test_pause_until_a_day_and_resume(cli: Run) -> None:
    made = cli("pause", "--until", "fri", "--reason", "Sample: at the sea")
    said = "All reminders rest until Fri 27 November 2026 (Sample: at the sea). "
    assert (made.code, made.out) == (0, "")
    assert made.err == f"{said}`reconnect resume` brings them back.\n"
    shown = cli("remind")
    assert "Fri 20:30; Sat 20:30; Sun 20:30" in shown.out
    assert said in shown.err
    assert said in cli("today").err
    assert said in cli("daemon", "status").err
    (one,) = cli("today", "--json").json()["pauses"]
    assert one == {
        "id": 1, "habit": None, "from": "2026-11-23", "until": "2026-11-27",
        "reason": "Sample: at the sea",
    }  # fmt: skip
    for command in (("remind",), ("daemon", "status")):
        assert cli(*command, "--json").json()["pauses"] == [one]
    back = cli("resume")
    assert (back.code, back.err) == (0, "Reminders come again.\n")
    assert cli("today", "--json").json()["pauses"] == []
    assert cli("resume").code == 3


def test_pause_of_one_habit_ahead(cli: Run) -> None:
    made = cli("pause", "listen", "--from", "tomorrow", "--until", "+3")
    assert made.err.startswith(
        "The reminders of listen rest from tomorrow until Thu 26 November 2026. "
    )
    assert "20:30; Thu 20:30; Fri 20:30" in cli("remind").out
    assert cli("resume", "listen", "--json").json()["pauses"][0]["habit"] == "listen"


def test_pause_without_an_end(cli: Run) -> None:
    assert cli("pause", "--json").json()["pauses"][0]["until"] is None
    assert cli("remind").out.splitlines()[1].endswith("rests")


def test_what_rests_is_not_said_to_come(cli: Run) -> None:
    cli("adopt", "peace", "--at", "21:00")
    assert cli("today").out.count("next 20:30") == 1
    cli("pause", "listen", "--until", "+3")
    assert "next Thu 20:30" in cli("today").out
    assert "next 20:30" not in cli("today").out
    (listen, _) = cli("habits", "--json").json()["habits"]
    assert listen["next_reminder"] == "2026-11-26T19:30:00+00:00"
    assert "next reminder: 21:00" in cli("daemon", "status").out
    cli("pause")
    assert "next reminder: none" in cli("daemon", "status").out
    assert "next" not in cli("today").out.replace("Next", "")
    assert cli("daemon", "status", "--json").json()["next_due"] is None


def test_said_again_it_tells_which_end_it_had(cli: Run) -> None:
    cli("pause", "--until", "2026-12-20")
    assert (
        "until Thu 26 November 2026, instead of until Sun 20 December 2026. "
        in cli("pause", "--until", "thu").err
    )
    assert "rest, instead of until Thu 26 November 2026. " in cli("pause").err


def test_resume_leaves_what_lies_ahead_and_says_so(cli: Run) -> None:
    cli("pause", "--from", "2026-12-24", "--until", "2027-01-02")
    cli("pause")
    back = cli("resume").err
    assert back.startswith("Reminders come again.\nAll reminders rest from Thu 24 December 2026 ")
    assert cli("resume").err == "Taken back: nothing had begun to rest.\n"


def test_nobody_takes_it_for_the_break_in_an_argument(cli: Run) -> None:
    assert "reconnect peace pause" in cli("pause", "--help").out


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("pause", "nobody"), 3),
        (("pause", "--until", "yesterday"), 2),
        (("pause", "--until", "today"), 2),
        (("pause", "--from", "fri", "--until", "thu"), 2),
        (("resume", "listen"), 3),
        (("snooze",), 2),
        (("snooze", "20m"), 3),
        (("snooze", "later"), 3),
        (("snooze", "nobody", "20m"), 3),
        (("snooze", "99", "20:00"), 3),
        (("snooze", "--cancel"), 3),
        (("fade", "--yes"), 2),
        (("fade", "nobody"), 3),
        (("fade", "listen", "--back"), 2),
    ],
)
def test_what_cannot_be(cli: Run, rows: Rows, arguments: tuple[str, ...], code: int) -> None:
    before = rows()
    refused = cli(*arguments)
    assert refused.code == code
    assert refused.err.count("\n") == 1
    assert rows() == before


def test_snooze(cli: Run, home: Path, clock: Clock) -> None:
    came(home)
    clock.set("2026-11-23T20:31:00+01:00")
    assert cli("snooze", "20m").err == "listen comes again 20:51 (reminder 2)\n"
    assert "(put off)" in cli("remind").out
    moved = cli("snooze", "listen", "1", "hour", "--json").json()
    assert (moved["habit"], moved["due"]) == ("listen", "2026-11-23T20:31:00+00:00")
    assert "tomorrow 20:30 anyway" in cli("snooze", "1", "tomorrow").err
    assert cli("snooze", "1", "tonight").err.startswith("listen comes again 21:00")
    assert cli("snooze", "--cancel").err == "it does not come again\n"
    assert len(cli("remind", "--json").json()["reminders"]) == 1


def test_fade(cli: Run, clock: Clock, home: Path) -> None:
    shown = cli("fade", "--json").json()["habits"]
    assert [(one["habit"], one["every_nth"], one["open"]) for one in shown] == [
        ("listen", 1, False)
    ]
    done = cli("fade", "listen", "--yes")
    assert done.err.startswith("The reminders of listen come every second time now.")
    assert "(every second one)" in cli("remind").out
    assert "every second time" in cli("fade", "listen").out
    for _ in range(2):
        assert cli("fade", "listen", "--yes").code == 0
    assert "none of them, it fades" in cli("remind").out
    assert cli("fade", "listen", "--yes").code == 2
    assert cli("fade", "listen", "--back").err == "The reminders of listen come every time now.\n"


def test_today_and_start_ask_what_the_daemon_found(cli: Run, clock: Clock, home: Path) -> None:
    from reconnect.store import fading
    from reconnect.store.database import open_database

    db = open_database(str(home / "reconnect.db"))
    fading.put(db, fading.Fading(1, 1, asked=date(2026, 11, 23)), 0)
    question = "\nlisten runs itself now: remind less? `reconnect fade listen`\n"
    assert cli("today").err == question
    clock.move(days=7)
    assert cli("today").err == ""
    for answer, every, said in ((None, 4, "stop reminding?"), ("slump", 1, "reminders are back")):
        day = date(2026, 11, 23) + timedelta(days=7)
        fading.put(
            db,
            fading.Fading(1, 1, every, asked=day, since=day, answer=answer),
            0,  # type: ignore[arg-type]
        )
        assert said in cli("today").err
    db.close()


def test_asked_on_a_terminal(cli: Run, terminal: object) -> None:
    shown = terminal("fade", "listen")  # type: ignore[operator]
    shown.expect("Let only every second one come")
    shown.send("yes")
    shown.expect("come every second time now")
    assert shown.end() == 0
