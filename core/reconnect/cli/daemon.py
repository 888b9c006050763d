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
    """Show whether the daemon runs, and what comes next.

    And since when it runs, its last tick, and what was missed lately.
    """
    from reconnect.cli import overview

    app.warn_of_config()
    seen = overview.look(app)
    if as_json:
        told = overview.as_data(seen, app.config_problem)
        print_json("daemon", told | {"pauses": as_dicts(app)})
        return
    data(overview.running_words(app, seen))
    found = overview.trouble(app, seen)
    if found:
        talk(f"warning: {found[0]}: {found[1]}")
    if not seen.now.running:
        talk("start it with `reconnect start`")
    tell_rest(app)
    if seen.missed_count:
        data(f"missed in the last {overview.MISSED_DAYS} days: {seen.missed_count}")
        for line in overview.missed_words(app, seen):
            data(f"  {line}")


@daemon_command.command("stop")
@pass_app
def stop_command(app: App) -> None:
    """Ask the daemon to end, and wait until it has."""
    app.warn_of_config()
    talk("stopped" if end_daemon(app) else "the daemon does not run")


@daemon_command.command("logs")
@log_options
@pass_app
def logs_command(app: App, count: int, follow: bool, as_json: bool) -> None:
    """Show what the daemon logged.

    There are numbers and codes in it, never what you wrote.
    """
    show_logs(app, count, follow=follow, as_json=as_json)


def end_daemon(app: App) -> bool:
    """Ask the daemon to end, and wait until it has. Whether one ran.

    Raises:
        ReconnectError: it does not end.
    """
    import threading

    from reconnect.lock import InstanceLock
    from reconnect.store import runners
    from reconnect.store.database import writing

    lock = InstanceLock(app.paths.lock)
    if not lock.held_by_another():
        return False
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
    return True
