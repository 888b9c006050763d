"""Habits and what was logged of them, made of a few words."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from reconnect.model.habit import Habit, Tally, Terms

if TYPE_CHECKING:
    from collections.abc import Iterable

    from reconnect.model.habit import Goal

TODAY = date(2026, 11, 23)
"""A Monday."""

YES, SKIP, NO, LAPSE = Tally(done=1), Tally(skips=1), Tally(noes=1), Tally(lapses=1)


def habit(
    rrule: str = "FREQ=DAILY",
    *,
    goal: Goal = "at-least",
    target: float | None = None,
    since: date = TODAY,
    later: Iterable[Terms] = (),
) -> Habit:
    return Habit(
        id=1, person_id=1, name="sample", rule="sample", template="sample", title="Sample",
        goal=goal, amount="amount" if target else None, unit=None, cue=None,
        terms=(Terms(since=since, anchor=since, rrule=rrule, target=target), *later),
    )  # fmt: skip


def ago(days: int) -> date:
    return TODAY - timedelta(days=days)


def written(marks: str, last: date = TODAY) -> dict[date, Tally]:
    """One mark a day, the last one for `last`: y done, s skipped, n no, l lapse, . nothing."""
    known = {"y": YES, "s": SKIP, "n": NO, "l": LAPSE}
    first = last - timedelta(days=len(marks) - 1)
    days = ((first + timedelta(days=place), mark) for place, mark in enumerate(marks))
    return {day: known[mark] for day, mark in days if mark != "."}


def amounts(*each: float | None, last: date = TODAY) -> dict[date, Tally]:
    """An amount a day, the last one for `last`; None is a day without an entry."""
    first = last - timedelta(days=len(each) - 1)
    return {
        first + timedelta(days=place): Tally(done=1, amount=amount)
        for place, amount in enumerate(each)
        if amount is not None
    }
