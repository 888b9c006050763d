"""A numbered list of dated things, as rules keep one: in a real store, with real reminders."""

from __future__ import annotations

from datetime import date, time, timedelta
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.core.test_metrics import TODAY, entry

from reconnect.errors import NotFoundError
from reconnect.model.history import History, Record
from reconnect.rules.kept import KeptItem, KeptList

if TYPE_CHECKING:
    from tests.conftest import Clock, Rows, Run

    from reconnect.cli.rule_session import Session

THINGS = KeptList("thing", command="things", remind="Today is the day.", at=time(18, 30))


def once(cli: Run) -> list[str]:
    """When reminders are due that come once, in UTC."""
    rows = cli("remind", "list", "--json").json()["reminders"]
    return [row["next"][0][:16] for row in rows if not row["rrule"]]


def shown(capsys: pytest.CaptureFixture[str], session: Session, *, every: bool = False) -> str:
    capsys.readouterr()
    THINGS.show(session, every=every, otherwise="Nothing.")
    out, err = capsys.readouterr()
    return out + err


def test_things_have_numbers_that_stay_theirs(
    session: Session, capsys: pytest.CaptureFixture[str]
) -> None:
    assert shown(capsys, session) == "Nothing.\n"
    for text in ("one", "שתיים 🎻", "three"):
        THINGS.add(session, text)
    THINGS.close(session, THINGS.find(session, 2), outcome="done with")
    assert shown(capsys, session) == "1  one  (open)\n3  three  (open)\n"
    assert shown(capsys, session, every=True).splitlines()[1] == "2  שתיים 🎻  (done with)"
    assert [one.number for one in THINGS.items(session)] == [1, 2, 3]
    assert THINGS.find(session, 3).text == "three"
    THINGS.show(session, state=lambda one: one.text.upper(), otherwise="")
    assert "1  one  (ONE)\n" in capsys.readouterr().out


def test_what_cannot_be_found(session: Session, rows: Rows) -> None:
    THINGS.close(session, THINGS.add(session, "one"))
    before = rows()
    for number in (0, 2, -1):
        with pytest.raises(NotFoundError, match=f"no thing {number}: `reconnect listen things`"):
            THINGS.find_open(session, number)
    with pytest.raises(NotFoundError, match="thing 1 is closed: `reconnect listen things` shows"):
        THINGS.find_open(session, 1)
    assert rows() == before


def test_the_same_words_are_the_same_open_thing(session: Session) -> None:
    thing = THINGS.add(session, "Straße 💐")
    assert THINGS.named(session, "STRASSE 💐") == thing
    THINGS.close(session, thing)
    assert THINGS.named(session, "Straße 💐") is None


def test_something_else_is_kept_with_it(session: Session) -> None:
    thing = THINGS.add(session, "one", more={"why": "a", "who": "b"})
    THINGS.change(session, thing, {"why": "c"})
    assert THINGS.find(session, 1).more == {"why": "c", "who": "b"}


@pytest.mark.parametrize(
    ("now", "due", "reminded"),
    [
        ("12:00", "2026-11-27", "2026-11-27T17:30"),
        ("12:00", "2026-11-23", "2026-11-23T17:30"),
        ("21:00", "2026-11-23", "2026-11-23T21:00"),
        ("23:30", "2026-11-23", "2026-11-23T23:30"),
    ],
)
def test_a_date_is_reminded_of_or_in_an_hour(
    session: Session, cli: Run, clock: Clock, now: str, due: str, reminded: str
) -> None:
    clock.set(f"2026-11-23T{now}:00+01:00")
    thing = THINGS.add(session, "one", due=date.fromisoformat(due))
    assert once(cli) == [reminded]
    assert thing.told() == f"1  one  (due {due})"
    THINGS.close(session, thing)
    assert once(cli) == []


def test_a_list_without_a_text_reminds_of_nothing(session: Session, cli: Run) -> None:
    thing = KeptList("thing", command="things").add(session, "one", due=date(2026, 11, 27))
    assert (thing.due, thing.reminder) == (date(2026, 11, 27), None)
    assert once(cli) == []


