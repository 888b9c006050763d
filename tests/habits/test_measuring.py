"""All metrics of all ten rules on any history: laws that hold, and answers read in parts."""

from __future__ import annotations

import random
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from math import isfinite
from typing import TYPE_CHECKING, Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reconnect.cli.app import App
from reconnect.habits.adopt import adopt
from reconnect.habits.looking_back import history_of
from reconnect.habits.measuring import answers, reach
from reconnect.model.habit import Entry
from reconnect.model.history import History, MetricValue, Record, Signals
from reconnect.rules.catalog import load_registry
from reconnect.rules.dispatch import measure
from reconnect.store import entries as table
from reconnect.store import rule_data
from reconnect.store.database import writing

if TYPE_CHECKING:
    from pathlib import Path

    from reconnect.model.rule import Field, Metric, Rule
    from reconnect.rules.registry import Registry

TODAY = date(2026, 11, 23)
TEN_YEARS = 3652
IDS = [
    "sincerity", "listen", "humor", "quality_time", "tone", "inspire", "support", "peace",
    "honesty", "apology",
]  # fmt: skip
GOALS = ("Learn the cello", "לרוץ 🏃", "Finish school")


@cache
def rules() -> dict[str, Rule]:
    """The ten rules with their own code, as plugins give them."""
    from importlib import import_module

    return {name: import_module(f"reconnect_{name}").reconnect_register_rule() for name in IDS}


def value_of(field: Field) -> st.SearchStrategy[Any]:
    """What may stand in a field."""
    if field.choices_from:
        return st.sampled_from(GOALS)
    if field.type == "choices":
        return st.lists(st.sampled_from(field.choices), min_size=1, unique=True).map(tuple)
    if field.choices:
        return st.sampled_from(field.choices)
    if field.type == "boolean":
        return st.booleans()
    if field.type == "text":
        return st.sampled_from(["the lake", "🌧️", "שלו", "x" * 300])
    if field.type == "date":
        return st.just("2026-12-24")
    low, high = field.bounds
    return st.integers(int(low or 0), int(high or 10**6))


def entry(rule: Rule, kind: str, back: int, minute: int, **more: Any) -> Entry:
    day = TODAY - timedelta(days=back)
    at = datetime.combine(day, time(3), UTC) + timedelta(minutes=minute)
    more.setdefault("recorded", at)
    return Entry(
        id=0, uid=f"{back}-{minute}", person_id=1, habit_id=1, kind=kind, at=at, day=day,  # type: ignore[arg-type]
        tzid="UTC", rule=rule.id, **more,
    )  # fmt: skip


@st.composite
def entries_of(draw: st.DrawFn, rule: Rule) -> Entry:
    """An entry of the rule: of any kind, on any day of ten years, logged then or later."""
    kinds = ["done", "done", "done", "skip", "no", *(["lapse"] if rule.lapses else [])]
    kind = draw(st.sampled_from(kinds))
    back = draw(st.one_of(st.integers(0, 40), st.integers(0, TEN_YEARS)))
    fields = {
        field.id: draw(value_of(field))
        for field in rule.fields
        if kind == "done" and (field.defines or draw(st.booleans()))
    }
    made = entry(
        rule, kind, back, draw(st.integers(0, 1200)),
        template=draw(st.sampled_from([habit.id for habit in rule.habits])),
        fields=fields,
        lapse=draw(st.sampled_from(rule.lapses)).id if kind == "lapse" else None,
        landed=draw(st.sampled_from([None, "warm", "neutral", "cold"])),
    )  # fmt: skip
    later = timedelta(days=draw(st.sampled_from([0, 0, 1, 400])))
    return msgspec.structs.replace(made, recorded=made.at + later)


def records_of(rule: Rule) -> st.SearchStrategy[tuple[Record, ...]]:
    """What the rule keeps: goals with their days, issues with theirs."""
    day = st.integers(0, TEN_YEARS).map(lambda back: TODAY - timedelta(days=back))

    def record(number: int, begun: date, after: int | None) -> Record:
        ended = None if after is None else (begun + timedelta(days=after)).isoformat()
        kind, value = "goal", {"text": GOALS[number % 3], "opened": begun.isoformat()}
        if rule.id == "honesty":
            kind, value = "issue", {"text": "x", "opened": begun.isoformat(), "closed": ended}
        elif ended:
            value["closed"] = ended
        at = datetime.combine(begun, time(), UTC)
        return Record(kind=kind, key=f"{number:04d}", value=dict(value), created=at, changed=at)

    kept = st.tuples(st.integers(0, 8), day, st.none() | st.integers(0, 900))
    several = st.lists(kept, max_size=4, unique_by=lambda one: one[0])
    return several.map(lambda all_: tuple(record(*one) for one in sorted(all_)))


