"""Closeness and choices: one a week and person, replaced, read back, removed."""

from __future__ import annotations

import sqlite3
from datetime import date
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.store.conftest import NOW

from reconnect.clock import to_ms
from reconnect.errors import DamagedError
from reconnect.model.week import Week
from reconnect.store import choices, closeness, people
from reconnect.store.database import writing

if TYPE_CHECKING:
    from tests.store.conftest import Store

WEEKS = st.dates(date(1990, 1, 1), date(2090, 12, 31)).map(Week.of)
ALL = Week(1900, 1), Week(9990, 1)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.lists(st.tuples(WEEKS, st.none() | st.integers(1, 7)), max_size=20))
def test_the_last_word_on_a_week_counts(
    store: Store, given_weeks: list[tuple[Week, int | None]]
) -> None:
    expected: dict[Week, int] = {}
    store.db.execute("DELETE FROM closeness")
    with writing(store.db):
        for number, (week, circles) in enumerate(given_weeks):
            if circles is None:
                assert closeness.delete(store.db, store.person.id, week) is (week in expected)
                expected.pop(week, None)
            else:
                closeness.put(store.db, store.person.id, week, circles, number)
                expected[week] = circles
    found = closeness.between(store.db, store.person.id, *ALL)
    assert [(one.week, one.circles) for one in found] == sorted(expected.items())
    for week, circles in expected.items():
        assert closeness.get(store.db, store.person.id, week) == circles


def test_a_span_has_both_its_ends_over_a_year_of_53_weeks(store: Store) -> None:
    weeks = [Week(2026, 51).plus(n) for n in range(6)]
    with writing(store.db):
        for week in weeks:
            closeness.put(store.db, store.person.id, week, 4, to_ms(NOW))
    found = closeness.between(store.db, store.person.id, Week(2026, 52), Week(2027, 2))
    assert [one.week.id for one in found] == ["2026-W52", "2026-W53", "2027-W01", "2027-W02"]
    assert found[0].at == NOW


@pytest.mark.parametrize("circles", [0, 8, -1])
def test_there_are_seven_pairs(store: Store, circles: int) -> None:
    with pytest.raises(sqlite3.IntegrityError), writing(store.db):
        closeness.put(store.db, store.person.id, Week(2026, 46), circles, 0)


def test_people_have_their_own(store: Store) -> None:
    with writing(store.db):
        other = people.save(
            store.db, key="other", name="", tzid="UTC", day_starts=0, now_ms=to_ms(NOW)
        )
        for person, circles in ((store.person, 2), (other, 6)):
            closeness.put(store.db, person.id, Week(2026, 46), circles, 0)
            choices.put(store.db, person.id, Week(2026, 46), f"choice {circles}", 0)
    assert closeness.get(store.db, other.id, Week(2026, 46)) == 6
    assert choices.get(store.db, store.person.id, Week(2026, 46)) == "choice 2"
    with writing(store.db):
        store.db.execute("DELETE FROM person WHERE id = ?", (other.id,))
    assert closeness.get(store.db, other.id, Week(2026, 46)) is None
    assert choices.get(store.db, other.id, Week(2026, 46)) is None


def test_a_choice_is_replaced_and_removed(store: Store) -> None:
    week = Week(2026, 46)
    with writing(store.db):
        choices.put(store.db, store.person.id, week, "one", 1)
        choices.put(store.db, store.person.id, week, "two", 2)
    assert choices.get(store.db, store.person.id, week) == "two"
    assert choices.get(store.db, store.person.id, week.plus(1)) is None
    with writing(store.db):
        assert choices.delete(store.db, store.person.id, week)
        assert not choices.delete(store.db, store.person.id, week)
    assert choices.get(store.db, store.person.id, week) is None


def test_a_damaged_week_is_said_so(store: Store) -> None:
    store.db.execute(
        "INSERT INTO closeness (person_id, week, circles, at) VALUES (?, '2026-W99', 3, 0)",
        (store.person.id,),
    )
    with pytest.raises(DamagedError, match="reconnect doctor"):
        closeness.between(store.db, store.person.id, *ALL)


@pytest.mark.parametrize("circles", [-3, 0, 8, 2**40])
def test_a_pair_that_does_not_exist_is_damaged(store: Store, circles: int) -> None:
    week = Week(2026, 47)
    closeness.put(store.db, store.person.id, week, 4, 0)
    store.db.execute("PRAGMA ignore_check_constraints = ON")
    store.db.execute("UPDATE closeness SET circles = ?", (circles,))
    with pytest.raises(DamagedError, match="closeness of a week is damaged"):
        closeness.get(store.db, store.person.id, week)
