"""Memories: one comes back on its day, after a month, a year, n years; and one each week."""

from datetime import timedelta

import click

from reconnect.api import (
    Entry,
    Prompt,
    PromptContext,
    ReviewContext,
    ReviewSection,
    Rule,
    RuleSession,
    on_this_day,
    pass_session,
    shortened,
)

FIELD = "memory"
LONGEST = 240
LONGEST_IN_REVIEW = 320
_SHOWN = "`reconnect review --notes` shows it."
OLD = 28
"""From so many days on a memory may come back by itself."""


class QualityTimeRule(Rule, frozen=True):
    """A memory of this day comes back as a prompt, and one of the week in its review."""

    def choose_prompt(self, context: PromptContext) -> Prompt | None:
        """A memory of this day: of several the one shown least, the newest first.

        One of the rule's prompts without any, on a hard evening or after a slip, or where others
        may read it.
        """
        entries = context.history.entries
        slipped = any(entry.kind == "lapse" for entry in entries[-1:])
        memories = []
        if context.private and not slipped and "tense" not in context.moments[:1]:
            memories = [
                Prompt(
                    id=f"memory-{entry.uid[:8]}",
                    text=shortened(f"{when}: {entry.fields[FIELD]}", LONGEST),
                    moment="on-this-day",
                )
                for when, entry in on_this_day(entries, FIELD, context.day)
            ]
        fewest = min(memories, key=lambda one: context.shown.get(one.id, 0), default=None)
        return fewest or super().choose_prompt(context)

    def review(self, context: ReviewContext) -> tuple[ReviewSection, ...]:
        """One memory, the same all week; its words only where what is private is asked for."""
        found = _of_the_week(context)
        if found is None:
            return ()
        when, entry = found
        line = f"{when}: {_what(entry)}. You kept a line about it; {_SHOWN}"
        if context.private:
            line = shortened(f"{when}: {entry.fields[FIELD]}", LONGEST_IN_REVIEW)
        return (ReviewSection(title="A memory", lines=(line,)),)


@click.command("memories")
@click.option("--all", "every", is_flag=True, help="All of them, not only of this day.")
@pass_session
def memories(session: RuleSession, every: bool) -> None:
    """Show what you two did on this day, a month or some years ago."""
    entries = session.history().entries
    shown = on_this_day(entries, FIELD, session.today)
    if every:
        shown = [(str(entry.day), entry) for entry in entries if entry.fields.get(FIELD)]
    for when, entry in shown:
        session.show(f"{when}: {entry.fields[FIELD]}")
    if not shown:
        what = "No memory yet" if every else "No memory of this day"
        session.say(f"{what}. `reconnect log quality_time 120 --memory TEXT` keeps one.")


def _of_the_week(context: ReviewContext) -> tuple[str, Entry] | None:
    """The one furthest back of these days in another month or year; an old one in turn; a new."""
    kept = [entry for entry in context.history.entries if entry.fields.get(FIELD)]
    days = [context.first + timedelta(days=number) for number in range(7)]
    if these := [memory for day in days for memory in on_this_day(kept, FIELD, day)]:
        when, entry = min(these, key=lambda memory: memory[1].day)
        return f"{when}, on {entry.day.day} {entry.day:%B %Y}", entry
    if old := [entry for entry in kept if (context.first - entry.day).days >= OLD]:
        entry = old[context.first.toordinal() // 7 % len(old)]
        return f"On {entry.day.day} {entry.day:%B %Y}", entry
    week = [entry for entry in kept if entry.day >= context.first]
    return ("This week", week[-1]) if week else None


def _what(entry: Entry) -> str:
    activity = str(entry.fields.get("activity") or "other").replace("-", " ")
    what = "time together" if activity == "other" else activity
    minutes = entry.fields.get("minutes")
    return f"{what}, {minutes} minutes" if isinstance(minutes, int) else what
