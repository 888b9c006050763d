"""The weekly review: one frozen value, from which terminal, Markdown, HTML and JSON are made."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

import msgspec

from reconnect.model.reviewing import ReviewSection
from reconnect.model.week import Week
from reconnect.review.figures import ClosenessFigure, DayCell, LineFigure, YearFigure

if TYPE_CHECKING:
    import sqlite3

    from reconnect.model.habit import Person
    from reconnect.rules.registry import Registry

CLOSENESS_WEEKS = 26
"""How far back the line of closeness goes: half a year."""


class HabitWeek(msgspec.Struct, frozen=True, kw_only=True):
    """One habit in the week: `days` from Monday on, None where it was not there or lies ahead.

    `kept` says how the week went ("kept 5 of 7 days"), `back` that the person came back in it after
    a pause, `lately` how the last weeks went. `strength` and `change` (since the Sunday before) run
    from 0 to 1; None where the habit is due on no day. The figures show the last half-year.
    """

    name: str
    rule: str
    title: str
    days: tuple[DayCell | None, ...]
    kept: str
    back: str | None
    lately: str | None
    streak: str | None
    strength: float | None
    change: float | None
    year: YearFigure
    line: LineFigure | None


class Warm(msgspec.Struct, frozen=True, kw_only=True):
    """An act that landed warm: the day, the habit's title, what it was; its note if asked for."""

    day: date
    title: str
    said: str
    note: str | None = None


class WayBack(msgspec.Struct, frozen=True, kw_only=True):
    """A lapse with its antidote's next act. `back` is the day on which the habit was kept again."""

    title: str
    lapse: str
    next_act: str | None
    back: date | None


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """A metric worth a look: its question, the answer now and four weeks before, in words."""

    rule: str
    metric: str
    question: str
    now: str
    before: str


class Ahead(msgspec.Struct, frozen=True, kw_only=True):
    """What is due next week: `every` day, and on single days."""

    week: Week
    every: tuple[str, ...]
    days: tuple[tuple[date, tuple[str, ...]], ...]


class Review(msgspec.Struct, frozen=True, kw_only=True):
    """A week, looked back at. `until` is the last day that is in it: Sunday, or the person's today.

    `chosen` is what was chosen for this week a week before, `choice` what is chosen for the next;
    `sections` come from the rules, with the rule's id; `circles` is the week's closeness, 1 to 7.
    `sample` says that everything in it is made up.
    """

    week: Week
    until: date
    chosen: str | None
    habits: tuple[HabitWeek, ...]
    warm: tuple[Warm, ...]
    ways_back: tuple[WayBack, ...]
    sections: tuple[tuple[str, ReviewSection], ...]
    question: str | None
    answers: tuple[Answer, ...]
    circles: int | None
    closeness: ClosenessFigure
    choice: str | None
    ahead: Ahead | None
    private: bool = False
    sample: bool = False

    @property
    def over(self) -> bool:
        """Whether the whole week is in it."""
        return self.until >= self.week.sunday


def default_week(today: date, begun: date | None) -> Week:
    """The week that a review looks at unless told: on a Sunday this one, else the one before.

    A person who began after that Sunday looks at this week so far.

    Args:
        today: the person's day.
        begun: the day on which they took up their first habit; None where there is none.
    """
    this = Week.of(today)
    if today == this.sunday:
        return this
    last = this.plus(-1)
    return this if begun is not None and begun > last.sunday else last


def review_of(
    db: sqlite3.Connection,
    person: Person,
    registry: Registry,
    week: Week,
    today: date,
    *,
    private: bool = False,
) -> Review:
    """Look back at a week.

    Args:
        db: the open database.
        person: whose week.
        registry: the running plugins; what goes wrong in one is among its problems afterwards.
        week: which one; not after today's.
        today: the person's day.
        private: say notes and private answers, too.
    """
    from reconnect.review import asking, week_habits
    from reconnect.review.closeness import closeness_figure
    from reconnect.store import choices, closeness, entries, habits, people

    until = min(week.sunday, today)
    known = habits.listed(db, person.id, archived=True)
    logged = entries.between(db, person.id, week.monday, until)
    shown = week_habits.of_that_week(known, logged, week)
    active = [habit for habit in known if habit.archived is None and habit.begun <= until]
    following = week.plus(1)
    return Review(
        week=week,
        until=until,
        chosen=choices.get(db, person.id, week.plus(-1)),
        habits=week_habits.habit_weeks(db, person.id, shown, registry.rules, week, today),
        warm=week_habits.warm(known, registry.rules, logged, private=private),
        ways_back=week_habits.ways_back(known, registry.rules, logged),
        sections=asking.sections(db, person.id, registry, active, week, until, private=private),
        question=asking.question(registry.rules, active, week),
        answers=asking.worth_a_look(db, person.id, registry, active, until, private=private),
        circles=closeness.get(db, person.id, week),
        closeness=closeness_figure(db, person.id, week, CLOSENESS_WEEKS),
        choice=choices.get(db, person.id, week),
        ahead=week_habits.ahead(active, following) if following.sunday >= today else None,
        sample=people.get_meta(db, people.SAMPLE) is not None,
        private=private,
    )


def since(week: Week) -> date:
    """The first day of the half-year that ends with the week."""
    return week.monday - timedelta(weeks=CLOSENESS_WEEKS - 1)
