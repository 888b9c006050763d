"""The weekly review for programs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from reconnect.review.charts import tables

if TYPE_CHECKING:
    from reconnect.review.figures import DayCell
    from reconnect.review.weekly import Ahead, HabitWeek, Review


def as_json(review: Review) -> dict[str, Any]:
    """Plain values; days as ISO dates, `strength` from 0 to 1."""
    closeness = tables.as_json(review.closeness)
    return {
        "week": review.week.id,
        "from": review.week.monday.isoformat(),
        "to": review.week.sunday.isoformat(),
        "until": review.until.isoformat(),
        "with_private": review.private,
        "sample": review.sample,
        "chosen": review.chosen,
        "habits": [_habit(one) for one in review.habits],
        "landed_warm": [
            {"day": one.day.isoformat(), "title": one.title, "said": one.said, "note": one.note}
            for one in review.warm
        ],
        "ways_back": [
            {
                "title": one.title,
                "lapse": one.lapse,
                "next_act": one.next_act,
                "back": one.back.isoformat() if one.back else None,
            }
            for one in review.ways_back
        ],
        "sections": [
            {"rule": rule, "title": section.title, "lines": list(section.lines)}
            for rule, section in review.sections
        ],
        "question": review.question,
        "worth_a_look": [
            {
                "rule": one.rule,
                "metric": one.metric,
                "question": one.question,
                "now": one.now,
                "four_weeks_before": one.before,
            }
            for one in review.answers
        ],
        "circles": review.circles,
        "closeness": closeness["weeks"],
        "choice": review.choice,
        "next_week": _ahead(review.ahead) if review.ahead else None,
    }


def _habit(one: HabitWeek) -> dict[str, Any]:
    return {
        "habit": one.name,
        "rule": one.rule,
        "title": one.title,
        "days": [_state(cell) for cell in one.days],
        "kept": one.kept,
        "back": one.back,
        "lately": one.lately,
        "streak": one.streak,
        "strength": None if one.strength is None else round(one.strength, 4),
        "change": None if one.change is None else round(one.change, 4),
    }


def _state(cell: DayCell | None) -> str | None:
    return None if cell is None else cell.state


def _ahead(ahead: Ahead) -> dict[str, Any]:
    return {
        "week": ahead.week.id,
        "every_day": list(ahead.every),
        "days": [{"day": day.isoformat(), "habits": list(titles)} for day, titles in ahead.days],
    }
