"""`reconnect support goals|add|why|retire`: the list of the partner's goals."""

import click

from reconnect.api import RuleSession, as_day_ahead, as_line, counted, pass_session
from reconnect_support.goals import FIELD, GOALS


@click.command("goals")
@click.option("--all", "every", is_flag=True, help="Retired ones too.")
@pass_session
def goals(session: RuleSession, every: bool) -> None:
    """List their goals; the one that has waited longest for an act of yours stands first."""
    waits = GOALS.waits(session.history(), FIELD)
    for days, goal in waits:
        state = f"{counted(days, 'day')} without an act" if days else "up to date"
        session.show(goal.told(state))
        if "why" in goal.more:
            session.show(f"   why: {goal.more['why']}")
    for goal in GOALS.items(session) if every else ():
        if goal.closed:
            session.show(goal.told())
    if not waits:
        session.say("No goal yet: `reconnect support add TEXT`, when they have named one.")


@click.command("add")
@click.argument("goal")
@click.option("--why", help="Why it matters to them, if you know.")
@click.option("--on", "day", metavar="DATE", help="Their big day: you are reminded that morning.")
@pass_session
def add(session: RuleSession, goal: str, why: str | None, day: str | None) -> None:
    """Add a goal that they have named, in their words."""
    goal = as_line(goal)
    if GOALS.named(session, goal):
        raise click.UsageError(f"'{goal}' is on the list already")
    more = {"why": as_line(why)} if why and why.strip() else {}
    due = None if day is None else as_day_ahead(day, session.today)
    GOALS.add(session, goal, due=due, more=more)
    session.say(f"Added: {goal}. One act for it this week is enough.")


@click.command("why")
@click.argument("number", type=int)
@click.argument("reason")
@pass_session
def why(session: RuleSession, number: int, reason: str) -> None:
    """Write down why a goal matters to them, in their words."""
    goal, reason = GOALS.find_open(session, number), as_line(reason)
    GOALS.change(session, goal, {"why": reason})
    session.say(f"Kept, for {goal.text}: {reason}")


@click.command("retire")
@click.argument("number", type=int)
@pass_session
def retire(session: RuleSession, number: int) -> None:
    """Take a goal off the list; what you did for it stays, a reminder of it goes."""
    goal = GOALS.find_open(session, number)
    GOALS.close(session, goal, outcome="retired")
    session.say(f"Off the list: {goal.text}")
