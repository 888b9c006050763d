"""Bars by weekday: of the days that were due, how many were kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reconnect.review.charts.frame import LEFT, heading
from reconnect.review.charts.wording import bar_text, percent, summary
from reconnect.review.figures import WEEKDAYS

if TYPE_CHECKING:
    from reconnect.review.figures import WeekdayFigure

WIDTH = 520
_ROW, _THICK, _NAMES, _NUMBERS = 26, 15, 38, 104


def body(figure: WeekdayFigure) -> tuple[int, int, str]:
    """Width, height and content of the picture."""
    head, y = heading(figure.title, (summary(figure),), WIDTH)
    left, top = LEFT + _NAMES, y + 14
    full = WIDTH - LEFT - _NUMBERS - left
    parts = [head]
    for row, (name, bar) in enumerate(zip(WEEKDAYS, figure.days, strict=True)):
        upper = top + _ROW * row
        parts.append(f'<text x="{LEFT}" y="{upper + 12}">{name}</text>')
        text = bar_text(bar)
        if bar.due:
            share = bar.kept / bar.due
            parts.append(
                f'<rect class="t" x="{left}" y="{upper}" width="{full}" height="{_THICK}" rx="3"/>'
            )
            if bar.kept:
                parts.append(
                    f'<rect class="f" x="{left}" y="{upper}" width="{max(3.0, full * share):.1f}" '
                    f'height="{_THICK}" rx="3"><title>{name}: {text}</title></rect>'
                )
            text = f"{text} · {percent(share)}"
        place = left + full + 12 if bar.due else left
        parts.append(f'<text x="{place}" y="{upper + 12}">{text}</text>')
    return WIDTH, top + 7 * _ROW + 14, "".join(parts)
