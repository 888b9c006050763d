"""`reconnect tone restart`: name it, apologise, start again softly."""

import click

from reconnect.api import RuleSession, ask_number, pass_session

HABIT = "restart"
STEPS = (
    'Name it: "That came out sharp."',
    'Own it: "I am sorry. You did not deserve that tone."',
    'Start again with "I", one feeling and one wish: "I feel ..., and I would like ..."',
)
ASK = "Done? How did it sound, 1 harsh to 5 warm (Enter: not yet)"


@click.command("restart")
@click.option("--tone", type=click.IntRange(1, 5), help="How it sounded the second time, 1 to 5.")
@pass_session
def restart(session: RuleSession, tone: int | None) -> None:
    """Show the three steps of a soft restart, and log it once you have done it."""
    if tone is not None:
        session.require()
    for number, step in enumerate(STEPS, start=1):
        session.show(f"{number}. {step}")
    if tone is None and session.interactive and session.adopted:
        tone = ask_number(session, ASK, 1, 5, again="A number from 1 to 5, or Enter.")
        if tone is None:
            session.say("Nothing is logged. The second sentence is still yours to say.")
    if tone is not None:
        habit = HABIT if HABIT in session.templates else None
        session.record(fields={"tone": tone, "soft_start": True}, habit=habit)
