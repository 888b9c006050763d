"""`reconnect tone restart`: name it, apologise, start again softly."""

import click

from reconnect.api import RuleSession, pass_session

STEPS = (
    'Name it: "That came out sharp."',
    'Own it: "I am sorry. You did not deserve that tone."',
    'Start again with "I", one feeling and one wish: "I feel ..., and I would like ..."',
)


@click.command("restart")
@click.option("--tone", type=click.IntRange(1, 5), help="How it sounded the second time, 1 to 5.")
@pass_session
def restart(session: RuleSession, tone: int | None) -> None:
    """Show the three steps of a soft restart, and log it once you have done it."""
    for number, step in enumerate(STEPS, start=1):
        session.show(f"{number}. {step}")
    session.require()
    if tone is None and session.interactive:
        answer = session.ask("Done? How did it sound, 1 harsh to 5 warm (Enter: not yet)")
        if not answer:
            session.say("Nothing is logged. The second sentence is still yours to say.")
            return
        session.record(fields={"tone": answer, "soft_start": True}, habit=_habit(session))
        return
    if tone is not None:
        session.record(fields={"tone": tone, "soft_start": True}, habit=_habit(session))


def _habit(session: RuleSession) -> str | None:
    return "restart" if "restart" in session.templates else None
