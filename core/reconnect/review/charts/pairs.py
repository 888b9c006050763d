"""The seven pairs of circles side by side on a terminal: in dots of braille, or as plain text."""

from __future__ import annotations

import math
from functools import cache

from reconnect.review.charts.circles import PAIRS, STEPS, as_text

_DOTS = ((0x01, 0x08), (0x02, 0x10), (0x04, 0x20), (0x40, 0x80))
"""The bits of a braille pattern (Unicode, from U+2800 on), by row and column."""

_GAP = 2


def pairs(columns: int, *, ascii_only: bool = False) -> list[list[tuple[int | None, str]]]:
    """Lines of parts, so that what belongs to one step can be marked.

    Args:
        columns: how wide the terminal is.
        ascii_only: draw with brackets alone; so it is, too, where the circles do not fit.

    Returns:
        Lines; each is a list of (step, text), where step is None for what lies between.
    """
    for height in (4, 3):
        widths = [len(picture(step, height)[0]) for step in range(1, STEPS + 1)]
        rows = _rows(widths, columns)
        if not ascii_only and len(rows) <= (1 if height == 4 else 3):
            return [line for row in rows for line in _drawn(row, height)]
    return [[(None, f"{step} "), (step, as_text(step))] for step in range(1, STEPS + 1)]


@cache
def picture(step: int, height: int) -> tuple[str, ...]:
    """One pair in so many lines of braille, all of the same width."""
    size = 4 * height
    scale = (size - 1) / 2 / max(pair.radius for pair in PAIRS)
    pair = PAIRS[step - 1]
    radius, half = pair.radius * scale, pair.apart / 2 * scale
    width = math.ceil((2 * (radius + half) + 1) / 2)
    cells = [[0] * width for _ in range(height)]
    turns = 90 * height
    for turn in range(turns):
        angle = 2 * math.pi * turn / turns
        y = round(size / 2 - 0.5 + radius * math.sin(angle))
        for side in (-half, half):
            x = round(width - 0.5 + side + radius * math.cos(angle))
            cells[y // 4][x // 2] |= _DOTS[y % 4][x % 2]
    return tuple("".join(chr(0x2800 + bits) for bits in line) for line in cells)


def _rows(widths: list[int], columns: int) -> list[list[int]]:
    """The steps, as many in a row as fit."""
    rows: list[list[int]] = [[]]
    used = 0
    for step, width in enumerate(widths, start=1):
        if rows[-1] and used + _GAP + width > columns:
            rows.append([])
            used = 0
        rows[-1].append(step)
        used += width + _GAP * (len(rows[-1]) > 1)
    return rows


def _drawn(row: list[int], height: int) -> list[list[tuple[int | None, str]]]:
    pictures = [(step, picture(step, height)) for step in row]
    lines = [
        _joined([(step, drawn[number]) for step, drawn in pictures]) for number in range(height)
    ]
    return [*lines, _joined([(step, f"{step:^{len(drawn[0])}}") for step, drawn in pictures])]


def _joined(parts: list[tuple[int, str]]) -> list[tuple[int | None, str]]:
    joined: list[tuple[int | None, str]] = []
    for part in parts:
        joined += [(None, " " * _GAP)] if joined else []
        joined.append(part)
    return joined
