"""`chart`: a habit's year, its strength, a rule's metric: drawn in the terminal or as SVG."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from reconnect.cli import complete, words
from reconnect.cli.app import App, pass_app
from reconnect.cli.chart_figures import (
    METRIC_WEEKS,
    YEAR_WEEKS,
    Asked,
    also_known,
    figure_of,
    find_asked,
    grown_of,
    metric_line,
)
from reconnect.cli.output import as_json as print_json
from reconnect.cli.output import data, json_option, speaks_utf8, style, table
from reconnect.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from reconnect.habits.progress import Progress
    from reconnect.review.figures import Figure, LineFigure

_SPARK = 12


@click.command("chart")
@click.argument("name", metavar="HABIT_OR_RULE", shell_complete=complete.habits_and_rules)
@click.option(
    "--metric", metavar="METRIC", shell_complete=complete.metrics,
    help="The line of one metric, by its id or a word of its title.",
)  # fmt: skip
@click.option("--year", type=click.IntRange(1900, 9998), metavar="YYYY", help="A calendar year.")
@click.option("--strength", is_flag=True, help="How far the habit runs by itself.")
@click.option("--weekday", is_flag=True, help="How often each weekday was kept.")
@click.option(
    "--weeks", type=click.IntRange(1, 520), metavar="N",
    help=f"The last N weeks: {YEAR_WEEKS}, or {METRIC_WEEKS} of a metric, unless told.",
)  # fmt: skip
@click.option("--svg", metavar="FILE", help="Write a picture; - is standard output.")
@click.option("--force", is_flag=True, help="Replace FILE even where it is no SVG.")
@click.option("--table", "as_table", is_flag=True, help="Print the numbers as a table.")
@json_option
@pass_app
def chart_command(
    app: App,
    name: str,
    metric: str | None,
    year: int | None,
    strength: bool,
    weekday: bool,
    weeks: int | None,
    svg: str | None,
    force: bool,
    as_table: bool,
    as_json: bool,
) -> None:
    """Draw a habit day by day, with what else is known of it, or one chart of it."""
    _one_of({"--metric": metric, "--year": year, "--strength": strength, "--weekday": weekday})
    _one_of({"--svg": svg, "--table": as_table, "--json": as_json})
    if year is not None and weeks is not None:
        raise UsageError("--year and --weeks both say how long: give one of them")
    asked = find_asked(app, name, year, weeks)
    grown: list[Progress] = []
    figures: list[Figure]
    also: list[LineFigure] = []
    if metric is not None:
        figures = [metric_line(app, asked, metric)]
    else:
        grown = grown_of(app, asked)
        figures = [figure_of(app, asked, come, strength, weekday) for come in grown]
        if strength or weekday or year is not None or svg is not None or as_table:
            grown = []
        else:
            also = also_known(app, asked, grown)
    if as_json:
        from reconnect.review.charts.tables import as_json as plain

        habits = [{"habit": come.habit.name, **words.progress_json(come)} for come in grown]
        charts = [plain(figure) for figure in [*figures, *also]]
        whole = {"name": name, "rule": asked.rule_id, "habits": habits, "charts": charts}
        print_json("chart", whole)
    elif svg is not None:
        _save(figures, asked, svg, force)
    elif as_table:
        for number, figure in enumerate(figures):
            _print_table(figure, number > 0)
    else:
        _print(figures, grown, also)


def _one_of(options: Mapping[str, object]) -> None:
    given = [name for name, value in options.items() if value not in (None, False)]
    if len(given) > 1:
        raise UsageError(f"{' and '.join(given)} exclude each other: give one of them")


def _save(figures: Sequence[Figure], asked: Asked, path: str, force: bool) -> None:
    from reconnect.review.charts import svg

    if len(figures) > 1:
        names = ", ".join(habit.name for habit in asked.habits)
        raise UsageError(f"{asked.name} has more than one habit: say which of {names}")
    picture = svg.draw(figures[0], f"chart-{asked.name}")
    if path == "-":
        # An SVG that names no encoding is UTF-8: elsewhere it is written in letters of ASCII.
        if not speaks_utf8():
            picture = picture.encode("ascii", "xmlcharrefreplace").decode()
        data(picture.rstrip("\n"))
        return
    from reconnect.cli.save import save

    save(path, picture, what="SVG", mark=b"<svg", force=force)


def _print_table(figure: Figure, later: bool) -> None:
    from reconnect.review.charts import tables
    from reconnect.review.charts.wording import summary

    header, rows = tables.table(figure)
    data(("\n" if later else "") + style(figure.title, bold=True))
    data(style(summary(figure), dim=True))
    if rows:
        data(table(header, rows))


def _print(
    figures: Sequence[Figure], grown: Sequence[Progress], also: Sequence[LineFigure]
) -> None:
    from itertools import zip_longest

    from msgspec.structs import replace

    from reconnect.cli.output import look
    from reconnect.review.charts import terminal

    seen = look()
    blocks = []
    for figure, come in zip_longest(figures, grown):
        lines = terminal.draw(figure, seen)
        said = _said(come) if come else ""
        blocks.append("\n".join([*lines, *(terminal.note(said, seen) if said else ())]))
    known = [line for line in also if line.values()]
    if len(grown) == 1:
        # The picture above has the habit's name; beside a small line there is little room for it.
        long = f"{grown[0].habit.title}: strength"
        known = [replace(one, title="Strength") if one.title == long else one for one in known]
    if known:
        blocks.append("\n".join(terminal.listed(known, seen, _SPARK)))
    data("\n\n".join(blocks))


def _said(come: Progress) -> str:
    """How a habit was kept lately: "kept 7 of 8 weeks · 3 weeks in a row · back after 1 week"."""
    from reconnect.habits.saying import kept_text, rebound_text, streak_text

    parts = [
        kept_text(come.kept) if come.kept else "",
        streak_text(come.streak) if come.streak and come.streak.length > 1 else "",
        rebound_text(come.rebound) if come.rebound else "",
    ]
    return " · ".join(filter(None, parts))
