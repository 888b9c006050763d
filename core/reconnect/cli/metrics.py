"""`metrics`: the questions a rule asks of your own acts, answered for any day."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from reconnect.cli import words
from reconnect.cli.app import App, pass_app
from reconnect.cli.complete import rules as complete_rules
from reconnect.cli.output import as_json as print_json
from reconnect.cli.output import data, json_option, style, talk

if TYPE_CHECKING:
    from datetime import date

    from reconnect.model.history import MetricValue
    from reconnect.model.rule import Metric, Rule

_BETTER = {"more": "more is better", "less": "less is better", "steady": "for you to look at"}


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
        print_json("metrics", {"day": day.isoformat(), "rules": [_json(*one) for one in answered]})
        return
    if not answered:
        talk("Nothing adopted yet: `reconnect metrics RULE` shows what a rule asks.")
    for number, (known, points) in enumerate(answered):
        data(("\n" if number else "") + style(known.title, bold=True))
        for place, metric in enumerate(known.metrics):
            values = [values[place] for _, values in points]
            data(f"  {metric.question}")
            data(f"    {_line(metric, values)}")


def _answers(
    app: App, rule_id: str | None, days: list[date]
) -> list[tuple[Rule, list[tuple[date, tuple[MetricValue, ...]]]]]:
    import msgspec

    from reconnect.errors import NotFoundError
    from reconnect.habits.looking_back import history_of
    from reconnect.rules.catalog import load_registry
    from reconnect.rules.dispatch import measure
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
    answered = []
    for rule in wanted:
        history = history_of(app.looking, app.person.id, rule.id, days[-1], known)
        points = [
            (day, measure(registry, rule.id, msgspec.structs.replace(history, day=day)))
            for day in days
        ]
        answered.append((rule, points))
    for problem in registry.problems:
        talk(f"plugin {problem.plugin}: {problem.where}: {problem.why}")
    return answered


def _line(metric: Metric, values: list[MetricValue]) -> str:
    shown = "  ".join(_value(one) for one in values)
    parts = [f"{style(shown, bold=True)} {metric.unit}" if shown != "-" else shown]
    if metric.window:
        parts.append(f"over {metric.window} days")
    if metric.baseline is not None:
        parts.append(f"to compare: {words.number(metric.baseline)}")
    parts.append(_BETTER[metric.direction])
    return ", ".join(parts)


def _value(one: MetricValue) -> str:
    return "-" if one.value is None else words.number(round(one.value, 1))


def _json(rule: Rule, points: list[tuple[date, tuple[MetricValue, ...]]]) -> dict[str, Any]:
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
                    for day, values in points
                ],
            }
            for place, metric in enumerate(rule.metrics)
        ],
    }
