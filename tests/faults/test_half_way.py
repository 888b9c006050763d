"""A command that dies after the entry was stored: sent again, it brings what was missing."""

from __future__ import annotations

import subprocess
import sys
from datetime import datetime
from typing import TYPE_CHECKING, Any

import pytest
from tests.rules.conftest import GOOD

if TYPE_CHECKING:
    from tests.conftest import Clock, Rows, Run
    from tests.rules.conftest import Site

PROMISE = (
    "log", "apology", "apology", "--promise", "Call her", "--promise-date", "2026-11-27", "--id",
    "p1",
)  # fmt: skip
SLIP = ("lapse", "peace", "argued", "--remind", "20:45", "--id", "s1")
ISSUE = ("log", "honesty", "hard-truth", "--issue", "The loan", "--id", "i1")


def dies(at: str, *arguments: str) -> None:
    """Run the command as a process that is killed as soon as it gets to a function."""
    module, _, name = at.rpartition(".")
    code = (
        f"import os, sys, {module} as m\nfrom reconnect.cli import main\n"
        f"m.{name} = lambda *a, **k: os.kill(os.getpid(), 9)\nmain.run(sys.argv[1:])"
    )
    done = subprocess.run([sys.executable, "-c", code, *arguments], check=False)
    assert done.returncode == -9


def once(cli: Run) -> list[dict[str, Any]]:
    reminders: list[dict[str, Any]] = cli("remind", "--json").json()["reminders"]
    return [one for one in reminders if not one["rrule"]]


@pytest.mark.parametrize(
    "at",
    [
        "reconnect_apology.promises.follow_up",
        "reconnect.reminders.manage.add_once",
        "reconnect.store.rule_data.put",
    ],
)
def test_a_promise_whose_command_died_is_followed_up_when_it_is_sent_again(
    cli: Run, rows: Rows, at: str
) -> None:
    assert cli("adopt", "apology", "--no-reminder").code == 0
    dies(at, *PROMISE)
    assert once(cli) == []
    again = cli(*PROMISE)
    assert again.code == 0
    assert "this entry was logged before" in again.err
    assert "You will be reminded of your promise on 2026-11-27." in again.err
    (reminder,) = once(cli)
    due = datetime.fromisoformat(reminder["next"][0])
    assert due == datetime.fromisoformat("2026-11-27T18:30:00+01:00")
    assert cli("apology", "promises").out == "1  Call her  (due 2026-11-27)\n"
    before = rows()
    assert cli(*PROMISE).code == 0
    assert rows() == before


@pytest.mark.parametrize("at", ["reconnect.cli.log.tell", "reconnect.reminders.manage.add_once"])
def test_a_slip_whose_command_died_is_reminded_of_when_it_is_sent_again(
    cli: Run, rows: Rows, clock: Clock, at: str
) -> None:
    assert cli("adopt", "peace", "--no-reminder").code == 0
    dies(at, *SLIP)
    assert once(cli) == []
    clock.move(hours=1)
    assert cli(*SLIP).code == 0
    (reminder,) = once(cli)
    due = datetime.fromisoformat(reminder["next"][0])
    assert due == datetime.fromisoformat("2026-11-23T20:45:00+01:00")
    before = rows()
    again = cli(*SLIP, "--json")
    assert again.json()["new"] is False
    assert rows() == before
    # The evening it was meant for is over: nothing is made up for it on another.
    clock.set("2026-11-24T12:00:00+01:00")
    cli("remind", "remove", reminder["id"])
    assert cli(*SLIP).code == 0
    assert once(cli) == []


def test_an_issue_that_was_resolved_stays_so_when_its_entry_is_sent_again(
    cli: Run, clock: Clock
) -> None:
    assert cli("adopt", "honesty", "--no-reminder").code == 0
    dies("reconnect.store.rule_data.put", *ISSUE)
    assert cli("honesty", "issues").out == ""
    assert cli(*ISSUE).code == 0
    assert "The loan  (open for 0 days)" in cli("honesty", "issues").out
    clock.move(days=2)
    assert cli("honesty", "resolve", "1").code == 0
    assert cli(*ISSUE).code == 0
    assert cli("honesty", "issues").out == ""
    closing = ("log", "honesty", "hard-truth", "--issue", "The car", "--resolved", "--id", "i2")
    for _ in range(2):
        assert cli(*closing).code == 0
    assert cli("honesty", "issues", "--all").out.count("The car") == 1


def test_a_hook_that_failed_hears_of_the_entry_again(site: Site, cli: Run) -> None:
    site.install(
        "tea",
        f"{GOOD}\n@hookimpl\ndef reconnect_entry_recorded(entry, session):\n"
        "    known = session.get('cup', entry.uid)\n"
        "    session.put('cup', entry.uid, {'times': known.get('times', 0) + 1})\n"
        "    if not known:\n        raise OSError('the kettle is off')\n"
        "    session.say(f'heard {known}')\n",
    )
    assert cli("adopt", "tea").code == 0
    first = cli("log", "tea", "2", "--id", "t1")
    assert first.code == 0
    assert "the kettle is off" in first.err
    assert "(the entry is kept)" in first.err
    again = cli("log", "tea", "2", "--id", "t1")
    assert "heard {'times': 1}" in again.err
    assert len(cli("history", "--json").json()["days"][0]["entries"]) == 1
