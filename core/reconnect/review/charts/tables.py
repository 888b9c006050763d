"""The numbers of a figure as a table: for screen readers, for the terminal, for programs."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from reconnect.review.charts.frame import escaped
from reconnect.review.charts.wording import bar_text, cell_text, day_text, number, percent, summary
from reconnect.review.figures import WEEKDAYS, ClosenessFigure, LineFigure, YearFigure

if TYPE_CHECKING:
    from reconnect.review.figures import Figure

NO_ANSWER = "-"


def table(figure: Figure) -> tuple[list[str], list[list[str]]]:
    """Header and rows of the same numbers that the picture shows, the oldest first."""
    if isinstance(figure, YearFigure):
        rows = []
        for number_of, week in enumerate(figure.weeks()):
            monday = figure.monday + timedelta(weeks=number_of)
            cells = ["" if cell is None else cell_text(cell) for cell in week]
            rows.append([day_text(monday), *cells])
        return ["week of", *WEEKDAYS], rows
    if isinstance(figure, LineFigure):
        points = figure.known()
        rows = [[day_text(day), NO_ANSWER if v is None else number(v)] for day, v in points]
        return ["day", figure.unit or "value"], rows
    if isinstance(figure, ClosenessFigure):
        steps = figure.weeks
        return ["week of", "closeness, 1 to 7"], [
            [day_text(day), NO_ANSWER if step is None else str(step)] for day, step in steps
        ]
    return ["weekday", "kept of due", "share"], [
        [name, bar_text(bar), percent(bar.kept / bar.due) if bar.due else NO_ANSWER]
        for name, bar in zip(WEEKDAYS, figure.days, strict=True)
    ]


def table_html(figure: Figure) -> str:
    """The table as HTML: a caption, and headers that say what each cell belongs to."""
    header, rows = table(figure)
    columns = "".join(f'<th scope="col">{escaped(name)}</th>' for name in header)
    lines = [
        f'<tr><th scope="row">{escaped(row[0])}</th>'
        + "".join(f"<td>{escaped(cell)}</td>" for cell in row[1:])
        + "</tr>"
        for row in rows
    ]
    return (
        f"<table><caption>{escaped(figure.title)}: {escaped(summary(figure))}</caption>"
        f"<thead><tr>{columns}</tr></thead><tbody>{''.join(lines)}</tbody></table>\n"
    )


def as_json(figure: Figure) -> dict[str, Any]:
    """The figure for programs: plain values, days as ISO dates."""
    found: dict[str, Any] = {"title": figure.title}
    if isinstance(figure, YearFigure):
        days = [
            {"day": (figure.first + timedelta(days=n)).isoformat(), "state": state, "share": share}
            for n, (state, share) in enumerate(figure.days)
        ]
        return {"chart": "year", **found, "counts": figure.counts(), "days": days}
    if isinstance(figure, LineFigure):
        return {
            "chart": "line",
            **found,
            "unit": figure.unit,
            "question": figure.question,
            "about": figure.about,
            "direction": figure.direction,
            "baseline": figure.baseline,
            "low": figure.low,
            "high": figure.high,
            "points": [{"day": day.isoformat(), "value": value} for day, value in figure.known()],
        }
    if isinstance(figure, ClosenessFigure):
        weeks = [{"week_of": day.isoformat(), "step": step} for day, step in figure.weeks]
        return {"chart": "closeness", **found, "weeks": weeks}
    return {
        "chart": "weekday",
        **found,
        "from": figure.first.isoformat(),
        "to": figure.last.isoformat(),
        "weekdays": [
            {"weekday": name, "kept": bar.kept, "due": bar.due}
            for name, bar in zip(WEEKDAYS, figure.days, strict=True)
        ],
    }
