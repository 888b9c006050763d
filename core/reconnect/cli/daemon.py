"""`daemon run|status|stop|logs`: the process that sends reminders."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from reconnect.cli.app import App, pass_app
from reconnect.cli.logs import log_options
from reconnect.cli.logs import show as show_logs
from reconnect.cli.output import as_json as print_json
from reconnect.cli.output import data, json_option, talk
from reconnect.cli.resting import as_dicts, tell_rest
from reconnect.errors import ReconnectError

if TYPE_CHECKING:
    from reconnect.daemon import Status
    from reconnect.logging import Form

STOP_WAIT_S = 15.0


@click.group("daemon")
def daemon_command() -> None:
    """Run, look at or stop the process that sends reminders."""


@daemon_command.command("run")
@click.option("--log-level", type=click.Choice(["debug", "info", "warning", "error"]))
@click.option(
    "--log-format", type=click.Choice(["text", "json"]), help="Lines to read, or JSON objects."
)
@click.option(
    "--log-to",
    type=click.Choice(["both", "file", "stderr"]),
    default="both",
    show_default=True,
    help="Where log lines go; `reconnect daemon logs` shows the file.",
)
@pass_app
def run_command(
    app: App, log_level: str | None, log_format: Form | None, log_to: str
) -> None:  # fmt: skip
    """Send reminders until Ctrl-C or `reconnect daemon stop`."""
    from reconnect import logging
    from reconnect.daemon import Daemon
    from reconnect.logfile import LogFile

    chosen = app.settings.daemon
    level, form = log_level or chosen.log_level, log_format or chosen.log_format
    logging.quiet()
    if log_to != "file":
        logging.log_to(None, level, form=form)
    if log_to != "stderr":
        logging.add(LogFile(app.paths.log), level, form)
    app.person  # noqa: B018 - brings config.toml into the database before anything is sent
    Daemon(app.paths, app.clock).run()


@daemon_command.command("status")
@json_option
@pass_app
def status_command(app: App, as_json: bool) -> None:
    """Show whether the daemon runs, since when, and when the next reminder is due."""
    from reconnect.cli import words
    from reconnect.daemon import status

    now = status(app.paths, app.looking)
    if as_json:
        print_json("daemon", _json(now) | {"pauses": as_dicts(app)})
        return
    when = words.moment(now.next_due, app.person.tzid, app.today) if now.next_due else "none"
    if now.running and now.runner:
        from reconnect.clock import from_ms

        since = words.moment(from_ms(now.runner.started), app.person.tzid, app.today)
        data(f"running since {since} (process {now.runner.pid}), next reminder: {when}")
    else:
        data(f"not running, next reminder: {when}")
        talk("start it with `reconnect start`")
    tell_rest(app)


@daemon_command.command("stop")
@pass_app
def stop_command(app: App) -> None:
    """Ask the daemon to end, and wait until it has."""
    import threading

    from reconnect.lock import InstanceLock
    from reconnect.store import runners
    from reconnect.store.database import writing

    lock = InstanceLock(app.paths.lock)
    if not lock.held_by_another():
        talk("the daemon does not run")
        return
    nap = threading.Event()
    until = app.clock.monotonic() + STOP_WAIT_S
    while lock.held_by_another():
        if app.clock.monotonic() > until:
            raise ReconnectError(
                f"the daemon was asked to stop {STOP_WAIT_S:.0f} seconds ago and still runs: see "
                "`reconnect daemon status`"
            )
        # Asked again and again: one that has only just begun may not be on record yet.
        with writing(app.db):
            runners.ask_to_stop(app.db)
        nap.wait(0.2)
    talk("stopped")


@daemon_command.command("logs")
@log_options
@pass_app
def logs_command(app: App, count: int, follow: bool, as_json: bool) -> None:
    """Show what the daemon logged: numbers and codes, never what you wrote."""
    show_logs(app, count, follow=follow, as_json=as_json)


def _json(now: Status) -> dict[str, object]:
    from reconnect.clock import from_ms

    runner = now.runner
    return {
        "running": now.running,
        "pid": runner.pid if runner and now.running else None,
        "version": runner.version if runner else None,
        "started": from_ms(runner.started).isoformat() if runner else None,
        "last_tick": from_ms(runner.beat).isoformat() if runner else None,
        "next_due": now.next_due.isoformat() if now.next_due else None,
        "deliveries": now.counts,
    }
