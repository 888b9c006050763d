"""`doctor`: check everything, and say what to do."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from reconnect.cli.app import App, pass_app
from reconnect.cli.output import as_json as print_json
from reconnect.cli.output import data, json_option, style
from reconnect.errors import DamagedError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from reconnect.cli.checkup import Check

_MARKS = {
    "ok": ("ok     ", "green"),
    "warn": ("warn   ", "yellow"),
    "problem": ("PROBLEM", "red"),
    "damaged": ("DAMAGED", "red"),
}


@click.command("doctor")
@json_option
@pass_app
def doctor_command(app: App, as_json: bool) -> None:
    """Check everything, and say what to do.

    Exit code 0 when all is well or there are only warnings, 1 with problems, 5 with damaged data.
    """
    found = list(_checks(app))
    verdicts = {check.verdict for check in found}
    if as_json:
        content = {"ok": not verdicts & {"problem", "damaged"}}
        print_json("doctor", {**content, "checks": [check._asdict() for check in found]})
    else:
        for check in found:
            mark, color = _MARKS[check.verdict]
            data(f"{style(mark, fg=color)} {check.name}: {check.text}")
            if check.todo:
                data(f"        -> {check.todo}")
    if "damaged" in verdicts:
        raise click.exceptions.Exit(DamagedError.exit_code)
    if "problem" in verdicts:
        raise click.exceptions.Exit(1)


def _checks(app: App) -> Iterator[Check]:
    from reconnect.cli import checkup, checkup_data, checkup_service

    looks: tuple[Callable[[App], Iterator[Check]], ...] = (
        checkup.versions,
        checkup.places,
        checkup.network_mounts,
        checkup.configuration,
        checkup.time_zone,
        checkup.plugins,
        checkup_data.database,
        checkup_data.daemon,
        checkup_service.service,
    )
    for look in looks:
        yield from _safely(app, look)


def _safely(app: App, look: Callable[[App], Iterator[Check]]) -> Iterator[Check]:
    """A check that fails itself is a finding, and the rest is still looked at."""
    from reconnect.cli.checkup import Check
    from reconnect.rules.isolation import one_line

    try:
        yield from look(app)
    except Exception as error:  # noqa: BLE001 - a doctor must get to the end
        name = look.__name__.replace("_", " ")
        yield Check(name, "problem", f"this check itself failed: {one_line(error)}", "report it")
