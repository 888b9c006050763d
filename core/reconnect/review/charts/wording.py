"""What charts say in words: days, states, spans and numbers, the same in all their forms."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from reconnect.habits.telling import of_one
from reconnect.review.figures import MARKS, ClosenessFigure, WeekdayFigure, YearFigure

if TYPE_CHECKING:
    from datetime import date

    from reconnect.model.rule import Direction
    from reconnect.review.figures import DayCell, Figure, LineFigure, WeekdayBar

BETTER: dict[Direction, str] = {
    "more": "more is better",
    "less": "less is better",
    "steady": "for you to look at",
}


def window_text(days: int | None) -> str:
    """What a metric's window looks at, in words: "over 28 days"; nothing where it has none."""
    if days is None:
        return ""
    return "on the day" if days == 1 else f"over {days} days"


def cell_text(cell: DayCell) -> str:
    """A day in words: "kept", "partly, 40 %"."""
    state, share = cell
    return MARKS[state] if state != "partly" or share is None else f"partly, {percent(share)}"


def bar_text(bar: WeekdayBar) -> str:
    """A weekday in words: "12 of 15", "not due"."""
    return f"{bar.kept} of {bar.due}" if bar.due else MARKS["not-due"]


def percent(share: float) -> str:
    """A share as it is read: "40 %"."""
    return f"{100 * share:.0f} %"


def day_text(day: date) -> str:
    """A day as charts name it: "3 Nov 2026"."""
    return f"{day.day} {month(day)} {day.year}"


def month(day: date) -> str:
    """The month's short name, in English whatever the locale."""
    return _MONTHS[day.month - 1]


_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def span_text(first: date, last: date) -> str:
    """Two days as a span: "24 Nov 2025 to 23 Nov 2026"."""
    return day_text(first) if first == last else f"{day_text(first)} to {day_text(last)}"


def summary(figure: Figure) -> str:
    """A figure in one line: the span, and what stands out."""
    if isinstance(figure, YearFigure):
        counts = [f"{MARKS[state]} {n}" for state, n in figure.counts().items()]
        return " · ".join([span_text(figure.first, figure.last), *counts] if counts else _NOTHING)
    if isinstance(figure, WeekdayFigure):
        kept, due = (sum(part) for part in zip(*figure.days, strict=True))
        if not due:
            return _NOTHING[0]
        return f"{span_text(figure.first, figure.last)} · kept {kept} of {due} days that were due"
    if isinstance(figure, ClosenessFigure):
        steps = [(day, step) for day, step in figure.weeks if step is not None]
        if not steps:
            return _NOTHING[0]
        span = f"weeks from {span_text(figure.weeks[0][0], figure.weeks[-1][0])}"
        return f"{span} · last {steps[-1][1]} of 7"
    if not figure.values():
        return _NOTHING[0]
    span = span_text(figure.points[0][0], figure.points[-1][0])
    return f"{span} · last {last_text(figure)}"


def last_text(figure: LineFigure, *, year: bool = True) -> str:
    """The last answer of a line that has one; with its day where there was none since.

    Without `year` the day is short where it is of the year in which the line ends.
    """
    day, value = [(day, value) for day, value in figure.known() if value is not None][-1]
    end = figure.points[-1][0]
    when = "" if day == end else f", {day_text(day)}"
    when = when if year else when.removesuffix(f" {end.year}")
    return f"{with_unit(value, figure.unit)}{when}"


_NOTHING = ["nothing to show yet"]


def about(figure: LineFigure) -> str:
    """What the points of a line look at, and which way is better."""
    parts = [figure.about, BETTER[figure.direction] if figure.direction else ""]
    if figure.baseline is not None and math.isfinite(figure.baseline):
        parts.insert(1, f"to compare: {with_unit(figure.baseline, figure.unit)}")
    return ", ".join(filter(None, parts))


def with_unit(value: float, unit: str) -> str:
    """A value as people read it: "75 %", "8 minutes", "1 minute"."""
    shown = number(value)
    return f"{shown} {of_one(unit) if shown == '1' else unit}".rstrip()


def number(value: float) -> str:
    """A number, short: "0.5", "12", "1,250", "3.4e+07"; to three digits or the whole number."""
    size = abs(value)
    if size >= 1e6 or 0 < size < 0.001:
        return f"{value:.3g}"
    text = f"{value:,.0f}" if size >= 100 or value == round(value) else f"{value:.3g}"
    return "0" if text in ("-0", "0") else text
