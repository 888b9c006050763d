"""Quality time: ideas unlike what was done lately, and memories that come back on their day."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.reminders.live import until

from reconnect.api import Entry, History, ReviewContext, on_this_day

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.conftest import Clock, Run
    from tests.plugins.conftest import Passing
    from tests.reminders.live import DaemonProcess, Receiver


@pytest.fixture(autouse=True)
def adopted(cli: Run, hooked: None) -> None:
    assert cli("adopt", "quality_time").code == 0  # reminds on Saturdays at ten


def test_an_idea_stays_the_same_all_day_until_another_is_asked_for(cli: Run) -> None:
    first = cli("quality_time", "idea").out
    assert cli("quality_time", "idea").out == first
    others = [cli("quality_time", "idea", "--another").out for _ in range(10)]
    assert len({first, *others}) == 11
    assert cli("quality_time", "idea").out == others[-1]


def test_what_was_done_lately_comes_up_less(cli: Run, clock: Clock) -> None:
    for _ in range(4):
        cli("log", "quality_time", "120", "--activity", "film")
    drawn: Counter[str] = Counter()
    for _ in range(50):
        clock.move(days=1)
        drawn[cli("quality_time", "idea").out.partition(":")[0]] += 1
    assert drawn["film"] <= 2  # one in 256 of an even share
    assert len(drawn) >= 6


@pytest.mark.parametrize(
    ("logged", "seen", "said"),
    [
        ("2026-02-28", "2026-03-28", "A month ago"),
        ("2026-01-31", "2026-02-28", "A month ago"),
        ("2025-11-23", "2026-11-23", "A year ago"),
        ("2021-11-23", "2026-11-23", "5 years ago"),
        ("2024-02-29", "2026-02-28", "2 years ago"),
        ("2024-02-29", "2028-02-29", "4 years ago"),
        ("2024-12-31", "2025-01-31", "A month ago"),
    ],
)
def test_a_memory_comes_back_on_its_day(
    cli: Run, clock: Clock, logged: str, seen: str, said: str
) -> None:
    clock.set(f"{logged}T20:00:00+01:00")
    cli("log", "quality_time", "90", "--memory", "We got lost and found 🍦 עוגה")
    clock.set(f"{seen}T12:00:00+01:00")
    assert cli("quality_time", "memories").out == f"{said}: We got lost and found 🍦 עוגה\n"


@pytest.mark.parametrize("seen", ["2026-11-22", "2026-11-24", "2026-10-23"])
def test_on_other_days_there_is_none(cli: Run, clock: Clock, seen: str) -> None:
    clock.set("2025-11-23T20:00:00+01:00")
    cli("log", "quality_time", "90", "--memory", "The lake")
    clock.set(f"{seen}T12:00:00+01:00")
    assert cli("quality_time", "memories").out == ""
    assert "The lake" in cli("quality_time", "memories", "--all").out


def test_a_memory_never_goes_over_the_wire(cli: Run, passing: Passing) -> None:
    passing.to("2026-11-28 09:00")
    cli("log", "quality_time", "90", "--memory", "The secret lake", "--on", "2025-11-28")
    sent, text = passing.arrives("2026-11-28 10:00")
    assert sent.prompt is not None
    assert not sent.prompt.startswith("memory-")
    assert "secret lake" not in text
    # The person's own prompt command is read by nobody else.
    assert "The secret lake" in cli("prompt", "quality_time").out


def test_a_memory_comes_where_only_the_person_reads(
    home: Path,
    cli: Run,
    clock: Clock,
    receiver: Receiver,
    daemon: Callable[..., DaemonProcess],
) -> None:
    # It stands first, so that its prompt is chosen first: the other channel must not get the same.
    config = home / "config.toml"
    config.write_text(f'[channels.here]\nurl = "terminal://"\n\n{config.read_text()}')
    clock.set("2026-11-28T09:00:00+01:00")
    cli("log", "quality_time", "90", "--memory", "The secret lake", "--on", "2025-11-28")
    running = daemon().ready()
    clock.move(hours=1)
    running.says("A year ago: The secret lake")
    until(lambda: receiver.posts)
    known = {p["text"] for p in cli("rules", "quality_time", "--json").json()["rule"]["prompts"]}
    assert receiver.posts[0].body.partition("\n")[0] in known
    assert "secret lake" not in receiver.posts[0].body


def test_a_hard_evening_is_not_the_hour_of_a_memory(cli: Run) -> None:
    cli("adopt", "peace", "--no-reminder")
    cli("log", "quality_time", "90", "--memory", "The lake", "--on", "2025-11-23")
    assert "A year ago: The lake" in cli("prompt", "quality_time").out
    cli("log", "peace", "stormy")
    assert "The lake" not in cli("prompt", "quality_time").out
    cli("log", "peace", "peaceful", "--on", "today")
    cli("lapse", "quality_time", "cancelled")
    assert "The lake" not in cli("prompt", "quality_time").out


def test_two_memories_of_a_day_take_turns(cli: Run) -> None:
    for day, memory in (("2025-11-23", "The lake"), ("2024-11-23", "The mountain")):
        cli("log", "quality_time", "90", "--memory", memory, "--on", day)
    told = [cli("prompt", "quality_time").out for _ in range(4)]
    assert told == ["A year ago: The lake\n", "2 years ago: The mountain\n"] * 2


def test_a_long_memory_is_cut_and_stays_one_line(cli: Run) -> None:
    cli("log", "quality_time", "90", "--memory", "The\nlake " + "🌊" * 300, "--on", "2025-11-23")
    told = cli("prompt", "quality_time").out
    assert told.startswith("A year ago: The lake 🌊")
    assert len(told) == 241
    assert told.endswith("…\n")


def test_ideas_follow_what_was_done_over_a_year(cli: Run, clock: Clock) -> None:
    kinds = ("film", "meal", "walk", "walk", "walk")
    drawn: Counter[str] = Counter()
    for _ in range(200):
        clock.move(days=1)
        if clock.now.toordinal() % 10 == 0:
            cli("log", "quality_time", "60", "--activity", kinds[clock.now.toordinal() // 10 % 5])
        drawn[cli("quality_time", "idea").out.partition(":")[0]] += 1
    # Of eight weeks about one film, one meal and three walks; nothing of the seven others.
    others = [drawn[kind] for kind in ("music", "drive", "game", "concert", "outing", "craft")]
    assert drawn["walk"] < drawn["film"] + drawn["meal"] < min(others) * 1.5
    assert drawn["walk"] <= 5
    assert sum(drawn.values()) == 200


def test_the_figures_of_time_together(cli: Run) -> None:
    cli("log", "quality_time", "90", "--activity", "walk", "--new", "--talk-free")
    cli("log", "quality_time", "60", "--activity", "walk", "--no-new", "--on", "-3")
    cli("log", "quality_time", "30", "--activity", "film", "--memory", "Popcorn", "--on", "-9")
    (rule,) = cli("metrics", "quality_time", "--json").json()["rules"]
    assert {one["metric"]: one["points"][-1]["value"] for one in rule["metrics"]} == {
        "time-together": 150, "share-new": 50, "variety": 2, "days-since": 0, "memories": 1,
        "light-time": 100,
    }  # fmt: skip


def parts(cli: Run, *more: str) -> dict[str, list[str]]:
    found = cli("review", "--week", "this", "--json", *more).json()
    return {part["title"]: part["lines"] for part in found["sections"]}


def test_the_review_brings_one_memory_and_its_words_only_when_asked(cli: Run, clock: Clock) -> None:
    shown = "`reconnect review --notes` shows it."
    assert parts(cli) == {}
    cli("log", "quality_time", "90", "--activity", "walk", "--memory", "rain on the tin roof")
    assert parts(cli) == {
        "A memory": [f"This week: walk, 90 minutes. You kept a line about it; {shown}"]
    }
    clock.set("2026-12-25T20:00:00+01:00")
    # The 23rd of December lies in this week.
    (line,) = parts(cli)["A memory"]
    assert line.startswith("A month ago, on 23 November 2026: walk, 90 minutes.")
    assert parts(cli, "--notes")["A memory"] == [
        "A month ago, on 23 November 2026: rain on the tin roof"
    ]
    clock.set("2027-02-20T20:00:00+01:00")
    (line,) = parts(cli, "--notes")["A memory"]
    assert line == "On 23 November 2026: rain on the tin roof"
    clock.set("2028-11-25T20:00:00+01:00")
    assert parts(cli, "--notes")["A memory"] == [
        "2 years ago, on 23 November 2026: rain on the tin roof"
    ]


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.dates(date(2020, 1, 1), date(2032, 1, 1)), st.integers(1, 9), st.integers(-9, 3))
def test_no_memory_of_these_days_is_overlooked(when: date, years: int, near: int) -> None:
    # Weeks around the day a month, and some years, after it.
    later = when + timedelta(days=30) if years == 1 else when.replace(day=1, year=when.year + years)
    first = later + timedelta(days=near + (0 if years == 1 else when.day - 1))
    from reconnect_quality_time import reconnect_register_rule

    entry = Entry(
        id=1, uid="u", person_id=1, habit_id=1, kind="done", at=datetime(2026, 1, 1, tzinfo=UTC),
        day=when, tzid="UTC", fields={"memory": "x"},
    )  # fmt: skip
    days = [first + timedelta(days=n) for n in range(7)]
    history = History(rule="quality_time", day=days[-1], entries=(entry,))
    context = ReviewContext(first=first, last=days[-1], history=history, private=True)
    wanted = [told for day in days for told, _ in on_this_day((entry,), "memory", day)]
    told = [line for part in reconnect_register_rule().review(context) for line in part.lines]
    assert any(line.startswith(f"{words}, on") for words in wanted for line in told) == bool(wanted)


def test_a_leap_day_comes_back_in_the_week_of_the_28th(cli: Run, clock: Clock) -> None:
    clock.set("2028-02-29T20:00:00+01:00")
    cli("log", "quality_time", "30", "--memory", "an extra day, and we slept through it")
    clock.set("2029-02-26T20:00:00+01:00")
    (line,) = parts(cli, "--notes")["A memory"]
    assert line == "A year ago, on 29 February 2028: an extra day, and we slept through it"


def test_a_long_memory_stays_one_line_of_the_review(cli: Run) -> None:
    cli("log", "quality_time", "30", "--memory", "word " * 300)
    (line,) = parts(cli, "--notes")["A memory"]
    assert len(line) == 320
    assert line.endswith("…")
