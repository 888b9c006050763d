"""`config`: where the settings are, whether they hold, and what is in force."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

import click

from reconnect.cli.app import App, pass_app
from reconnect.cli.output import as_json as print_json
from reconnect.cli.output import data, json_option, talk
from reconnect.errors import ConfigError, ReconnectError
from reconnect.secrets import is_reference, resolve

if TYPE_CHECKING:
    from reconnect.config import Settings
    from reconnect.paths import Paths


@click.group("config")
def config_command() -> None:
    """Show where the settings are, and check them."""


@config_command.command("path")
@json_option
@pass_app
def path_command(app: App, as_json: bool) -> None:
    """Print the path of config.toml.

    With --json every path of the program.
    """
    if as_json:
        print_json("paths", {"paths": all_paths(app.paths)})
        return
    data(app.paths.config)
    if not os.path.exists(app.paths.config):
        talk("There is no such file yet: defaults are in force. `reconnect init` writes one.")


@config_command.command("check")
@json_option
@pass_app
def check_command(app: App, as_json: bool) -> None:
    """Check config.toml, and say what is wrong in it.

    File, line, key, and what was expected; the exit code is 2 then. Every channel's address is
    tried with Apprise, and nothing is sent.
    """
    path = app.paths.config
    problems, warnings = checked(app.paths)
    if as_json:
        content = {"file": path, "exists": os.path.exists(path), "ok": not problems}
        print_json("config-check", {**content, "problems": problems, "warnings": warnings})
    else:
        for problem in problems:
            talk(f"reconnect: {problem}")
        for warning in warnings:
            talk(f"warning: {warning}")
        if not problems:
            data(f"{path}: ok" if os.path.exists(path) else f"{path}: not there, defaults hold")
    if problems:
        raise click.exceptions.Exit(ConfigError.exit_code)


@config_command.command("show")
@json_option
@pass_app
def show_command(app: App, as_json: bool) -> None:
    """Show every setting in force; of addresses only what is no secret."""
    shown = masked_settings(app.settings)
    if as_json:
        print_json("config", {"file": app.paths.config, "settings": shown})
        return
    for section, values in shown.items():
        for key, value in values.items():
            inner = value.items() if isinstance(value, dict) else [("", value)]
            for name, one in inner:
                dotted = ".".join(part for part in (section, key, name) if part)
                data(f"{dotted} = {_toml(one)}")


def all_paths(paths: Paths) -> dict[str, str]:
    """Every path of the program, by name."""
    return {
        "config": paths.config,
        "rules": paths.rules,
        "database": paths.database,
        "plugin_choices": paths.plugin_choices,
        "lock": paths.lock,
        "log": paths.log,
        "catalog": paths.catalog,
        "config_dir": paths.config_dir,
        "data_dir": paths.data_dir,
        "state_dir": paths.state_dir,
        "cache_dir": paths.cache_dir,
        "log_dir": paths.log_dir,
    }


def masked_settings(settings: Settings) -> dict[str, Any]:
    """The settings as plain data, the addresses without their secrets."""
    import msgspec

    from reconnect.secrets import shown as shown_address

    shown: dict[str, Any] = msgspec.to_builtins(settings)
    for channel in shown["channels"].values():
        channel["url"] = shown_address(channel["url"])
    shown["daemon"]["health_url"] = shown_address(settings.daemon.health_url)
    return shown


def checked(paths: Paths) -> tuple[list[str], list[str]]:
    """What is wrong in config.toml, and what is allowed there but should be looked at."""
    from reconnect.config import examine, located
    from reconnect.paths import is_private

    warnings = []
    if os.path.exists(paths.config) and not is_private(paths.config):
        warnings.append(f"others can read {paths.config}: run `chmod 600 {paths.config}`")
    try:
        settings, problems = examine(paths.config)
    except ConfigError as error:
        return [str(error)], warnings
    for name in settings.channels:
        problem, warning = _address(settings, name)
        if problem:
            problems.append(located(paths.config, f"channels.{name}.url", problem))
        if warning:
            warnings.append(warning)
    if settings.daemon.health_url:
        try:
            resolve(settings.daemon.health_url, "daemon.health_url")
        except ReconnectError as error:
            warnings.append(str(error))
    return problems, warnings


def _address(settings: Settings, name: str) -> tuple[str | None, str | None]:
    """What is wrong with a channel's address; why it cannot be had, or is of little use."""
    from reconnect.reminders.addresses import trouble
    from reconnect.reminders.channels import url_of
    from reconnect.reminders.first_hop import doubt_of

    named = settings.channels[name].url
    if "://" not in named and not is_reference(named):
        return None, None  # That it is none has been said, with its line.
    try:
        url = url_of(settings, name)
    except ReconnectError as error:
        return None, str(error)
    doubt = doubt_of(url)
    return trouble(url), doubt and f"channels.{name}.url: {doubt.text}"


def _toml(value: object) -> str:
    import msgspec

    return msgspec.json.encode(value).decode()
