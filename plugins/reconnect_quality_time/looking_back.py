"""One memory for the weekly review: of these days in another month or year, or an older one."""

from collections.abc import Sequence
from datetime import timedelta

from reconnect.api import Entry, ReviewContext, ReviewSection
from reconnect_quality_time.memories import on_this_day

OLD = 28
"""From so many days on a memory may come back by itself."""

LONGEST = 320


def memory_of_the_week(context: ReviewContext) -> tuple[ReviewSection, ...]:
    """One memory, the same all week; its words only where the person asked for what is private."""
    kept = [entry for entry in context.history.entries if entry.fields.get("memory")]
    found = _of_these_days(context, kept) or _older(context, kept) or _of_the_week(context, kept)
    if found is None:
        return ()
    when, entry = found
    if context.private:
        said = f"{when}: {' '.join(str(entry.fields['memory']).split())}"
        line = said if len(said) <= LONGEST else f"{said[: LONGEST - 1]}…"
    else:
        line = f"{when}: {_what(entry)}. You kept a line about it; --notes shows it."
    return (ReviewSection(title="A memory", lines=(line,)),)


def _of_these_days(context: ReviewContext, kept: Sequence[Entry]) -> tuple[str, Entry] | None:
    """The memory of a day of this week that is furthest back."""
    days = [context.first + timedelta(days=n) for n in range(7)]
    # Of a year of memories few can come back in a week: those of these months and the ones before.
    months = {month for day in days for month in (day.month, (day.month - 2) % 12 + 1)}
    dates = {day.day for day in days} | {29, 30, 31}
    near = [one for one in kept if one.day.day in dates and one.day.month in months]
    found = [memory for day in days for memory in on_this_day(near, day)]
    if not found:
        return None
    when, entry = min(found, key=lambda memory: memory[1].day)
    return f"{when}, on {entry.day.day} {entry.day:%B %Y}", entry


def _older(context: ReviewContext, kept: Sequence[Entry]) -> tuple[str, Entry] | None:
    """One of those that are some weeks old; they take turns."""
    old = [entry for entry in kept if (context.first - entry.day).days >= OLD]
    if not old:
        return None
    entry = old[context.first.toordinal() // 7 % len(old)]
    return f"On {entry.day.day} {entry.day:%B %Y}", entry


def _of_the_week(context: ReviewContext, kept: Sequence[Entry]) -> tuple[str, Entry] | None:
    week = [entry for entry in kept if entry.day >= context.first]
    return ("This week", week[-1]) if week else None


def _what(entry: Entry) -> str:
    activity = str(entry.fields.get("activity") or "other").replace("-", " ")
    what = "time together" if activity == "other" else activity
    minutes = entry.fields.get("minutes")
    return f"{what}, {minutes} minutes" if isinstance(minutes, int) else what
