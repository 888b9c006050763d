"""`reconnect peace view`: seven minutes of writing, three times a year, from the outside."""

from datetime import timedelta

import click

from reconnect.api import RuleSession, pass_session

HABIT = "seven-minute-view"
MINUTES = 7
GUIDE = """\
Think of a disagreement of the last months. Write about it for seven minutes, as somebody would see
it who wants the best for both of you.
How might that person find something good in it? What makes it hard to see it so in the moment? How
could you try to, in the next one?"""


@click.command("view")
@click.option("--no-timer", is_flag=True, help="Write without the clock.")
@pass_session
def view(session: RuleSession, no_timer: bool) -> None:
    """Write for seven minutes as a neutral third party would see it; the text stays with you.

    On a terminal you type, an empty line ends it. The writing is kept as a note.
    """
    session.require(HABIT)
    session.say(GUIDE)
    if not session.interactive:
        session.say("Write on paper, then: reconnect log peace-seven-minute-view")
        return
    began, lines = session.now, []
    session.say("Write now. An empty line ends it.")
    while True:
        line = session.ask(">")
        if not line:
            break
        lines.append(line)
    passed = session.now - began
    if not lines:
        session.say("Nothing was written, nothing is logged.")
        return
    if not no_timer and passed < timedelta(minutes=MINUTES):
        left = MINUTES - round(passed.total_seconds() / 60)
        session.say(f"A little less than seven minutes ({left} to go); it counts all the same.")
    session.record(note="\n".join(lines), habit=HABIT)
