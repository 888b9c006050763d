"""`reconnect apology draft`: six questions, one draft. It is shown, kept if wished, never sent."""

import click

from reconnect.api import RuleSession, pass_session

PARTS = (
    ("responsibility", "What did you do? Say it plainly, without 'but' and without 'if'."),
    ("repair", "What can you do to put it right?"),
    ("regret", "What do you regret about it?"),
    ("explanation", "How did it come about? Short, and it may stay empty."),
    ("promise", "What will you do differently from now on?"),
    ("forgiveness", "Do you want to ask for forgiveness? It may stay empty: there is no hurry."),
)
MISSING = {
    "responsibility": "It does not say yet what was your doing: that counts most.",
    "repair": "It offers nothing yet to put right: that counts nearly as much.",
}
KIND = "draft"


@click.command("draft")
@click.option("--show", "again", is_flag=True, help="Show the draft that was kept.")
@click.option("--forget", is_flag=True, help="Delete the draft that was kept.")
@pass_session
def draft(session: RuleSession, again: bool, forget: bool) -> None:
    """Draft an apology part by part. The first two parts count most with those who hear one."""
    if forget:
        session.say("Deleted." if session.drop(KIND, "last") else "There is no draft.")
        return
    if again:
        kept = session.get(KIND, "last")
        if kept:
            session.show(str(kept["text"]))
        else:
            session.say("There is no draft.")
        return
    if not session.interactive:
        for part, question in PARTS:
            session.show(f"{part}: {question}")
        session.say("Run it in a terminal to be asked part by part. It is never sent.")
        return
    session.say("Six questions. Enter leaves one out, and nothing is ever sent.")
    answers = {part: session.ask(question) for part, question in PARTS}
    given = [part for part, answer in answers.items() if answer]
    if not given:
        session.say("Nothing was written, and nothing is kept.")
        return
    text = "\n".join(_sentence(answers[part]) for part in given)
    session.show(f"\n{text}\n")
    session.say("Read it aloud once. Say it in person, when they can listen, and then stop.")
    for part, missing in MISSING.items():
        if part not in given:
            session.say(missing)
    if session.confirm("Keep the draft?", True):
        session.put(KIND, "last", {"text": text, "parts": given})
        session.say("Kept: `reconnect apology draft --show`, `--forget` deletes it.")
    session.say(f"Once it is said: `reconnect log apology apology --parts {','.join(given)}`")


def _sentence(answer: str) -> str:
    answer = answer[:1].upper() + answer[1:]
    return f"{answer}." if answer[-1:].isalnum() else answer
