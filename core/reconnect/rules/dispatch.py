"""Ask the plugins: what an answer means, and what holds where it is junk or missing."""

from __future__ import annotations

from functools import partial
from itertools import chain
from math import isfinite
from typing import TYPE_CHECKING
from unicodedata import category

import msgspec

from reconnect.model.history import MetricValue
from reconnect.model.prompts import choose
from reconnect.model.reviewing import ReviewSection
from reconnect.model.rule import Prompt, Rule
from reconnect.rules.events import Message

if TYPE_CHECKING:
    from reconnect.model.habit import Entry, FieldValue
    from reconnect.model.history import DueReminder, History, PromptContext
    from reconnect.model.reviewing import ReviewContext
    from reconnect.rules.events import Delivered
    from reconnect.rules.registry import Registry
    from reconnect.rules.session import RuleSession

BEFORE = "reconnect_before_reminder"


def before_reminder(registry: Registry, message: Message) -> Message:
    """What the plugins of the message's own rule make of it.

    Each sees what the one before it made of it; None lets it pass; the first veto ends the asking.
    Of an answer title, body, prompt and veto count: a plugin cannot turn a reminder into one of
    another rule, habit or time. A plugin at fault changes nothing: the reminder is sent.
    """
    for plugin, function in registry.implementations(BEFORE, message.rule):
        answer = registry.attempt(plugin, BEFORE, partial(function, {"message": message}))
        if answer is None:
            continue
        why = _no_message(answer)
        if why is not None:
            registry.fault(plugin, BEFORE, why)
            continue
        message = msgspec.structs.replace(
            message, title=answer.title, body=answer.body, prompt=answer.prompt,
            veto=answer.veto or None,
        )  # fmt: skip
        if message.veto:
            break
    return message


def after_delivery(registry: Registry, delivered: Delivered) -> None:
    """Tell the plugin of the delivery's own rule that it reached its end."""
    registry.call("reconnect_after_delivery", rule_id=delivered.rule, delivered=delivered)


def entry_recorded(registry: Registry, entry: Entry, session: RuleSession) -> None:
    """Tell the plugin of the entry's own rule that it was stored."""
    registry.call("reconnect_entry_recorded", rule_id=entry.rule, entry=entry, session=session)


def entry_taken_back(registry: Registry, entry: Entry, session: RuleSession) -> None:
    """Tell the plugin of the entry's own rule that it is gone."""
    registry.call("reconnect_entry_taken_back", rule_id=entry.rule, entry=entry, session=session)


def is_due(registry: Registry, rule_id: str, reminder: DueReminder, context: PromptContext) -> bool:
    """Whether the rule still wants a reminder that has fallen due; it does where it cannot say."""
    return bool(registry.ask(rule_id, "due", lambda r: r.due(reminder, context), True, _no_bool))


def choose_prompt(registry: Registry, rule_id: str, context: PromptContext) -> Prompt | None:
    """The text that a rule chooses; where its own choice fails, the standard one.

    None: the rule wants none, or is not there.
    """
    rule = registry.rules.get(rule_id)
    if rule is None:
        return None
    answer = registry.ask(
        rule_id, "choose_prompt", lambda r: r.choose_prompt(context), FAILED, _no_prompt
    )
    return choose(rule.prompts, context) if isinstance(answer, _Failed) else answer


def measure(registry: Registry, rule_id: str, history: History) -> tuple[MetricValue, ...]:
    """A rule's metrics for the history's day; where its own measuring fails, the standard ones.

    Empty where the rule is not there.
    """
    rule = registry.rules.get(rule_id)
    if rule is None:
        return ()
    answer = registry.ask(
        rule_id, "measure", lambda r: r.measure(history), FAILED, partial(_no_values, rule)
    )
    if not isinstance(answer, _Failed):
        return answer
    standard = Rule.measure(rule, history)
    # A metric that only the rule's own code can answer has no standard answer.
    unknown = {metric.id for metric in rule.metrics if metric.custom}
    return tuple(
        msgspec.structs.replace(v, value=None, entries=0) if v.metric in unknown else v
        for v in standard
    )


