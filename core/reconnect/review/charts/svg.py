"""Figures as SVG: own markup, no script, no inline style, nothing loaded from anywhere."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reconnect.review.charts import svg_bars, svg_closeness, svg_line, svg_year
from reconnect.review.charts.frame import escaped
from reconnect.review.charts.palette import STYLE
from reconnect.review.charts.wording import summary
from reconnect.review.figures import ClosenessFigure, LineFigure, YearFigure

if TYPE_CHECKING:
    from reconnect.review.figures import Figure


def draw(figure: Figure, ident: str = "chart", *, style: bool = True) -> str:
    """One `<svg>` element, whole and valid XML, to stand as a file or within a page.

    Args:
        figure: what to draw.
        ident: begins the ids in it: another one for each chart of a page.
        style: put the style sheet in; False where the page has `palette.STYLE` already.
    """
    if isinstance(figure, YearFigure):
        width, height, body = svg_year.body(figure)
    elif isinstance(figure, LineFigure):
        width, height, body = svg_line.body(figure)
    elif isinstance(figure, ClosenessFigure):
        width, height, body = svg_closeness.body(figure)
    else:
        width, height, body = svg_bars.body(figure)
    name = escaped(ident)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="chart" role="img" width="{width}" '
        f'height="{height}" viewBox="0 0 {width} {height}" '
        f'aria-labelledby="{name}-title {name}-desc">'
        f'<title id="{name}-title">{escaped(figure.title)}</title>'
        f'<desc id="{name}-desc">{escaped(summary(figure))}</desc>'
        f"{f'<style>{STYLE}</style>' if style else ''}"
        f'<rect class="g" x=".5" y=".5" width="{width - 1}" height="{height - 1}" rx="10"/>'
        f"{body}</svg>\n"
    )
