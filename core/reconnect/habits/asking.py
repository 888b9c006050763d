"""What `ask` asks of a habit, and what an answer to it means: on a screen, a pipe or a page.

One answer is one key wherever a key can say enough. An at-most habit is asked for what its rule
wants to know of the day ("how did your voice sound?"); where a rule wants to know nothing, nothing
is asked: a slip is logged when it happens, and nobody is asked for one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple

from reconnect.errors import UsageError
from reconnect.habits.fields import expectation, parse

if TYPE_CHECKING:
    from collections.abc import Sequence

    from reconnect.habits.outlook import Outlook
    from reconnect.model.habit import FieldValue, Habit
    from reconnect.model.rule import Field, Rule

Verb = Literal["done", "no", "skip", "later", "note", "back", "stop", "help", "which"]

SCALE_ENDS = 10
"""A whole number that goes no higher is a scale: each of its values is a key."""

_WORDS: dict[str, Verb] = {
    "n": "no", "no": "no",
    "s": "skip", "skip": "skip",
    "l": "later", "later": "later",
    "-": "note", "t": "note", "note": "note",
    "u": "back", "undo": "back", "back": "back",
    "q": "stop", "quit": "stop",
    "?": "help", "help": "help",
}  # fmt: skip
_YES = ("y", "yes")
_NUMBERS = ("integer", "number", "percent")


class Question(NamedTuple):
    """What is asked of one habit.

    `field` takes the answer; None where yes or no is all there is to say. `enter` is the value that
    Enter alone takes (None leaves it for later), `yes` the one that `y` takes (None: it needs to be
    said). Both are in the field's unit.
    """

    habit: Habit
    text: str
    field: Field | None
    enter: FieldValue | None
    yes: FieldValue | None

    @property
    def values(self) -> tuple[str, ...]:
        """What can be answered by a number of its own: the choices, or the steps of a scale."""
        if self.field is None:
            return ()
        if self.field.choices:
            return self.field.choices
        low, high = self.field.bounds
        if self.field.type != "integer" or high is None or not 0 < high <= SCALE_ENDS:
            return ()
        return tuple(str(step) for step in range(max(0, int(low or 0)), int(high) + 1))

    @property
    def numeric(self) -> bool:
        """Whether the answer is a number that is typed."""
        return self.field is not None and self.field.type in _NUMBERS


class Reply(NamedTuple):
    """What an answer asks for; `fields` is what is logged with a `done`.

    which: y alone does not say enough · help, note, back, stop: not an answer yet.
    """

    verb: Verb
    fields: dict[str, FieldValue]


def is_open(outlook: Outlook) -> bool:
    """Whether a habit is to be asked about: nothing was logged, and today is still wanted.

    It is wanted when it is due and not kept for this week or month already, and on the last day on
    which it can still be kept.
    """
    if outlook.state != "unknown" or outlook.span is None:
        return False
    if outlook.days_left == 0:
        return True
    return outlook.due and outlook.span.verdict != "kept"


def by_urgency(outlook: Outlook) -> tuple[bool, int, bool]:
    """A key to sort by: what breaks first comes first, of those what has stood so far."""
    left = outlook.days_left
    return (left is None, left or 0, not outlook.stands)


def question_for(habit: Habit, rule: Rule, so_far: float | None = None) -> Question | None:
    """What is asked of a habit; None of one that nothing can be asked of.

    Args:
        habit: whose day it is.
        rule: its rule, with the person's own choices in it.
        so_far: the amount that the day has already.
    """
    from reconnect.habits.record import asked_fields

    asked = asked_fields(rule, habit)
    field = next((f for f in asked if f.defines), None)
    if field is None:
        field = next((f for f in asked if f.id == habit.amount), None)
    if field is None and habit.goal == "at-most":
        return None
    usual = _rest(habit, field, so_far)
    return Question(
        habit=habit,
        text=field.ask if field else f"{habit.title}?",
        field=field,
        enter=usual,
        yes=usual if usual is not None else _least(habit, field),
    )


def read_reply(question: Question, text: str) -> Reply:
    """What a person answered, by a key, a word, a number or a text.

    Raises:
        UsageError: it is none of what the question takes.
    """
    given = text.strip()
    word = given.casefold()
    field = question.field
    if not given:
        if question.enter is None:
            return Reply("later", {})
        return Reply("done", _as_fields(field, question.enter))
    named = field is not None and len(word) > 1 and word in map(str.casefold, field.choices)
    if not named and word in _WORDS:
        return Reply(_WORDS[word], {})
    if not named and word in _YES:
        if field is None:
            return Reply("done", {})
        if question.yes is None:
            return Reply("which", {})
        return Reply("done", _as_fields(field, question.yes))
    if field is None or field.type == "boolean":
        raise UsageError(f"{given[:40]!r} is no answer: expected y, n, s or l")
    return Reply("done", read_value(question, given))


def read_value(question: Question, text: str) -> dict[str, FieldValue]:
    """The value of the question's field from what was typed for it: a choice by its number, too.

    Raises:
        UsageError: it is not what the field takes.
    """
    field = question.field
    if field is None:
        raise UsageError("expected y, n, s or l")
    given = text.strip()
    if not given:
        raise UsageError(f"{field.id}: missing, expected {expectation(field)}")
    if field.choices:
        given = ",".join(_numbered(field.choices, part) for part in given.split(","))
    return {field.id: parse(field, given)}


def may_go_on(question: Question, digits: str) -> bool:
    """Whether a further digit could follow, so that what was typed is not yet the whole answer."""
    values = question.values
    if not values:
        return True
    numbers = values if not question.field or not question.field.choices else None
    known = numbers or [str(number) for number in range(1, len(values) + 1)]
    return any(len(one) > len(digits) and one.startswith(digits) for one in known)


def _numbered(choices: Sequence[str], part: str) -> str:
    number = part.strip()
    if number.isdecimal() and number not in choices and 1 <= int(number) <= len(choices):
        return choices[int(number) - 1]
    return number


def _rest(habit: Habit, field: Field | None, so_far: float | None) -> FieldValue | None:
    """What is left of the day's target, where the habit aims at one and the field takes it."""
    if field is None or field.id != habit.amount or field.type not in _NUMBERS:
        return None
    if habit.goal == "at-most" or not habit.target:
        return None
    left = habit.target - (so_far or 0)
    try:
        return parse(field, left if left > 0 else habit.target)
    except UsageError:
        return None


def _least(habit: Habit, field: Field | None) -> FieldValue | None:
    """What a yes says of a field: that it is so, or (of what is counted from none) once at least.

    An amount aimed at is none of these: minutes that nobody named are not made up.
    """
    if field is None or field.type == "boolean":
        return True
    low, high = field.bounds
    counted = field.type == "integer" and (high is None or high > SCALE_ENDS)
    return 1 if counted and low == 0 and field.id != habit.amount else None


def _as_fields(field: Field | None, value: FieldValue) -> dict[str, FieldValue]:
    return {} if field is None else {field.id: value}
