"""Read the answer to a field: a number in its range, a choice, a date, a yes or no, a text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reconnect.errors import UsageError
from reconnect.habits.text import TEXT_CHARACTERS, refuse_control

if TYPE_CHECKING:
    from reconnect.model.habit import FieldValue
    from reconnect.model.rule import Field

_YES = {"y", "yes", "true", "1", "on"}
_NO = {"n", "no", "false", "0", "off"}


def parse(field: Field, value: object) -> FieldValue:
    """The value in the field's type, from text or from a value of that type.

    Raises:
        UsageError: not of that type, out of range, or none of the choices.
    """
    if field.type in ("integer", "number", "percent"):
        return _number(field, value)
    if field.type == "boolean":
        return _boolean(field, value)
    if field.type == "choice":
        return _choice(field, str(value))
    if field.type == "choices":
        given = value.split(",") if isinstance(value, str) else list(value)  # type: ignore[call-overload]
        return tuple(dict.fromkeys(_choice(field, str(one)) for one in given))
    if field.type == "date":
        return _date(field, str(value))
    return _text(field, str(value))


def expectation(field: Field) -> str:
    """What the field takes, in a few words: "a whole number from 0 to 600"."""
    if field.type in ("choice", "choices"):
        if not field.choices:
            return "from the list that you keep"
        kind = "one of" if field.type == "choice" else "one or more (comma between) of"
        return f"{kind} {', '.join(field.choices)}"
    if field.type == "boolean":
        return "yes or no"
    if field.type == "date":
        return "a date such as 2026-11-23"
    if field.type == "text":
        return f"text of at most {TEXT_CHARACTERS} characters"
    noun = "a whole number" if field.type == "integer" else "a number"
    low, high = field.bounds
    if low is not None and high is not None:
        return f"{noun} from {low:g} to {high:g}"
    if low is not None:
        return f"{noun} of {low:g} or more"
    if high is not None:
        return f"{noun} of {high:g} or less"
    return noun


def _wrong(field: Field, value: object) -> UsageError:
    shown = str(value)
    shown = f"{shown[:40]}…" if len(shown) > 40 else shown
    more = f". {field.help}".removesuffix(".") if field.choices_from and field.help else ""
    return UsageError(f"{field.id}: {shown!r} is not {expectation(field)}{more}")


def _number(field: Field, value: object) -> FieldValue:
    if isinstance(value, bool):
        raise _wrong(field, value)
    try:
        number = float(value.strip().removesuffix("%") if isinstance(value, str) else value)  # type: ignore[arg-type]
    except (TypeError, ValueError) as error:
        raise _wrong(field, value) from error
    low, high = field.bounds
    inside = (low is None or number >= low) and (high is None or number <= high)
    if not inside or not abs(number) < 1e15 or (field.type == "integer" and number % 1):
        raise _wrong(field, value)
    return int(number) if number % 1 == 0 else number


def _boolean(field: Field, value: object) -> FieldValue:
    if isinstance(value, bool):
        return value
    word = str(value).strip().lower()
    if word in _YES:
        return True
    if word in _NO:
        return False
    raise _wrong(field, value)


def _choice(field: Field, value: str) -> str:
    wanted = value.strip().casefold()
    for choice in field.choices:
        if choice.casefold() == wanted:
            return choice
    starts = [c for c in field.choices if c.casefold().startswith(wanted)] if wanted else []
    if len(starts) == 1:
        return starts[0]
    raise _wrong(field, value)


def _date(field: Field, value: str) -> str:
    from datetime import date

    try:
        return date.fromisoformat(value.strip()).isoformat()
    except ValueError as error:
        raise _wrong(field, value) from error


def _text(field: Field, value: str) -> str:
    text = value.strip()
    if len(text) > TEXT_CHARACTERS:
        raise UsageError(
            f"{field.id}: {len(text):,} characters, at most {TEXT_CHARACTERS:,} are kept"
        )
    refuse_control(text, field.id, allowed="\n\t")
    return text
