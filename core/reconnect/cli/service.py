"""`service install|uninstall|status|start|stop|logs`: let the system start the daemon."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import click

from reconnect.cli.app import App, pass_app
from reconnect.cli.logs import log_options
from reconnect.cli.logs import show as show_logs
from reconnect.cli.output import as_json as print_json
from reconnect.cli.output import data, json_option, talk
from reconnect.errors import ConfigError, LockedError, ReconnectError

if TYPE_CHECKING:
    from reconnect.service.install import Standing
    from reconnect.service.managers import Manager
    from reconnect.service.program import Program

_MANAGER = "reconnect.service.manager"
_STARTS_WITHIN_S = 20.0

_OWN_WORDS = {
    "systemd": "`journalctl --user --unit reconnect`",
    "launchd": "the file service.err beside the log",
    "task-scheduler": "the task `reconnect` in the Task Scheduler",
}


@click.group("service")
@click.option(
    "--manager",
    metavar="NAME",
    help="systemd, launchd or task-scheduler; this system's own where none is named.",
)
@click.pass_context
def service_command(ctx: click.Context, manager: str | None) -> None:
    """Let the system start reminders at every login, and again when they fail."""
    ctx.meta[_MANAGER] = manager


@service_command.command("install")
@click.option("--print", "only_print", is_flag=True, help="Print the file, and change nothing.")
@click.option("--no-start", is_flag=True, help="Start it at the next login, not now.")
@click.option("--force", is_flag=True, help="Replace a file that is not as reconnect wrote it.")
@pass_app
def install_command(app: App, only_print: bool, no_start: bool, force: bool) -> None:
    """Have reminders started at every login, and now. Once more brings it up to date."""
    from reconnect.service import install
    from reconnect.service.program import passing_by

    manager, program = _both(app)
    if only_print:
        data(manager.form.text(program).rstrip("\n"))
        return
    app.settings  # noqa: B018 - with a config.toml that is broken the daemon would not start
    if manager.missing() is None and not no_start:
        _refuse_a_terminals_daemon(app, manager)
    if manager.asks_daemon and _runs(app):
        _end(app)
    changed = install.install(manager, program, os.environ, start=not no_start, force=force)
    talk(f"{'installed' if changed else 'installed already'}: {manager.file}")
    if no_start:
        talk("It is started at your next login; `reconnect service start` starts it now.")
    else:
        _wait_until_it_runs(app)
        talk("Reminders run, and are started again at every login.")
    if passing_by(program.python):
        talk(
            f"warning: {program.python} lies in a cache that may be emptied at any time: install "
            "reconnect for good (`pipx install`, `uv tool install`), then the service once more"
        )
    if manager.state().lingers is False:
        talk(
            "While you are logged out it rests; what falls due is caught up. To let it run all "
            "the same: `loginctl enable-linger`"
        )
    for text in _unmet(app, manager, program):
        talk(f"warning: {text}")


@service_command.command("uninstall")
@click.option("--force", is_flag=True, help="Take away a file that is not as reconnect wrote it.")
@pass_app
def uninstall_command(app: App, force: bool) -> None:
    """Stop the service, and take away what `install` wrote. Your data stays."""
    from reconnect.service import install

    manager, _ = _both(app)
    if install.read(manager) is not None and manager.asks_daemon and _runs(app):
        _end(app)
    gone = install.uninstall(manager, force=force)
    talk(f"uninstalled: {manager.file}" if gone else "no service is installed")


@service_command.command("status")
@json_option
@pass_app
def status_command(app: App, as_json: bool) -> None:
    """Show whether it is installed, runs, and still fits."""
    from reconnect.cli import overview
    from reconnect.service import install

    manager, program = _both(app)
    missing = manager.missing()
    found = install.standing(manager, program)
    seen = overview.look(app)
    if as_json:
        content = _as_data(manager, missing, found, _unmet(app, manager, program))
        print_json("service", {**content, "daemon": overview.as_data(seen, app.config_problem)})
        return
    if found.written is None:
        data(f"not installed ({manager.name})")
        talk(missing + "." if missing else "`reconnect service install` does that")
    else:
        data(f"installed: {manager.file}")
        for text in (missing, *found.drift, *_unmet(app, manager, program)):
            if text:
                talk(f"warning: {text}")
        data(f"starts at login: {_yes(found.state.enabled)}")
        if found.state.detail:
            data(f"{manager.name}: {found.state.detail}")
        if found.state.lingers is not None:
            data(f"runs while you are logged out: {_yes(found.state.lingers)}")
    data(overview.running_words(app, seen))


@service_command.command("start")
@pass_app
def start_command(app: App) -> None:
    """Start the service now."""
    from reconnect.service import install

    manager, _ = _both(app)
    install.check_installed(manager)
    if _runs(app):
        _refuse_a_terminals_daemon(app, manager)
        talk("it runs already")
        return
    manager.start()
    _wait_until_it_runs(app)
    talk("started")


@service_command.command("stop")
@pass_app
def stop_command(app: App) -> None:
    """Stop the service until the next login, or `start`."""
    from reconnect.service import install

    manager, _ = _both(app)
    install.check_installed(manager)
    ran = _runs(app)
    if manager.asks_daemon:
        _end(app)
    manager.stop()
    talk("stopped" if ran else "it does not run")


@service_command.command("logs")
@log_options
@pass_app
def logs_command(app: App, count: int, follow: bool, as_json: bool) -> None:
    """Show what the daemon logged.

    There are numbers and codes in it, never what you wrote.
    """
    manager, _ = _both(app)
    if not as_json:
        talk(f"({app.paths.log}; what {manager.name} says itself: {_OWN_WORDS[manager.name]})")
    show_logs(app, count, follow=follow, as_json=as_json)


def _both(app: App) -> tuple[Manager, Program]:
    from reconnect.service.managers import manager_for
    from reconnect.service.program import program

    name = click.get_current_context().meta.get(_MANAGER)
    return manager_for(app.paths, name), program(app.paths, os.environ)


def _runs(app: App) -> bool:
    from reconnect.lock import InstanceLock

    return InstanceLock(app.paths.lock).held_by_another()


def _end(app: App) -> None:
    from reconnect.cli.daemon import end_daemon

    end_daemon(app)


def _refuse_a_terminals_daemon(app: App, manager: Manager) -> None:
    """Only one daemon can run: one that somebody started by hand must go first.

    Raises:
        LockedError: there is one.
    """
    active = manager.state().active
    if active is None:
        active = os.path.exists(manager.file)
    if _runs(app) and not active:
        raise LockedError(
            "reminders run already, started by hand: end them with `reconnect daemon stop`, and "
            "try again. Nothing was changed."
        )


def _wait_until_it_runs(app: App) -> None:
    import threading

    nap = threading.Event()
    until = app.clock.monotonic() + _STARTS_WITHIN_S
    while not _runs(app):
        if app.clock.monotonic() > until:
            raise ReconnectError(
                f"it does not run {_STARTS_WITHIN_S:.0f} seconds after its start: see `reconnect "
                "service status` and `reconnect service logs`"
            )
        nap.wait(0.1)


def _unmet(app: App, manager: Manager, program: Program) -> list[str]:
    """Variables that config.toml names, and that the service will not have."""
    from reconnect.service.program import unmet

    reads_file = manager.name == "systemd"
    try:
        names = unmet(app.settings, program, reads_file=reads_file)
    except ConfigError as error:
        return [str(error)]
    file = program.environment_file
    into = f"{file}, as NAME=value (chmod 600)" if reads_file else "a file, as file:PATH"
    return [
        f"config.toml takes a secret from the environment variable {name}, which a service does "
        f"not have: put it into {into}"
        for name in names
    ]


def _as_data(
    manager: Manager, missing: str | None, found: Standing, unmet: list[str]
) -> dict[str, object]:
    written, state = found.written, found.state
    return {
        "manager": manager.name,
        "available": missing is None,
        "unavailable_because": missing,
        "installed": written is not None,
        "file": manager.file,
        "python": written.python if written else None,
        "changed_by_hand": bool(written and not (written.ours and written.whole)),
        "enabled": state.enabled,
        "active": state.active,
        "detail": state.detail,
        "lingers": state.lingers,
        "drift": list(found.drift),
        "unmet": unmet,
    }


def _yes(value: bool | None) -> str:
    return "not known" if value is None else "yes" if value else "no"
