"""The standard metric kinds: pure functions of a rule's history."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from datetime import date, timedelta
from typing import TYPE_CHECKING

from reconnect.model.history import History, MetricValue

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from reconnect.model.habit import Entry
    from reconnect.model.rule import Metric, Selector


def matches(entry: Entry, selector: Selector) -> bool:
    """Whether the entry is one of those that the selector means."""
    if selector.kind not in ("any", entry.kind):
        return False
    if selector.lapses and entry.lapse not in selector.lapses:
        return False
    if selector.habits and entry.template not in selector.habits:
        return False
    if selector.landed and entry.landed not in _several(selector.landed):
        return False
    if selector.has is not None and entry.fields.get(selector.has) in (None, ""):
        return False
    for key, wanted in selector.where.items():
        value = entry.fields.get(key)
        options = _several(wanted)
        if isinstance(value, tuple):
            if not any(option in value for option in options):
                return False
        elif value not in options:
            return False
    return all(_number(entry, key) >= least for key, least in selector.at_least.items())


def windowed(history: History, window: int | None) -> Sequence[Entry]:
    """Entries of the last `window` days up to and on `history.day`; all of them when None."""
    entries = history.entries
    end = bisect_right(entries, history.day, key=_day)
    if window is None:
        return entries[:end]
    start = bisect_left(entries, history.day - timedelta(days=window - 1), key=_day)
    return entries[start:end]


def measure(metric: Metric, history: History) -> MetricValue:
    """Answer one metric for `history.day`. A value is None rather than not a number."""
    value, entries = _KINDS[metric.kind](metric, windowed(history, metric.window), history.day)
    return MetricValue(metric=metric.id, value=value, entries=entries)


def measure_with(
    metrics: Iterable[Metric],
    history: History,
    own: Mapping[str, Callable[[Metric, History], MetricValue]],
) -> tuple[MetricValue, ...]:
    """Answer metrics in order: those named in `own` by that function, the others by their kind."""
    return tuple(own.get(metric.id, measure)(metric, history) for metric in metrics)


_Answer = tuple[float | None, int]


def _day(entry: Entry) -> date:
    return entry.day


def _last(entries: Sequence[Entry], selector: Selector) -> Entry | None:
    return next((entry for entry in reversed(entries) if matches(entry, selector)), None)


def _several(wanted: object) -> tuple[object, ...]:
    return wanted if isinstance(wanted, tuple) else (wanted,)


def _number(entry: Entry, field: str) -> float:
    value = entry.fields.get(field)
    return float(value) if isinstance(value, int | float) else float("-inf")


def _pick(entries: Iterable[Entry], selector: Selector) -> list[Entry]:
    return [entry for entry in entries if matches(entry, selector)]


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
    return sum(numbers), len(numbers)


def _mean(metric: Metric, entries: Sequence[Entry], _day: date) -> _Answer:
    numbers = _numbers(_pick(entries, metric.of), metric.field or "")
    return (sum(numbers) / len(numbers) if numbers else None), len(numbers)


def _share(metric: Metric, entries: Sequence[Entry], _day: date) -> _Answer:
    among = _pick(entries, metric.among or metric.of)
    if metric.within is not None:
        picked = _followed(among, _pick(entries, metric.of), timedelta(days=metric.within))
    elif metric.per == "day":
        days = {entry.day for entry in _pick(entries, metric.of)}
        picked = [entry for entry in among if entry.day in days]
    else:
        picked = _pick(among, metric.of)
    whole = _size(among, metric)
    return (100.0 * _size(picked, metric) / whole if whole else None), len(among)


def _followed(among: Sequence[Entry], answers: Sequence[Entry], within: timedelta) -> list[Entry]:
    return [
        entry
        for entry in among
        if any(a.at > entry.at and timedelta(0) <= a.day - entry.day <= within for a in answers)
    ]


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
    for entry in reversed(_pick(entries, metric.of)):
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
