"""`rules`: what there is to take up, or one rule whole."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from reconnect.cli import complete, words
from reconnect.cli.app import App, pass_app
from reconnect.cli.output import as_json as print_json
from reconnect.cli.output import data, json_option, style, table, talk, wrapped

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from reconnect.model.rule import HabitTemplate, Prompt, Rule

_SAMPLES = 3


@click.command("rules")
@click.argument("rule", required=False, shell_complete=complete.rules)
@json_option
@pass_app
def rules_command(app: App, rule: str | None, as_json: bool) -> None:
    """Show the rules there are, in the order in which to meet them, or RULE whole."""
    adopted: dict[str, list[str]] = {}
    from reconnect.store import habits

    for habit in habits.listed(app.looking, app.person.id):
        adopted.setdefault(habit.rule, []).append(habit.name)
    if rule is None:
        _print_all(app, adopted, as_json)
        return
    found = app.rule(rule)
    names = adopted.get(found.id, [])
    if as_json:
        print_json("rule", {"state": _state(names), "adopted": names, "rule": found})
        return
    for part in _card(found, names):
        data(part)


def _print_all(app: App, adopted: dict[str, list[str]], as_json: bool) -> None:
    rules: list[dict[str, Any]] = [
        {
            "rule": rule.id,
            "title": rule.title,
            "state": _state(adopted.get(rule.id, [])),
            "adopted": adopted.get(rule.id, []),
            "summary": rule.summary,
        }
        for rule in app.catalog.rules()
    ]
    rules += [
        {"rule": card.found.name, "title": None, "state": "off", "adopted": [], "summary": card.off}
        for card in app.catalog.cards
        if card.off
    ]
    if as_json:
        print_json("rules", {"rules": rules})
        return
    if not rules:
        talk("No rule is there: `reconnect plugins` shows why.")
        return
    lines = [(line["rule"], _colored(line["state"]), line["summary"]) for line in rules]
    data(table(("rule", "state", "what it is"), lines))
    hint = "`reconnect rules RULE` shows one whole, `reconnect adopt RULE` takes it up."
    if all(line["state"] == "off" for line in rules):
        hint = "No rule runs, so that none can be taken up: `reconnect plugins` says why."
    talk(style(f"\n{hint}", dim=True))


def _state(adopted: list[str]) -> str:
    return "adopted" if adopted else "available"


def _colored(state: str) -> str:
    return style(state, fg={"adopted": "green", "off": "yellow"}.get(state))


def _card(rule: Rule, adopted: list[str]) -> Iterator[str]:
    state = f"adopted as {', '.join(adopted)}" if adopted else "available"
    yield style(rule.title, bold=True) + f"  ({rule.id}, {state})"
    yield wrapped(rule.summary)
    yield _part("Why", wrapped(rule.why, 2))
    yield _part("What it asks", wrapped(rule.asks, 2))
    yield _part("Habits", "\n".join(_habit(rule, template) for template in rule.habits))
    if rule.fields:
        from reconnect.habits.fields import expectation

        lines = [f"{f.id}: {f.ask} ({expectation(f)})" for f in rule.fields]
        yield _part("What is asked when you log", _list(lines))
    if rule.lapses:
        answers = [
            f"{_list([f'{lapse.id}: {lapse.title}'])}\n{wrapped(lapse.antidote, 6)}"
            for lapse in rule.lapses
        ]
        yield _part("Slips, and the way back", "\n".join(answers))
    samples = [f"- {prompt.text}" for prompt in _samples(rule)]
    yield _part(f"Prompts, {len(samples)} of {len(rule.prompts)}", _list(samples, hanging=2))
    if rule.metrics:
        lines = [f"{m.id}: {m.question} ({m.unit})" for m in rule.metrics]
        yield _part("What is counted", _list(lines))
    if rule.sources:
        sources = [
            f"{wrapped(f'- {s.claim}', 2, hanging=2)}\n{style(wrapped(s.citation, 6), dim=True)}"
            for s in rule.sources
        ]
        yield _part("Sources", "\n".join(sources))
    if not adopted:
        yield f"\nTake it up: reconnect adopt {rule.id}"


def _part(title: str, text: str) -> str:
    return f"\n{style(title, bold=True)}\n{text}"


def _list(lines: Iterable[str], *, hanging: int = 4) -> str:
    return "\n".join(wrapped(line, 2, hanging=hanging) for line in lines)


def _habit(rule: Rule, template: HabitTemplate) -> str:
    from reconnect.recurrence import describe

    when = "when needed"
    if not template.when_needed:
        when = f"{describe(template.recurrence)}, {template.time}"
    if template.target is not None:
        unit = next((f.unit for f in rule.fields if f.id == template.amount), None) or ""
        sign = "at most " if template.goal == "at-most" else ""
        when += f", {sign}{words.number(template.target)} {unit}".rstrip()
    text = _list([f"{template.id}: {template.title} ({when})"])
    return f"{text}\n{wrapped(f'cue: {template.cue}', 6)}" if template.cue else text


def _samples(rule: Rule) -> list[Prompt]:
    """A few prompts, of different moments where there are such."""
    by_moment = {prompt.moment: prompt for prompt in reversed(rule.prompts)}
    chosen = {prompt.id: prompt for prompt in reversed(by_moment.values())}
    return list((chosen | {p.id: p for p in rule.prompts}).values())[:_SAMPLES]