@st.composite
def histories(draw: st.DrawFn, rule: Rule) -> History:
    """A history of the rule; entries at different instants, in order."""
    some = draw(st.lists(entries_of(rule), max_size=30, unique_by=lambda e: e.at))
    signals = st.builds(
        Signals,
        tension=st.none() | st.integers(1, 5),
        mood=st.sampled_from([None, "peaceful", "mixed", "stormy"]),
        lapsed=st.booleans(),
    )
    seen = draw(st.dictionaries(st.integers(0, 91), signals, max_size=10))
    return in_order(
        History(
            rule=rule.id,
            day=TODAY,
            entries=tuple(some),
            signals={TODAY - timedelta(days=back): one for back, one in seen.items()},
            records=draw(records_of(rule)),
        )
    )


def in_order(history: History, *more: Entry) -> History:
    every = sorted([*history.entries, *more], key=lambda e: (e.day, e.at, e.id))
    return msgspec.structs.replace(history, entries=tuple(every))


def numbers(rule: Rule, history: History) -> dict[str, float | None]:
    return {value.metric: value.value for value in rule.measure(history)}


each_rule = pytest.mark.parametrize("name", IDS)
SOME = settings(max_examples=40, deadline=None)


def check(rule: Rule, values: tuple[MetricValue, ...]) -> None:
    assert [value.metric for value in values] == [metric.id for metric in rule.metrics]
    for value, metric in zip(values, rule.metrics, strict=True):
        assert value.entries >= 0
        if value.value is None:
            continue
        assert isfinite(value.value), metric.id
        assert value.value >= 0, metric.id
        if metric.kind == "share" or metric.unit == "%":
            assert value.value <= 100, metric.id


@each_rule
def test_nothing_logged_has_answers_too(name: str) -> None:
    rule = rules()[name]
    check(rule, rule.measure(History(rule=name, day=TODAY)))
    for metric, value in numbers(rule, History(rule=name, day=TODAY)).items():
        assert value in (None, 0), metric


@each_rule
def test_no_answer_is_no_number_and_one_entry_is_enough(name: str) -> None:
    rule = rules()[name]

    @SOME
    @given(entries_of(rule))
    def one(logged: Entry) -> None:
        check(rule, rule.measure(History(rule=name, day=TODAY, entries=(logged,))))

    one()


@each_rule
def test_every_history_has_answers(name: str) -> None:
    rule = rules()[name]

    @SOME
    @given(histories(rule))
    def any_history(history: History) -> None:
        check(rule, rule.measure(history))

    any_history()


@each_rule
def test_the_order_of_logging_does_not_matter(name: str) -> None:
    rule = rules()[name]

    @SOME
    @given(histories(rule), st.randoms(use_true_random=False))
    def shuffled(history: History, luck: random.Random) -> None:
        order = list(range(len(history.entries)))
        luck.shuffle(order)
        other = [
            msgspec.structs.replace(one, id=number)
            for one, number in zip(history.entries, order, strict=True)
        ]
        again = in_order(msgspec.structs.replace(history, entries=tuple(other)))
        assert rule.measure(again) == rule.measure(history)

    shuffled()


@each_rule
def test_a_skip_never_worsens_a_figure(name: str) -> None:
    rule = rules()[name]
    direction = {metric.id: metric.direction for metric in rule.metrics}

    @SOME
    @given(histories(rule), st.integers(0, 400), st.integers(0, 1200))
    def skipped(history: History, back: int, minute: int) -> None:
        before = numbers(rule, history)
        after = numbers(rule, in_order(history, entry(rule, "skip", back, minute)))
        for metric, value in after.items():
            old = before[metric]
            if old is None or value is None:
                assert value is old, metric
            elif direction[metric] != "steady":
                worse = value < old if direction[metric] == "more" else value > old
                assert not worse, metric

    skipped()


@each_rule
def test_what_comes_after_the_day_does_not_matter(name: str) -> None:
    rule = rules()[name]

    @SOME
    @given(histories(rule), st.integers(0, TEN_YEARS))
    def then(history: History, back: int) -> None:
        day = TODAY - timedelta(days=back)
        known = tuple(one for one in history.entries if one.day <= day)
        at_that_time = msgspec.structs.replace(history, day=day, entries=known)
        assert rule.measure(msgspec.structs.replace(history, day=day)) == rule.measure(at_that_time)

    then()


@each_rule
def test_ten_years_are_measured_in_a_moment(name: str) -> None:
    rule = rules()[name]
    luck = random.Random(1)  # noqa: S311 - the same each time
    daily = [
        entry(
            rule,
            luck.choice(["done", "done", "skip", "no"] + ["lapse"] * bool(rule.lapses)),
            back,
            luck.randrange(1200),
            lapse=luck.choice(rule.lapses).id if rule.lapses else None,
            fields={f.id: luck.choice([True, 1, 4]) for f in rule.fields},
        )
        for back in range(TEN_YEARS)
    ]
    wide = tuple(
        msgspec.structs.replace(metric, window=3660 if metric.window else None)
        for metric in rule.metrics
    )
    whole = msgspec.structs.replace(rule, metrics=wide)
    history = in_order(History(rule=name, day=TODAY, entries=tuple(daily)))
    begin = datetime.now(UTC)
    check(whole, whole.measure(history))
    assert datetime.now(UTC) - begin < timedelta(seconds=5)


# Read in parts from the store, the answers are those of the whole history.


