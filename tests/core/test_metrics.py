"""The standard metric kinds: by a table, and by laws that hold for any history."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from math import isfinite
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconnect.model.habit import Entry
from reconnect.model.history import History
from reconnect.model.metrics import matches, measure, windowed
from reconnect.model.rule import Metric, Selector

TODAY = date(2026, 11, 23)
KINDS = ("count", "total", "mean", "share", "ratio", "streak", "days-since", "checklist")


def entry(days_ago: int, kind: str = "done", *, number: int = 0, **more: Any) -> Entry:
    day = TODAY - timedelta(days=days_ago)
    at = datetime(day.year, day.month, day.day, 12, tzinfo=UTC) + timedelta(seconds=number)
    known = {"lapse", "landed", "template"}
    fields = {name: value for name, value in more.items() if name not in known}
    others = {name: value for name, value in more.items() if name in known}
    return Entry(
        id=number, uid=str(number), person_id=1, habit_id=1, kind=kind, at=at, day=day, tzid="UTC",
        fields=fields, **others,
    )  # fmt: skip


def metric(kind: str, **more: Any) -> Metric:
    needed: dict[str, Any] = {
        "total": {"field": "minutes"}, "mean": {"field": "minutes"},
        "share": {"among": Selector()}, "ratio": {"against": Selector(kind="lapse")},
        "checklist": {"field": "parts"},
    }.get(kind, {})  # fmt: skip
    return Metric(
        id="m", title="M", question="?", kind=kind, unit="u", direction="more", **(needed | more)
    )


def answer(asked: Metric, *entries: Entry) -> tuple[float | None, int]:
    ordered = tuple(sorted(entries, key=lambda e: (e.day, e.at, e.id)))
    value = measure(asked, History(rule="r", day=TODAY, entries=ordered))
    return value.value, value.entries


WARM = Selector(landed="warm")
LAPSES = Selector(kind="lapse")
TABLE: list[tuple[Metric, list[Entry], tuple[float | None, int]]] = [
    # nothing ever logged: no answer
    (metric("count"), [], (None, 0)),
    (metric("total"), [], (None, 0)),
    (metric("mean"), [], (None, 0)),
    (metric("share"), [], (None, 0)),
    (metric("ratio"), [], (None, 0)),
    (metric("streak"), [], (None, 0)),
    (metric("days-since"), [], (None, 0)),
    (metric("checklist"), [], (None, 0)),
    # nothing of it, or nothing in the window: a zero where that is an answer
    (metric("count"), [entry(0, "lapse")], (0, 0)),
    (metric("count", window=7), [entry(20)], (0, 0)),
    (metric("total", window=7), [entry(20, minutes=8)], (0, 0)),
    (metric("mean", window=7), [entry(20, minutes=8)], (None, 0)),
    (metric("streak", window=7), [entry(20)], (0, 0)),
    (metric("count"), [entry(-1)], (None, 0)),
    # count
    (metric("count"), [entry(0), entry(0), entry(3)], (3, 3)),
    (metric("count", per="day"), [entry(0), entry(0), entry(3)], (2, 3)),
    (metric("count", window=3), [entry(0), entry(2), entry(3)], (2, 2)),
    (metric("count", window=1), [entry(0), entry(1), entry(-1)], (1, 1)),
    (metric("count"), [entry(0), entry(-1), entry(-400)], (1, 1)),
    (metric("count", of=LAPSES), [entry(0), entry(1, "lapse", lapse="a")], (1, 1)),
    (metric("count", of=Selector(kind="any")), [entry(0), entry(1, "skip"), entry(2, "no")],
     (3, 3)),
    (metric("count", distinct="what"), [entry(0, what="a"), entry(1, what="a"), entry(2)], (1, 3)),
    (metric("count", distinct="what"), [entry(0, what=("a", "b")), entry(1, what=("b",))], (2, 2)),
    # total and mean
    (metric("total"), [entry(0, minutes=8), entry(1, minutes=2.5), entry(2)], (10.5, 2)),
    (metric("total"), [entry(0, minutes=True), entry(1, minutes="8")], (0, 0)),
    (metric("mean"), [entry(0, minutes=8), entry(1, minutes=4), entry(2)], (6, 2)),
    (metric("mean"), [entry(0)], (None, 0)),
    # share
    (metric("share", of=WARM), [entry(0, landed="warm"), entry(1, landed="cold")], (50, 2)),
    (metric("share", of=WARM, among=Selector(has="minutes")),
     [entry(0, landed="warm"), entry(1, landed="warm", minutes=0), entry(2, minutes=3)], (50, 2)),
    (metric("share", of=Selector(where={"away": True}), among=Selector(has="away")),
     [entry(0, away=False), entry(1, away=True), entry(2)], (50, 2)),
    (metric("share", of=LAPSES, among=Selector(kind="any"), per="day"),
     [entry(0), entry(0, "lapse", lapse="a"), entry(1)], (50, 3)),
    # ratio
    (metric("ratio"), [entry(0), entry(1), entry(2), entry(2, "lapse", lapse="a")], (3, 4)),
    (metric("ratio"), [entry(0)], (None, 1)),
    (metric("ratio", field="warm"),
     [entry(0, warm=7), entry(1, warm=3), entry(0, "lapse"), entry(0, "lapse")], (5, 4)),
    # streak
    (metric("streak"), [entry(0), entry(1), entry(2), entry(4)], (3, 3)),
    (metric("streak"), [entry(1), entry(2)], (2, 2)),
    (metric("streak"), [entry(2)], (0, 0)),
    (metric("streak"), [entry(0), entry(1, "skip"), entry(2)], (2, 2)),
    (metric("streak"), [entry(0, "skip"), entry(1)], (1, 1)),
    (metric("streak"), [entry(0, "skip")], (None, 0)),
    (metric("streak"), [entry(0), entry(0), entry(1)], (2, 2)),
    (metric("streak", of=Selector(habits=("a",))),
     [entry(0, template="a"), entry(1, "skip", template="b"), entry(2, template="a")], (1, 1)),
    # days since
    (metric("days-since"), [entry(5), entry(3)], (3, 1)),
    (metric("days-since"), [entry(0)], (0, 1)),
    (metric("days-since", of=LAPSES), [entry(0), entry(9, "lapse", lapse="a")], (9, 1)),
    # checklist: the last that answers
    (metric("checklist"), [entry(2, parts=("a", "b", "c")), entry(1, parts=("a",))], (1, 1)),
    (metric("checklist"), [entry(2, parts=("a", "b")), entry(1)], (2, 1)),
]  # fmt: skip


@pytest.mark.parametrize(("asked", "entries", "expected"), TABLE)
def test_the_table(asked: Metric, entries: list[Entry], expected: tuple[float | None, int]) -> None:
    assert answer(asked, *entries) == expected


@pytest.mark.parametrize(
    ("selector", "one", "expected"),
    [
        (Selector(), entry(0, "no"), False),
        (Selector(kind="lapse", lapses=("a", "b")), entry(0, "lapse", lapse="b"), True),
        (Selector(kind="lapse", lapses=("a",)), entry(0, "lapse", lapse="b"), False),
        (Selector(habits=("x",)), entry(0, template="x"), True),
        (Selector(habits=("x",)), entry(0, template="y"), False),
        (Selector(landed=("warm", "neutral")), entry(0, landed="neutral"), True),
        (Selector(landed="warm"), entry(0), False),
        (Selector(has="f"), entry(0, f=""), False),
        (Selector(has="f"), entry(0, f=False), True),
        (Selector(has="f"), entry(0, f=0), True),
        (Selector(where={"f": ("a", "b")}), entry(0, f="b"), True),
        (Selector(where={"f": "a"}), entry(0, f=("b", "a")), True),
        (Selector(where={"f": "a"}), entry(0), False),
        (Selector(where={"f": "a", "g": 1}), entry(0, f="a", g=2), False),
        (Selector(at_least={"f": 3}), entry(0, f=3), True),
        (Selector(at_least={"f": 3}), entry(0, f=2.9), False),
        (Selector(at_least={"f": 3}), entry(0), False),
    ],
)
def test_what_a_selector_means(selector: Selector, one: Entry, expected: bool) -> None:
    assert matches(one, selector) is expected


entries = st.builds(
    entry,
    st.integers(-3, 40),
    st.sampled_from(["done", "lapse", "skip", "no"]),
    number=st.integers(0, 1000),
    minutes=st.one_of(
        st.integers(-5, 600), st.floats(-1e9, 1e9), st.booleans(), st.text(max_size=3)
    ),
    parts=st.lists(st.sampled_from("abc"), max_size=3).map(tuple),
    lapse=st.sampled_from([None, "a", "b"]),
    landed=st.sampled_from([None, "warm", "cold"]),
    template=st.sampled_from(["x", "y"]),
)
histories = st.lists(entries, max_size=25)
selectors = st.builds(
    Selector,
    kind=st.sampled_from(["done", "lapse", "no"]),
    habits=st.sampled_from([(), ("x",)]),
    landed=st.sampled_from([(), "warm", ("warm", "cold")]),
    has=st.sampled_from([None, "minutes"]),
)
metrics = st.builds(
    lambda kind, of, other, window, per, **more: metric(
        kind, of=of, among=other, against=other, window=window, per=per, **more
    ),
    st.sampled_from(KINDS),
    selectors,
    selectors,
    st.sampled_from([None, 1, 7, 28]),
    st.sampled_from(["entry", "day"]),
    field=st.sampled_from(["minutes", "parts"]),
    distinct=st.sampled_from([None, "minutes", "parts"]),
    within=st.sampled_from([None, 0, 2]),
)


@given(metrics, histories)
def test_an_answer_is_a_finite_number_or_none(asked: Metric, logged: list[Entry]) -> None:
    value, count = answer(asked, *logged)
    assert value is None or (isinstance(value, float | int) and isfinite(value))
    assert 0 <= count <= 2 * len(logged)
    if asked.kind == "share" and value is not None and asked.within is None:
        assert asked.per == "day" or 0 <= value <= 100


@given(metrics, histories, st.randoms())
def test_the_order_of_logging_does_not_matter(
    asked: Metric, logged: list[Entry], random: Any
) -> None:
    numbered = [msgspec.structs.replace(one, id=place) for place, one in enumerate(logged)]
    before = answer(asked, *numbered)
    random.shuffle(numbered)
    assert answer(asked, *numbered) == before


@given(metrics, histories, st.integers(0, 40), st.sampled_from(["x", "y"]))
def test_a_skip_never_worsens(
    asked: Metric, logged: list[Entry], days_ago: int, template: str
) -> None:
    before, _ = answer(asked, *logged)
    after, _ = answer(asked, *logged, entry(days_ago, "skip", number=5000, template=template))
    if asked.kind == "streak":
        assert (before, after) == (None, None) or (before or 0) <= (after or 0)
    else:
        assert after == before


@given(metrics, histories)
def test_only_what_was_never_begun_has_no_count(asked: Metric, logged: list[Entry]) -> None:
    begun = any(one.kind != "skip" and one.day <= TODAY for one in logged)
    value, count = answer(asked, *logged)
    if asked.kind in ("count", "total", "streak"):
        assert (value is not None) is (begun or count > 0)
    elif not begun:
        assert value is None


@given(metrics, st.integers(0, 40))
def test_a_skip_alone_is_no_beginning(asked: Metric, days_ago: int) -> None:
    assert answer(asked, entry(days_ago, "skip", number=5000)) == (None, 0)


@given(metrics, histories, st.integers(1, 3))
def test_what_comes_later_does_not_change_the_past(
    asked: Metric, logged: list[Entry], later: int
) -> None:
    assert answer(asked, *logged, entry(-later, minutes=1)) == answer(asked, *logged)


@given(histories, st.sampled_from([None, 1, 7, 28]))
def test_a_window_ends_with_the_day_and_is_so_many_days_long(
    logged: list[Entry], window: int | None
) -> None:
    ordered = tuple(sorted(logged, key=lambda e: (e.day, e.at, e.id)))
    found = windowed(History(rule="r", day=TODAY, entries=ordered), window)
    first = date.min if window is None else TODAY - timedelta(days=window - 1)
    assert list(found) == [one for one in ordered if first <= one.day <= TODAY]
