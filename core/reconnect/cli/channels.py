"""`channels`: where reminders go, whether they arrive, and switching one on again."""

from __future__ import annotations

import sys
import threading
from typing import TYPE_CHECKING, Any

import click
from click.shell_completion import CompletionItem

from reconnect.cli import words
from reconnect.cli.app import App, pass_app
from reconnect.cli.outcome_words import explain, meaning
from reconnect.cli.output import as_json as print_json
from reconnect.cli.output import data, json_option, style, table, talk
from reconnect.errors import ReconnectError
from reconnect.reminders import first_hop

if TYPE_CHECKING:
    from reconnect.reminders.deliver import Sender
    from reconnect.reminders.outcomes import Outcome
    from reconnect.store.channels import ChannelState

MESSAGE = "This is a test. If you can read it, reminders arrive."

_PATIENCE_S = 2.0
# From here on somebody who waits is told what for.


def complete_names(
    ctx: click.Context, _param: click.Parameter, incomplete: str
) -> list[CompletionItem]:
    """Names of channels."""
    from reconnect.reminders.channels import channels

    known = channels(ctx.ensure_object(App).settings)
    return [CompletionItem(name) for name in known if name.startswith(incomplete)]


@click.group("channels", invoke_without_command=True)
@json_option
@click.pass_context
def channels_command(ctx: click.Context, as_json: bool) -> None:
    """List where reminders go. They are set up in config.toml, as Apprise URLs."""
    if ctx.invoked_subcommand is None:
        show(ctx.ensure_object(App), as_json=as_json)


@channels_command.command("list")
@json_option
@pass_app
def list_command(app: App, as_json: bool) -> None:
    """List the channels and how they stand.

    Addresses are shown without their secrets.
    """
    show(app, as_json=as_json)


@channels_command.command("test")
@click.argument("names", nargs=-1, shell_complete=complete_names)
@json_option
@pass_app
def test_command(app: App, names: tuple[str, ...], as_json: bool) -> None:
    """Send a test message, and say how it went.

    To every channel, or to those that are named.
    """
    from reconnect.reminders.channels import channels, url_of
    from reconnect.reminders.deliver import Sender
    from reconnect.reminders.outcomes import Outcome

    settings = app.settings
    known = channels(settings)
    for name in names:
        if name not in known:
            url_of(settings, name)
    # Where programs read stdout, a message for the terminal is talk.
    sender = Sender(sys.stderr if as_json else sys.stdout)
    results: dict[str, Outcome] = {}
    doubts: dict[str, first_hop.Doubt] = {}
    threads: dict[str, threading.Thread] = {}
    for name in dict.fromkeys(names or known):
        results[name] = Outcome(False, "timeout")
        try:
            url = url_of(settings, name)
        except ReconnectError as error:
            talk(f"reconnect: {error}")
            results[name] = Outcome(False, "no-secret")
            continue
        doubt = first_hop.doubt_of(url)
        if doubt is not None and not doubt.refused:
            doubts[name] = doubt
        threads[name] = _sending(sender, url, settings.reminders.title, results, name)
    deadline = settings.daemon.deadline_seconds
    slow = _unfinished(app, threads, min(_PATIENCE_S, deadline))
    if slow and deadline > _PATIENCE_S:
        talk(f"waiting for {', '.join(slow)}, {deadline} s at the most")
        _unfinished(app, threads, deadline - _PATIENCE_S)
    for name, doubt in doubts.items():
        talk(f"warning: {name}: {doubt.text}")
    if as_json:
        rows = [_tested(name, outcome, doubts.get(name)) for name, outcome in results.items()]
        print_json("channel-test", {"channels": rows})
    else:
        for name, outcome in list(results.items()):
            mark = style("ok  ", fg="green") if outcome.accepted else style("FAIL", fg="red")
            data(f"{mark} {name}: {explain(outcome.code)}")
    off = [n for n, o in results.items() if o.accepted and n in _off(app)]
    if off:
        talk(f"Off since it failed: `reconnect channels on {off[0]}` takes it up again.")
    if not all(outcome.accepted for outcome in results.values()):
        raise click.exceptions.Exit(1)


@channels_command.command("on")
@click.argument("name", shell_complete=complete_names)
@pass_app
def on_command(app: App, name: str) -> None:
    """Send to a channel again that is off, or rests."""
    before = _switch(app, name, "on")
    if before is not None and (before.state == "off" or before.next_ok):
        talk(f"{name} is on again: what falls due from now on goes there")
    else:
        talk(f"{name} is on already")


@channels_command.command("off")
@click.argument("name", shell_complete=complete_names)
@pass_app
def off_command(app: App, name: str) -> None:
    """Send nothing to a channel until it is switched on.

    Another one takes its place.
    """
    before = _switch(app, name, "off")
    if before is not None and before.state == "off":
        talk(f"{name} is off already")
    else:
        talk(f"{name} is off: `reconnect channels on {name}` takes it up again")


