"""What `chart` draws: which habits of which rule, over which span, as figures."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, NamedTuple

from reconnect.cli.output import talk
from reconnect.errors import NotFoundError, UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from reconnect.cli.app import App
    from reconnect.habits.progress import Progress
    from reconnect.model.habit import Habit
    from reconnect.model.rule import Rule
    from reconnect.review.figures import Figure, LineFigure
    from reconnect.rules.registry import Registry

YEAR_WEEKS = 52
"""How many weeks a chart of days shows unless told."""

METRIC_WEEKS = 26
"""How many points, one a week, a metric's line has unless told."""


class Asked(NamedTuple):
    """What the chart is of: habits of one rule, and the span."""

    name: str
    habits: list[Habit]
    rule_id: str
    first: date
    last: date
    weeks: int | None


def find_asked(app: App, name: str, year: int | None, weeks: int | None) -> Asked:
    """The habit of that name, or all of the rule's: those put away too."""
    from reconnect.cli.lazy import unknown
    from reconnect.store import habits

    known = habits.listed(app.looking, app.person.id, archived=True)
    found = [one for one in known if one.name == name] or [one for one in known if one.rule == name]
    rules = [card.rule_id for card in app.catalog.cards if card.rule_id]
    if not found and name not in rules:
        names = list(dict.fromkeys([one.name for one in known] + rules))
        said = unknown(name, names, "habit or rule")
        raise NotFoundError(said if "?" in said else f"{said}: `reconnect habits` lists yours")
    last = app.today
    if year is not None:
        if year > last.year:
            raise UsageError(
                f"--year {year} lies ahead (today is {last}): expected {last.year} or before"
            )
        first, last = date(year, 1, 1), min(last, date(year, 12, 31))
    else:
        first = last - timedelta(days=last.weekday() + 7 * ((weeks or YEAR_WEEKS) - 1))
    return Asked(name, found, found[0].rule if found else name, first, last, weeks)


def grown_of(app: App, asked: Asked) -> list[Progress]:
    """How far each of the habits has come."""
    from reconnect.habits.progress import progress_of

    if not asked.habits:
        raise NotFoundError(
            f"{asked.name} is not adopted: `reconnect adopt {asked.name}` takes it up"
        )
    unstreaked = {rule.id for rule in app.catalog.rules() if not rule.streaks}
    grown = progress_of(app.looking, app.person.id, asked.habits, app.today, unstreaked=unstreaked)
    return [grown[habit.id] for habit in asked.habits]


def figure_of(app: App, asked: Asked, come: Progress, strength: bool, weekday: bool) -> Figure:
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


def also_known(app: App, asked: Asked, grown: Sequence[Progress]) -> list[LineFigure]:
    """What else is known: the strength of each habit, and the metrics of the rule."""
    from reconnect.review.gathering import strength_figure

    lines = [strength_figure(come.habit, come.strengths, asked.first, asked.last) for come in grown]
    return [line for line in lines if line.values()] + _metrics(app, asked)


def _metrics(app: App, asked: Asked) -> list[LineFigure]:
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


def metric_line(app: App, asked: Asked, wanted: str) -> LineFigure:
    """The line of one metric of the rule, adopted or not: a point a week up to today."""
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
