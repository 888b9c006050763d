"""On this day: what was answered a month ago, a year ago, n years ago."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from reconnect.model.habit import Entry


def on_this_day(entries: Iterable[Entry], field: str, day: date) -> list[tuple[str, Entry]]:
    """Entries with an answer to a field, from a month or from whole years before the day.

    A day that a shorter month or year does not have is remembered on its last one: the 29th of
    February on the 28th.

    Returns:
        How long ago, such as "A month ago" or "3 years ago", and the entry; newest first.
    """
    ago = ((_ago(entry.day, day), entry) for entry in entries if entry.fields.get(field))
    found = [(words, entry) for words, entry in ago if words]
    return sorted(found, key=lambda one: one[1].day, reverse=True)


def _ago(then: date, day: date) -> str | None:
    months = 12 * (day.year - then.year) + day.month - then.month
    # Of many years of entries nearly all are left out here.
    if months < 1 or (months % 12 and months != 1):
        return None
    if then.day != day.day:
        from calendar import monthrange

        if not then.day > day.day == monthrange(day.year, day.month)[1]:
            return None
    if months == 1:
        return "A month ago"
    return "A year ago" if months == 12 else f"{months // 12} years ago"
