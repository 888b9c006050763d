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
    from collections.abc import Mapping
    from datetime import datetime

    from reconnect.model.habit import Habit, Person
    from reconnect.model.history import History
    from reconnect.model.reminder import Delivery
    from reconnect.model.rule import Prompt, Rule
    from reconnect.rules.registry import Registry


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
) -> Message:
    """Make the message of one delivery.

    Args:
        registry: the plugins; the habit's rule chooses the prompt.
        habit: what is reminded of.
        delivery: which occurrence.
        context: as `context_of` made it; where it is private, the habit may be named.
        role: the reminder's role: do, log or digest.
        title: what a lock screen shows.
    """
    prompt = None if delivery.text else _prompt(registry, habit, delivery, context)
    text = delivery.text or (prompt.text if prompt else habit.title)
    # Elsewhere a screen may be read by others: the answer's command names no rule.
    answer = f"reconnect log {habit.name}" if context.private else "reconnect today"
    return Message(
        rule=habit.rule,
        habit=habit.name,
        role=role,
        due=delivery.due,
        title=title,
        body=f"{text}\n\n{answer}",
        prompt=prompt.id if prompt else None,
    )


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
