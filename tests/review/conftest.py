"""A home with some weeks of effort in it, as any command of the program finds it."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest
from tests.review.past import app_now, weeks_of_effort

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.conftest import Clock

    from reconnect.cli.app import App

SUNDAY = date(2026, 11, 22)


@pytest.fixture
def sunday(clock: Clock) -> None:
    """It is Sunday evening, 22 November 2026."""
    clock.set("2026-11-22T20:30:00+01:00")


@pytest.fixture
def app(home: Path, sunday: None) -> Iterator[App]:
    """An empty home, looked at from inside."""
    with app_now() as made:
        yield made


@pytest.fixture
def effort(home: Path, sunday: None) -> None:
    """Forty weeks of seven habits, up to this Sunday."""
    with app_now() as made:
        weeks_of_effort(made, 40, SUNDAY)
