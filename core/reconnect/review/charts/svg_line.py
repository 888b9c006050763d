"""A line over time: round numbers and dates beside it, gaps where there was no answer."""

from __future__ import annotations

import math
from itertools import groupby
from typing import TYPE_CHECKING

from reconnect.review.charts.frame import LEFT, WIDTH, escaped, extent, heading
from reconnect.review.charts.scale import axis, date_ticks
from reconnect.review.charts.wording import about, day_text, number, summary, with_unit

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import date

    from reconnect.review.figures import LineFigure

HEIGHT = 176
"""Of the field in which the line is drawn, in pixels."""

_MANY, _TOO_MANY = 30, 120
"""From so many answers on dots are small; from so many on only what stands alone has one."""

Spot = tuple[float, float, "date", float]


def body(figure: LineFigure) -> tuple[int, int, str]:
    """Width, height and content of the picture."""
    head, y = heading(figure.title, (figure.question, about(figure), summary(figure)))
    points, values = figure.known(), figure.values()
    baseline = figure.baseline
    if baseline is not None and not math.isfinite(baseline):
        baseline = None
    spread = [*values, *([] if baseline is None else [baseline])]
    ladder = axis(spread, figure.low, figure.high)
    names = [number(tick) for tick in ladder.ticks]
    left = LEFT + round(max(extent(name, 11) for name in names)) + 8
    right, top = WIDTH - 56, y + 20
    bottom = top + HEIGHT

    def level(value: float) -> float:
        return round(bottom - HEIGHT * ladder.share(value), 1)

    parts = [head]
    for tick, name in zip(ladder.ticks, names, strict=True):
        parts.append(f'<path class="a" d="M{left} {level(tick)}H{right}"/>')
        parts.append(f'<text class="e" x="{left - 8}" y="{level(tick) + 4:g}">{name}</text>')
    if points:
        first, last = points[0][0], points[-1][0]
        across = across_from(first, last, left + 6, right - 6)
        parts += dates(first, last, across, bottom)
        spots = [
            [(across(day), level(value), day, value) for day, value in run if value is not None]
            for there, run in groupby(points, key=lambda point: point[1] is not None)
            if there
        ]
        if baseline is not None:
            parts.append(f'<path class="b" d="M{left} {level(baseline)}H{right}"/>')
            parts.append(f'<text class="bt" x="{right + 6}" y="{level(baseline) + 4:g}">'
                         f"{number(baseline)}</text>")  # fmt: skip
        parts += lines(spots, figure.unit, len(values))
        parts += _last(spots, right, None if baseline is None else level(baseline))
    return WIDTH, bottom + 40, "".join(parts)


def across_from(first: date, last: date, left: float, right: float) -> Callable[[date], float]:
    """Where a day stands between two edges; a single day stands in the middle."""
    days = (last - first).days

    def across(day: date) -> float:
        share = (day - first).days / days if days else 0.5
        return round(left + (right - left) * share, 1)

    return across


def dates(first: date, last: date, across: Callable[[date], float], bottom: float) -> list[str]:
    """The dates below the field."""
    named = date_ticks(first, last, 13) if last > first else [(first, day_text(first))]
    if not named:
        named = [(first, day_text(first))]
    return [
        f'<path class="a" d="M{across(day)} {bottom}v5"/>'
        f'<text class="m" x="{across(day)}" y="{bottom + 19}">{name}</text>'
        for day, name in named
    ]


def lines(runs: Sequence[Sequence[Spot]], unit: str, count: int) -> list[str]:
    """Each run of answers as a line of its own, and a dot for each where there are not too many."""
    parts = []
    for run in runs:
        if len(run) > 1:
            way = "L".join(f"{x:g} {y:g}" for x, y, _, _ in run)
            parts.append(f'<path class="l" d="M{way}"/>')
        if count <= _TOO_MANY or len(run) == 1:
            said = [f"{day_text(day)}: {escaped(with_unit(v, unit))}" for _, _, day, v in run]
            parts += [dot(x, y, one, count) for (x, y, _, _), one in zip(run, said, strict=True)]
    return parts


def dot(x: float, y: float, said: str, count: int) -> str:
    """One answer, with what it says; smaller where there are many."""
    name, radius = ("d", 4) if count <= _MANY else ("j", 2.6)
    return (
        f'<circle class="{name}" cx="{x:g}" cy="{y:g}" r="{radius}"><title>{said}</title></circle>'
    )


def _last(runs: Sequence[Sequence[Spot]], right: float, beside: float | None) -> list[str]:
    """The last answer, written at its height, clear of the baseline's number."""
    if not runs:
        return []
    x, y, _, value = runs[-1][-1]
    text = number(value)
    if x < right - 20:
        return []
    if beside is not None and abs(y - beside) < 13:
        if value == 0 or abs(y - beside) < 1:
            return []
        y = beside - 13 if y < beside else beside + 13
    return [f'<text class="v" x="{right + 6}" y="{y + 4:g}">{text}</text>']
