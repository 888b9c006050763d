"""`reconnect sincerity mirror` and `reflect`: for your eyes only, and it decides nothing."""

import click

from reconnect.api import RuleSession, ask_number, pass_session

SHOWN = 12
HIGHEST = 10
QUESTIONS = (
    "When did you last feel close to them, even for a minute? What was going on?",
    "What are you tired of? Is it them, the quarrels, or the rest of your life?",
    "Is there something that hurt, and that neither of you has spoken of?",
    "What would have to be true for your heart to be a little more in it next week?",
    "If nothing changed for a year, what would you miss? What would you be relieved about?",
)


@click.command("mirror")
@click.option("--why", is_flag=True, help="Show the reasons that you wrote down, too.")
@pass_session
def mirror(session: RuleSession, why: bool) -> None:
    """Look at your last twelve check-ins. Nothing is scored, and nobody else sees it."""
    seen = [e for e in session.history().entries if isinstance(e.fields.get("heart"), int)]
    if not seen:
        session.say("No check-in yet: `reconnect log sincerity` takes a minute.")
        return
    for entry in seen[-SHOWN:]:
        heart = int(str(entry.fields["heart"]))
        bar = "#" * heart + "." * (HIGHEST - heart)
        session.show(f"{entry.day}  {bar}  {heart:>2} of {HIGHEST}")
        reason = entry.fields.get("why")
        if why and reason:
            session.show(f"            {' '.join(str(reason).split())}")


@click.command("reflect")
@pass_session
def reflect(session: RuleSession) -> None:
    """Read five questions; on a terminal you may answer, and keep the answers as a note."""
    asking = session.interactive and session.adopted
    if asking:
        session.say("Take your time. Enter leaves a question open, and nobody else reads this.")
    answers = []
    for number, question in enumerate(QUESTIONS, start=1):
        session.show(f"{number}. {question}")
        if asking and (answer := session.ask("  ")):
            answers.append(f"{question}\n{answer}")
    if answers:
        ask = f"And how far is your heart in it now, 0 to {HIGHEST}?"
        again = f"A whole number from 0 to {HIGHEST}, or Enter to keep nothing."
        heart = ask_number(session, ask, 0, HIGHEST, again=again)
        if heart is not None:
            session.record(fields={"heart": heart}, note="\n\n".join(answers))
            return
        session.say("Nothing is kept then. The thinking was the point.")
    session.say("You need not decide anything today.")
