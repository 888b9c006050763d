"""What a day came to: derived from its entries and the terms that held, never stored."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from reconnect.errors import UsageError
from reconnect.model.habit import DayState, Tally

if TYPE_CHECKING:
    from collections.abc import Iterable

    from reconnect.model.habit import Entry, Habit, State

_FIRST_YEAR = 1900


def day_state(habit: Habit, day: date, entries: Iterable[Entry]) -> DayState:
    """The state of one day from its entries, as `state_of` judges it."""
    own = [entry for entry in entries if entry.habit_id == habit.id and entry.day == day]
    kinds = [entry.kind for entry in own]
    tally = Tally(
        done=kinds.count("done"), skips=kinds.count("skip"), noes=kinds.count("no"),
        lapses=kinds.count("lapse"), amount=_amount(habit, own),
    )  # fmt: skip
    return DayState(
        day=day, state=state_of(habit, day, tally), amount=tally.amount, entries=len(own),
        lapses=tally.lapses,
    )  # fmt: skip


def state_of(habit: Habit, day: date, tally: Tally) -> State:
    """The state of one day from what was logged on it, by the terms that held then.

    yes: done (with the target amount, where the habit has one) · partly: done, but below it ·
    no: an explicit no, or a lapse of an at-most habit · skip: skipped and nothing done ·
    unknown: nothing logged. What was done counts more than a skip, and both more than a no.
    """
    target = habit.terms_on(day).target
    if habit.goal == "at-most":
        over = target is not None and tally.amount is not None and tally.amount > target
        if tally.lapses or over or tally.noes:
            return "no"
        return "yes" if tally.done else "skip" if tally.skips else "unknown"
    if tally.done:
        short = target is not None and tally.amount is not None and tally.amount < target
        return "partly" if short else "yes"
    return "skip" if tally.skips else "no" if tally.noes else "unknown"


def judged(habit: Habit, day: date, tally: Tally, today: date) -> State:
    """The state of a day as it is shown beside others.

    Of an at-most habit a day that is over, and had no lapse, is kept whether or not anything was
    logged.
    """
    state = state_of(habit, day, tally)
    held = state == "unknown" and habit.goal == "at-most" and habit.begun <= day < today
    return "yes" if held else state


def is_due(habit: Habit, day: date) -> bool:
    """Whether a habit is due on a day, judged by the terms that held then."""
    terms = habit.terms_on(day)
    if not terms.rrule or day < terms.since:
        return False
    from reconnect import recurrence  # `log` asks for a day's state, and needs none

    return recurrence.is_due(terms.rrule, terms.anchor, day)


def parse_day(text: str, today: date) -> date:
    """A day in a person's words: today, yesterday, a weekday (the last one), -3, 2026-11-03.

    Raises:
        UsageError: no such day, one that lies ahead, or one before 1900.
    """
    word = text.strip().lower()
    day = _spoken_day(word, today)
    if day is None:
        try:
            day = date.fromisoformat(word)
        except ValueError as error:
            raise UsageError(
                f"'{text}' is no day: expected today, yesterday, a weekday, -3 or a date "
                "such as 2026-11-03"
            ) from error
    if day > today:
        raise UsageError(f"{day} lies ahead (today is {today}): expected today or a day before it")
    if day.year < _FIRST_YEAR:
        raise UsageError(f"{day} lies too far back: expected a day from {_FIRST_YEAR} on")
    return day


def _spoken_day(word: str, today: date) -> date | None:
    if word in ("today", "yesterday"):
        return today - timedelta(days=word == "yesterday")
    if word[:1] == "-" and word[1:].isdecimal() and len(word) < 6:
        return today - timedelta(days=int(word[1:]))
    names = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
    for number, name in enumerate(names):
        if len(word) >= 3 and name.startswith(word):
            return today - timedelta(days=(today.weekday() - number) % 7)
    return None


def _amount(habit: Habit, entries: Iterable[Entry]) -> float | None:
    if habit.amount is None:
        return None
    values = [e.fields.get(habit.amount) for e in entries if e.kind == "done"]
    numbers = [float(v) for v in values if isinstance(v, int | float) and not isinstance(v, bool)]
    return sum(numbers) if numbers else None
