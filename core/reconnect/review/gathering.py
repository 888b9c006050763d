"""The figures of a person's habits and rules, read from the store: states and numbers alone."""

from __future__ import annotations

from bisect import bisect_right
from datetime import date, timedelta
from typing import TYPE_CHECKING

from reconnect import recurrence
from reconnect.habits.days import judged
from reconnect.habits.measuring import answers
from reconnect.habits.spans import spans
from reconnect.model.habit import Tally
from reconnect.review.charts.wording import window_text
from reconnect.review.figures import DayCell, LineFigure, WeekdayBar, WeekdayFigure, YearFigure

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Mapping, Sequence

    from reconnect.habits.strength import Strengths
    from reconnect.model.habit import Habit
    from reconnect.model.rule import Metric, Rule
    from reconnect.rules.registry import Registry

_DAY = timedelta(days=1)


def year_figure(
    habit: Habit, tallies: Mapping[date, Tally], first: date, last: date, today: date
) -> YearFigure:
    """The days of a habit from `first` to `last`, those before it was taken up or logged left out.

    A day on which nothing was logged asks for something only where its span (a week of a weekly
    habit) was not kept on other days. Of an at-most habit a day that is over, and had no lapse, is
    kept whether or not anything was logged.

    Args:
        habit: with the terms of all times.
        tallies: what was logged a day.
        first: the first day that may be in it.
        last: the last day in it; today at the latest.
        today: the day that is still going on.
    """
    last = min(last, today)
    first = max(first, min([habit.begun, *(day for day in tallies if day >= first)]))
    due = due_between(habit, first, last) if first <= last else set()
    cells = []
    for number in range((last - first).days + 1):
        day = first + _DAY * number
        tally = tallies.get(day)
        state = judged(habit, day, tally or Tally(), today)
        if state == "unknown" and day not in due:
            cells.append(DayCell("not-due"))
        else:
            cells.append(DayCell(state, _share(habit, day, tally)))
    if due and habit.goal == "at-least":
        _free(cells, habit, tallies, first, today)
    return YearFigure(title=habit.title, first=first, days=tuple(cells))


def weekday_figure(figure: YearFigure, today: date) -> WeekdayFigure:
    """How often each weekday was kept, of the days on which something was asked for or done.

    What rested was not asked for; a day that goes on is not counted until something is logged.
    """
    kept, due = [0] * 7, [0] * 7
    for number, (state, _) in enumerate(figure.days):
        day = figure.first + _DAY * number
        if state in ("skip", "not-due") or (state == "unknown" and day == today):
            continue
        due[day.weekday()] += 1
        kept[day.weekday()] += state == "yes"
    return WeekdayFigure(
        title=f"{figure.title}, by weekday",
        first=figure.first,
        last=max(figure.first, figure.last),
        days=tuple(map(WeekdayBar, kept, due)),
    )


def strength_figure(habit: Habit, grown: Strengths | None, first: date, last: date) -> LineFigure:
    """How far a habit runs by itself, in per cent, for each day from `first` to `last`."""
    days = [first + _DAY * n for n in range((last - first).days + 1)] if grown else []
    known = [(day, grown.on(day)) for day in days if grown and day >= grown.first]
    return LineFigure(
        title=f"{habit.title}: strength",
        question="How far does this run by itself by now?",
        unit="%",
        points=tuple((day, None if value is None else 100 * value) for day, value in known),
        low=0,
        high=100,
    )


def metric_figures(
    db: sqlite3.Connection,
    person_id: int,
    registry: Registry,
    rule: Rule,
    days: Sequence[date],
) -> list[LineFigure]:
    """The answers of each of the rule's metrics for some days, the earliest first."""
    ((_, points),) = answers(db, person_id, registry, [rule], days)
    return [
        metric_figure(metric, [(day, of[n].value) for day, of in zip(days, points, strict=True)])
        for n, metric in enumerate(rule.metrics)
    ]


def metric_figure(metric: Metric, points: Sequence[tuple[date, float | None]]) -> LineFigure:
    """A metric's answers as a line; per cent on an axis from 0 to 100."""
    bounds = (0.0, 100.0) if metric.unit == "%" else (None, None)
    return LineFigure(
        title=metric.title,
        question=metric.question,
        unit=metric.unit,
        points=tuple(points),
        about=window_text(metric.window),
        direction=metric.direction,
        baseline=metric.baseline,
        low=bounds[0],
        high=bounds[1],
    )


def due_between(habit: Habit, first: date, last: date) -> set[date]:
    """The days on which the habit was due, each by the terms of its time."""
    found: set[date] = set()
    ends = [terms.since - _DAY for terms in habit.terms[1:]]
    for terms, end in zip(habit.terms, [*ends, last], strict=True):
        begin = max(first, terms.since)
        found.update(recurrence.due_days(terms.rrule, terms.anchor, begin, min(end, last)))
    return found


def _share(habit: Habit, day: date, tally: Tally | None) -> float | None:
    """How much of the day's target was done, 0 to 1; None where there is none to reach."""
    target = habit.terms_on(day).target
    if habit.goal == "at-most" or not target or tally is None or tally.amount is None:
        return None
    return min(1.0, max(0.0, tally.amount / target))


def _free(
    cells: list[DayCell], habit: Habit, tallies: Mapping[date, Tally], first: date, today: date
) -> None:
    """Ask for nothing on the days of spans that were kept, or rested, on other days."""
    found = spans(habit, tallies, today, since=first)
    begins = [span.first for span in found]
    for number, cell in enumerate(cells):
        if cell.state == "unknown":
            day = first + _DAY * number
            place = bisect_right(begins, day) - 1
            if place >= 0 and found[place].last >= day and found[place].verdict == "kept":
                cells[number] = DayCell("not-due")
