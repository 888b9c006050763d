"""`deliveries`: what became of each reminder that fell due, and why."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING, Any, get_args

import click

from reconnect.cli import words
from reconnect.cli.app import App, pass_app
from reconnect.cli.outcome_words import explain, meaning
from reconnect.cli.output import as_json as print_json
from reconnect.cli.output import data, json_option, style, table, talk
from reconnect.errors import NotFoundError, UsageError
from reconnect.model.reminder import DeliveryState

if TYPE_CHECKING:
    from collections.abc import Sequence

    from reconnect.model.reminder import Delivery
    from reconnect.store.delivery_history import Attempt

SHOWN = 20
"""How many are listed unless told otherwise."""

STATES: dict[str, str] = {
    "pending": "waits",
    "leased": "is being sent",
    "sent": "accepted",
    "unknown": "unsure",
    "dead": "refused",
    "expired": "too late",
    "suppressed": "not sent",
}
"""What a state is called on the screen. "Accepted" is by the first hop: nobody can know more."""

_COLORS = {"sent": "green", "dead": "red", "unknown": "yellow", "expired": "yellow"}

_AGAIN = timedelta(hours=1)
# So long at least a delivery is tried that the person wants tried again.


@click.group("deliveries", invoke_without_command=True)
@click.option(
    "--state",
    "states",
    multiple=True,
    type=click.Choice(get_args(DeliveryState)),
    help="Only these (may be given again).",
)
@click.option("--since", metavar="DAY", help="From this day on: today, mon, -7, 2026-11-03.")
@click.option("--limit", type=click.IntRange(1, 10_000), default=SHOWN, help=f"How many ({SHOWN}).")
@json_option
@click.pass_context
def deliveries_command(
    ctx: click.Context, states: tuple[str, ...], since: str | None, limit: int, as_json: bool
) -> None:
    """List what fell due, newest first: what became of it, where, and why."""
    if ctx.invoked_subcommand is None:
        show(ctx.ensure_object(App), states, since, limit, as_json=as_json)


@deliveries_command.command("show")
@click.argument("number", type=int)
@json_option
@pass_app
def show_command(app: App, number: int, as_json: bool) -> None:
    """Show one delivery with every try of it."""
    from reconnect.store import delivery_history

    one = _get(app, number)
    tries = delivery_history.attempts(app.looking, [one.id])[one.id]
    if as_json:
        print_json("delivery", {"delivery": _json(one, _habits(app), tries)})
        return
    data(style(f"{one.id}  {_habits(app)[one.habit_id]}, {_at(app, one.due)}", bold=True))
    data(f"to       {one.channel}")
    data(f"state    {_state(one)}: {_why(one)}")
    if one.state == "pending":
        data(f"again    {_at(app, one.not_before)}, until {_at(app, one.expires_at)}")
    for attempt in tries:
        took = (attempt.ended - attempt.started).total_seconds()
        data(
            f"try {attempt.n:<4} {_at(app, attempt.started)}, {took:.1f} s: {explain(attempt.code)}"
        )
    if not tries:
        data("No try was made.")


@deliveries_command.command("retry")
@click.argument("number", type=int)
@pass_app
def retry_command(app: App, number: int) -> None:
    """Try a delivery again now that did not get through."""
    from reconnect.clock import to_ms
    from reconnect.store import deliveries
    from reconnect.store.database import writing

    one = _get(app, number)
    if one.state == "sent":
        raise UsageError(f"delivery {number} was accepted at {_at(app, one.sent_at or one.due)}")
    _refuse_where_off(app, one.channel)
    window = int(_AGAIN.total_seconds() * 1000)
    with writing(app.db):
        if not deliveries.try_again(app.db, one.id, to_ms(app.now), window):
            raise UsageError(f"delivery {number} is being sent: look again in a moment")
    talk(f"delivery {number} is tried again, for an hour at least")
    if one.outcome in ("done", "archived", "removed"):
        talk(f"It is held back again as long as this holds: {explain(one.outcome)}.")
    talk("It needs a daemon that runs: see `reconnect daemon status`.")


def show(app: App, states: Sequence[str], since: str | None, limit: int, *, as_json: bool) -> None:
    """Print the deliveries."""
    from reconnect.store import delivery_history

    found = delivery_history.listed(
        app.looking, app.person.id, limit=limit, states=states, since_ms=_since(app, since)
    )
    names = _habits(app)
    if as_json:
        tries = delivery_history.attempts(app.looking, [one.id for one in found])
        rows = [_json(one, names, tries[one.id]) for one in found]
        print_json("deliveries", {"deliveries": rows})
        return
    if not found:
        talk("Nothing of the kind has fallen due. `reconnect remind` shows what will.")
        return
    lines = [
        [str(one.id), _at(app, one.due), names[one.habit_id], one.channel, _state(one),
         str(one.attempts), _why(one) + _again(app, one)]
        for one in found
    ]  # fmt: skip
    data(table(["no", "due", "habit", "channel", "state", "tries", "why"], lines))


def _refuse_where_off(app: App, channel: str) -> None:
    from reconnect.store import channels

    standing = channels.states(app.looking).get((app.person.id, channel))
    if standing is not None and standing.state == "off":
        raise UsageError(f"{channel} is off: `reconnect channels on {channel}` comes first")


def _get(app: App, number: int) -> Delivery:
    from reconnect.store import delivery_history

    one = delivery_history.get(app.looking, app.person.id, number)
    if one is None:
        raise NotFoundError(f"no delivery {number}: `reconnect deliveries` lists them")
    return one


def _since(app: App, day: str | None) -> int | None:
    from reconnect.clock import to_ms
    from reconnect.habits.days import parse_day
    from reconnect.recurrence import to_instant

    if day is None:
        return None
    begins = timedelta(minutes=app.person.day_starts)
    wall = datetime.combine(parse_day(day, app.today), time()) + begins
    return to_ms(to_instant(wall, app.person.tzid))


def _habits(app: App) -> dict[int, str]:
    from reconnect.store import habits

    return {h.id: h.name for h in habits.listed(app.looking, app.person.id, archived=True)}


def _at(app: App, instant: datetime) -> str:
    return words.moment(instant, app.person.tzid, app.today)


def _state(one: Delivery) -> str:
    return style(STATES[one.state], fg=_COLORS.get(one.state))


def _why(one: Delivery) -> str:
    if one.outcome is None:
        return "it has not been tried yet"
    return explain(one.outcome)


def _again(app: App, one: Delivery) -> str:
    """When it is tried again, or for the first time, where that lies ahead."""
    ahead = one.state == "pending" and one.outcome is not None and one.not_before > app.now
    return f"; next try {_at(app, one.not_before)}" if ahead else ""


def _json(one: Delivery, names: dict[int, str], tries: Sequence[Attempt]) -> dict[str, Any]:
    what, advice = meaning(one.outcome) if one.outcome else (None, None)
    return {
        "id": one.id,
        "habit": names[one.habit_id],
        "reminder": one.reminder_id,
        "due": one.due.isoformat(),
        "channel": one.channel,
        "state": one.state,
        "code": one.outcome,
        "meaning": what,
        "advice": advice or None,
        "attempts": one.attempts,
        "sent_at": one.sent_at.isoformat() if one.sent_at else None,
        "not_before": one.not_before.isoformat() if one.state == "pending" else None,
        "expires_at": one.expires_at.isoformat(),
        "tries": [
            {
                "n": attempt.n,
                "started": attempt.started.isoformat(),
                "ended": attempt.ended.isoformat(),
                "code": attempt.code,
                "meaning": meaning(attempt.code)[0],
            }
            for attempt in tries
        ],
    }
