"""Sample figures, made up: each kind of chart with what may stand in it."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from reconnect.review.figures import (
    ClosenessFigure,
    DayCell,
    LineFigure,
    WeekdayBar,
    WeekdayFigure,
    YearFigure,
)

if TYPE_CHECKING:
    from reconnect.review.figures import Figure

TODAY = date(2026, 11, 23)
_TURN = (
    DayCell("yes", 1.0), DayCell("yes"), DayCell("partly", 0.4), DayCell("yes", 1.0),
    DayCell("unknown"), DayCell("skip"), DayCell("yes"), DayCell("no"), DayCell("partly"),
    DayCell("not-due"), DayCell("yes", 1.0),
)  # fmt: skip
_HEARD = (60, 62.5, None, 71, 75, 80, 78, None, None, 69, 66, 74, 81)


def days(count: int) -> tuple[DayCell, ...]:
    """So many days in which every state comes up."""
    return tuple(_TURN[(n + n // 7) % len(_TURN)] for n in range(count))


def weekly(values: tuple[float | None, ...]) -> tuple[tuple[date, float | None], ...]:
    """Values as points a week apart, the last one today."""
    return tuple(
        (TODAY - timedelta(weeks=len(values) - 1 - n), value) for n, value in enumerate(values)
    )


SAMPLES: dict[str, Figure] = {
    "year": YearFigure(
        title="Eight undivided minutes", first=date(2025, 12, 1), days=days(358)
    ),
    "a few days": YearFigure(
        title="Vierundzwanzig Minuten für <dich> & mich, an jedem Abend, an dem es geht",
        first=date(2026, 11, 12), days=days(12),
    ),
    "no day": YearFigure(title="Begins tomorrow", first=TODAY, days=()),
    "metric": LineFigure(
        title="Share heard", question="How much of what was said do I think reached me?",
        unit="%", points=weekly(_HEARD), about="over 28 days", direction="more", baseline=75,
        low=0, high=100,
    ),
    "strength": LineFigure(
        title="Eight undivided minutes: strength", unit="%", low=0, high=100,
        points=tuple(
            (TODAY - timedelta(days=364 - n), 100 * (1 - 0.98**n)) for n in range(365)
        ),
    ),
    "one answer": LineFigure(title="Days since", unit="days", points=((TODAY, 3.0),)),
    "no answer": LineFigure(
        title="Ratio", unit="to 1", baseline=5, points=weekly((None, None)), direction="more"
    ),
    "weekday": WeekdayFigure(
        title="Eight undivided minutes, by weekday", first=date(2025, 12, 1), last=TODAY,
        days=tuple(
            WeekdayBar(*bar)
            for bar in ((40, 52), (31, 50), (52, 52), (0, 50), (12, 15), (1, 51), (0, 0))
        ),
    ),
    "closeness": ClosenessFigure(
        title="How close I felt",
        weeks=tuple(
            (date(2026, 9, 7) + timedelta(weeks=n), step)
            for n, step in enumerate((3, 3, 4, None, 4, 5, 4, 6, 5, 6, 7))
        ),
    ),
    "closeness of a year": ClosenessFigure(
        title="How close I felt",
        weeks=tuple(
            (date(2025, 11, 24) + timedelta(weeks=n), None if n % 9 == 4 else 1 + n % 7)
            for n in range(52)
        ),
    ),
}  # fmt: skip