def show(app: App, *, as_json: bool) -> None:
    """Print the channels."""
    from reconnect.reminders.channels import channels, default_names, shown_url

    settings = app.settings
    default = default_names(settings)
    standing = _standing(app)
    rows: list[dict[str, Any]] = [
        {
            "channel": name,
            "address": shown_url(settings, name),
            "default": name in default,
            **_how(app, standing.get(name)),
        }
        for name in channels(settings)
    ]
    if as_json:
        print_json("channels", {"channels": rows})
        return
    header = ["channel", "address", "default"]
    cells = [[r["channel"], r["address"], "yes" if r["default"] else ""] for r in rows]
    if any(r["state"] != "on" for r in rows):
        header.append("state")
        for row, cell in zip(rows, cells, strict=True):
            cell.append(_in_words(app, row))
    data(table(header, cells))
    if not settings.channels:
        talk("No channel is set up: reminders appear in the terminal where the daemon runs.")
    off = [row["channel"] for row in rows if row["state"] == "off"]
    if off:
        talk(f"`reconnect channels test {off[0]}` tries it, then `channels on {off[0]}`")


def _sending(
    sender: Sender, url: str, title: str, results: dict[str, Outcome], name: str
) -> threading.Thread:
    """Send on a thread of its own: one that hangs holds up neither the others nor the end."""
    from reconnect.reminders.outcomes import Outcome

    def send() -> None:
        try:
            results[name] = sender.send(url, title, MESSAGE)
        except BaseException as error:  # noqa: BLE001 - a thread would print what it raised
            results[name] = Outcome(False, f"raised-{type(error).__name__}")

    thread = threading.Thread(target=send, daemon=True)
    thread.start()
    return thread


def _unfinished(app: App, threads: dict[str, threading.Thread], seconds: float) -> list[str]:
    """The names of those that are still at it after so many seconds."""
    until = app.clock.monotonic() + seconds
    for thread in threads.values():
        thread.join(max(0.0, until - app.clock.monotonic()))
    return [name for name, thread in threads.items() if thread.is_alive()]


def _tested(name: str, outcome: Outcome, doubt: first_hop.Doubt | None) -> dict[str, Any]:
    what, advice = meaning(outcome.code)
    return {
        "channel": name,
        "accepted": outcome.accepted,
        "code": outcome.code,
        "meaning": what,
        "advice": advice or None,
        "doubt": doubt.code if doubt else None,
    }


def _switch(app: App, name: str, state: str) -> ChannelState | None:
    """Switch a channel; how it stood before, None where it never failed."""
    from reconnect.clock import to_ms
    from reconnect.reminders.channels import channels as known
    from reconnect.reminders.channels import url_of
    from reconnect.store import channels
    from reconnect.store.channels import ChannelState
    from reconnect.store.database import writing

    if name not in known(app.settings):
        url_of(app.settings, name)
    with writing(app.db):
        before = channels.states(app.db).get((app.person.id, name))
        if before is None or before.state != state or before.next_ok:
            code = "switched-off" if state == "off" else None
            channels.save(
                app.db,
                ChannelState(
                    person_id=app.person.id, name=name, since=to_ms(app.now), code=code,
                    lane=before.lane if before else "", state="off" if state == "off" else "on",
                    # Whoever switches it off knows.
                    told=state == "off",
                ),
            )  # fmt: skip
    return before


def _standing(app: App) -> dict[str, ChannelState]:
    from reconnect.store import channels

    found = channels.states(app.looking)
    return {name: one for (person, name), one in found.items() if person == app.person.id}


def _off(app: App) -> set[str]:
    return {name for name, one in _standing(app).items() if one.state == "off"}


def _how(app: App, one: ChannelState | None) -> dict[str, Any]:
    """How a channel stands, for programs: on, off, or resting until an instant."""
    from reconnect.clock import from_ms, to_ms

    if one is None:
        return {"state": "on", "code": None, "since": None, "until": None}
    rests = one.state == "on" and one.next_ok > to_ms(app.now)
    return {
        "state": "resting" if rests else one.state,
        "code": one.code if rests or one.state == "off" else None,
        "since": from_ms(one.since).isoformat() if one.state == "off" else None,
        "until": from_ms(one.next_ok).isoformat() if rests else None,
    }


def _in_words(app: App, row: dict[str, Any]) -> str:
    from datetime import datetime

    if row["state"] == "on":
        return "on"
    at = datetime.fromisoformat(row["since"] or row["until"])
    when = words.moment(at, app.person.tzid, app.today)
    why = explain(row["code"] or "")
    return f"{'off since' if row['state'] == 'off' else 'rests until'} {when}: {why}"
