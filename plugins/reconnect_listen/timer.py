"""`reconnect listen timer`: some minutes of listening, with an eye on the clock for you."""

from datetime import datetime, timedelta

import click

from reconnect.api import RuleSession, pass_session

HABIT = "undivided"
SECOND = 1.0
INTERRUPTED = 130
"""The exit code of what was ended by Ctrl-C."""


@click.command("timer")
@click.option(
    "--minutes",
    type=click.IntRange(1, 120),
    default=8,
    show_default=True,
    help="How long each of you is heard.",
)
@click.option("--both", is_flag=True, help="Swap afterwards: then they listen to you, as long.")
@click.option(
    "--phone-away/--no-phone-away",
    default=None,
    help="Whether your phone is out of sight; asked at the end otherwise.",
)
@click.option(
    "--unattended", is_flag=True, help="Run it where nobody is there to end it, as in a script."
)
@pass_session
def timer(
    session: RuleSession, minutes: int, both: bool, phone_away: bool | None, unattended: bool
) -> None:
    """Listen to your partner for some minutes, and log it at the end.

    With --both you listen first, then you swap roles. Ctrl-C ends early; what you listened may
    be kept. Only your own listening is logged.
    """
    session.require(HABIT)
    if not session.interactive and not unattended:
        raise click.UsageError(
            "nobody is there to end it or to answer: run it in a terminal, or say --unattended; "
            f"`reconnect log listen {minutes}` logs what you listened before"
        )
    span = timedelta(minutes=minutes)
    length = f"{minutes} minute{'s' if minutes > 1 else ''}"
    session.say(f"Listen now, for {length}: phone out of sight, facing them. Ctrl-C ends it.")
    listened, whole = _run(session, "Listening", span)
    if both and whole:
        session.say("\aTime to swap: now you talk, and they listen.")
        try:
            session.ask("Press Enter when you are ready")
        except click.Abort:
            whole = False
        if whole:
            _, whole = _run(session, "Talking", span)
    if whole:
        session.say("\aThat was it. Say thank you.")
    _log(session, listened, phone_away, ended_early=not whole)


def _run(session: RuleSession, doing: str, span: timedelta) -> tuple[timedelta, bool]:
    """Wait for so long. How long it was, and whether it was all of it."""
    began = session.now
    try:
        while (passed := _since(session, began)) < span:
            left = span - passed
            session.progress(f"{doing}, {_clock(left)} left")
            session.wait(min(SECOND, left.total_seconds()))
    except KeyboardInterrupt:
        return min(_since(session, began), span), False
    finally:
        session.progress("")
    return span, True


def _since(session: RuleSession, began: datetime) -> timedelta:
    # The clock, no stopwatch: closing the computer meanwhile has not stopped the listening.
    return max(timedelta(0), session.now - began)


def _log(
    session: RuleSession, listened: timedelta, phone_away: bool | None, *, ended_early: bool
) -> None:
    minutes = round(listened.total_seconds() / 60)
    keep = minutes >= 1
    try:
        if keep and ended_early:
            keep = session.confirm(f"Ended early. Keep {minutes} min?", True) is True
    except click.Abort:
        keep = False
    if not keep:
        session.say("Nothing is logged.")
        raise click.exceptions.Exit(INTERRUPTED)
    try:
        if phone_away is None:
            phone_away = session.confirm("Was your phone out of sight?", None)
    except click.Abort:
        session.say("")  # The question may be left out; the minutes were listened all the same.
    answers = {"minutes": minutes} | ({} if phone_away is None else {"phone_away": phone_away})
    session.record(fields=answers, habit=HABIT)


def _clock(left: timedelta) -> str:
    seconds = round(left.total_seconds())
    return f"{seconds // 60}:{seconds % 60:02d}"
