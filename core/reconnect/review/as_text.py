"""The weekly review for a terminal of any width."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reconnect.model.habit import STATE_MARKS
from reconnect.review import layout
from reconnect.review.charts import terminal
from reconnect.review.figures import legend
from reconnect.textfit import columns, fit

if TYPE_CHECKING:
    from collections.abc import Sequence

    from reconnect.review.charts.look import Ink, Look
    from reconnect.review.figures import DayCell
    from reconnect.review.weekly import Review

_WIDEST = 100
_DAYS = "M T W T F S S"
_MOST = 60
"""Lines of one text: more than anything that is kept has."""


def as_text(review: Review, look: Look) -> list[str]:
    """The review in lines, none wider than the terminal."""
    look = look._replace(width=min(look.width, _WIDEST))
    lines = _fit(layout.heading(review), look, ink="title")
    lines += _fit(layout.subheading(review), look, ink="soft")
    for part in layout.parts(review):
        lines += ["", *_fit(part.title, look, ink="title")]
        if part.kind == "habits":
            lines += _habits(review, look)
        elif part.kind == "closeness":
            lines += _closeness(review, part.lines, look)
        else:
            lines += [line for one in part.lines for line in _line(one, look)]
    lines += ["", *_fit(layout.FOOTER, look, ink="soft")]
    return [line.rstrip() for line in lines]


def _line(one: layout.Line, look: Look) -> list[str]:
    """A lead with its text beside it where there is room, below it elsewhere."""
    text = one.text
    if one.beside and look.width >= 60:
        first, *more = fit(text, look.width - 14, most=_MOST)
        lines = [f"  {look.paint(f'{one.lead:<10}', 'soft')}  {first}"]
        return [*lines, *(f"{'':14}{line}" for line in more), *_fit(one.soft, look, 14, "soft")]
    lines = _fit(one.lead, look, 2)
    lines += _fit(text, look, 4 if one.lead else 2, "yes" if one.lead else None)
    return [*lines, *_fit(one.soft, look, 4 if one.lead else 2, "soft")]


def _habits(review: Review, look: Look) -> list[str]:
    if not review.habits:
        return _fit(layout.QUIET, look, 2)
    beside = look.width >= 44
    room = look.width - 2 - len(_DAYS) - 2 if beside else look.width - 2
    lines = []
    if beside:
        lines.append(look.paint(f"{'':{look.width - len(_DAYS)}}{_DAYS}", "soft"))
    for one in review.habits:
        marks = " ".join(_mark(cell, look) for cell in one.days)
        first, *more = fit(one.title, room, most=3)
        if beside:
            blanks = " " * (room - columns(first) + 2)
            lines.append(f"  {first}{blanks}{marks}")
            lines += [f"  {line}" for line in more]
        else:
            lines += [*(f"  {line}" for line in (first, *more)), f"    {marks}"]
        lines += _fit(layout.went(one), look, 4)
        lines += _fit(layout.longer(one), look, 4, "soft")
    seen = {cell.state for one in review.habits for cell in one.days if cell is not None}
    return [*lines, *_fit(", ".join(legend(seen)), look, 2, "soft")]


def _mark(cell: DayCell | None, look: Look) -> str:
    if cell is None or cell.state == "not-due":
        return " "
    return look.paint(STATE_MARKS[cell.state], cell.state)


def _closeness(review: Review, said: Sequence[layout.Line], look: Look) -> list[str]:
    lines = [line for one in said for line in _line(one, look)]
    if len([step for _, step in review.closeness.weeks if step]) > 1:
        narrower = look._replace(width=look.width - 2)
        drawn = terminal.draw(review.closeness, narrower)
        # Its title is the part's own.
        lines += [f"  {line}" for line in drawn[1:]]
    return lines


def _fit(text: str, look: Look, indent: int = 0, ink: Ink | None = None) -> list[str]:
    if not text:
        return []
    lines = fit(text, look.width - indent, most=_MOST)
    return [" " * indent + (look.paint(line, ink) if ink else line) for line in lines]
