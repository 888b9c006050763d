"""What is wrong with the data of a file: which key, what was expected, in the words of the file."""

from __future__ import annotations

import re
from typing import Any, NamedTuple

import msgspec
import msgspec.inspect as types

_SECRET_KEYS = {"url", "health_url"}
"""The values of these are never repeated."""


class Fault(NamedTuple):
    """One thing that is wrong: the key as people write it, why, and the way to it in the data.

    `missing` says that the last step of `path` is not there.
    """

    key: str
    reason: str
    path: tuple[str | int, ...]
    missing: bool = False


def explain(error: msgspec.ValidationError, kind: type, data: object) -> tuple[str, str]:
    """The key that is at fault (dotted; empty for the whole file), and what was expected of it.

    Args:
        error: what converting `data` to `kind` raised.
        kind: the struct that the file is read as.
        data: what stands in the file.
    """
    return diagnose(error, kind, data)[:2]


def diagnose(error: msgspec.ValidationError, kind: type, data: object) -> Fault:
    """What is wrong, and where; the arguments are those of `explain`."""
    text, at, place = str(error).rpartition(" - at `")
    if not at:
        text, place = str(error), ""
    of_key = "key` in `" in place
    steps = _steps(place.removeprefix("key` in `").rstrip("`"))
    key, spot, expected, path = _walk(steps, kind, data, str(error))
    unknown = re.fullmatch(r"Object contains unknown field `(.+)`", text, re.DOTALL)
    missing = re.fullmatch(r"Object missing required field `(.+)`", text)
    if unknown:
        name = unknown[1]
        return Fault(_joined(key, name), f"unknown key{_hint(name, expected)}", (*path, name))
    if missing:
        name = missing[1]
        wanted = next((f.type for f in _fields(expected) if f.encode_name == name), None)
        reason = f"missing, expected {words(wanted)}"
        return Fault(_joined(key, name), reason, (*path, name), missing=True)
    if of_key:
        name = _culprit(steps, kind, data, str(error), spot)
        wanted = expected.key_type if isinstance(expected, types.DictType) else None
        return Fault(_joined(key, name), f"expected {words(wanted)} for a key", (*path, name))
    if text.startswith(("Expected", "Invalid enum value")):
        secret = key.rpartition(".")[2] in _SECRET_KEYS
        text = f"expected {words(expected)}, got {_shown(spot, secret=secret)}"
    return Fault(key, text, path)


def words(kind: types.Type | None) -> str:
    """A type in a few words: "a whole number from 1 to 64"."""
    if isinstance(kind, types.Metadata):
        described = (kind.extra_json_schema or {}).get("description")
        return str(described) if described else words(kind.type)
    if isinstance(kind, types.UnionType):
        return " or ".join(words(one) for one in kind.types if not isinstance(one, types.NoneType))
    if isinstance(kind, types.LiteralType):
        return f"one of {', '.join(map(str, kind.values))}"
    if isinstance(kind, types.IntType):
        return f"a whole number{_range(kind)}"
    if isinstance(kind, types.FloatType):
        return f"a number{_range(kind)}"
    if isinstance(kind, types.StrType):
        return f"text{_length(kind, 'characters')}"
    if isinstance(kind, types.BoolType):
        return "true or false"
    if isinstance(kind, types.VarTupleType | types.ListType):
        return f"a list{_length(kind, 'items')}"
    if isinstance(kind, types.StructType | types.DictType):
        return "a table"
    return "another value"


def _steps(place: str) -> list[str]:
    return [a or b for a, b in re.findall(r"\.([^.\[\]]+)|\[(\d+|\.\.\.)\]", place)]


