"""`reconnect apology draft`: six questions, one draft. It is shown, kept if wished, never sent."""

import tomllib
from pathlib import Path

import click

from reconnect.api import RuleSession, ask_parts, pass_session

PLACE = ("draft", "last")
OPENING = "Six questions. Enter leaves one out, and nothing is ever sent."


@click.command("draft")
@click.option("--show", "again", is_flag=True, help="Show the draft that was kept.")
@click.option("--forget", is_flag=True, help="Delete the draft that was kept.")
@pass_session
def draft(session: RuleSession, again: bool, forget: bool) -> None:
    """Draft an apology part by part. The first two parts count most with those who hear one."""
    if again or forget:
        kept = session.get(*PLACE)
        if not kept:
            session.say("There is no draft.")
        elif again:
            session.show(str(kept["text"]))
        if forget and session.drop(*PLACE):
            session.say("Deleted.")
        return
    parts = tomllib.loads(Path(__file__).with_name("draft.toml").read_text("utf-8"))["parts"]
    answers = ask_parts(session, {part["id"]: part["ask"] for part in parts}, OPENING)
    if not answers:
        alone = "Run it in a terminal to be asked part by part. It is never sent."
        empty = "Nothing was written, and nothing is kept."
        session.say(empty if session.interactive else alone)
        return
    text = "\n".join(answers.values())
    session.show(f"\n{text}\n")
    session.say("Read it aloud once. Say it in person, when they can listen, and then stop.")
    for part in parts:
        if "missing" in part and part["id"] not in answers:
            session.say(part["missing"])
    if session.confirm("Keep the draft?", True):
        session.put(*PLACE, {"text": text, "parts": list(answers)})
        session.say("Kept: `reconnect apology draft --show`, `--forget` deletes it.")
    session.say(f"Once it is said: `reconnect log apology apology --parts {','.join(answers)}`")
