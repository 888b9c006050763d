"""Compose what a reminder says: a neutral title, a prompt of the rule, and how to answer."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

import msgspec

from reconnect.clock import local_day
from reconnect.model.history import PromptContext, Signals
from reconnect.reminders.moments import moment_for
from reconnect.rules.dispatch import choose_prompt
from reconnect.rules.events import Message

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from reconnect.model.habit import Habit, Person
    from reconnect.model.history import History
    from reconnect.model.reminder import Body, Delivery
    from reconnect.model.rule import Prompt, Rule
    from reconnect.rules.registry import Registry

_NUDGE = "A small moment is waiting for you."
_NUDGE_LOG = "How was it today?"
_REVIEW = "Ten minutes to look back?\n\nreconnect review"


def context_of(
    rule: Rule | None,
    person: Person,
    habit: Habit,
    delivery: Delivery,
    *,
    role: str,
    shown: Mapping[str, int],
    history: History,
    last_shown: datetime | None,
    private: bool,
) -> PromptContext:
    """What a rule is told when it chooses what one delivery says.

    Args:
        rule: the habit's rule; None where its plugin is gone.
        person: who is reminded.
        habit: of what.
        delivery: which occurrence; the same one always says the same.
        role: the reminder's role: do, log or digest.
        shown: how often each of the rule's prompts was sent.
        history: the rule's own entries, and the signals of other rules.
        last_shown: when a prompt of the rule was last shown.
        private: whether only the person reads the channel.
    """
    day = local_day(delivery.due, person.tzid, person.day_starts)
    prompts = rule.prompts if rule else ()
    return PromptContext(
        day=day,
        seed=f"{delivery.reminder_id}|{delivery.occ_wall.isoformat()}",
        moments=(moment_for(prompts, habit.template, history, role, day, last_shown),),
        habit=habit.template,
        shown=MappingProxyType(shown),
        signals=history.signals.get(day, Signals()),
        history=msgspec.structs.replace(history, day=day),
        private=private,
    )


def compose(
    registry: Registry,
    habit: Habit,
    delivery: Delivery,
    context: PromptContext,
    *,
    role: str,
    title: str,
    how: Body,
) -> Message:
    """Make the message of one delivery.

    Args:
        registry: the plugins; the habit's rule chooses the prompt.
        habit: what is reminded of.
        delivery: which occurrence.
        context: as `context_of` made it.
        role: the reminder's role: do or log.
        title: what a lock screen shows.
        how: how much is said. full: the habit's name too; prompt: nothing that names the habit but
            its prompt; nudge: only that there is something.
    """
    nudge = how == "nudge"
    prompt = None if delivery.text or nudge else _prompt(registry, habit, delivery, context)
    if nudge:
        text = _NUDGE_LOG if role == "log" else _NUDGE
    else:
        # Elsewhere a screen may be read by others: what stands there names no rule.
        text = delivery.text or (prompt.text if prompt else habit.title)
        if role == "log" and not delivery.text:
            text = f"{_asked(habit, how)}\n\n{text}" if prompt else _asked(habit, how)
    return Message(
        rule=habit.rule,
        habit=habit.name,
        role=role,
        due=delivery.due,
        title=title,
        body=f"{text}\n\n{_answer(habit, role, how)}",
        prompt=prompt.id if prompt else None,
    )


def about_late(
    habit: Habit, delivery: Delivery, titles: Sequence[str], title: str, how: Body
) -> Message:
    """The one message about several late reminders, whose habits have those titles."""
    text = about_several(len(titles))
    if how == "full":
        text += "\n" + "\n".join(f"- {one}" for one in dict.fromkeys(titles))
    return _of_all(habit, delivery, title, f"{text}\n\nreconnect today")


def about_week(
    habit: Habit, delivery: Delivery, counts: str | None, title: str, how: Body
) -> Message:
    """The weekly review's reminder: its counts, or (None, and for a nudge) the invitation alone."""
    text = _REVIEW if counts is None or how == "nudge" else counts
    return _of_all(habit, delivery, title, text)


def about_several(count: int) -> str:
    """What is said of several late reminders: how many, and no more."""
    return f"{count} small moments waited for you. One of them is enough."


def _of_all(habit: Habit, delivery: Delivery, title: str, body: str) -> Message:
    return Message(
        rule=habit.rule, habit=habit.name, role="digest", due=delivery.due, title=title, body=body
    )


def _asked(habit: Habit, how: Body) -> str:
    return f"Did you? {habit.title}." if how == "full" else "Did you, today? Each answer counts."


def _answer(habit: Habit, role: str, how: Body) -> str:
    if how != "full":
        return "reconnect today"
    log = f"reconnect log {habit.name}"
    return f"{log}  or  reconnect skip {habit.name}" if role == "log" else log


def _prompt(
    registry: Registry, habit: Habit, delivery: Delivery, context: PromptContext
) -> Prompt | None:
    again = delivery.prompt
    rule = registry.rules.get(habit.rule)
    if again is not None and rule is not None:
        kept = next((prompt for prompt in rule.prompts if prompt.id == again), None)
        if kept is not None:
            return kept
    return choose_prompt(registry, habit.rule, context)