def test_it_is_kept_with_its_reminder_or_not_at_all(
    session: Session, cli: Run, rows: Rows, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = rows()
    monkeypatch.setattr(session, "put", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        THINGS.add(session, "one", due=date(2026, 11, 27))
    assert rows() == before


def test_what_an_entry_did_goes_with_it(session: Session, cli: Run) -> None:
    first = session.record(fields={"minutes": 8})
    thing = THINGS.add(session, "one", entry=first, due=date(2026, 11, 27))
    assert THINGS.knows(session, first)
    second = session.record(fields={"minutes": 9})
    assert not THINGS.knows(session, second)
    THINGS.close(session, thing, entry=second, outcome="kept")
    assert THINGS.knows(session, second)
    assert once(cli) == []
    # What another entry has settled is not forgotten with the one that it came from.
    THINGS.take_back(session, first)
    assert [one.outcome for one in THINGS.items(session)] == ["kept"]
    # Open again, it is reminded of again.
    THINGS.take_back(session, second)
    (again,) = THINGS.items(session)
    assert (again.closed, again.closed_by, again.outcome) == (None, None, None)
    assert once(cli) == ["2026-11-27T17:30"]
    THINGS.take_back(session, first)
    assert THINGS.items(session) == ()
    assert once(cli) == []


def test_opened_and_settled_by_one_entry_it_goes_with_it(session: Session) -> None:
    only = session.record(fields={"minutes": 8})
    THINGS.close(session, THINGS.add(session, "one", entry=only), entry=only)
    THINGS.take_back(session, only)
    assert THINGS.items(session) == ()


def test_what_is_open_again_too_late_is_not_reminded_of(
    session: Session, cli: Run, clock: Clock
) -> None:
    thing = THINGS.add(session, "one", due=date(2026, 11, 24))
    clock.set("2026-11-25T12:00:00+01:00")
    settled = session.record(fields={"minutes": 8})
    THINGS.close(session, thing, entry=settled)
    THINGS.take_back(session, settled)
    assert THINGS.items(session)[0].closed is None
    assert once(cli) == []


def test_it_counts_for_the_day_of_its_entry(session: Session, cli: Run) -> None:
    earlier = entry(3)
    thing = THINGS.add(session, "one", entry=earlier)
    assert thing.opened == earlier.day
    # What is settled by an entry of a day before that was never open for less than no day.
    assert THINGS.close(session, thing, entry=entry(5)).closed == earlier.day


def record(number: int, text: str, opened: date, closed: date | None = None) -> Record:
    value = {"text": text, "opened": opened.isoformat()}
    if closed:
        value["closed"] = closed.isoformat()
    at = entry(0).at
    return Record(kind="thing", key=f"{number:04d}", value=value, created=at, changed=at)


def test_a_day_in_the_past_is_seen_as_it_was() -> None:
    begun, ended = TODAY - timedelta(days=9), TODAY - timedelta(days=2)
    kept = (record(1, "a", begun, ended), record(2, "b", TODAY))

    def open_on(days_ago: int) -> list[str]:
        day = TODAY - timedelta(days=days_ago)
        history = History(rule="r", day=day, records=kept)
        return [one.text for one in THINGS.known(history) if one.open_on(day)]

    assert [open_on(ago) for ago in (10, 9, 3, 2, 1, 0)] == [[], ["a"], ["a"], [], [], ["b"]]


def test_what_waited_longest_stands_first() -> None:
    kept = [record(n, text, TODAY - timedelta(days=9)) for n, text in enumerate("abc", start=1)]
    done = [entry(7, thing="b"), entry(4, thing="a"), entry(3, "skip", thing="b"), entry(1)]
    history = History(rule="r", day=TODAY, records=tuple(kept), entries=tuple(done))
    waits = [(days, one.text) for days, one in THINGS.waits(history, "thing")]
    assert waits == [(9, "c"), (7, "b"), (4, "a")]


@given(st.lists(st.tuples(st.integers(0, 30), st.sampled_from("abcd")), max_size=12))
def test_a_wait_is_what_counting_days_says(acts: list[tuple[int, str]]) -> None:
    kept = tuple(record(n, text, TODAY - timedelta(days=20 - n)) for n, text in enumerate("abc"))
    done = sorted((entry(ago, thing=text) for ago, text in acts), key=lambda one: one.day)
    history = History(rule="r", day=TODAY, records=kept, entries=tuple(done))
    for days, item in THINGS.waits(history, "thing"):
        ago = [back for back, text in acts if text == item.text]
        assert days == min([*ago, (TODAY - item.opened).days])


def test_only_what_is_there_is_stored(session: Session) -> None:
    THINGS.add(session, "one")
    assert session.get("thing", "0001") == {"text": "one", "opened": "2026-11-23"}
    assert THINGS.items(session) == (
        KeptItem(text="one", opened=date(2026, 11, 23), number=1, key="0001"),
    )
