"""Choose which prompt to send: no repeat until all that fit were shown."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

    from reconnect.model.history import PromptContext
    from reconnect.model.rule import Prompt


class Choice(NamedTuple):
    """What was chosen, and why.

    `fitting` is how many prompts fit habit, moment and time, `fresh` how many of those were shown
    least (`times` times each), `chance` the chosen one's chance among the fresh, 0 to 1.
    """

    prompt: Prompt
    fitting: int
    fresh: int
    times: int
    chance: float


def fitting(prompts: Sequence[Prompt], context: PromptContext) -> list[Prompt]:
    """Prompts for the context's habit, moments and minutes; a wish that leaves none is dropped."""
    fit = [p for p in prompts if p.habit is None or p.habit == context.habit] or list(prompts)
    fit = [p for p in fit if p.moment in context.moments] or fit
    if context.minutes is not None:
        fit = [p for p in fit if p.effort <= context.minutes] or fit
    return fit


def choose(prompts: Sequence[Prompt], context: PromptContext) -> Prompt | None:
    """Draw one of the fitting prompts that were shown least, earlier moments weighing more.

    The draw depends on nothing but the arguments: the same seed gives the same prompt.
    """
    choice = explained(prompts, context)
    return choice.prompt if choice else None


def explained(prompts: Sequence[Prompt], context: PromptContext) -> Choice | None:
    """As `choose`, with the reasons."""
    fit = fitting(prompts, context)
    if not fit:
        return None
    fewest = min(context.shown.get(p.id, 0) for p in fit)
    fresh = [p for p in fit if context.shown.get(p.id, 0) == fewest]
    wishes = {moment: 2.0**-place for place, moment in enumerate(context.moments)}
    weights = [wishes.get(p.moment, 2.0 ** -len(wishes)) for p in fresh]
    draw = random.Random(context.seed)  # noqa: S311 - the same seed must give the same prompt
    place = draw.choices(range(len(fresh)), weights)[0]
    return Choice(
        prompt=fresh[place],
        fitting=len(fit),
        fresh=len(fresh),
        times=fewest,
        chance=weights[place] / sum(weights),
    )
