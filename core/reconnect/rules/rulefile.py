"""rule.toml -> Rule, with errors that name the file, the key, and what was expected."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import msgspec

from reconnect.errors import RuleFileError
from reconnect.model.rule import Rule

if TYPE_CHECKING:
    from collections.abc import Iterable

API_VERSION = 1
"""The plugin contract this program speaks. A rule.toml says which one it was written for."""

RESERVED_FIELDS = frozenset({"on", "note", "landed", "id", "json", "no", "help", "value"})

R = TypeVar("R", bound=Rule)


def load_rule(path: str | Path, kind: type[R] = Rule) -> R:  # type: ignore[assignment]
    """Read a rule.toml as a rule of the given class.

    Raises:
        RuleFileError: unreadable, not TOML, written for a newer API, an unknown or missing key, a
            value of the wrong type or out of range, an id twice, or a reference to nothing.
    """
    path = Path(path)
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise RuleFileError(f"{path}: cannot be read ({error.strerror})") from error
    except UnicodeDecodeError as error:
        raise RuleFileError(f"{path}: not UTF-8 text (byte {error.start})") from error
    except tomllib.TOMLDecodeError as error:
        raise RuleFileError(f"{path}: not valid TOML: {error}") from error
    return rule_from_data(data, str(path), kind)


def rule_from_data(data: dict[str, Any], where: str, kind: type[R]) -> R:
    """Check the data of a rule.toml; `where` is named in errors.

    Raises:
        RuleFileError: as `load_rule`.
    """
    api = data.get("api")
    if isinstance(api, int) and api > API_VERSION:
        raise RuleFileError(
            f"{where}: written for plugin API {api}, this program speaks {API_VERSION}: "
            "upgrade reconnect"
        )
    try:
        rule = msgspec.convert(data, kind)
    except msgspec.ValidationError as error:
        raise RuleFileError(f"{where}: {explain(error)}") from error
    for problem in _inconsistencies(rule):
        raise RuleFileError(f"{where}: {problem}")
    return rule


def explain(error: msgspec.ValidationError) -> str:
    """A validation error as `key: expectation`, in the words of the file."""
    text, _, path = str(error).partition(" - at `")
    key = path.rstrip("`").removeprefix("$.").removeprefix("$")
    unknown = re.match(r"Object contains unknown field `(.+)`", text)
    if unknown:
        spot = f"{key}.{unknown[1]}" if key else unknown[1]
        return f"{spot}: unknown key"
    missing = re.match(r"Object missing required field `(.+)`", text)
    if missing:
        spot = f"{key}.{missing[1]}" if key else missing[1]
        return f"{spot}: missing, but required"
    text = text.replace("`", "").replace("Expected", "expected", 1)
    return f"{key}: {text}" if key else text


def _inconsistencies(rule: Rule) -> Iterable[str]:
    for name, things in (
        ("habits", rule.habits), ("fields", rule.fields), ("lapses", rule.lapses),
        ("prompts", rule.prompts), ("metrics", rule.metrics), ("help", rule.help),
    ):  # fmt: skip
        seen: set[str] = set()
        for thing in things:
            if thing.id in seen:
                yield f"{name}: the id '{thing.id}' is there twice"
            seen.add(thing.id)
    fields = {field.id for field in rule.fields}
    lapses = {lapse.id for lapse in rule.lapses}
    habits = {habit.id for habit in rule.habits}
    for taken in fields & RESERVED_FIELDS:
        yield f"fields.{taken}: the id '{taken}' is an option of every `log` command, take another"
    if sum(field.defines for field in rule.fields) > 1:
        yield "fields: more than one `defines` the act, expected one at most"
    for habit in rule.habits:
        if habit.amount is not None and habit.amount not in fields:
            yield f"habits.{habit.id}.amount: no field '{habit.amount}'"
        if habit.target is not None and habit.amount is None and habit.goal == "at-least":
            yield f"habits.{habit.id}.target: needs `amount`, the field it adds up"
        for lost in set(habit.fields or ()) - fields:
            yield f"habits.{habit.id}.fields: no field '{lost}'"
        yield from _bad_recurrence(habit.recurrence, f"habits.{habit.id}.recurrence")
    for prompt in rule.prompts:
        if prompt.habit is not None and prompt.habit not in habits:
            yield f"prompts.{prompt.id}.habit: no habit '{prompt.habit}'"
    for metric in rule.metrics:
        for key in ("field", "distinct"):
            named = getattr(metric, key)
            if named is not None and named not in fields:
                yield f"metrics.{metric.id}.{key}: no field '{named}'"
        for selector in (metric.of, metric.among, metric.against):
            if selector is None:
                continue
            for lost in set(selector.lapses) - lapses:
                yield f"metrics.{metric.id}: no lapse '{lost}'"
            for lost in set(selector.habits) - habits:
                yield f"metrics.{metric.id}: no habit '{lost}'"
            named_fields = {*selector.where, *filter(None, [selector.has])}
            for lost in named_fields - fields:
                yield f"metrics.{metric.id}: no field '{lost}'"


def _bad_recurrence(text: str, where: str) -> Iterable[str]:
    from reconnect.errors import UsageError
    from reconnect.recurrence import check

    try:
        check(text)
    except UsageError as error:
        yield f"{where}: {error}"
