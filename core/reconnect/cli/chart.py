"""`chart`: a habit's year, its strength, a rule's metric: drawn in the terminal or as SVG."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, NamedTuple

import click

from reconnect.cli import complete, words
from reconnect.cli.app import App, pass_app
from reconnect.cli.output import as_json as print_json
from reconnect.cli.output import data, json_option, style, table, talk
from reconnect.errors import NotFoundError, UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from reconnect.habits.progress import Progress
    from reconnect.model.habit import Habit
    from reconnect.model.rule import Rule
    from reconnect.review.figures import Figure, LineFigure
    from reconnect.rules.registry import Registry

YEAR_WEEKS = 52
"""How many weeks a chart of days shows unless told."""

METRIC_WEEKS = 26
"""How many points, one a week, a metric's line has unless told."""

_SPARK = 12


class _Asked(NamedTuple):
    """What the chart is of: habits of one rule, and the span."""

    name: str
    habits: list[Habit]
    rule_id: str
    first: date
    last: date
    weeks: int | None


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
    asked = _asked(app, name, year, weeks)
    grown: list[Progress] = []
    figures: list[Figure]
    also: list[LineFigure] = []
    if metric is not None:
        figures = [_metric(app, asked, metric)]
    else:
        grown = _grown(app, asked)
        figures = [_of_habit(app, asked, come, strength, weekday) for come in grown]
        if strength or weekday or year is not None or svg is not None or as_table:
            grown = []
        else:
            also = _also(app, asked, grown)
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


def _asked(app: App, name: str, year: int | None, weeks: int | None) -> _Asked:
    """The habit of that name, or all of the rule's: those put away too."""
    from reconnect.cli.lazy import unknown
    from reconnect.store import habits

    known = habits.listed(app.looking, app.person.id, archived=True)
    found = [one for one in known if one.name == name] or [one for one in known if one.rule == name]
    rules = [card.rule_id for card in app.catalog.cards if card.rule_id]
    if not found and name not in rules:
        names = list(dict.fromkeys([one.name for one in known] + rules))
        raise NotFoundError(unknown(name, names, "habit or rule"))
    last = app.today
    if year is not None:
        if year > last.year:
            raise UsageError(f"--year {year} lies ahead (today is {last}): expected {last.year}")
        first, last = date(year, 1, 1), min(last, date(year, 12, 31))
    else:
        first = last - timedelta(days=last.weekday() + 7 * ((weeks or YEAR_WEEKS) - 1))
    return _Asked(name, found, found[0].rule if found else name, first, last, weeks)


def _grown(app: App, asked: _Asked) -> list[Progress]:
    """How far each of the habits has come."""
    from reconnect.habits.progress import progress_of

    if not asked.habits:
        raise NotFoundError(
            f"{asked.name} is not adopted: `reconnect adopt {asked.name}` takes it up"
        )
    unstreaked = {rule.id for rule in app.catalog.rules() if not rule.streaks}
    grown = progress_of(app.looking, app.person.id, asked.habits, app.today, unstreaked=unstreaked)
    return [grown[habit.id] for habit in asked.habits]


def _of_habit(app: App, asked: _Asked, come: Progress, strength: bool, weekday: bool) -> Figure:
    """The chart of one habit: its days, its weekdays, or its strength."""
    from reconnect.review import gathering
    from reconnect.review.figures import MOST_WEEKS

    if strength:
        return gathering.strength_figure(come.habit, come.strengths, asked.first, asked.last)
    if asked.weeks and asked.weeks > MOST_WEEKS:
        raise UsageError(
            f"--weeks {asked.weeks}: expected 1 to {MOST_WEEKS}, or --year for an earlier year"
        )
    days = gathering.year_figure(come.habit, come.tallies, asked.first, asked.last, app.today)
    return gathering.weekday_figure(days, app.today) if weekday else days


def _also(app: App, asked: _Asked, grown: Sequence[Progress]) -> list[LineFigure]:
    """What else is known: the strength of each habit, and the metrics of the rule."""
    from reconnect.review.gathering import strength_figure

    lines = [strength_figure(come.habit, come.strengths, asked.first, asked.last) for come in grown]
    return [line for line in lines if line.values()] + _metrics(app, asked)


def _metrics(app: App, asked: _Asked) -> list[LineFigure]:
    """The lines of all metrics of the rule; none where its plugin is missing or off."""
    from reconnect.review.gathering import metric_figures
    from reconnect.rules.catalog import load_registry

    if app.catalog.rule(asked.rule_id) is None:
        return []
    registry = load_registry(app.paths)
    rule = registry.rules.get(asked.rule_id)
    if rule is None:
        return []
    days = _weekly(app.today, asked.weeks)
    found = metric_figures(app.looking, app.person.id, registry, rule, days)
    _say(registry)
    return found


def _metric(app: App, asked: _Asked, wanted: str) -> LineFigure:
    from reconnect.review.gathering import metric_figures
    from reconnect.rules.catalog import load_registry

    id_of = _metric_id(app.rule(asked.rule_id), wanted)
    registry = load_registry(app.paths)
    rule = registry.rules.get(asked.rule_id) or app.rule(asked.rule_id)
    days = _weekly(app.today, asked.weeks)
    found = metric_figures(app.looking, app.person.id, registry, rule, days)
    _say(registry)
    return next(
        line for line, metric in zip(found, rule.metrics, strict=True) if metric.id == id_of
    )


def _metric_id(rule: Rule, wanted: str) -> str:
    """A metric by its id, or by a word that stands in the id or the title of one alone."""
    known = {metric.id: f"{metric.id} {metric.title}".lower() for metric in rule.metrics}
    word = wanted.strip().lower()
    if word in known:
        return word
    near = [number for number, text in known.items() if word and word in text]
    if len(near) == 1:
        return near[0]
    if near:
        raise NotFoundError(f"{wanted} may mean {' or '.join(near)}: say which")
    listed = ", ".join(known) or "none"
    raise NotFoundError(f"{rule.id} has no metric '{wanted}': expected one of {listed}")


def _weekly(today: date, weeks: int | None) -> list[date]:
    """A day for each of the last weeks, the last one today."""
    return [
        today - timedelta(weeks=back)
        for back in reversed(range(weeks or METRIC_WEEKS))
        if today.toordinal() > 7 * back
    ]


def _say(registry: Registry) -> None:
    for problem in registry.problems:
        talk(f"plugin {problem.plugin}: {problem.where}: {problem.why}")


def _save(figures: Sequence[Figure], asked: _Asked, path: str, force: bool) -> None:
    from reconnect.review.charts import svg

    if len(figures) > 1:
        names = ", ".join(habit.name for habit in asked.habits)
        raise UsageError(f"{asked.name} has more than one habit: say which of {names}")
    picture = svg.draw(figures[0], f"chart-{asked.name}")
    if path == "-":
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

    from reconnect.cli.output import look
    from reconnect.review.charts import terminal

    seen = look()
    blocks = []
    for figure, come in zip_longest(figures, grown):
        lines = terminal.draw(figure, seen)
        said = _said(come) if come else ""
        blocks.append("\n".join([*lines, *(terminal.note(said, seen) if said else ())]))
    known = [line for line in also if line.values()]
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
