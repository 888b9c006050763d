"""Promises: made with an apology, followed up on their date, then kept or owned up to."""

from datetime import date, datetime, time

import click

from reconnect.api import Entry, Record, RuleSession, pass_session

KIND = "promise"
AT = time(18, 30)


def follow_up(entry: Entry, session: RuleSession) -> None:
    """Keep a promise that was logged; one with a date gets a reminder on it."""
    due = entry.fields.get("promise_date")
    text = entry.fields.get("promise")
    if entry.kind != "done" or not (due or text):
        return
    value: dict[str, object] = {"text": text or "", "made": entry.day.isoformat(), "kept": None}
    if due:
        value["due"] = due
        when = datetime.combine(date.fromisoformat(str(due)), AT)
        once = session.remind_at(when, "A word you gave is due today.")
        value["reminder"] = once.number
        session.say(f"You will be reminded of your promise on {due}.")
    session.put(KIND, entry.uid, value)


@click.command("promises")
@click.option("--kept", type=int, metavar="NUMBER", help="You kept this one.")
@click.option("--broke", type=int, metavar="NUMBER", help="You did not keep this one.")
@click.option("--all", "every", is_flag=True, help="Show settled ones too.")
@pass_session
def promises(session: RuleSession, kept: int | None, broke: int | None, every: bool) -> None:
    """List the promises that are open; say which you kept, or own up to one you did not."""
    if kept is not None and broke is not None:
        raise click.UsageError("--kept and --broke exclude each other: give one of them")
    known = session.records(KIND)
    number = kept if kept is not None else broke
    if number is not None:
        _settle(session, known, number, kept=kept is not None)
        return
    shown = 0
    for place, promise in enumerate(known, start=1):
        if every or promise.value.get("kept") is None:
            shown += 1
            session.show(f"{place}  {_line(promise)}")
    if not shown:
        session.say("No promise is open.")


def _settle(session: RuleSession, known: tuple[Record, ...], number: int, *, kept: bool) -> None:
    if not 1 <= number <= len(known):
        raise click.UsageError(f"no promise {number}: `reconnect apology promises` lists them")
    promise = known[number - 1]
    if promise.value.get("kept") is not None:
        raise click.UsageError(f"promise {number} was settled before")
    if kept:
        session.record(fields={"kind": "amends", "kept": True})
    else:
        session.record(fields={"kind": "amends", "kept": False})
        session.record(kind="lapse", lapse="broke-promise")
        lapse = next(one for one in session.rule.lapses if one.id == "broke-promise")
        session.show(lapse.antidote)
    reminder = promise.value.get("reminder")
    if isinstance(reminder, int):
        session.cancel(reminder)
    session.put(KIND, promise.key, {**promise.value, "kept": kept})


def _line(promise: Record) -> str:
    text = promise.value.get("text") or "a promise"
    due = promise.value.get("due")
    state = {True: "kept", False: "not kept", None: f"due {due}" if due else "open"}
    return f"{text}  ({state[promise.value.get('kept')]})"
