"""What no type can say about a rule: ids that are there twice, and references to nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reconnect.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reconnect.model.rule import Field, Metric, Rule, Selector

RESERVED_FIELDS = frozenset({"on", "note", "landed", "id", "json", "no", "help", "value"})
_NUMBERS = ("integer", "number", "percent")


def inconsistencies(rule: Rule) -> Iterator[str]:
    """Each thing that is wrong, as `key: expectation`."""
    for name in ("habits", "fields", "lapses", "prompts", "metrics", "help"):
        ids = [thing.id for thing in getattr(rule, name)]
        for twice in sorted({one for one in ids if ids.count(one) > 1}):
            yield f"{name}.{twice}: the id is there twice, expected ids of their own"
    fields = {field.id: field for field in rule.fields}
    yield from _of_fields(rule)
    yield from _of_habits(rule, fields)
    habits = {habit.id for habit in rule.habits}
    for prompt in rule.prompts:
        if prompt.habit is not None and prompt.habit not in habits:
            yield _missing(f"prompts.{prompt.id}.habit", "habit", prompt.habit, habits)
    for metric in rule.metrics:
        yield from _of_metric(rule, metric, fields)
    for one in rule.help:
        yield from _of_selector(rule, one.of, f"help.{one.id}.of", fields)
    if rule.full_week is not None:
        yield from _of_selector(rule, rule.full_week.of, "full_week.of", fields)


def _of_fields(rule: Rule) -> Iterator[str]:
    options: dict[str, str] = {}
    for field in rule.fields:
        if field.id in RESERVED_FIELDS:
            yield f"fields.{field.id}: the id is an option of every `log` command, take another"
        names = [field.id.replace("_", "-")]
        if field.type == "boolean":
            names.append(f"no-{names[0]}")
        for name in names:
            if name in options:
                yield f"fields.{field.id}: --{name} is an option of the field '{options[name]}'"
            options[name] = field.id
    if sum(field.defines for field in rule.fields) > 1:
        yield "fields: more than one `defines` the act, expected one at most"
    for signal in ("tension", "mood"):
        if sum(field.signal == signal for field in rule.fields) > 1:
            yield f"fields: more than one gives the signal {signal}, expected one at most"


def _of_habits(rule: Rule, fields: dict[str, Field]) -> Iterator[str]:
    if sum(habit.starter for habit in rule.habits) > 1:
        yield "habits: more than one is the `starter`, expected one at most"
    for habit in rule.habits:
        key = f"habits.{habit.id}"
        if habit.amount is not None:
            yield from _number(f"{key}.amount", habit.amount, fields)
        if habit.target is not None and habit.amount is None:
            yield f"{key}.target: needs `amount`, the field it adds up"
        for name in habit.fields or ():
            if name not in fields:
                yield _missing(f"{key}.fields", "field", name, fields)
        yield from _of_recurrence(habit.recurrence, f"{key}.recurrence")


def _of_metric(rule: Rule, metric: Metric, fields: dict[str, Field]) -> Iterator[str]:
    key = f"metrics.{metric.id}"
    if metric.field is not None and metric.kind in ("total", "mean", "ratio"):
        yield from _number(f"{key}.field", metric.field, fields)
    elif metric.field is not None and metric.field not in fields:
        yield _missing(f"{key}.field", "field", metric.field, fields)
    elif metric.kind == "checklist" and metric.field and fields[metric.field].type != "choices":
        yield f"{key}.field: '{metric.field}' is no checklist, expected a field of type choices"
    if metric.distinct is not None and metric.distinct not in fields:
        yield _missing(f"{key}.distinct", "field", metric.distinct, fields)
    for name in ("of", "among", "against"):
        selector = getattr(metric, name)
        if selector is not None:
            yield from _of_selector(rule, selector, f"{key}.{name}", fields)


def _of_selector(
    rule: Rule, selector: Selector, key: str, fields: dict[str, Field]
) -> Iterator[str]:
    lapses, habits = {lapse.id for lapse in rule.lapses}, {habit.id for habit in rule.habits}
    for name in selector.lapses:
        if name not in lapses:
            yield _missing(f"{key}.lapses", "lapse", name, lapses)
    if selector.lapses and selector.kind not in ("lapse", "any"):
        yield f'{key}.lapses: matches nothing, expected `kind = "lapse"` beside it'
    for name in selector.habits:
        if name not in habits:
            yield _missing(f"{key}.habits", "habit", name, habits)
    if selector.has is not None and selector.has not in fields:
        yield _missing(f"{key}.has", "field", selector.has, fields)
    for name in selector.at_least:
        yield from _number(f"{key}.at_least", name, fields)
    for name, wanted in selector.where.items():
        if name not in fields:
            yield _missing(f"{key}.where", "field", name, fields)
            continue
        for value in wanted if isinstance(wanted, tuple) else (wanted,):
            expected = _impossible(fields[name], value)
            if expected:
                yield f"{key}.where.{name}: {value!r} never occurs, expected {expected}"


def _impossible(field: Field, value: object) -> str | None:
    """What the field could hold instead of a value; None where it can hold it."""
    if field.type == "boolean":
        return None if isinstance(value, bool) else "true or false"
    if field.choices_from is not None:
        return None  # What the person keeps decides.
    if field.type in ("choice", "choices"):
        return None if value in field.choices else f"one of {', '.join(field.choices)}"
    if field.type in _NUMBERS:
        return None if type(value) in (int, float) else "a number"
    return None if isinstance(value, str) else "text"


def _number(key: str, name: str, fields: dict[str, Field]) -> Iterator[str]:
    if name not in fields:
        yield _missing(key, "field", name, fields)
    elif fields[name].type not in _NUMBERS:
        yield f"{key}: '{name}' is of type {fields[name].type}, expected a field that is a number"


def _missing(key: str, what: str, name: str, known: dict[str, Field] | set[str]) -> str:
    return f"{key}: no {what} '{name}', expected one of {', '.join(sorted(known)) or 'none'}"


def _of_recurrence(text: str, key: str) -> Iterator[str]:
    from reconnect.recurrence import check

    try:
        check(text)
    except UsageError as error:
        yield f"{key}: {error}"
