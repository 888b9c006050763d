"""Lines, bars and closeness as text."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from reconnect.review.charts.circles import STEPS, as_text
from reconnect.review.charts.scale import axis
from reconnect.review.charts.wording import bar_text, day_text, number
from reconnect.review.figures import WEEKDAYS

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from reconnect.review.charts.look import Look
    from reconnect.review.figures import ClosenessFigure, LineFigure, WeekdayFigure

_BLOCKS = " ▁▂▃▄▅▆▇█"
_EIGHTHS = " ▏▎▍▌▋▊▉█"
_ASCII = " _.-=+*%#"
_ROWS = 5
_WIDEST = 4
"""Columns that one answer may take, so that a few answers do not look like a wall."""


def body(figure: LineFigure, look: Look) -> list[str]:
    """A field of five lines, filled up to each answer; what to compare with is a broken line."""
    points = figure.known()
    values = figure.values()
    if not values:
        return []
    base = figure.baseline if figure.baseline is not None else math.nan
    compared = math.isfinite(base)
    ladder = axis([*values, *([base] if compared else [])], figure.low, figure.high)
    top, bottom = number(ladder.high), number(ladder.low)
    names = max(len(top), len(bottom)) + 1
    shown = _resampled([value for _, value in points], look.width - names)
    wide = _wide(len(shown), look.width - names)
    heights = [None if v is None else ladder.share(v) * _ROWS for v in shown]
    line = min(_ROWS - 1, int(ladder.share(base) * _ROWS)) if compared else -1
    lines = []
    for row in reversed(range(_ROWS)):
        name = top if row == _ROWS - 1 else bottom if row == 0 else ""
        cells = [_cell(height, row, look) * wide for height in heights]
        if row == line:
            dash = look.paint(("┄" if look.unicode else "-") * wide, "compare")
            painted = [look.paint(c, "yes") if c.strip() else dash for c in cells]
            text = "".join(painted)
        else:
            text = look.paint("".join(cells).rstrip(), "yes")
        lines.append(look.paint(f"{name:>{names - 1}} ", "soft") + text)
    return [*lines, _dates(points[0][0], points[-1][0], names, wide * len(shown), look)]


def spark(values: Sequence[float | None], look: Look, room: int) -> str:
    """One line as high as a letter; a blank where there was no answer."""
    given = [value if value is not None and math.isfinite(value) else None for value in values]
    known = [value for value in given if value is not None]
    if not known or room < 1:
        return ""
    ladder = axis(known)
    signs = _BLOCKS if look.unicode else _ASCII
    shown = [
        " " if value is None else signs[max(1, round(8 * ladder.share(value)))]
        for value in _resampled(given, room)
    ]
    return look.paint("".join(shown), "yes")


def bars(figure: WeekdayFigure, look: Look) -> list[str]:
    """A bar for each weekday, and how many of how many; none where nothing was due yet."""
    if not any(bar.due for bar in figure.days):
        return []
    texts = [bar_text(bar) for bar in figure.days]
    room = max(1, min(40, look.width - 5 - max(map(len, texts))))
    lines = []
    for name, bar, text in zip(WEEKDAYS, figure.days, texts, strict=True):
        eighths = round(8 * room * bar.kept / bar.due) if bar.due else 0
        full, rest = divmod(max(eighths, 1) if bar.kept else 0, 8)
        if look.unicode:
            drawn = "█" * full + _EIGHTHS[rest].strip()
        else:
            drawn = "#" * (full + (rest >= 4 or (bar.kept > 0 and not full)))
        blank = ("·" if look.unicode else ".") * (room - len(drawn)) if bar.due else " " * room
        field = look.paint(drawn, "yes") + look.paint(blank, "soft")
        lines.append(f"{look.paint(name, 'soft')} {field} {text}")
    return lines


def closeness(figure: ClosenessFigure, look: Look) -> list[str]:
    """A line for each of the seven steps, with its circles where there is room; a dot each week."""
    steps = [step for _, step in figure.weeks]
    if not any(steps):
        return []
    names = 20 if look.width >= 50 else 2
    shown = figure.weeks[-(look.width - names) :]
    wide = _wide(len(shown), look.width - names)
    dot, rule = ("●", "┈") if look.unicode else ("o", ".")
    lines = []
    for step in range(STEPS, 0, -1):
        name = f"{step} {as_text(step):^17} " if names > 2 else f"{step} "
        cells = [
            look.paint(dot, "yes") + look.paint(rule * (wide - 1), "soft")
            if own == step
            else look.paint(rule * wide, "soft")
            for _, own in shown
        ]
        lines.append(look.paint(name, "soft") + "".join(cells))
    lines.append(_dates(shown[0][0], shown[-1][0], names, wide * len(shown), look))
    if names == 2:
        last = next(step for step in reversed(steps) if step is not None)
        lines.append(f"{last} {as_text(last)}")
    return lines


def _resampled(values: Sequence[float | None], room: int) -> list[float | None]:
    """No more values than fit: where there are more, the mean of those that share a place."""
    if len(values) <= room:
        return list(values)
    found: list[float | None] = []
    for place in range(room):
        start, end = (len(values) * n // room for n in (place, place + 1))
        own = [v for v in values[start:end] if v is not None and math.isfinite(v)]
        found.append(sum(v / len(own) for v in own) if own else None)
    return found


def _wide(count: int, room: int) -> int:
    return max(1, min(_WIDEST, room // max(1, count)))


def _cell(height: float | None, row: int, look: Look) -> str:
    """What one answer shows in a row: full, a part, or nothing; the lowest row always a little."""
    if height is None:
        return " "
    eighths = min(8, max(0, round((height - row) * 8)))
    if row == 0:
        eighths = max(1, eighths)
    if look.unicode:
        return _BLOCKS[eighths]
    return "#" if eighths > 5 else ":" if eighths > 2 else "." if eighths else " "


def _dates(first: date, last: date, indent: int, width: int, look: Look) -> str:
    """The first and the last day below the field; the last alone where both do not fit."""
    begin, end = day_text(first), day_text(last)
    if first == last or len(begin) + 2 + len(end) > max(width, len(begin) + 4 + len(end)):
        text = begin if first == last else end
        return look.paint(" " * indent + text, "soft")
    between = max(2, width - len(begin) - len(end))
    text = " " * indent + begin + " " * between + end
    if len(text) > look.width:
        text = " " * min(indent, look.width - len(end)) + end
    return look.paint(text, "soft")
