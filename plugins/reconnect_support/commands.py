"""`reconnect support goals|add|why|retire`: the list of the partner's goals."""

from datetime import date, datetime, time

import click

from reconnect.api import NotFoundError, Record, RuleSession, pass_session
from reconnect_support.goals import KIND, active, longest_waiting, text, waits

LENGTH = 200
MORNING = "Today is a day that matters to them. A word this morning is a good start."


@click.command("goals")
@click.option("--all", "every", is_flag=True, help="Retired ones too.")
@pass_session
def goals(session: RuleSession, every: bool) -> None:
    """List their goals; the one that has waited longest for an act of yours stands first."""
    kept, entries, today = session.records(KIND), session.history().entries, session.today
    on_list = longest_waiting(active(kept, today), entries, today)
    for goal, days in zip(on_list, waits(on_list, entries, today), strict=True):
        counted = "1 day" if days == 1 else f"{days} days"
        state = f"{counted} without an act" if days else "up to date"
        session.show(f"{_number(kept, goal)}  {text(goal)}  ({state})")
        if goal.value.get("why"):
            session.show(f"   why: {goal.value['why']}")
    for goal in kept if every else ():
        if goal not in on_list:
            session.show(f"{_number(kept, goal)}  {text(goal)}  (retired)")
    if not on_list:
        session.say("No goal yet: `reconnect support add TEXT`, when they have named one.")


@click.command("add")
@click.argument("goal")
@click.option("--why", help="Why it matters to them, if you know.")
@click.option("--on", "day", metavar="DATE", help="Their big day: you are reminded that morning.")
@pass_session
def add(session: RuleSession, goal: str, why: str | None, day: str | None) -> None:
    """Add a goal that they have named, in their words."""
    goal = _line(goal)
    kept = session.records(KIND)
    if any(text(g).casefold() == goal.casefold() for g in active(kept, session.today)):
        raise click.UsageError(f"'{goal}' is on the list already")
    value: dict[str, object] = {"text": goal, "added": session.today.isoformat()}
    if why and why.strip():
        value["why"] = _line(why)
    when = None if day is None else datetime.combine(_coming(session, day), time(8))
    with session.together():
        if when is not None:
            value["reminder"] = session.remind_at(when, MORNING).number
        session.put(KIND, f"{len(kept) + 1:04d}", value)
    session.say(f"Added: {goal}. One act for it this week is enough.")


@click.command("why")
@click.argument("number", type=int)
@click.argument("reason")
@pass_session
def why(session: RuleSession, number: int, reason: str) -> None:
    """Write down why a goal matters to them, in their words."""
    goal, reason = _find(session, number), _line(reason)
    session.put(KIND, goal.key, {**goal.value, "why": reason})
    session.say(f"Kept, for {text(goal)}: {reason}")


@click.command("retire")
@click.argument("number", type=int)
@pass_session
def retire(session: RuleSession, number: int) -> None:
    """Take a goal off the list; what you did for it stays, a reminder of it goes."""
    goal = _find(session, number)
    reminder = goal.value.get("reminder")
    with session.together():
        if isinstance(reminder, int):
            session.cancel(reminder)
        session.put(KIND, goal.key, {**goal.value, "retired": session.today.isoformat()})
    session.say(f"Off the list: {text(goal)}")


def _find(session: RuleSession, number: int) -> Record:
    goal = session.pick(KIND, number, "goals")
    if not active([goal], session.today):
        raise NotFoundError(f"goal {number} is retired: `reconnect support goals` shows the list")
    return goal


def _number(kept: tuple[Record, ...], goal: Record) -> int:
    return kept.index(goal) + 1


def _line(words: str) -> str:
    words = " ".join(words.split())
    if not 1 <= len(words) <= LENGTH:
        raise click.UsageError(f"the text has {len(words)} characters, expected 1 to {LENGTH}")
    return words


def _coming(session: RuleSession, text: str) -> date:
    try:
        day = date.fromisoformat(text)
    except ValueError as error:
        raise click.UsageError(f"'{text}' is no date: expected one such as 2026-12-24") from error
    if day <= session.today:
        raise click.UsageError(f"{day} has passed or is today: expected a day to come")
    return day
