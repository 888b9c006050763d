"""`reconnect peace view`: seven minutes of writing, three times a year, from the outside."""

from datetime import datetime, timedelta

import click

from reconnect.api import Prompt, PromptContext, Rule, RuleSession, pass_session

HABIT = "seven-minute-view"
SPAN = timedelta(minutes=7)
GUIDE = """\
Think of a disagreement of the last months, of medium size. Write about it for seven minutes, as
somebody would see it who wants the best for both of you.
How might that person find something good in it? What makes it hard to see it so in the moment? How
could you try to, in the next one?"""


class PeaceRule(Rule, frozen=True):
    """Three times a year it asks for a piece of writing, and then for nothing else."""

    def prompts_for(self, context: PromptContext) -> tuple[Prompt, ...]:
        """For the writing only what is about the writing."""
        if context.habit != HABIT:
            return self.prompts
        return tuple(prompt for prompt in self.prompts if prompt.habit == HABIT)


@click.command("view")
@click.option("--done", is_flag=True, help="You wrote on paper: log it.")
@pass_session
def view(session: RuleSession, done: bool) -> None:
    """Write for seven minutes as a neutral third party would see it; the text stays with you.

    On a terminal you type, an empty line ends it. The writing is kept as a note.
    """
    session.require(HABIT)
    if done:
        session.record(habit=HABIT)
        return
    session.say(GUIDE)
    if not session.interactive:
        session.say("Write on paper, and then: `reconnect peace view --done`")
        return
    session.say("Write now. An empty line ends it.")
    began = session.now
    lines, keep = _written(session)
    if not lines or not keep:
        session.say("Nothing is logged." if lines else "Nothing was written, nothing is logged.")
        return
    if session.now - began < SPAN:
        session.say(f"{_minutes(session, began)} It counts all the same.")
    session.record(note="\n".join(lines), habit=HABIT)


def _written(session: RuleSession) -> tuple[list[str], bool]:
    """The lines up to an empty one, and whether to keep them; Ctrl-C asks first."""
    lines: list[str] = []
    try:
        while line := session.ask(">"):
            lines.append(line)
    except click.Abort:
        try:
            return lines, bool(lines) and session.confirm("Keep what you wrote?", True) is True
        except click.Abort:
            return lines, False
    return lines, True


def _minutes(session: RuleSession, began: datetime) -> str:
    minutes = int((session.now - began).total_seconds() // 60)
    return f"{minutes} of 7 minutes." if minutes else "Less than a minute."
