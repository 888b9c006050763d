"""Do not rush: for some days after an apology, reminders ask for space and for kept words."""

import click

from reconnect.api import Prompt, PromptContext, Rule, RuleSession, counted, pass_session, windowed

DAYS = 7
PLACE = ("setting", "pace")
HURRY = "apology-draft-"  # So begin the ids of those prompts that ask for an apology.


class ApologyRule(Rule, frozen=True):
    """After an apology its reminders turn from apologising to giving space."""

    def prompts_for(self, context: PromptContext) -> tuple[Prompt, ...]:
        """For seven days (settable) after an apology: keep your word, give them room."""
        days = int(context.history.get(*PLACE).get("days", DAYS))
        acts = (act.fields for act in windowed(context.history, days) if act.kind == "done")
        if any(fields.get("kind") == "apology" for fields in acts):
            return tuple(prompt for prompt in self.prompts if not prompt.id.startswith(HURRY))
        return self.prompts


@click.command("pace")
@click.argument("days", type=click.IntRange(1, 60), required=False)
@pass_session
def pace(session: RuleSession, days: int | None) -> None:
    """Show or set for how many days after an apology its reminders only ask for space."""
    if days is None:
        session.show(counted(int(session.get(*PLACE).get("days", DAYS)), "day"))
        return
    session.put(*PLACE, {"days": days})
    session.say(f"After an apology nothing is rushed for {counted(days, 'day')}.")
