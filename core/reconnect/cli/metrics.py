"""`metrics`: the questions a rule asks of your own acts, answered for any day."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from reconnect.cli import words
from reconnect.cli.app import App, pass_app
from reconnect.cli.complete import rules as complete_rules
from reconnect.cli.output import as_json as print_json
from reconnect.cli.output import data, json_option, style, talk, wrapped

if TYPE_CHECKING:
    from datetime import date

    from reconnect.habits.measuring import Points
    from reconnect.model.history import MetricValue
    from reconnect.model.rule import Metric, Rule


@click.command("metrics")
@click.argument("rule", required=False, shell_complete=complete_rules)
@click.option("--on", metavar="DAY", help="As of a day in the past; today if left out.")
@click.option(
    "--weeks", type=click.IntRange(1, 520), default=1, metavar="N",
    help="A point for each of the last N weeks.",
)  # fmt: skip
@json_option
@pass_app
def metrics_command(app: App, rule: str | None, on: str | None, weeks: int, as_json: bool) -> None:
    """Answer the metrics of your rules, or of one: about what you did, never about your partner."""
    from datetime import timedelta

    from reconnect.habits.days import parse_day

    day = parse_day(on, app.today) if on else app.today
    days = [day - timedelta(weeks=back) for back in reversed(range(weeks))]
    answered = _answers(app, rule, days)
    if as_json:
        told = [_json(known, days, points) for known, points in answered]
        print_json("metrics", {"day": day.isoformat(), "rules": told})
        return
    if not answered:
        talk("Nothing adopted yet: `reconnect metrics RULE` shows what a rule asks.")
    for number, (known, points) in enumerate(answered):
        data(("\n" if number else "") + style(known.title, bold=True))
        for place, metric in enumerate(known.metrics):
            data(wrapped(metric.question, 2))
            data(wrapped(_line(metric, [values[place] for values in points]), 4))
    if answered and weeks > 1:
        talk(style(f"\nA point a week, from {days[0]} to {day}; - is no answer.", dim=True))


def _answers(app: App, rule_id: str | None, days: list[date]) -> list[tuple[Rule, Points]]:
    from reconnect.errors import NotFoundError
    from reconnect.habits.measuring import answers
    from reconnect.rules.catalog import load_registry
    from reconnect.store import habits

    registry = load_registry(app.paths)
    known = sorted(registry.rules.values(), key=lambda rule: (rule.order, rule.id))
    if rule_id is None:
        kept = {habit.rule for habit in habits.listed(app.looking, app.person.id, archived=True)}
        wanted = [rule for rule in known if rule.id in kept]
    elif rule_id in registry.rules:
        wanted = [registry.rules[rule_id]]
    else:
        from reconnect.cli.lazy import unknown

        raise NotFoundError(unknown(rule_id, list(registry.rules), "rule"))
    answered = answers(app.looking, app.person.id, registry, wanted, days)
    for problem in registry.problems:
        talk(f"plugin {problem.plugin}: {problem.where}: {problem.why}")
    return answered


def _line(metric: Metric, values: list[MetricValue]) -> str:
    from reconnect.habits.telling import of_one
    from reconnect.review.charts.wording import BETTER, window_text

    shown = "  ".join(_value(one) for one in values)
    known = any(one.value is not None for one in values)
    unit = of_one(metric.unit) if shown == "1" else metric.unit
    over = window_text(metric.window) if metric.window else None
    if not known and not any(one.entries for one in values):
        return f"nothing logged {over or 'yet'}"
    parts = [over] if over else []
    if metric.baseline is not None:
        parts.append(f"to compare: {words.number(metric.baseline)} {metric.unit}")
    parts.append(BETTER[metric.direction])
    answer = f"{style(shown, bold=True)} {unit}" if known else shown
    return f"{answer}, {style(', '.join(parts), dim=True)}"


def _value(one: MetricValue) -> str:
    return "-" if one.value is None else words.number(round(one.value, 1))


def _json(rule: Rule, days: list[date], points: Points) -> dict[str, Any]:
    return {
        "rule": rule.id,
        "metrics": [
            {
                "metric": metric.id,
                "question": metric.question,
                "unit": metric.unit,
                "window_days": metric.window,
                "direction": metric.direction,
                "baseline": metric.baseline,
                "points": [
                    {
                        "day": day.isoformat(),
                        "value": values[place].value,
                        "entries": values[place].entries,
                    }
                    for day, values in zip(days, points, strict=True)
                ],
            }
            for place, metric in enumerate(rule.metrics)
        ],
    }
