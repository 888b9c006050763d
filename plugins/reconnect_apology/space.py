"""Do not rush: for some days after an apology, reminders ask for space and for kept words."""

from datetime import timedelta

import click

from reconnect.api import History, Prompt, PromptContext, Rule, RuleSession, choose, pass_session

DAYS = 7
SETTING = "setting"
HURRY = "apology-draft-"
"""Prompts whose ids begin so ask for an apology; the others ask for amends and for space."""

CALM = ("apology-space-", "apology-amends-")
"""These give space and keep one's word."""


def unhurried(rule: Rule, context: PromptContext) -> Prompt | None:
    """A prompt that fits: none that asks for an apology while one has just been made."""
    if not is_resting(context.history):
        return choose(rule.prompts, context)
    calm = [prompt for prompt in rule.prompts if not prompt.id.startswith(HURRY)]
    if "before" in context.moments:
        # What amends may say, a reminder of the apology itself may say now, too.
        calm = [prompt for prompt in calm if prompt.id.startswith(CALM)]
    return choose(calm, context)


def is_resting(history: History) -> bool:
    """Whether an apology was logged within the days that nothing is rushed."""
    days = timedelta(days=_days(history))
    return any(
        entry.kind == "done"
        and entry.fields.get("kind") == "apology"
        and timedelta(0) <= history.day - entry.day < days
        for entry in reversed(history.entries)
    )


@click.command("pace")
@click.argument("days", type=click.IntRange(1, 60), required=False)
@pass_session
def pace(session: RuleSession, days: int | None) -> None:
    """Show or set for how many days after an apology its reminders only ask for space."""
    if days is None:
        session.show(_counted(int(session.get(SETTING, "pace").get("days", DAYS))))
        return
    session.put(SETTING, "pace", {"days": days})
    session.say(f"After an apology nothing is rushed for {_counted(days)}.")


def _days(history: History) -> int:
    for record in history.records:
        if record.kind == SETTING and record.key == "pace":
            return int(record.value["days"])
    return DAYS


def _counted(days: int) -> str:
    return f"{days} day{'s' if days > 1 else ''}"
