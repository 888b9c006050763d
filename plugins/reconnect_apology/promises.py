"""Promises: made with an apology, followed up on their date, then kept or owned up to."""

from datetime import date, time

import click

from reconnect.api import Entry, KeptList, RuleSession, pass_session

TEXT = "Today is the day of a promise you made. Small and on time is enough."
PROMISES = KeptList("promise", command="promises", remind=TEXT, at=time(18, 30))


def follow_up(entry: Entry, session: RuleSession) -> None:
    """Keep a promise that was logged, once; one with a date gets a reminder on it."""
    text, due = entry.fields.get("promise"), entry.fields.get("promise_date")
    if entry.kind == "done" and (text or due) and not PROMISES.knows(session, entry):
        day = date.fromisoformat(str(due)) if due else None
        PROMISES.add(session, str(text or "a promise"), entry=entry, due=day)
        if due:
            session.say(f"You will be reminded of your promise on {due}.")


@click.command("promises")
@click.option("--kept", type=int, metavar="NUMBER", help="You kept this one.")
@click.option("--broke", type=int, metavar="NUMBER", help="You did not keep this one.")
@click.option("--all", "every", is_flag=True, help="Show settled ones too.")
@pass_session
def promises(session: RuleSession, kept: int | None, broke: int | None, every: bool) -> None:
    """List the promises that are open; say which you kept, or own up to one you did not."""
    if kept is not None and broke is not None:
        raise click.UsageError("--kept and --broke exclude each other: give one of them")
    number = broke if kept is None else kept
    if number is not None:
        _settle(session, number, kept=kept is not None)
        return
    PROMISES.show(session, every=every, otherwise="No promise is open.")


def _settle(session: RuleSession, number: int, *, kept: bool) -> None:
    promise = PROMISES.find(session, number)
    if promise.closed:
        raise click.UsageError(f"promise {number} was settled before ({promise.outcome})")
    with session.together():
        if kept:
            entry = session.record(fields={"kind": "amends", "kept": True})
        else:
            entry = session.record(kind="lapse", lapse="broke-promise", fields={"kept": False})
        PROMISES.close(session, promise, entry=entry, outcome="kept" if kept else "not kept")
    if kept:
        session.say("You kept your word. It needs no pointing out; it counts all the same.")
    else:
        session.show({one.id: one.antidote for one in session.rule.lapses}["broke-promise"])
