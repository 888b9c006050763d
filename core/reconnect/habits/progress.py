"""How a person's habits grow: one source for every screen, chart, review and fading."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, NamedTuple

from reconnect.habits.spans import spans
from reconnect.habits.streaks import Kept, Rebound, Streak, best, current, kept_lately, rebound
from reconnect.habits.strength import Strengths, strengths
from reconnect.store import tallies

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Collection, Mapping, Sequence

    from reconnect.habits.spans import Span
    from reconnect.model.habit import Habit, Tally


class Progress(NamedTuple):
    """A habit as it stands at the end of a day.

    `strengths` is None where the habit is due on no day; `strength` runs from 0 to 1. `streak` and
    `best` are None where the rule shows none. `tallies` is what was logged a day, up to that day.
    """

    habit: Habit
    strengths: Strengths | None
    strength: float | None
    streak: Streak | None
    best: Streak | None
    kept: Kept | None
    rebound: Rebound | None
    spans: Sequence[Span]
    tallies: Mapping[date, Tally]


def progress_of(
    db: sqlite3.Connection,
    person_id: int,
    habits: Sequence[Habit],
    today: date,
    *,
    unstreaked: Collection[str] = (),
) -> dict[int, Progress]:
    """How far each habit has come, by its number.

    A day that goes on, and on which nothing was logged yet, takes nothing from a strength.

    Args:
        db: the open database.
        person_id: whose habits.
        habits: those that are asked for.
        today: the last day looked at.
        unstreaked: ids of rules that show no streaks.
    """
    logged = tallies.of_days(db, person_id, date.min, today, {habit.id for habit in habits})
    return {
        habit.id: _progress(habit, logged.get(habit.id, {}), today, habit.rule not in unstreaked)
        for habit in habits
    }


def _progress(habit: Habit, logged: Mapping[date, Tally], today: date, streaked: bool) -> Progress:
    over = today if today in logged else today - timedelta(days=1)
    grown = strengths(habit, logged, over)
    found = spans(habit, logged, today)
    streaked = streaked and bool(found)
    return Progress(
        habit=habit,
        strengths=grown,
        strength=grown.on(today) if grown else None,
        streak=current(found) if streaked else None,
        best=best(found) if streaked else None,
        kept=kept_lately(found),
        rebound=rebound(found),
        spans=found,
        tallies=logged,
    )
