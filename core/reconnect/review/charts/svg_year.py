"""The year heatmap: weeks as columns, Monday on top, a shape for each state."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from reconnect.review.charts.frame import LEFT, WIDTH, extent, heading
from reconnect.review.charts.scale import month_labels
from reconnect.review.charts.wording import cell_text, month, span_text, summary
from reconnect.review.figures import MARKS, WEEKDAYS, DayCell

if TYPE_CHECKING:
    from reconnect.review.figures import YearFigure

PITCH = 13
_BOX = "h10v10h-10z"
_DAYS = 31
"""Pixels for the names of the weekdays."""

_NARROWEST = 420


def body(figure: YearFigure) -> tuple[int, int, str]:
    """Width, height and content of the picture."""
    weeks = figure.weeks()
    left = LEFT + _DAYS
    width = min(WIDTH, max(_NARROWEST, left + PITCH * len(weeks) + LEFT - 3))
    width = max(width, left + PITCH * len(weeks) + 3)
    head, y = heading(
        figure.title,
        (span_text(figure.first, figure.last) if figure.days else summary(figure),),
        width,
    )
    top = y + 30
    parts = [head]
    for number, name in enumerate(WEEKDAYS):
        if number % 2 == 0:
            parts.append(f'<text x="{LEFT}" y="{top + PITCH * number + 9}">{name}</text>')
    for column, text in month_labels(figure):
        parts.append(f'<text x="{left + PITCH * column}" y="{top - 8}">{text}</text>')
    start, row = figure.first.toordinal(), figure.first.weekday()
    for number, cell in enumerate(figure.days):
        day = date.fromordinal(start + number)
        column, place = divmod(row + number, 7)
        said = f"<title>{day.day} {month(day)} {day.year}: {cell_text(cell)}</title>"
        parts.append(_shape(cell, left + PITCH * column, top + PITCH * place, said))
    legend, height = _legend(figure, LEFT, top + 7 * PITCH + 14, width - LEFT)
    return width, height, "".join([*parts, legend])


def _shape(cell: DayCell, x: int, y: int, said: str = "") -> str:
    """A day's shape: a square, part of one, a ring, a box with a stroke, an empty box, a dot."""
    state, share = cell
    if state == "yes":
        return f'<path class="y" d="M{x} {y}{_BOX}">{said}</path>'
    if state == "partly":
        # The two squares leave each other out: what is filled is the lower part.
        free = 10 - min(8, max(2, round(10 * (0.5 if share is None else share))))
        return f'<path class="p" d="M{x} {y}{_BOX}h10v{free}h-10z">{said}</path>'
    if state == "skip":
        return f'<circle class="s" cx="{x + 5}" cy="{y + 5}" r="4">{said}</circle>'
    if state == "no":
        return f'<path class="n" d="M{x} {y}{_BOX}m0 10l10-10">{said}</path>'
    if state == "unknown":
        return f'<path class="u" d="M{x} {y}{_BOX}">{said}</path>'
    return f'<path class="o" d="M{x + 4} {y + 4}h2v2h-2z">{said}</path>'


def _legend(figure: YearFigure, x: int, y: int, right: int) -> tuple[str, int]:
    parts = []
    begin = x
    for state, count in figure.counts().items():
        words = f"{MARKS[state]} {count:,}"
        wide = 16 + extent(words, 11) + 16
        if x + wide - 16 > right and x > begin:
            x, y = begin, y + 18
        parts.append(_shape(DayCell(state), x, y))
        parts.append(f'<text x="{x + 16}" y="{y + 9}">{words}</text>')
        x += round(wide)
    return "".join(parts), y + 10 + 20
