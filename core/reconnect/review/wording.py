"""What the weekly review and closeness say in words, the same in all their forms."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reconnect.review.comparing import ENOUGH

if TYPE_CHECKING:
    from reconnect.model.week import Week
    from reconnect.review.comparing import Compared, Comparison

QUESTION = "Which pair is most like the two of you this week, as you feel it?"

SOURCE = (
    "The circles: Aron, Aron & Smollan (1992), Inclusion of Other in the Self Scale, Journal of "
    "Personality and Social Psychology 63(4), 596-612."
)

NO_PROOF = (
    "None of this proves a cause. It may as well be that good weeks leave more room for such "
    "things, or that something else made both. Weeks that follow each other are alike, too, so the "
    "true range is wider than the one that is given."
)

SHOWN = 3
"""So many comparisons are shown unless all are asked for."""


def week_text(week: Week) -> str:
    """A week in words: "9 to 15 November 2026", "28 December 2026 to 3 January 2027"."""
    first, last = week.monday, week.sunday
    begin = f"{first.day}"
    if first.month != last.month:
        begin += f" {first:%B}"
    if first.year != last.year:
        begin += f" {first.year}"
    return f"{begin} to {last.day} {last:%B} {last.year}"


def comparison_text(one: Comparison) -> str:
    """A comparison in full: both means, both counts, the difference with its interval."""
    value, low, high = one.difference
    means = f"{one.inside:.1f} against {one.outside:.1f}"
    counts = f"{one.weeks_inside} and {one.weeks_outside} weeks"
    given = f"{_signed(value)}, 95 % interval {_signed(low)} to {_signed(high)}"
    if one.difference.clear:
        how = "closer" if value > 0 else "less close"
        return f"In weeks {one.words} you put yourself {how}: {means}, {counts} ({given})."
    return f"In weeks {one.words}: {means}, {counts}. That may well be chance ({given})."


def many_looks(found: Compared, shown: int) -> str:
    """How many comparisons there are, which are shown, and what many looks do."""
    whole = len(found.comparisons)
    parts = []
    if whole > shown:
        parts.append(
            f"{shown} of {whole} comparisons, those with the most weeks behind them; --compare "
            "shows all."
        )
    if whole > 1:
        parts.append(
            "With many looks some differ by chance alone: of twenty about one leaves nought out of "
            "its interval where there is nothing."
        )
    return " ".join(parts)


def too_few(found: Compared) -> str:
    """Why there is nothing to compare yet."""
    if not found.weeks:
        return f"Nothing to compare yet: each side needs {ENOUGH} weeks."
    there = "there is 1" if found.weeks == 1 else f"there are {found.weeks}"
    return (
        f"Nothing to compare yet: each side needs {ENOUGH} whole weeks with a pair of circles, and "
        f"{there} in all so far."
    )


def _signed(value: float) -> str:
    text = f"{value:+.1f}"
    return "0.0" if text in ("+0.0", "-0.0") else text
