"""Figures as text for a terminal of any width, with colours or without, in UTF-8 or ASCII."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from reconnect.review.charts import terminal_line, terminal_year
from reconnect.review.charts.look import Look
from reconnect.review.charts.wording import about, last_text, span_text, summary
from reconnect.review.figures import ClosenessFigure, LineFigure, YearFigure
from reconnect.textfit import columns, fit

if TYPE_CHECKING:
    from collections.abc import Sequence

    from reconnect.review.figures import Figure

__all__ = ["Look", "draw", "listed", "note"]


def draw(figure: Figure, look: Look) -> list[str]:
    """The lines of a picture, its title first; none is wider than the terminal."""
    if isinstance(figure, YearFigure):
        figure = terminal_year.latest(figure, look)
        said = [span_text(figure.first, figure.last) if figure.days else summary(figure)]
        body = terminal_year.body(figure, look)
    elif isinstance(figure, LineFigure):
        said, body = (
            [figure.question, about(figure), summary(figure)],
            terminal_line.body(figure, look),
        )
    elif isinstance(figure, ClosenessFigure):
        said, body = [summary(figure)], terminal_line.closeness(figure, look)
    else:
        said, body = [summary(figure)], terminal_line.bars(figure, look)
    head = [look.paint(line, "title") for line in _fit(figure.title, look)]
    head += [line for one in filter(None, said) for line in note(one, look)]
    return [_trimmed(line) for line in [*head, *body]]


def note(text: str, look: Look) -> list[str]:
    """Words beside a picture, in lines that fit."""
    return [look.paint(line, "soft") for line in _fit(text, look)]


def listed(figures: Sequence[LineFigure], look: Look, room: int = 12) -> list[str]:
    """A line each: the title, a small line of the last answers, `room` wide, and the last one."""
    last = [last_text(figure, year=False) for figure in figures]
    # The titles take what is left beside the small line and values of a usual length.
    left = look.width - room - 4 - min(20, max(map(columns, last)))
    wide = min(max(columns(figure.title) for figure in figures), max(8, left))
    ellipsis = "…" if look.unicode else "..."
    lines = []
    for figure, value in zip(figures, last, strict=True):
        (name,) = fit(figure.title, wide, most=1, ellipsis=ellipsis)
        name += " " * (wide - columns(name))
        values = [value for _, value in figure.known()]
        drawn = terminal_line.spark(values, look, room)
        blank = " " * max(0, room - len(values))
        if wide + room + 4 + columns(value) <= look.width:
            lines.append(f"{name}  {drawn}{blank}  {value}")
        else:
            lines += fit(figure.title, look.width, ellipsis=ellipsis)
            lines += [drawn, *fit(value, look.width, ellipsis=ellipsis)]
    return [_trimmed(line) for line in lines]


def _trimmed(line: str) -> str:
    """A line without blanks at its end, nor at the end of its last colour."""
    return re.sub(r" +(\x1b\[0m)?$", r"\1", line.rstrip())


def _fit(text: str, look: Look) -> list[str]:
    text = text if look.unicode else text.replace("·", "-")
    return fit(text, look.width, most=4, ellipsis="…" if look.unicode else "...")
