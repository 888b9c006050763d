"""Promises: made with an apology, followed up on their date, then kept or owned up to."""

from datetime import date, datetime, time, timedelta

import click

from reconnect.api import Entry, Record, RuleSession, pass_session

KIND = "promise"
AT = time(18, 30)
LATER = timedelta(hours=1)
TEXT = "Today is the day of a promise you made. Small and on time is enough."


def follow_up(entry: Entry, session: RuleSession) -> None:
    """Keep a promise that was logged, once; one with a date gets a reminder on it."""
    due = entry.fields.get("promise_date")
    text = entry.fields.get("promise")
    if entry.kind != "done" or not (due or text) or session.get(KIND, entry.uid):
        return
    value: dict[str, object] = {"text": text or "", "made": entry.day.isoformat(), "kept": None}
    with session.together():
        if due:
            # One for today that is made in the evening is followed up an hour later.
            when = max(datetime.combine(date.fromisoformat(str(due)), AT), session.wall + LATER)
            once = session.remind_at(when, TEXT)
            value |= {"due": due, "reminder": once.number}
        session.put(KIND, entry.uid, value)
    if due:
        session.say(f"You will be reminded of your promise on {due}.")


def take_back(entry: Entry, session: RuleSession) -> None:
    """A promise whose entry is taken back was never made; one that was settled stays."""
    promise = session.get(KIND, entry.uid)
    if promise and promise.get("kept") is None:
        _stop_reminding(session, promise)
        session.drop(KIND, entry.uid)


@click.command("promises")
@click.option("--kept", type=int, metavar="NUMBER", help="You kept this one.")
@click.option("--broke", type=int, metavar="NUMBER", help="You did not keep this one.")
@click.option("--all", "every", is_flag=True, help="Show settled ones too.")
@pass_session
def promises(session: RuleSession, kept: int | None, broke: int | None, every: bool) -> None:
    """List the promises that are open; say which you kept, or own up to one you did not."""
    if kept is not None and broke is not None:
        raise click.UsageError("--kept and --broke exclude each other: give one of them")
    number = kept if kept is not None else broke
    if number is not None:
        _settle(session, number, kept=kept is not None)
        return
    known = enumerate(session.records(KIND), start=1)
    shown = [(n, one) for n, one in known if every or one.value.get("kept") is None]
    for place, promise in shown:
        session.show(f"{place}  {promise.value.get('text') or 'a promise'}  ({_state(promise)})")
    if not shown:
        session.say("No promise is open.")


def _settle(session: RuleSession, number: int, *, kept: bool) -> None:
    promise = session.pick(KIND, number, "promises")
    if promise.value.get("kept") is not None:
        raise click.UsageError(f"promise {number} was settled before ({_state(promise)})")
    with session.together():
        if kept:
            session.record(fields={"kind": "amends", "kept": True})
        else:
            session.record(kind="lapse", lapse="broke-promise", fields={"kept": False})
        _stop_reminding(session, promise.value)
        session.put(KIND, promise.key, {**promise.value, "kept": kept})
    if kept:
        session.say("You kept your word. It needs no pointing out; it counts all the same.")
        return
    lapse = next(one for one in session.rule.lapses if one.id == "broke-promise")
    session.show(lapse.antidote)


def _stop_reminding(session: RuleSession, promise: dict[str, object]) -> None:
    reminder = promise.get("reminder")
    if isinstance(reminder, int):
        session.cancel(reminder)


def _state(promise: Record) -> str:
    due = promise.value.get("due")
    open_ = f"due {due}" if due else "open"
    kept = promise.value.get("kept")
    return open_ if kept is None else "kept" if kept else "not kept"
