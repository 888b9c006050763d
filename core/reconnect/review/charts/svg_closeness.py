"""The closeness line: seven steps, each shown by its two circles, week by week."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from reconnect.review.charts.circles import PAIRS, STEPS
from reconnect.review.charts.frame import LEFT, WIDTH, heading
from reconnect.review.charts.svg_line import across_from, dates, dot
from reconnect.review.charts.wording import day_text, summary

if TYPE_CHECKING:
    from reconnect.review.figures import ClosenessFigure

_ROW = 30
_SIZE = 17.0
"""The square root of the area of a pair, in pixels: what it measures from side to side."""

_AXIS = 66


def body(figure: ClosenessFigure) -> tuple[int, int, str]:
    """Width, height and content of the picture."""
    head, y = heading(figure.title, (summary(figure),))
    left, right, top = LEFT + _AXIS, WIDTH - LEFT, y + 26
    bottom = top + _ROW * (STEPS - 1) + 16

    def level(step: int) -> int:
        return top + _ROW * (STEPS - step)

    parts = [head]
    for step in range(1, STEPS + 1):
        parts.append(f'<text x="{LEFT}" y="{level(step) + 4}">{step}</text>')
        parts.append(circles(step, LEFT + 34, level(step), "i"))
        parts.append(f'<path class="a" d="M{left} {level(step)}H{right}"/>')
    if figure.weeks:
        first, last = figure.weeks[0][0], figure.weeks[-1][0]
        across = across_from(first, last, left + 22, right - 22)
        parts += dates(first, last, across, bottom)
        roomy = (right - left - 44) / max(1, len(figure.weeks) - 1) >= 2.1 * _SIZE
        for there, run in groupby(figure.weeks, key=lambda week: week[1] is not None):
            known = [(day, step) for day, step in run if step is not None]
            if not there:
                continue
            if len(known) > 1:
                way = "L".join(f"{across(day)} {level(step)}" for day, step in known)
                parts.append(f'<path class="l" d="M{way}"/>')
            for day, step in known:
                said = f"week of {day_text(day)}: {step} of {STEPS}"
                x, y = across(day), level(step)
                if roomy:
                    # What lies below, the line, is covered first.
                    both = circles(step, x, y, "k") + circles(step, x, y, "c")
                    parts.append(f"<g><title>{said}</title>{both}</g>")
                else:
                    parts.append(dot(x, y, said, len(figure.weeks)))
    return WIDTH, bottom + 40, "".join(parts)


def circles(step: int, x: float, y: float, name: str) -> str:
    """The two circles of a step around a place."""
    pair = PAIRS[step - 1]
    half, radius = pair.apart / 2 * _SIZE, pair.radius * _SIZE
    return "".join(
        f'<circle class="{name}" cx="{x + way * half:.1f}" cy="{y}" r="{radius:.1f}"/>'
        for way in (-1, 1)
    )