def _walk(
    steps: list[str], kind: type, data: Any, message: str
) -> tuple[str, Any, types.Type | None, tuple[str | int, ...]]:
    """The key as people write it, what stands there, the type that should, and the way there."""
    expected: types.Type | None = types.type_info(kind)
    key, spot = "", data
    path: list[str | int] = []
    for number, step in enumerate(steps):
        expected = _bare(expected)
        name = step
        if step == "...":
            name = _culprit(steps[:number], kind, data, message, spot)
            expected = expected.value_type if isinstance(expected, types.DictType) else None
            spot = spot.get(name) if isinstance(spot, dict) else None
        elif step.isdecimal():
            expected = getattr(expected, "item_type", None)
            spot = spot[int(step)] if isinstance(spot, list) else None
            named = spot.get("id") if isinstance(spot, dict) else None
            name = named if isinstance(named, str) else f"[{step}]"
        else:
            fields = (f.type for f in _fields(expected) if f.encode_name == step)
            expected = next(fields, None)
            spot = spot.get(step) if isinstance(spot, dict) else None
        path.append(int(step) if step.isdecimal() else name)
        key = f"{key}{name}" if name.startswith("[") else _joined(key, name)
    whole = expected if steps and _bare(expected) is None else _leaf(expected)
    return key, spot, whole, tuple(path)


def _culprit(steps: list[str], kind: type, data: Any, message: str, table: object) -> str:
    """The key of a table that an error is about: found by leaving in one at a time."""
    if not isinstance(table, dict):
        return "?"
    for name in table:
        try:
            msgspec.convert(_only(data, steps, name), kind)
        except msgspec.ValidationError as error:
            if str(error) == message:
                return str(name)
    return "?"


def _only(data: Any, steps: list[str], name: str) -> Any:
    if not steps:
        return {name: data[name]}
    if isinstance(data, list):
        number = int(steps[0])
        return [_only(v, steps[1:], name) if i == number else v for i, v in enumerate(data)]
    return {**data, steps[0]: _only(data[steps[0]], steps[1:], name)}


def _bare(kind: types.Type | None) -> types.Type | None:
    """The type without what describes it, and of "a table or nothing" the table."""
    while isinstance(kind, types.Metadata):
        kind = kind.type
    if isinstance(kind, types.UnionType):
        rest = [one for one in kind.types if not isinstance(one, types.NoneType)]
        return _bare(rest[0]) if len(rest) == 1 else kind
    return kind


def _leaf(kind: types.Type | None) -> types.Type | None:
    bare = _bare(kind)
    return bare if isinstance(bare, types.StructType | types.DictType) else kind


def _fields(kind: types.Type | None) -> tuple[types.Field, ...]:
    bare = _bare(kind)
    return bare.fields if isinstance(bare, types.StructType) else ()


def _joined(key: str, name: str) -> str:
    return f"{key}.{name}" if key else name


def _hint(name: str, kind: types.Type | None) -> str:
    from difflib import get_close_matches

    known = [field.encode_name for field in _fields(kind)]
    near = get_close_matches(name, known, 1)
    return f", did you mean {near[0]}?" if near else f"; known here: {', '.join(known)}"


def _range(kind: types.IntType | types.FloatType) -> str:
    if kind.ge is not None and kind.le is not None:
        return f" from {kind.ge:g} to {kind.le:g}"
    if kind.ge is not None:
        return f" of {kind.ge:g} or more"
    if kind.gt is not None:
        return f" above {kind.gt:g}"
    return f" of {kind.le:g} or less" if kind.le is not None else ""


def _length(kind: types.StrType | types.VarTupleType | types.ListType, what: str) -> str:
    low, high = kind.min_length, kind.max_length
    if low is not None and high is not None:
        return f" of {low:,} to {high:,} {what}"
    if low is not None:
        return f" of {low:,} or more {what}"
    return f" of at most {high:,} {what}" if high is not None else ""


def _shown(value: object, *, secret: bool) -> str:
    """What stood there instead, in a few words."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return f"{value}"
    if isinstance(value, str):
        if secret or "://" in value or len(value) > 60:
            return f"{len(value):,} characters of text" if value else "empty text"
        return f"'{value}'" if value.isprintable() and value else repr(value)
    if isinstance(value, list | tuple):
        return f"a list of {len(value)}" if value else "an empty list"
    return "a table" if isinstance(value, dict) else type(value).__name__
