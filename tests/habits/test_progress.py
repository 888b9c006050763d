"""Progress and outlook, read from a real database, equal what the entries say."""

from __future__ import annotations

import sys
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.habits.progressing import TODAY, ago, written
from tests.store.conftest import Store

from reconnect.clock import to_ms
from reconnect.errors import DamagedError
from reconnect.habits.days import day_state, state_of
from reconnect.habits.outlook import outlook_of
from reconnect.habits.progress import progress_of
from reconnect.habits.strength import strengths
from reconnect.model.habit import Entry, Habit, Tally, Terms
from reconnect.store import entries, habits, tallies
from reconnect.store.database import writing

if TYPE_CHECKING:
    from pathlib import Path

KINDS = {"y": "done", "s": "skip", "n": "no", "l": "lapse"}


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "reconnect.db")


def adopt(store: Store, rrule: str = "FREQ=DAILY", since: date = TODAY, **more: object) -> Habit:
    given: dict[str, object] = {"goal": "at-least", "amount": None, "rule": "sample"} | more
    target = given.pop("target", None)
    number = len(habits.listed(store.db, store.person.id))
    with writing(store.db):
        return habits.insert(
            store.db,
            Habit(
                id=0, person_id=store.person.id, name=f"sample-{number}", template="sample",
                title="Sample", unit=None, cue=None,
                terms=(Terms(since=since, anchor=since, rrule=rrule, target=target),),  # type: ignore[arg-type]
                **given,  # type: ignore[arg-type]
            ),
            0,
        )  # fmt: skip


def add(store: Store, habit: Habit, day: date, kind: str = "done", **fields: object) -> None:
    at = datetime.combine(day, time(12), UTC)
    number = store.db.execute("SELECT count(*) FROM entry").fetchone()[0]
    with writing(store.db):
        entries.insert(
            store.db,
            Entry(
                id=0, uid=f"{number:032x}", person_id=store.person.id, habit_id=habit.id,
                kind=kind, at=at, day=day, tzid="UTC", fields=fields,  # type: ignore[arg-type]
                lapse="slip" if kind == "lapse" else None,
            ),
            to_ms(at),
        )  # fmt: skip


def keep(store: Store, habit: Habit, marks: str, last: date = TODAY) -> None:
    for place, mark in enumerate(marks):
        if mark != ".":
            add(store, habit, last - timedelta(days=len(marks) - 1 - place), KINDS[mark])


LOGGED = st.lists(
    st.tuples(
        st.integers(0, 12),
        st.sampled_from(["done", "skip", "no", "lapse"]),
        st.sampled_from([None, 0, 3, 7.5, 20, True, "many"]),
    ),
    max_size=25,
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40)
@given(LOGGED)
def test_the_counts_are_those_of_the_entries(
    tmp_path: Path, logged: list[tuple[int, str, object]]
) -> None:
    place = tmp_path / "reconnect.db"
    for file in tmp_path.glob("reconnect.db*"):
        file.unlink()
    store = Store(place)
    habit = adopt(store, since=ago(12), amount="minutes", target=8)
    for back, kind, amount in logged:
        fields = {} if amount is None else {"minutes": amount}
        add(store, habit, ago(back), kind, **fields)
    counted = tallies.of_days(store.db, store.person.id, ago(12), TODAY)[habit.id] if logged else {}
    read = entries.between(store.db, store.person.id, ago(12), TODAY)
    assert set(counted) == {entry.day for entry in read}
    for day, tally in counted.items():
        state = day_state(habit, day, read)
        assert (state_of(habit, day, tally), tally.amount) == (state.state, state.amount)
        assert sum(tally[:4]) == state.entries
    grown = progress_of(store.db, store.person.id, [habit], TODAY)[habit.id]
    last = TODAY if TODAY in counted else ago(1)
    assert grown.strengths == strengths(habit, counted, last)
    store.db.close()


