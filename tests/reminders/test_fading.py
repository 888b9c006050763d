"""Fading: asked once, done only after a yes, taken back by a slump, asked again."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest

from reconnect.errors import UsageError
from reconnect.model.habit import Entry
from reconnect.reminders import fading
from reconnect.reminders.fading import answer, look, questions, standings
from reconnect.store import entries, reminders

if TYPE_CHECKING:
    from tests.reminders.keeping import Kept
    from tests.reminders.live import Receiver

    from reconnect.store.fading import Fading

BEGAN = date(2026, 11, 23)


def done(kept: Kept, *days: date) -> None:
    """Log it on some days, as if it had been logged on them."""
    for day in days:
        at = datetime.combine(day, time(19), UTC)
        made = Entry(
            id=0, uid=f"sample-{day}", person_id=kept.person.id, habit_id=kept.habit.id,
            kind="done", at=at, day=day, tzid="Europe/Berlin", fields={"minutes": 9},
            rule="listen", template="undivided", recorded=at,
        )  # fmt: skip
        entries.insert(kept.db, made, int(at.timestamp() * 1000))


def every_day(first: int, last: int) -> list[date]:
    return [BEGAN + timedelta(days=n) for n in range(first, last)]


def on(kept: Kept, number: int) -> date:
    """Noon of the day of that number, counted from the one on which the habit began."""
    day = BEGAN + timedelta(days=number)
    kept.shown.set(f"{day}T12:00:00+01:00")
    return day


@pytest.fixture
def strong(kept: Kept) -> Kept:
    """A reminder of 12:05, and eight weeks of perfect days; today is the first after them."""
    kept.remind("12:05")
    done(kept, *every_day(0, 56))
    on(kept, 56)
    return kept


def ask(kept: Kept) -> list[Fading]:
    """Look, as the daemon does each day; the questions (and returns) that stand."""
    today = kept.now.astimezone(UTC).date()
    look(kept.db, kept.now, kept.settings)
    return [one.fading for one in questions(kept.db, kept.person, today)]


def say(kept: Kept, said: str) -> Fading:
    return answer(kept.db, kept.person, kept.habit, kept.now, kept.settings, said)  # type: ignore[arg-type]


def coming(kept: Kept) -> int:
    """Of how many occurrences of the reminder one comes."""
    (one,) = reminders.listed(kept.db, kept.person.id, ended=True)
    return one.every_nth


def test_asked_when_it_is_strong_and_old_enough(kept: Kept) -> None:
    kept.remind("12:05")
    done(kept, *every_day(0, 70))
    on(kept, 55)
    assert ask(kept) == []
    on(kept, 56)
    (question,) = ask(kept)
    assert (question.answer, question.asked, question.every_nth) == (None, on(kept, 56), 1)
    assert coming(kept) == 1  # nothing happens without a yes


def test_not_asked_while_it_is_weak(kept: Kept) -> None:
    kept.remind("12:05")
    done(kept, *every_day(0, 70)[::2])
    on(kept, 70)
    assert ask(kept) == []


def test_not_asked_of_what_has_no_reminder(kept: Kept) -> None:
    done(kept, *every_day(0, 56))
    on(kept, 56)
    assert ask(kept) == []


def test_asked_once(strong: Kept) -> None:
    assert len(ask(strong)) == 1
    done(strong, *every_day(56, 90))
    on(strong, 62)
    assert len(ask(strong)) == 1  # the question stands a week
    on(strong, 63)
    assert ask(strong) == []  # without an answer it is as if they had said later
    on(strong, 83)
    assert ask(strong) == []
    on(strong, 84)
    assert len(ask(strong)) == 1


def test_yes_halves_then_again_then_stops(strong: Kept) -> None:
    done(strong, *every_day(56, 200))
    for number, every in ((56, 2), (84, 4), (112, 0)):
        on(strong, number)
        assert len(ask(strong)) == 1
        assert say(strong, "yes").every_nth == every
        assert ask(strong) == []
        assert coming(strong) == every
        on(strong, number + 27)
        assert ask(strong) == []
    assert reminders.listed(strong.db, strong.person.id) == []
    with pytest.raises(UsageError, match="no reminder left"):
        say(strong, "yes")


def test_what_comes_after_a_yes(strong: Kept, receiver: Receiver) -> None:
    say(strong, "yes")
    runner = strong.runner()
    for number in range(56, 66):
        day = on(strong, number)
        strong.shown.set(f"{day}T12:05:00+01:00")
        strong.deliver(runner)
    assert len(receiver.posts) == 5
    sent = [one.due for one in strong.deliveries() if one.state == "sent"]
    assert {later - earlier for earlier, later in pairwise(sent)} == {timedelta(days=2)}


def test_no_is_no(strong: Kept) -> None:
    ask(strong)
    say(strong, "no")
    done(strong, *every_day(56, 200))
    for number in (57, 84, 112, 199):
        on(strong, number)
        assert ask(strong) == []
    assert coming(strong) == 1


def test_later_is_in_four_weeks(strong: Kept) -> None:
    ask(strong)
    say(strong, "later")
    done(strong, *every_day(56, 90))
    on(strong, 83)
    assert ask(strong) == []
    on(strong, 84)
    assert len(ask(strong)) == 1


def test_three_missed_in_a_row_bring_it_back(strong: Kept) -> None:
    say(strong, "yes")
    on(strong, 57)
    done(strong, *every_day(56, 57))
    on(strong, 59)  # two are missed, and the third day goes on
    assert ask(strong) == []
    assert coming(strong) == 2
    on(strong, 60)
    (back,) = ask(strong)
    assert (back.answer, back.every_nth) == ("slump", 1)
    assert coming(strong) == 1
    # Asked again, when it is strong again.
    done(strong, *every_day(60, 120))
    on(strong, 87)
    assert ask(strong) == []
    on(strong, 100)
    assert [one.answer for one in ask(strong)] == [None]


def test_a_slump_without_three_in_a_row(strong: Kept) -> None:
    say(strong, "yes")
    before = standings(strong.db, strong.person, [strong.habit], date(2027, 1, 18))[0].strength
    # Every third day: never three in a row, and weaker each time.
    done(strong, *every_day(58, 90)[::3])
    for number in range(57, 90):
        on(strong, number)
        if coming(strong) == 1:
            break
        ask(strong)
    now = standings(strong.db, strong.person, [strong.habit], strong.now.date())[0].strength
    assert before is not None
    assert now is not None
    assert coming(strong) == 1
    assert before - now > fading.SLUMP - 0.05


def test_brought_back_by_hand(strong: Kept) -> None:
    with pytest.raises(UsageError, match="already"):
        say(strong, "back")
    say(strong, "yes")
    assert say(strong, "back").every_nth == 1
    assert coming(strong) == 1
    on(strong, 57)
    assert ask(strong) == []


def test_an_archived_habit_that_stopped_stays_stopped(strong: Kept) -> None:
    from reconnect.reminders.follow import resume_reminders, stop_reminders

    for _ in range(3):
        say(strong, "yes")
    stop_reminders(strong.db, strong.person, strong.habit, strong.now, strong.settings)
    resume_reminders(strong.db, strong.person, strong.habit, strong.now)
    assert reminders.listed(strong.db, strong.person.id) == []


def test_what_fell_due_before_a_yes_is_still_sent(strong: Kept, receiver: Receiver) -> None:
    (due,) = reminders.listed(strong.db, strong.person.id)
    strong.change(due, last_occ_wall="2027-01-17T12:05:00", next_due=int(
        datetime.fromisoformat("2027-01-18T12:05:00+01:00").timestamp() * 1000
    ))  # fmt: skip
    strong.shown.set("2027-01-18T12:30:00+01:00")
    say(strong, "yes")
    strong.deliver()
    assert len(receiver.posts) == 1


def test_the_daemon_looks_once_a_day(strong: Kept) -> None:
    assert look(strong.db, strong.now, strong.settings) == 1
    assert look(strong.db, strong.now, strong.settings) == 0