@pytest.fixture
def ten_years(home: Path) -> App:
    """Some entries of each rule over ten years, with long gaps, and what two rules keep."""
    app = App()
    luck = random.Random(7)  # noqa: S311 - the same each time
    with writing(app.db):
        for name in IDS:
            rule = app.rule(name)
            habit = adopt(app.db, app.person, rule, rule.habits[0], app.now)
            days = {luck.randrange(TEN_YEARS) for _ in range(20)} | {0, 1, 5, 27, 28, 364, 365}
            for back in sorted(days):
                kind = luck.choice(["done", "done", "skip"] + ["lapse"] * bool(rule.lapses))
                made = entry(
                    rule, kind, back, luck.randrange(1200),
                    lapse=luck.choice(rule.lapses).id if kind == "lapse" else None,
                    fields={
                        f.id: _any(f, luck) for f in rule.fields if f.defines or luck.random() < 0.6
                    } if kind == "done" else {},
                    landed=luck.choice([None, "warm"]),
                )  # fmt: skip
                made = msgspec.structs.replace(
                    made, habit_id=habit.id, uid=f"{name}-{back}", template=habit.template
                )
                table.insert(app.db, made, round(made.at.timestamp() * 1000))
        for number, text in enumerate(GOALS):
            since = TODAY - timedelta(days=900 * number)
            goal = {"text": text, "opened": since.isoformat()}
            rule_data.put(app.db, app.person.id, "support", "goal", f"{number}", goal, number)
        issue = {"text": "x", "opened": "2024-05-05", "closed": "2026-06-06"}
        rule_data.put(app.db, app.person.id, "honesty", "issue", "1", issue, 1)
    return app


def _any(field: Field, luck: random.Random) -> Any:
    if field.choices_from:
        return luck.choice(GOALS)
    if field.type == "choices":
        return tuple(luck.sample(field.choices, luck.randrange(1, len(field.choices))))
    if field.choices:
        return luck.choice(field.choices)
    if field.type == "boolean":
        return luck.random() < 0.5
    return luck.randrange(1, 6) if field.type in ("integer", "percent") else "a line"


DAYS = [
    [TODAY], [TODAY - timedelta(days=40)], [TODAY - timedelta(days=3000)],
    [date(1990, 1, 1)], [date(1, 1, 1), TODAY],
    [TODAY - timedelta(weeks=back) for back in range(519, -1, -1)],
]  # fmt: skip


@pytest.mark.parametrize("days", DAYS, ids=lambda days: f"{len(days)} from {days[0]}")
def test_the_answers_are_those_of_the_whole_history(ten_years: App, days: list[date]) -> None:
    registry = load_registry(ten_years.paths)
    known = list(registry.rules.values())
    found = answers(ten_years.db, ten_years.person.id, registry, known, days)
    assert [rule.id for rule, _ in found] == [rule.id for rule in known]
    # Of the many days of a long line every seventh is enough here.
    for place in range(0, len(days), 7):
        for rule, points in found:
            whole = history_of(ten_years.db, ten_years.person.id, rule.id, days[place], known)
            assert points[place] == measure(registry, rule.id, whole), (rule.id, days[place])
    ten_years.close()


def test_no_more_is_read_than_is_looked_at() -> None:
    assert {name: reach(rule) for name, rule in rules().items()} == {
        "sincerity": 84, "listen": 28, "humor": 28, "quality_time": 365, "tone": 28,
        "inspire": 28, "support": None, "peace": 365, "honesty": 365, "apology": 365,
    }  # fmt: skip


def test_an_unbounded_metric_of_another_kind_reads_everything() -> None:
    rule = rules()["listen"]

    def reached(**changes: Any) -> int | None:
        first: Metric = msgspec.structs.replace(rule.metrics[0], **changes)
        return reach(msgspec.structs.replace(rule, metrics=(first, *rule.metrics[1:])))

    assert reached(window=None) is None  # a total
    assert reached(window=3660) == 3660
    assert reached(window=None, kind="days-since") == 28
    assert reached(window=None, kind="days-since", custom=True) is None
    assert reach(msgspec.structs.replace(rule, metrics=())) == 1


def test_a_rule_that_leaves_answers_out_or_mixes_them(ten_years: App) -> None:
    registry: Registry = load_registry(ten_years.paths)
    rule = registry.rules["listen"]
    plain = answers(ten_years.db, 1, registry, [rule], [TODAY])[0][1][0]

    class Odd(type(rule)):  # type: ignore[misc]
        def measure(self, history: History) -> tuple[MetricValue, ...]:
            return super().measure(history)[:0:-1]  # backwards, and without the first

    odd = Odd(**{name: getattr(rule, name) for name in rule.__struct_fields__})
    plugin = registry.owner("listen")
    assert plugin is not None
    plugin.rule = odd
    (_, (mixed,)) = answers(ten_years.db, 1, registry, [odd], [TODAY])[0]
    assert mixed[1:] == plain[1:]
    assert mixed[0] == MetricValue(metric=rule.metrics[0].id, value=None, entries=0)
    assert not registry.problems
    ten_years.close()
