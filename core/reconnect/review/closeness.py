"""The closeness of some weeks, as the figure that it is drawn from."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reconnect.review.figures import ClosenessFigure
from reconnect.store import closeness

if TYPE_CHECKING:
    import sqlite3

    from reconnect.model.week import Week


def closeness_figure(
    db: sqlite3.Connection, person_id: int, last: Week, weeks: int
) -> ClosenessFigure:
    """The pairs of so many weeks up to `last`, from the first that has one; empty where none has.

    Args:
        db: the open database.
        person_id: whose weeks.
        last: the last week.
        weeks: how many, at most.
    """
    found = closeness.between(db, person_id, last.plus(1 - weeks), last)
    by_week = {one.week: one.circles for one in found}
    shown = []
    week = found[0].week if found else last.plus(1)
    while week <= last:
        shown.append((week.monday, by_week.get(week)))
        week = week.plus(1)
    return ClosenessFigure(title="Closeness", weeks=tuple(shown))
