"""The daemon's log on the screen, shared by `daemon logs` and `service logs`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from reconnect.cli.output import as_json as print_json
from reconnect.cli.output import data, json_option, talk
from reconnect.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable

    from reconnect.cli.app import App

_OPTIONS = (
    click.option(
        "--lines", "-n", "count", type=click.IntRange(1, 100_000), default=50, show_default=True,
        help="So many of the last lines.",
    ),
    click.option("--follow", "-f", is_flag=True, help="Go on with new lines, until Ctrl-C."),
    json_option,
)  # fmt: skip


def log_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """The options of a command that shows the log."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


def show(app: App, count: int, *, follow: bool, as_json: bool) -> None:
    """Print the last lines of the log.

    Raises:
        UsageError: following it as one piece of JSON.
    """
    from reconnect import logfile

    path = app.paths.log
    if follow and as_json:
        raise UsageError(
            "--follow never ends, so that it cannot be one piece of JSON: set log_format = "
            '"json" under [daemon] in config.toml, and each line is a piece of its own'
        )
    if as_json:
        lines = logfile.newest_lines(path, count)
        print_json("logs", {"file": path, "files": logfile.files(path), "lines": lines})
        return
    if not logfile.files(path):
        talk(f"No log yet: the daemon writes it to {path}.")
        if not follow:
            return
    for line in logfile.follow(path, count) if follow else logfile.newest_lines(path, count):
        data(line)
