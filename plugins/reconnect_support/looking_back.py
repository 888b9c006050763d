"""The goals in the weekly review: how many had an act lately, and which one waits longest."""

from reconnect.api import ReviewContext, ReviewSection
from reconnect_support.goals import active, backed, longest_waiting, text

DAYS = 30


def goals_of_the_week(context: ReviewContext) -> tuple[ReviewSection, ...]:
    """How many goals had an act lately; their names only where what is private was asked for."""
    history = context.history
    goals = active(history.records, history.day)
    if not goals:
        return ()
    whole = "goal" if len(goals) == 1 else f"{len(goals)} goals"
    line = f"The {whole} on your list would be glad of a small act."
    if had := backed(goals, history, DAYS):
        which = f"{had} of the {whole}" if len(goals) > 1 else "The goal"
        line = f"{which} on your list had an act of yours in the last {DAYS} days."
    waits = "`reconnect support goals` shows which one waits longest."
    if context.private:
        goal = longest_waiting(goals, history.entries, history.day)[0]
        waits = f"It waits longest: {' '.join(text(goal).split())}"
    return (ReviewSection(title="Their goals", lines=(line, waits)),)
