"""`channels`: where reminders go, and whether they arrive."""

from __future__ import annotations

import sys
import threading
from typing import TYPE_CHECKING

import click

from reconnect.cli.app import App, pass_app
from reconnect.cli.output import as_json as print_json
from reconnect.cli.output import data, json_option, style, table, talk
from reconnect.errors import ReconnectError
from reconnect.reminders import first_hop

if TYPE_CHECKING:
    from reconnect.reminders.deliver import Outcome, Sender

MESSAGE = "This is a test. If you can read it, reminders arrive."

_WORDS = {
    "accepted": "accepted by the first hop",
    "bad-url": "Apprise does not know this address, or a package for it is missing",
    "timeout": "no answer in time; it may have been accepted all the same",
    "no-connection": "nobody answers at that address",
    "no-such-host": "that host is not known: is the name right, is there a network?",
    "no-such-channel": "config.toml has no channel of that name",
    "not-here": "this machine cannot send there: a package or a service for it is missing",
    "cut-off": "the connection broke off; it may have been accepted all the same",
    "unknown": "no answer in time; it may have been accepted all the same",
    "too-late": "it is too late for it by now",
    "not-allowed": "the user name or password is not accepted",
    "http-401": "not allowed (401): check the user name, password or token",
    "http-403": "forbidden (403): check the token and its rights",
    "http-404": "not found (404): check the path of the address",
    "http-429": "too many messages (429): wait a while",
    "raised-DBusException": "no desktop answers that shows notifications",
    "no-secret": "its secret is not there: see `reconnect config check`",
}


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
    """List the channels; addresses are shown without their secrets."""
    show(app, as_json=as_json)


@channels_command.command("test")
@click.argument("names", nargs=-1)
@json_option
@pass_app
def test_command(app: App, names: tuple[str, ...], as_json: bool) -> None:
    """Send a test message to every channel, or to those named, and say how each went."""
    from reconnect.reminders.channels import channels, url_of
    from reconnect.reminders.deliver import Outcome, Sender

    settings = app.settings
    known = channels(settings)
    for name in names:
        if name not in known:
            url_of(settings, name)
    # Where programs read stdout, a message for the terminal is talk.
    sender = Sender(sys.stderr if as_json else sys.stdout)
    results: dict[str, Outcome] = {}
    doubts: dict[str, first_hop.Doubt] = {}
    threads = []
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
        threads.append(_sending(sender, url, settings.reminders.title, results, name))
    until = app.clock.monotonic() + settings.daemon.deadline_seconds
    for thread in threads:
        thread.join(max(0.0, until - app.clock.monotonic()))
    for name, doubt in doubts.items():
        talk(f"warning: {name}: {doubt.text}")
    if as_json:
        rows = [
            {
                "channel": n,
                "accepted": o.accepted,
                "code": o.code,
                "doubt": doubts[n].code if n in doubts else None,
            }
            for n, o in results.items()
        ]
        print_json("channel-test", {"channels": rows})
    else:
        for name, outcome in list(results.items()):
            mark = style("ok  ", fg="green") if outcome.accepted else style("FAIL", fg="red")
            data(f"{mark} {name}: {explain(outcome.code)}")
    if not all(outcome.accepted for outcome in results.values()):
        raise click.exceptions.Exit(1)


def _sending(
    sender: Sender, url: str, title: str, results: dict[str, Outcome], name: str
) -> threading.Thread:
    """Send on a thread of its own: one that hangs holds up neither the others nor the end."""
    from reconnect.reminders.deliver import Outcome

    def send() -> None:
        try:
            results[name] = sender.send(url, title, MESSAGE)
        except BaseException as error:  # noqa: BLE001 - a thread would print what it raised
            results[name] = Outcome(False, f"raised-{type(error).__name__}")

    thread = threading.Thread(target=send, daemon=True)
    thread.start()
    return thread


def explain(code: str) -> str:
    """A code of a delivery's outcome in words that help."""
    words = first_hop.texts() | _WORDS
    if code in words:
        return words[code]
    if code.startswith("http-3"):
        return (
            f"the receiver sends us on to another address ({code.removeprefix('http-')}): is it "
            "https? Write the new address into config.toml"
        )
    if code.startswith("http-5"):
        return f"the receiver is in trouble ({code.removeprefix('http-')}): try again later"
    if code.startswith("http-"):
        return f"the receiver refused it ({code.removeprefix('http-')})"
    return "refused" if code == "refused" else f"refused ({code})"


def show(app: App, *, as_json: bool) -> None:
    """Print the channels."""
    from reconnect.reminders.channels import channels, default_names, shown_url

    settings = app.settings
    default = default_names(settings)
    rows = [
        {"channel": name, "address": shown_url(settings, name), "default": name in default}
        for name in channels(settings)
    ]
    if as_json:
        print_json("channels", {"channels": rows})
        return
    cells = [[str(r["channel"]), str(r["address"]), "yes" if r["default"] else ""] for r in rows]
    data(table(["channel", "address", "default"], cells))
    if not settings.channels:
        talk("No channel is set up: reminders appear in the terminal where the daemon runs.")
