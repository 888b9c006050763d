"""On this day: a memory comes back after a month, a year, n years."""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta

import click

from reconnect.api import Entry, Prompt, PromptContext, RuleSession, pass_session

LONGEST = 240


def remembered(context: PromptContext) -> Prompt | None:
    """A memory of this day as a prompt: of several the one shown least, the newest first.

    None without one, on a hard evening or after a slip, or where others may read it.
    """
    slipped = any(entry.kind == "lapse" for entry in context.history.entries[-1:])
    if not context.private or slipped or "tense" in context.moments[:1]:
        return None
    memories = [
        (context.shown.get(_prompt_id(entry), 0), when, entry)
        for when, entry in on_this_day(context.history.entries, context.day)
    ]
    if not memories:
        return None
    _, when, entry = min(memories, key=lambda memory: memory[0])
    text = f"{when}: {' '.join(str(entry.fields['memory']).split())}"
    if len(text) > LONGEST:
        text = f"{text[: LONGEST - 1]}…"
    return Prompt(id=_prompt_id(entry), text=text, moment="on-this-day")


def on_this_day(entries: Iterable[Entry], day: date) -> Iterator[tuple[str, Entry]]:
    """Entries with a memory from a month or whole years before the day, newest first.

    What is missing in a shorter month or year is remembered on its last day: the 29th of February
    on the 28th.
    """
    kept = [entry for entry in entries if entry.fields.get("memory") and entry.day < day]
    for entry in sorted(kept, key=lambda e: e.day, reverse=True):
        if _month_later(entry.day) == day:
            yield "A month ago", entry
        years = day.year - entry.day.year
        if years > 0 and _years_later(entry.day, years) == day:
            yield ("A year ago" if years == 1 else f"{years} years ago"), entry


@click.command("memories")
@click.option("--all", "every", is_flag=True, help="All of them, not only of this day.")
@pass_session
def memories(session: RuleSession, every: bool) -> None:
    """Show what you two did on this day, a month or some years ago."""
    entries = session.history().entries
    shown = list(on_this_day(entries, session.today))
    if every:
        shown = [(str(e.day), e) for e in entries if e.fields.get("memory")]
    for when, entry in shown:
        session.show(f"{when}: {entry.fields['memory']}")
    if not shown:
        what = "No memory yet" if every else "No memory of this day"
        session.say(f"{what}. `reconnect log quality_time 120 --memory TEXT` keeps one.")


def _prompt_id(entry: Entry) -> str:
    return f"memory-{entry.uid[:8]}"


def _month_later(day: date) -> date:
    year, month = (day.year, day.month + 1) if day.month < 12 else (day.year + 1, 1)
    return _clipped(year, month, day.day)


def _years_later(day: date, years: int) -> date:
    return _clipped(day.year + years, day.month, day.day)


def _clipped(year: int, month: int, day: int) -> date:
    try:
        return date(year, month, day)
    except ValueError:
        following = date(year + month // 12, month % 12 + 1, 1)
        return following - timedelta(days=1)
