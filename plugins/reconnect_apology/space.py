"""Do not rush: for some days after an apology, reminders ask for space and for kept words."""

from collections.abc import Iterable
from datetime import timedelta

import click

from reconnect.api import History, Prompt, RuleSession, pass_session

DAYS = 7
SETTING = "setting"
HURRY = "apology-draft-"
"""Prompts whose ids begin so ask for an apology; the others ask for amends and for space."""


def unhurried(prompts: Iterable[Prompt]) -> tuple[Prompt, ...]:
    """The prompts but those that ask for an apology, which has just been made."""
    return tuple(prompt for prompt in prompts if not prompt.id.startswith(HURRY))


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
