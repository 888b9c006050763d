"""Progress in words."""

from __future__ import annotations

import pytest
from tests.habits.progressing import TODAY

from reconnect.habits.saying import kept_text, rebound_text, streak_text, strength_text
from reconnect.habits.streaks import Kept, Rebound, Streak


def test_one_and_many() -> None:
    assert kept_text(Kept(7, 8, "week")) == "kept 7 of 8 weeks"
    assert kept_text(Kept(0, 1, "day")) == ""
    assert rebound_text(Rebound(2, "day")) == "back after 2 days"
    assert rebound_text(Rebound(1, "month")) == "back after 1 month"
    assert streak_text(Streak(TODAY, TODAY, 1, "week")) == "1 week"
    assert streak_text(Streak(TODAY, TODAY, 12, "day")) == "12 days in a row"


@pytest.mark.parametrize(
    ("strength", "text"), [(0.0, "0 %"), (0.524, "52 %"), (0.999, "99 %"), (1.0, "100 %")]
)
def test_strength(strength: float, text: str) -> None:
    assert strength_text(strength) == text
