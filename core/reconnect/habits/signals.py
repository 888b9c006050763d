"""Signals: the little that one rule may know of another's day."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reconnect.model.history import MOODS, Signals
from reconnect.store import entries

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date

    from reconnect.model.rule import Rule
    from reconnect.store.entries import Published


def signals_between(
    db: sqlite3.Connection, person_id: int, rules: Iterable[Rule], first: date, last: date
) -> dict[date, Signals]:
    """The signals of each day that has any.

    Args:
        db: the open database.
        person_id: whose days.
        rules: the running rules; their fields say what they publish.
        first: the first day.
        last: the last day, included.
    """
    sources = {
        (rule.id, field.id): field.signal
        for rule in rules
        for field in rule.fields
        if field.signal is not None
    }
    by_day: dict[date, list[Published]] = {}
    for entry in entries.publishing(db, person_id, {rule for rule, _ in sources}, first, last):
        by_day.setdefault(entry.day, []).append(entry)
    return {day: _signals(own, sources) for day, own in by_day.items()}


def _signals(own: Sequence[Published], sources: Mapping[tuple[str, str], str]) -> Signals:
    tension: int | None = None
    mood: str | None = None
    lapsed = False
    for entry in own:
        lapsed = lapsed or entry.lapsed
        for name, value in entry.fields.items():
            signal = sources.get((entry.rule, name))
            # Whatever a rule says that it publishes, nothing but these few values gets through.
            if signal == "tension" and type(value) is int and 1 <= value <= 5:
                tension = max(tension or 0, value)
            elif signal == "mood" and value in MOODS:
                mood = str(value)  # The day's last word counts.
    return Signals(tension=tension, mood=mood, lapsed=lapsed)