def review_sections(
    registry: Registry, rule_id: str, context: ReviewContext
) -> tuple[ReviewSection, ...]:
    """What a rule adds to the weekly review; nothing where it fails or says what is private."""
    rule = registry.rules.get(rule_id)
    if rule is None:
        return ()
    junk = partial(_no_sections, rule, context)
    return registry.ask(rule_id, "review", lambda r: r.review(context), (), junk)


class _Failed:
    pass


FAILED = _Failed()


def _no_message(answer: object) -> str | None:
    if not isinstance(answer, Message):
        return f"returned {type(answer).__name__}, expected a Message or None"
    for name in ("title", "body", "prompt", "veto"):
        value = getattr(answer, name)
        if not (isinstance(value, str) or (value is None and name in ("prompt", "veto"))):
            return f"returned a Message whose {name} is {type(value).__name__}, expected text"
    if not answer.body.strip() and not answer.veto:
        return "returned a Message without a body"
    return None


def _no_bool(answer: object) -> str | None:
    return None if isinstance(answer, bool) else f"returned {type(answer).__name__}, expected bool"


def _no_prompt(answer: object) -> str | None:
    if answer is None:
        return None
    if not isinstance(answer, Prompt):
        return f"returned {type(answer).__name__}, expected a Prompt or None"
    try:
        msgspec.convert(msgspec.to_builtins(answer), Prompt)
    except (msgspec.ValidationError, TypeError) as error:
        return f"returned a Prompt that is none: {error}"
    return None


def _no_values(rule: Rule, answer: object) -> str | None:
    if not isinstance(answer, tuple):
        return f"returned {type(answer).__name__}, expected a tuple of MetricValue"
    known = {metric.id for metric in rule.metrics}
    for value in answer:
        if not isinstance(value, MetricValue):
            return f"returned {type(value).__name__} in the tuple, expected MetricValue"
        if value.metric not in known:
            return f"answered '{value.metric}', which is no metric of the rule"
        number: object = value.value
        if number is not None and not (isinstance(number, int | float) and isfinite(number)):
            return f"answered {number!r} for '{value.metric}', expected a finite number or None"
    return None


SECTIONS, LINES, CHARACTERS = 3, 12, 400
_TELLING = 12
"""A private text this long, or its beginning, is known again where it is quoted."""


def _no_sections(rule: Rule, context: ReviewContext, answer: object) -> str | None:
    if not isinstance(answer, tuple):
        return f"returned {type(answer).__name__}, expected a tuple of ReviewSection"
    if len(answer) > SECTIONS:
        return f"returned {len(answer)} sections, expected {SECTIONS} at the most"
    for section in answer:
        if not isinstance(section, ReviewSection):
            return f"returned {type(section).__name__} in the tuple, expected ReviewSection"
        lines: object = section.lines
        if not isinstance(lines, tuple) or len(lines) > LINES:
            return f"returned a section whose lines are no tuple of {LINES} at the most"
        for line in (section.title, *lines):
            if not isinstance(line, str) or not line.strip() or len(line) > CHARACTERS:
                return f"returned a line that is none: expected text of 1 to {CHARACTERS} letters"
            if any(category(letter) in ("Cc", "Cs") for letter in line):
                return "returned a line that holds a control character"
    if not context.private and _tells_what_is_private(rule, context, answer):
        return "returned a private answer or a note that nobody asked for"
    return None


def _texts(answer: FieldValue | None) -> tuple[object, ...]:
    return answer if isinstance(answer, tuple) else (answer,)


def _tells_what_is_private(
    rule: Rule, context: ReviewContext, sections: tuple[ReviewSection, ...]
) -> bool:
    if not sections:
        return False
    lines = (line for one in sections for line in (one.title, *one.lines))
    said = " ".join(" ".join(lines).split())
    private = [field.id for field in rule.fields if field.private]
    for entry in context.history.entries:
        answers = (entry.fields.get(name) for name in private)
        for text in (entry.note, *chain.from_iterable(map(_texts, answers))):
            if isinstance(text, str) and len(text) >= _TELLING:
                beginning = " ".join(text.split())[: 2 * _TELLING]
                if beginning in said:
                    return True
    return False
