"""A simulated year: each occurrence is sent, or recorded with its reason, exactly once.

Ten habits, thirty reminders, five zones. Hypothesis decides when the machine sleeps, when its clock
is set wrong, when the process ends or is killed, and what goes wrong on the way. The short profile
is a part of every run; `pytest -m year -s tests/faults` lives through a year with 200 restarts.
"""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    precondition,
    rule,
    run_state_machine_as_test,
)
from tests.faults.year import Year

if TYPE_CHECKING:
    from tests.faults.year import Counts

TROUBLE = ("http-503", "timeout", "no-connection", "cut-off")

EVENTS = st.one_of(
    st.tuples(st.just("runs"), st.integers(1, 60)),  # hours
    st.tuples(st.just("sleeps"), st.integers(1, 60)),  # hours
    st.tuples(st.just("wrong"), st.sampled_from((-50, -11, -2, -1, 1, 2, 11, 50))),  # hours
    st.tuples(st.just("ends"), st.just(0)),
    st.tuples(st.just("killed"), st.integers(1, 600)),  # minutes in which it does nothing first
    st.tuples(st.just("trouble"), st.integers(1, 3)),
)


class LivedYear(RuleBasedStateMachine):
    """What may happen to whoever is reminded; what is asked of it stands in `Year.check`."""

    DAYS = 0
    RESTARTS = 0
    told: ClassVar[list[Counts]] = []

    @initialize(seed=st.integers(0, 1000))
    def begin(self, seed: int) -> None:
        """A home of its own."""
        self.place = tempfile.TemporaryDirectory(prefix="reconnect-year-")
        config = Path(self.place.name, "config.toml")
        config.touch(0o600)
        config.write_text(
            '[person]\ntimezone = "Europe/Berlin"\n[channels.hook]\nurl = "json://localhost"\n'
        )
        os.environ["RECONNECT_HOME"] = self.place.name
        self.year = Year(seed)

    def goes_on(self) -> bool:
        """Whether the year is not over: after 400 days what became of reminders is forgotten."""
        return (self.year.latest - self.year.begun).days < max(self.DAYS, 30)

    # One rule for all: hypothesis would leave some rules out of a whole life.
    @precondition(goes_on)
    @rule(what=EVENTS)
    def something_happens(self, what: tuple[str, int]) -> None:
        """It runs, sleeps, ends or is killed; its clock is wrong, its channel in trouble."""
        name, amount = what
        year = self.year
        if name == "runs":
            year.go_on(amount * 3600)
        elif name == "sleeps":
            year.sleep(amount)
        elif name == "wrong":
            year.jump(amount)
        elif name == "ends":
            year.restart()
        elif name == "killed":
            year.kill(amount)
        else:
            year.recorder.answers += TROUBLE * amount

    def teardown(self) -> None:
        """Live the year to its end, and count."""
        if not hasattr(self, "year"):
            return
        try:
            year = self.year
            while (year.latest - year.begun).days < self.DAYS or year.restarts < self.RESTARTS:
                year.go_on(43_200)
                year.restart()
            counts = year.check()
            self.told.append(counts)
            print(f"\n{counts}")  # noqa: T201 - the counts are the result
        finally:
            self.year.close()
            self.place.cleanup()


def _live(days: int, restarts: int, steps: int, examples: int) -> list[Counts]:
    class Lived(LivedYear):
        DAYS = days
        RESTARTS = restarts
        told: ClassVar[list[Counts]] = []

    run_state_machine_as_test(
        Lived,
        settings=settings(
            max_examples=examples, stateful_step_count=steps, deadline=None,
            suppress_health_check=list(HealthCheck),
            # Each life takes seconds: a failure is told as it is found.
            phases=(Phase.explicit, Phase.generate), database=None,
        ),
    )  # fmt: skip
    return Lived.told


@pytest.mark.slow
def test_some_weeks(home: Path) -> None:
    told = _live(days=10, restarts=3, steps=12, examples=3)
    assert sum(counts.arrived for counts in told) > 100


@pytest.mark.year
def test_a_year(home: Path) -> None:
    told = _live(days=365, restarts=200, steps=300, examples=2)
    assert max(counts.days for counts in told) >= 365
    assert max(counts.restarts for counts in told) >= 200
