"""What SQLite counts is what the entries themselves say, and costs no more where days are few."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.store.conftest import TODAY

from reconnect.errors import DamagedError
from reconnect.habits.days import day_state
from reconnect.store import entries, tallies
from reconnect.store.database import writing

if TYPE_CHECKING:
    from tests.store.conftest import Store

VALUES = st.one_of(
    st.none(), st.booleans(), st.integers(-5, 99), st.floats(-9, 99), st.just("8"), st.just(("8",))
)
LOGGED = st.lists(
    st.tuples(st.integers(0, 6), st.sampled_from(["done", "done", "skip", "no", "lapse"]), VALUES),
    max_size=25,
)


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(LOGGED)
def test_they_are_what_the_entries_say(store: Store, logged: list[tuple[int, Any, Any]]) -> None:
    store.db.execute("DELETE FROM entry")
    with writing(store.db):
        for number, (back, kind, value) in enumerate(logged):
            fields = {} if value is None else {"minutes": value}
            store.add(number, kind=kind, day=TODAY - timedelta(days=back), fields=fields,
                      lapse="half-listened" if kind == "lapse" else None)  # fmt: skip
    found = tallies.of_days(store.db, store.person.id, date.min, TODAY)
    read = store.read()
    of_habit = found.get(store.habit.id, {})
    assert set(of_habit) == {entry.day for entry in read}
    assert all(before < after for before, after in pairwise(of_habit))
    for day, tally in of_habit.items():
        of_day = [entry for entry in read if entry.day == day]
        kinds = [entry.kind for entry in of_day]
        assert (tally.done, tally.skips) == (kinds.count("done"), kinds.count("skip"))
        assert (tally.noes, tally.lapses) == (kinds.count("no"), kinds.count("lapse"))
        amount = day_state(store.habit, day, of_day).amount
        assert tally.amount == (None if amount is None else pytest.approx(amount))


def test_few_days_are_read_by_their_day(store: Store) -> None:
    store.add(1)
    plan: list[str] = []
    store.db.set_trace_callback(plan.append)
    tallies.of_days(store.db, store.person.id, TODAY, TODAY)
    store.db.set_trace_callback(None)
    (query,) = plan
    steps = [row[3] for row in store.db.execute(f"EXPLAIN QUERY PLAN {query}")]
    assert "entry_by_person_day (person_id=? AND day>? AND day<?)" in steps[0]
    assert not [step for step in steps if "TEMP B-TREE" in step]


def test_an_entry_that_cannot_be_read_is_said_so(store: Store) -> None:
    store.add(1)
    store.db.execute("UPDATE entry SET fields = '{'")
    with pytest.raises(DamagedError, match="reconnect doctor"):
        tallies.of_days(store.db, store.person.id, date.min, TODAY)
    assert entries.damaged(store.db)
