"""A habit's past in the spans in which it is judged: days, calendar weeks (from Monday), months.

A span asks for as many kept days as days were due in it, by the recurrence of their time: a week
that began before the habit did, asks for less. On which of its days they fall is free.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from datetime import date, timedelta
from typing import TYPE_CHECKING, Literal, NamedTuple

from reconnect import recurrence
from reconnect.habits.days import state_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from reconnect.model.habit import Habit, Tally, Terms
    from reconnect.recurrence import UnitOfTime

Verdict = Literal["kept", "missed", "rested", "open"]

_DAY = timedelta(days=1)


class Span(NamedTuple):
    """One stretch of days, both ends included, and how it was kept.

    kept: on as many days as were asked for · rested: nothing was due, or skips make up for what is
    missing · open: not kept so far, and it still can be · missed: none of these. `done` counts days
    that were kept, `asked` those that were due.
    """

    first: date
    last: date
    unit: UnitOfTime
    verdict: Verdict
    done: int
    asked: int
    skips: int


def spans(
    habit: Habit, tallies: Mapping[date, Tally], today: date, *, since: date | None = None
) -> list[Span]:
    """The spans up to the one that holds `today`, oldest first.

    Of a habit that is due on no day there is none. Of an at-most habit every day is one, kept
    without a lapse whether or not anything was logged, and open while it lasts. While a habit was
    put away there is none.

    Args:
        habit: with the terms of all times.
        tallies: what was logged a day; days in any order.
        today: the day that is still going on.
        since: begin with the span that holds this day; with the habit's first day when None.
    """
    found: list[Span] = []
    ends = [terms.since - _DAY for terms in habit.terms[1:]]
    for terms, end in zip(habit.terms, [*ends, date.max], strict=True):
        begin = terms.since
        if since is not None:
            pace = recurrence.pace_of(terms.rrule)
            begin = max(begin, _first_of(pace.unit if pace else "day", since))
        if begin > min(end, today):
            continue
        if habit.goal == "at-most" and (terms.rrule or not any(t.rrule for t in habit.terms)):
            found += _days_without(habit, tallies, begin, min(end, today), today)
        elif habit.goal == "at-least":
            found += _quotas(habit, terms, tallies, begin, end, today)
    joined = _joined(found)
    if joined and joined[-1].verdict == "missed" and joined[-1].last >= today:
        joined[-1] = _while_it_lasts(habit, joined[-1], tallies, today)
    return joined


def _days_without(
    habit: Habit, tallies: Mapping[date, Tally], begin: date, end: date, today: date
) -> Iterator[Span]:
    for number in range((end - begin).days + 1):
        day = begin + _DAY * number
        state = state_of(habit, day, tallies[day]) if day in tallies else "unknown"
        verdict: Verdict = "missed" if state == "no" else "rested" if state == "skip" else "kept"
        if day == today and verdict == "kept":
            verdict = "open"
        yield Span(day, day, "day", verdict, int(verdict == "kept"), 1, int(state == "skip"))


def _quotas(
    habit: Habit,
    terms: Terms,
    tallies: Mapping[date, Tally],
    begin: date,
    end: date,
    today: date,
) -> Iterator[Span]:
    pace = recurrence.pace_of(terms.rrule)
    if pace is None:
        return
    last = min(end, last_of(pace.unit, today))
    due = recurrence.due_days(terms.rrule, terms.anchor, begin, last)
    days = sorted(day for day in tallies if begin <= day <= min(end, today))
    states = [(day, state_of(habit, day, tallies[day])) for day in days]
    kept = [day for day, state in states if state == "yes"]
    skipped = [day for day, state in states if state == "skip"]
    while begin <= last:
        here = min(last_of(pace.unit, begin), last)
        asked, done, skips = (_within(days, begin, here) for days in (due, kept, skipped))
        yield Span(begin, here, pace.unit, _verdict(asked, done, skips), done, asked, skips)
        begin = here + _DAY


def _verdict(asked: int, done: int, skips: int) -> Verdict:
    if asked and done >= asked:
        return "kept"
    return "rested" if done + skips >= asked else "missed"


def _joined(found: list[Span]) -> list[Span]:
    """Where new terms began within a week or month that both judge, it is one span."""
    joined: list[Span] = []
    for span in found:
        before = joined[-1] if joined else None
        if (
            before is None
            or before.unit != span.unit
            or span.first > last_of(span.unit, before.first)
        ):
            joined.append(span)
            continue
        done, asked, skips = (a + b for a, b in zip(before[4:], span[4:], strict=True))
        verdict = _verdict(asked, done, skips)
        joined[-1] = Span(before.first, span.last, span.unit, verdict, done, asked, skips)
    return joined


def _while_it_lasts(habit: Habit, span: Span, tallies: Mapping[date, Tally], today: date) -> Span:
    """The span of today, open where the days left are enough."""
    used = today in tallies and state_of(habit, today, tallies[today]) in ("yes", "skip", "no")
    left = (span.last - today).days + (not used)
    enough = span.done + span.skips + left >= span.asked
    return span._replace(verdict="open") if enough else span


def _within(days: list[date], first: date, last: date) -> int:
    return bisect_right(days, last) - bisect_left(days, first)


def _first_of(unit: UnitOfTime, day: date) -> date:
    if unit == "week":
        return day - timedelta(days=day.weekday())
    return day if unit == "day" else day.replace(day=1, month=1 if unit == "year" else day.month)


def last_of(unit: UnitOfTime, day: date) -> date:
    """The last day of the day, week (to Sunday), month or year that holds a day."""
    if unit == "day":
        return day
    if unit == "week":
        return day + timedelta(days=6 - day.weekday())
    if unit == "month":
        return date(day.year + day.month // 12, day.month % 12 + 1, 1) - _DAY
    return date(day.year, 12, 31)
