"""The standard metric kinds: pure functions of a rule's history."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable
from datetime import date, timedelta
from typing import TYPE_CHECKING

from reconnect.model.history import History, MetricValue

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from reconnect.model.habit import Entry, FieldValue
    from reconnect.model.rule import Metric, Selector


def matches(entry: Entry, selector: Selector) -> bool:
    """Whether the entry is one of those that the selector means."""
    return _test(selector)(entry)


def windowed(history: History, window: int | None) -> Sequence[Entry]:
    """Entries of the last `window` days up to and on `history.day`; all of them when None."""
    entries = history.entries
    end = bisect_right(entries, history.day, key=_day)
    if window is None or window > history.day.toordinal():
        return entries[:end]
    start = bisect_left(entries, history.day - timedelta(days=window - 1), key=_day)
    return entries[start:end]


def measure(metric: Metric, history: History) -> MetricValue:
    """Answer one metric for `history.day`.

    A value is None rather than not a number. It is None, too, where it would be the zero of a
    person who has not logged anything yet; from the first entry on nothing is a true zero.
    """
    value, entries = _KINDS[metric.kind](metric, windowed(history, metric.window), history.day)
    if not entries and not history.begun:
        value = None
    return MetricValue(metric=metric.id, value=value, entries=entries)


def measure_with(
    metrics: Iterable[Metric],
    history: History,
    own: Mapping[str, Callable[[Metric, History], MetricValue]],
) -> tuple[MetricValue, ...]:
    """Answer metrics in order: those named in `own` by that function, the others by their kind."""
    return tuple(own.get(metric.id, measure)(metric, history) for metric in metrics)


_Answer = tuple[float | None, int]
_Test = Callable[["Entry"], bool]

_TESTS: dict[int, tuple[Selector, _Test]] = {}
# The tests that selectors were made into, by the selector's id: it is kept, so the id stays its.

_MOST_TESTS = 2000


def _test(selector: Selector) -> _Test:
    known = _TESTS.get(id(selector))
    if known is not None and known[0] is selector:
        return known[1]
    made = _made(selector)
    if len(_TESTS) >= _MOST_TESTS:
        _TESTS.clear()
    _TESTS[id(selector)] = (selector, made)
    return made


def _made(selector: Selector) -> _Test:
    kind = selector.kind
    lapses, habits = selector.lapses, selector.habits
    landed = frozenset(_several(selector.landed))
    has, least = selector.has, tuple(selector.at_least.items())
    where = tuple((key, _several(wanted)) for key, wanted in selector.where.items())
    asks_fields = has is not None or bool(where or least)

    def test(entry: Entry) -> bool:
        if kind not in ("any", entry.kind):
            return False
        if (lapses and entry.lapse not in lapses) or (habits and entry.template not in habits):
            return False
        if landed and entry.landed not in landed:
            return False
        return not asks_fields or answers(entry.fields)

    def answers(fields: Mapping[str, FieldValue]) -> bool:
        if has is not None and fields.get(has) in (None, ""):
            return False
        for key, options in where:
            value = fields.get(key)
            if isinstance(value, tuple):
                if not any(option in value for option in options):
                    return False
            elif value not in options:
                return False
        return all(_number(fields, key) >= low for key, low in least)

    return test


def _day(entry: Entry) -> date:
    return entry.day


def _last(entries: Sequence[Entry], selector: Selector) -> Entry | None:
    return next(filter(_test(selector), reversed(entries)), None)


def _several(wanted: object) -> tuple[object, ...]:
    return wanted if isinstance(wanted, tuple) else (wanted,)


def _number(fields: Mapping[str, FieldValue], field: str) -> float:
    value = fields.get(field)
    return float(value) if isinstance(value, int | float) else float("-inf")


def _pick(entries: Iterable[Entry], selector: Selector) -> list[Entry]:
    return list(filter(_test(selector), entries))


def _size(entries: Sequence[Entry], metric: Metric) -> int:
    return len({e.day for e in entries}) if metric.per == "day" else len(entries)


def _numbers(entries: Iterable[Entry], field: str) -> list[float]:
    values = (entry.fields.get(field) for entry in entries)
    return [float(v) for v in values if isinstance(v, int | float) and not isinstance(v, bool)]


def _count(metric: Metric, entries: Sequence[Entry], _day: date) -> _Answer:
    picked = _pick(entries, metric.of)
    if metric.distinct is not None:
        given = (_several(e.fields.get(metric.distinct)) for e in picked)
        return float(len({one for several in given for one in several} - {None, ""})), len(picked)
    return float(_size(picked, metric)), len(picked)


def _total(metric: Metric, entries: Sequence[Entry], _day: date) -> _Answer:
    numbers = _numbers(_pick(entries, metric.of), metric.field or "")
    return float(sum(numbers)), len(numbers)


def _mean(metric: Metric, entries: Sequence[Entry], _day: date) -> _Answer:
    numbers = _numbers(_pick(entries, metric.of), metric.field or "")
    return (sum(numbers) / len(numbers) if numbers else None), len(numbers)


def _share(metric: Metric, entries: Sequence[Entry], day: date) -> _Answer:
    among = _pick(entries, metric.among or metric.of)
    if metric.within is not None:
        answers, within = _pick(entries, metric.of), timedelta(days=metric.within)
        asked = [(entry, _is_followed(entry, answers, within)) for entry in among]
        picked = [entry for entry, followed in asked if followed]
        # Where there is still time for an answer, none is missing yet.
        among = [entry for entry, followed in asked if followed or entry.day + within < day]
    elif metric.per == "day":
        days = {entry.day for entry in _pick(entries, metric.of)}
        picked = [entry for entry in among if entry.day in days]
    else:
        picked = _pick(among, metric.of)
    whole = _size(among, metric)
    return (100.0 * _size(picked, metric) / whole if whole else None), len(among)


def _is_followed(entry: Entry, answers: Sequence[Entry], within: timedelta) -> bool:
    for place in range(bisect_left(answers, entry.day, key=_day), len(answers)):
        answer = answers[place]
        if answer.day > entry.day:
            return answer.day - entry.day <= within
        # On the same day the later one follows. What was logged afterwards has no moment of its
        # own: then it is taken for the answer that it was logged as.
        if answer is not entry and (answer.at > entry.at or not (_timed(answer) and _timed(entry))):
            return True
    return False


def _timed(entry: Entry) -> bool:
    return entry.recorded in (None, entry.at)


def _ratio(metric: Metric, entries: Sequence[Entry], _day: date) -> _Answer:
    picked = _pick(entries, metric.of)
    against = _pick(entries, metric.against or metric.of)
    top = sum(_numbers(picked, metric.field)) if metric.field else float(_size(picked, metric))
    bottom = _size(against, metric)
    return (top / bottom if bottom else None), len(picked) + len(against)


def _streak(metric: Metric, entries: Sequence[Entry], day: date) -> _Answer:
    days = {e.day for e in _pick(entries, metric.of)}
    habits = metric.of.habits
    skips = (e for e in entries if e.kind == "skip" and (not habits or e.template in habits))
    rests = {e.day for e in skips} - days
    length = 0
    # The day itself may still be open: a streak that held until yesterday is not broken yet.
    here = day if day in days | rests else day - timedelta(days=1)
    while here in days or here in rests:
        length += here in days
        here -= timedelta(days=1)
    return float(length), length


def _days_since(metric: Metric, entries: Sequence[Entry], day: date) -> _Answer:
    last = _last(entries, metric.of)
    return (None, 0) if last is None else (float((day - last.day).days), 1)


def _checklist(metric: Metric, entries: Sequence[Entry], _day: date) -> _Answer:
    for entry in filter(_test(metric.of), reversed(entries)):
        ticked = entry.fields.get(metric.field or "")
        if isinstance(ticked, tuple):
            return float(len(ticked)), 1
    return None, 0


_KINDS: dict[str, Callable[[Metric, Sequence[Entry], date], _Answer]] = {
    "count": _count,
    "total": _total,
    "mean": _mean,
    "share": _share,
    "ratio": _ratio,
    "streak": _streak,
    "days-since": _days_since,
    "checklist": _checklist,
}
