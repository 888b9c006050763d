"""The year heatmap of a terminal: half-blocks in colour, otherwise a sign for each state."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from reconnect.model.habit import STATE_MARKS
from reconnect.review.charts.scale import month_labels
from reconnect.review.figures import MARKS, WEEKDAYS, YearFigure

if TYPE_CHECKING:
    from reconnect.review.charts.look import Ink, Look
    from reconnect.review.figures import DayMark

_NAMES = 4


def latest(figure: YearFigure, look: Look) -> YearFigure:
    """The figure, or its last weeks where there is not room for all of them."""
    weeks = max(1, look.width - _NAMES)
    begins = figure.monday + timedelta(weeks=len(figure.weeks()) - weeks)
    if begins <= figure.first:
        return figure
    days = figure.days[(begins - figure.first).days :]
    return YearFigure(title=figure.title, first=begins, days=days)


def body(figure: YearFigure, look: Look) -> list[str]:
    """The months, the days, and what the signs mean."""
    rows: list[list[DayMark | None]] = [
        [None if cell is None else cell.state for cell in row]
        for row in zip(*figure.weeks(), strict=True)
    ]
    lines = [look.paint(_months(figure, look), "soft")]
    blocks = bool(look.colors) and look.unicode
    if not rows:
        return []
    if blocks:
        inks: list[list[Ink | None]] = [[_ink(state) for state in row] for row in rows]
        inks.append([None] * len(inks[0]))
        for day in range(0, 7, 2):
            name = look.paint(f"{WEEKDAYS[day]} ", "soft")
            lines.append(name + look.halves(zip(inks[day], inks[day + 1], strict=True)))
    else:
        for name, row in zip(WEEKDAYS, rows, strict=True):
            signs = "".join(_sign(state, look) for state in row)
            lines.append(f"{look.paint(name, 'soft')} {signs}")
    return lines + _legend(figure, look, blocks=blocks)


def _ink(state: DayMark | None) -> Ink | None:
    return None if state == "not-due" else state


def _sign(state: DayMark | None, look: Look) -> str:
    if state is None or state == "not-due":
        return " "
    return look.paint(STATE_MARKS[state], state)


def _months(figure: YearFigure, look: Look) -> str:
    line = " " * _NAMES
    for column, label in month_labels(figure, 4):
        name = f"'{label[2:]}" if label.isdecimal() else label
        if _NAMES + column + len(name) <= look.width:
            line = line.ljust(_NAMES + column) + name
    return line


def _legend(figure: YearFigure, look: Look, *, blocks: bool) -> list[str]:
    """Each state that occurs, with its sign and how often, in lines that fit."""
    lines = [""]
    used = 0
    for state, count in figure.counts().items():
        text = f"{MARKS[state]} {count}"
        if state != "not-due":
            text = f"{'█' if blocks else STATE_MARKS[state]} {text}"
        room = len(text) + (2 if used else 0)
        if used + room > look.width and used:
            lines.append("")
            used, room = 0, len(text)
        painted = text if state == "not-due" else look.paint(text[0], state) + text[1:]
        lines[-1] += "  " * bool(used) + painted
        used += room
    return lines if used else []