def test_only_what_is_asked_for(store: Store) -> None:
    one, two = adopt(store), adopt(store)
    add(store, one, ago(1))
    add(store, two, TODAY)
    person = store.person.id
    assert set(tallies.of_days(store.db, person, ago(1), TODAY)) == {one.id, two.id}
    assert tallies.of_days(store.db, person, ago(1), TODAY, {two.id}) == {
        two.id: {TODAY: Tally(done=1)}
    }
    assert tallies.of_days(store.db, person, ago(9), ago(2)) == {}
    assert tallies.of_days(store.db, person + 1, ago(9), TODAY) == {}


@pytest.mark.parametrize(
    "change",
    ["fields = '{'", "day = '2026-11-3!'", "fields = CAST(x'ff' AS TEXT)", "kind = 'dona'"],
)
def test_a_damaged_entry_is_said_to_be_damaged(store: Store, change: str) -> None:
    habit = adopt(store, amount="minutes")
    add(store, habit, TODAY)
    store.db.execute("PRAGMA ignore_check_constraints = ON")
    store.db.execute(f"UPDATE entry SET {change}")  # noqa: S608 - a test's own text
    with pytest.raises(DamagedError, match="doctor"):
        tallies.of_days(store.db, store.person.id, date.min, date.max)


def test_progress(store: Store) -> None:
    daily = adopt(store, since=ago(9))
    quiet = adopt(store, since=ago(9), rule="apology")
    needed = adopt(store, "", since=ago(9))
    for habit in (daily, quiet, needed):
        keep(store, habit, "yyy..yyyy.")
    found = progress_of(
        store.db, store.person.id, [daily, quiet, needed], TODAY, unstreaked={"apology"}
    )
    one = found[daily.id]
    assert one.streak is not None
    assert one.best is not None
    assert (one.streak.length, one.best.length) == (4, 4)
    assert (one.kept, one.rebound) == ((7, 9, "day"), (2, "day"))
    # The day is still open: it takes nothing away yet.
    assert one.strengths is not None
    assert one.strength == one.strengths.on(ago(1)) == one.strengths.values[-1]
    silent = found[quiet.id]
    assert silent.streak is silent.best is None
    assert silent.strength == one.strength
    rare = found[needed.id]
    assert (rare.strength, rare.streak, rare.kept, rare.spans) == (None, None, None, [])


def test_nothing_yet(store: Store) -> None:
    habit = adopt(store)
    found = progress_of(store.db, store.person.id, [habit], TODAY)[habit.id]
    assert (found.strength, found.streak, found.kept, found.rebound) == (None, None, None, None)
    assert progress_of(store.db, store.person.id, [], TODAY) == {}


@pytest.mark.parametrize(
    ("rrule", "marks", "days_left", "stands"),
    [
        ("FREQ=DAILY", ".", 0, False),
        ("FREQ=DAILY", "y.", 0, True),
        ("FREQ=DAILY", "yy", 1, True),
        ("FREQ=DAILY", "ys", 1, True),
        ("FREQ=WEEKLY;BYDAY=MO,WE,FR", "y.y.y...", 4, True),
        ("FREQ=WEEKLY;BYDAY=MO,WE,FR", "y.y.y..y", 5, True),
        ("FREQ=WEEKLY;BYDAY=MO,WE,FR", "y.y....y", 5, False),
        ("FREQ=WEEKLY;BYDAY=SU", "y", 13, False),
        ("FREQ=MONTHLY;BYMONTHDAY=1", "y......................", 38, False),
        ("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29", ".", 769, False),
    ],
)
def test_days_left(store: Store, rrule: str, marks: str, days_left: int, stands: bool) -> None:
    habit = adopt(store, rrule, since=ago(len(marks) - 1))
    keep(store, habit, marks)
    found = outlook_of(store.db, store.person.id, [habit], TODAY)[habit.id]
    assert (found.days_left, found.stands) == (days_left, stands)


def test_nothing_to_lose(store: Store) -> None:
    calm = adopt(store, goal="at-most", since=ago(1))
    needed = adopt(store, "", since=ago(1))
    later = adopt(store, since=TODAY + timedelta(days=1))
    lost = adopt(store, "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR", since=ago(7))
    found = outlook_of(store.db, store.person.id, [calm, needed, later], TODAY)
    assert [found[one.id].days_left for one in (calm, needed, later)] == [None] * 3
    assert found[needed.id].span is None
    sunday = TODAY + timedelta(days=6)
    gone = outlook_of(store.db, store.person.id, [lost], sunday)[lost.id]
    assert (gone.days_left, gone.due) == (None, False)


