"""How far a habit has come, in words that a person uses: the same on every screen and page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reconnect.textfit import counted

if TYPE_CHECKING:
    from reconnect.habits.streaks import Kept, Rebound, Streak


def kept_text(kept: Kept) -> str:
    """How many of the last ones were kept: "kept 7 of 8 weeks"; nothing where none was.

    "Kept 0 of 8 weeks" would tell nobody anything that helps.
    """
    if not kept.kept:
        return ""
    return f"kept {kept.kept} of {counted(kept.of, kept.unit)}"


def rebound_text(rebound: Rebound) -> str:
    """How soon the person came back the last time: "back after 2 days"."""
    return f"back after {counted(rebound.missed, rebound.unit)}"


def streak_text(streak: Streak) -> str:
    """A streak: "12 days in a row"; of a single one nothing is in a row yet: "1 week"."""
    text = counted(streak.length, streak.unit)
    return text if streak.length == 1 else f"{text} in a row"


def strength_text(strength: float) -> str:
    """A strength (0 to 1) in per cent. Only what is all there shows 100 %."""
    shown = round(100 * strength)
    return f"{99 if shown == 100 and strength < 0.9995 else shown} %"
