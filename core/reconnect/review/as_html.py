"""The weekly review as one HTML file: no script, nothing loaded from anywhere, good to print."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reconnect.review import layout
from reconnect.review.charts import svg
from reconnect.review.charts.frame import escaped
from reconnect.review.charts.svg_closeness import circles
from reconnect.review.charts.tables import table_html
from reconnect.review.charts.wording import cell_text
from reconnect.review.figures import MARKS, WEEKDAYS
from reconnect.review.page_style import STYLE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from reconnect.review.figures import DayCell, Figure
    from reconnect.review.weekly import HabitWeek, Review

MARK = '<meta name="generator" content="Reconnect weekly review">'
"""Near the beginning of each such file: what may be replaced by another."""

# Even a mistake of ours could load nothing: the browser would refuse.
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"


def as_html(review: Review) -> str:
    """The whole page. What the person wrote is text in it, never markup."""
    title = escaped(layout.heading(review))
    below = layout.subheading(review)
    below = f'<p class="soft">{escaped(below)}</p>\n' if below else ""
    body = "".join(_part(part, review) for part in layout.parts(review))
    return (
        f'<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n{MARK}\n'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="referrer" content="no-referrer">\n<meta name="robots" content="noindex">\n'
        f"<title>{title}</title>\n<style>\n{STYLE}</style>\n</head>\n<body>\n<main>\n"
        f"<h1>{title}</h1>\n{below}{body}"
        f"{_longer_view(review.habits)}</main>\n<footer>\n<p>{escaped(layout.FOOTER)}</p>\n"
        f'<p class="screen">{_code(layout.SAFETY)}</p>\n</footer>\n</body>\n</html>\n'
    )


def _part(part: layout.Part, review: Review) -> str:
    head = f"<section>\n<h2>{escaped(part.title)}</h2>\n"
    if part.kind == "habits":
        body = _habits(review)
    elif part.kind == "closeness":
        said = "".join(_line(line, "p") for line in part.lines)
        body = f'<div class="picked">{_pair(review)}{said}</div>\n{_closeness(review)}'
    elif part.kind == "question":
        body = "".join(f"<blockquote>{escaped(line.text)}</blockquote>\n" for line in part.lines)
    elif part.kind == "chosen":
        body = "".join(f'<p class="chosen">{escaped(line.text)}</p>\n' for line in part.lines)
    elif len(part.lines) == 1:
        body = _line(part.lines[0], "p")
    else:
        body = f"<ul>\n{''.join(_line(line, 'li') for line in part.lines)}</ul>\n"
    return f"{head}{body}</section>\n"


def _line(line: layout.Line, tag: str) -> str:
    lead = f'<span class="lead">{_code(line.lead)}</span>' if line.lead else ""
    soft = f'<span class="lead">{_code(line.soft)}</span>' if line.soft else ""
    row = ' class="row"' if line.beside else ""
    return f"<{tag}{row}>{lead}<span>{_code(line.text)}{soft}</span></{tag}>\n"


def _habits(review: Review) -> str:
    if not review.habits:
        return f"<p>{escaped(layout.QUIET)}</p>\n"
    items = "".join(
        f'<li class="habit"><h3>{escaped(one.title)}</h3>{_days(one, heads=number == 0)}'
        f'<p class="n">{escaped(layout.went(one))}</p>'
        f'<p class="n">{escaped(layout.longer(one))}</p></li>\n'
        for number, one in enumerate(review.habits)
    )
    seen = {cell.state for one in review.habits for cell in one.days if cell is not None}
    legend = "".join(
        f'<span><i class="{state}"></i>{words}</span>'
        for state, words in MARKS.items()
        if state in seen
    )
    return f'<ul>\n{items}</ul>\n<p class="legend days" aria-hidden="true">{legend}</p>\n'


def _days(one: HabitWeek, *, heads: bool) -> str:
    """The week's days as a table: a shape for the eye, words for a screen reader."""
    hidden = "" if heads else ' class="unseen"'
    names = "".join(
        f'<th scope="col"><abbr title="{name}">{name[0]}</abbr></th>' for name in WEEKDAYS
    )
    cells = "".join(map(_cell, one.days))
    return (
        f'<table class="days"><caption class="hidden">{escaped(one.title)}, day by day</caption>'
        f"<tr{hidden}>{names}</tr><tr>{cells}</tr></table>"
    )


def _cell(cell: DayCell | None) -> str:
    if cell is None:
        return '<td><i class="none"></i></td>'
    said = cell_text(cell)
    return f'<td title="{said}"><i class="{cell.state}"></i><span class="hidden">{said}</span></td>'


def _pair(review: Review) -> str:
    """The picked pair of circles; the words beside it say the same."""
    if review.circles is None:
        return ""
    drawn = circles(review.circles, 22, 13, "c")
    return f'<svg class="chart" viewBox="0 0 44 26" aria-hidden="true">{drawn}</svg>'


def _closeness(review: Review) -> str:
    if len([step for _, step in review.closeness.weeks if step]) < 2:
        return ""
    return _figure(review.closeness, "closeness") + _numbers([review.closeness])


def _longer_view(habits: Sequence[HabitWeek]) -> str:
    """The last half-year of each habit, closed until somebody wants to see it."""
    if not habits:
        return ""
    parts = "".join(_half_year(one, number) for number, one in enumerate(habits))
    return f'<section class="screen">\n<h2>The last half-year</h2>\n{parts}</section>\n'


def _half_year(one: HabitWeek, number: int) -> str:
    figures: list[Figure] = [one.year, *([one.line] if one.line else [])]
    drawn = "".join(_figure(figure, f"h{number}-{n}") for n, figure in enumerate(figures))
    return f"<details>\n<summary>{escaped(one.title)}</summary>\n{drawn}</details>\n"


def _figure(figure: Figure, ident: str) -> str:
    return f'<figure class="wide">\n{svg.draw(figure, ident, style=False)}</figure>\n'


def _numbers(figures: Sequence[Figure]) -> str:
    tables = "".join(
        table_html(figure).replace("<table>", '<table class="numbers">', 1) for figure in figures
    )
    return f"<details>\n<summary>The same in numbers</summary>\n{tables}</details>\n"


def _code(text: str) -> str:
    """Text with the commands in it as code."""
    parts = text.split("`")
    return "".join(
        f"<code>{escaped(part)}</code>" if number % 2 and part.startswith("reconnect ") else
        escaped(f"`{part}`" if number % 2 else part)
        for number, part in enumerate(parts)
    )  # fmt: skip