@given(
    st.text("ysn.", min_size=1, max_size=20),
    st.sampled_from(["FREQ=DAILY", "FREQ=WEEKLY;BYDAY=MO,WE,FR", "FREQ=WEEKLY"]),
)
@settings(  # each example makes a database
    suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=30, deadline=None
)
def test_it_breaks_when_it_is_said_to(tmp_path: Path, marks: str, rrule: str) -> None:
    from reconnect.habits.spans import spans

    for file in tmp_path.glob("reconnect.db*"):
        file.unlink()
    store = Store(tmp_path / "reconnect.db")
    habit = adopt(store, rrule, since=ago(len(marks) - 1))
    keep(store, habit, marks)
    left = outlook_of(store.db, store.person.id, [habit], TODAY)[habit.id].days_left
    store.db.close()
    if left is None:
        return
    tallies_now = written(marks)
    missed_now = [s.first for s in spans(habit, tallies_now, TODAY) if s.verdict == "missed"]
    on_time = spans(habit, tallies_now, TODAY + timedelta(days=left))
    too_late = spans(habit, tallies_now, TODAY + timedelta(days=left + 1))
    assert [s.first for s in on_time if s.verdict == "missed"] == missed_now
    assert len([s for s in too_late if s.verdict == "missed"]) == len(missed_now) + 1


@pytest.mark.parametrize(
    "rrule",
    ["FREQ=DAILY;COUNT=3000", "FREQ=DAILY;UNTIL=20200101", "FREQ=WEEKLY;BYDAY=MO;COUNT=20",
     "FREQ=HOURLY;COUNT=500"],
)  # fmt: skip
def test_a_rule_that_has_ended_asks_for_nothing_and_costs_nothing(
    store: Store, rrule: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    occurrences = sys.modules["reconnect.recurrence.occurrences"]
    runs = []
    walls = occurrences._walls

    def watched(*given: Any) -> Any:
        runs.append(given)
        return walls(*given)

    monkeypatch.setattr(occurrences, "_walls", watched)
    habit = adopt(store, rrule, since=date(2016, 1, 3))
    add(store, habit, TODAY)
    found = outlook_of(store.db, store.person.id, [habit], TODAY)[habit.id]
    assert (found.days_left, found.due) == (None, False)
    # Counted from its start once, and not for each day of two years.
    assert len(runs) < 8


@pytest.mark.parametrize("day", ["", "2026-13-45"])
def test_a_first_day_that_is_none_is_damaged(store: Store, day: str) -> None:
    add(store, adopt(store, rule="listen"), TODAY)
    store.db.execute("UPDATE entry SET day = ?", (day,))
    with pytest.raises(DamagedError, match="doctor"):
        entries.first_day(store.db, store.person.id, "listen")


@pytest.mark.parametrize(
    "change",
    ["habit SET archived = 4611686018427387904", "habit SET goal = 'at-lost'",
     "habit SET title = CAST(x'1b5b324a' AS TEXT)", "habit_terms SET since = '2026-99-01'",
     "habit_terms SET anchor = ''", "habit_terms SET target = 0", "habit_terms SET target = -5",
     "habit_terms SET target = 9e999"],
)  # fmt: skip
def test_a_damaged_habit_is_said_to_be_damaged(store: Store, change: str) -> None:
    adopt(store)
    store.db.execute("PRAGMA ignore_check_constraints = ON")
    store.db.execute(f"UPDATE {change}")
    with pytest.raises(DamagedError, match="the habit number 1 is damaged"):
        habits.listed(store.db, store.person.id, archived=True)


def test_a_recurrence_that_is_none_is_damaged(store: Store) -> None:
    habit = adopt(store, "FREQ=DAYLY")
    with pytest.raises(DamagedError, match="DAYLY"):
        outlook_of(store.db, store.person.id, [habit], TODAY)
    with pytest.raises(DamagedError, match="DAYLY"):
        progress_of(store.db, store.person.id, [habit], TODAY)
