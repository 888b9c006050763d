"""`reconnect peace pause`: a break with a promised return, and a reminder to keep the promise."""

from datetime import datetime, time, timedelta

import click

from reconnect.api import RuleSession, pass_session

HABIT = "pause"
PLACE = ("pause", "last")
TEXT = "You said that you would come back now. One kind sentence is enough."
ENOUGH = timedelta(minutes=20)


@click.command("pause")
@click.option(
    "--minutes", type=click.IntRange(1, 1440), metavar="N", help="How long.  [default: 20]"
)
@click.option("--back-at", metavar="HH:MM", help="When you will be back, instead of --minutes.")
@click.option("--log", "log", is_flag=True, help="Log it too, as 'I was too worked up to talk'.")
@pass_session
def pause(session: RuleSession, minutes: int | None, back_at: str | None, log: bool) -> None:
    """Take a break, say when you are coming back, and be reminded to keep your word.

    Nothing is logged unless you ask for it.
    """
    if minutes is not None and back_at is not None:
        raise click.UsageError("--minutes and --back-at both say when: give one of them")
    session.require()
    now = session.now
    when = now + timedelta(minutes=minutes or 20) if back_at is None else _next(session, back_at)
    earlier = session.get(*PLACE).get("reminder")
    with session.together():
        once = session.remind_at(when, TEXT, habit=HABIT)
        if isinstance(earlier, int):
            session.cancel(earlier)  # A break has one end: the one named last.
        session.put(*PLACE, {"back": once.wall.isoformat(), "reminder": once.number})
    back = once.wall
    if log:
        session.record(kind="lapse", lapse="flooded")
    clock = f"{back:%H:%M}" if back.date() == session.wall.date() else f"{back:%H:%M tomorrow}"
    session.say("Say this to them, then go:")
    session.show(f'"I want to hear you, and right now I can\'t. I will be back at {clock}."')
    session.say(
        f"You will be reminded at {clock}. Walk, breathe, and leave the argument out of it."
    )
    if back - session.wall.replace(second=0, microsecond=0) < ENOUGH:
        session.say("A racing heart takes about twenty minutes to settle: more is better.")


def _next(session: RuleSession, text: str) -> datetime:
    """The next instant at which the person's clock shows so."""
    hours, colon, minutes = text.strip().partition(":")
    try:
        if not colon or len(minutes) != 2:
            raise ValueError(text)
        clock = time(int(hours), int(minutes))
    except ValueError as error:
        raise click.UsageError(
            f"--back-at '{text}' is no time of day: expected hours and minutes such as 20:45"
        ) from error
    return session.next_at(clock)
