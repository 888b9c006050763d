"""`init`: set up without starting."""

from __future__ import annotations

import click

from reconnect.cli.app import App, pass_app
from reconnect.cli.output import talk


@click.command("init")
@pass_app
def init_command(app: App) -> None:
    """Write the settings and adopt the first habits; `reconnect start` does this too."""
    from reconnect.cli.setup import needs_set_up, set_up

    if not needs_set_up(app):
        talk(f"Set up already: {app.paths.config}. `reconnect adopt RULE` takes up more.")
        return
    set_up(app)
    talk("\nReady. `reconnect start` begins to remind; `reconnect today` shows the day.")
