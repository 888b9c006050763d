"""`plugins`: what there is, whether it works, and what may run."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from reconnect.cli.app import App, pass_app
from reconnect.cli.lazy import unknown
from reconnect.cli.output import as_json as print_json
from reconnect.cli.output import data, json_option, style, table, talk
from reconnect.errors import NotFoundError, ReconnectError, UsageError

if TYPE_CHECKING:
    from reconnect.model.rule import Rule
    from reconnect.rules.catalog import Card
    from reconnect.rules.discovery import Found
    from reconnect.rules.trial import Trial

_COLORS = {"on": "green", "off": "yellow", "broken": "red"}


@click.group("plugins", invoke_without_command=True)
@json_option
@click.pass_context
def plugins_command(ctx: click.Context, as_json: bool) -> None:
    """List plugins and what is wrong with them; enable or disable one.

    RECONNECT_PLUGINS=listen,peace runs only these, an empty one none. RECONNECT_PLUGINS_STRICT=1
    lets a plugin's exception through. RECONNECT_PLUGINS_SECONDS is how long one may take to load.
    """
    if ctx.invoked_subcommand is None:
        _show(ctx.ensure_object(App), as_json=as_json)


@plugins_command.command("list")
@json_option
@pass_app
def list_command(app: App, as_json: bool) -> None:
    """List every plugin: on, off and why, or broken and how."""
    _show(app, as_json=as_json)


@plugins_command.command("enable")
@click.argument("name")
@click.option("--yes", is_flag=True, help="Do not ask.")
@json_option
@pass_app
def enable_command(app: App, name: str, yes: bool, as_json: bool) -> None:
    """Let a plugin run. It is code, and can read everything that you can."""
    from reconnect.rules import consent

    found = _find(app, name)
    if consent.why_off(found, consent.read_choices(app.paths.plugin_choices)) is None:
        talk(f"{name} is on already")
        _answer(app, name, as_json=as_json)
        return
    if found.origin == "installed":
        _ask(app, found, yes=yes)
    trial = _try(found)
    if trial is not None and trial.died:
        raise ReconnectError(f"{name} stays off: when it was loaded, {trial.died}")
    consent.enable(app.paths.plugin_choices, found)
    only = consent.wanted_only()
    if only is not None and name not in only:
        talk(f"{name} is enabled, but RECONNECT_PLUGINS leaves it out")
    if trial is not None and trial.problems:
        first = trial.problems[0]
        raise ReconnectError(f"{name} is enabled, but broken in {first.where}: {first.why}")
    seen = f": see `reconnect rules {trial.rule}`" if trial and trial.rule else ""
    talk(f"{name} is on{seen}")
    _tell_of_daemon(app)
    _answer(app, name, as_json=as_json)


@plugins_command.command("disable")
@click.argument("name")
@json_option
@pass_app
def disable_command(app: App, name: str, as_json: bool) -> None:
    """Let a plugin run no more. What was logged of its rule stays."""
    from reconnect.rules import consent

    choices = consent.read_choices(app.paths.plugin_choices)
    # One that was uninstalled can be disabled, too: it may come back.
    if name not in choices.enabled:
        _find(app, name)
    if name in choices.disabled:
        talk(f"{name} is off already")
    else:
        consent.disable(app.paths.plugin_choices, name)
        talk(f"{name} is off: `reconnect plugins enable {name}` turns it on again")
        _tell_of_daemon(app)
    _answer(app, name, as_json=as_json)


def _answer(app: App, name: str, *, as_json: bool) -> None:
    """How the plugin stands now, for programs; None where it is not installed any more."""
    if not as_json:
        return
    from reconnect.rules.catalog import load_catalog

    catalog = load_catalog(app.paths)
    card = next((card for card in catalog.cards if card.found.name == name), None)
    rule = catalog.rule(card.rule_id) if card and card.rule_id else None
    print_json("plugin", {"name": name, "plugin": plugin_json(card, rule) if card else None})


def plugin_json(card: Card, rule: Rule | None) -> dict[str, Any]:
    """A plugin for programs."""
    from reconnect.rules.peek import about

    found = card.found
    told = about(found) if found.origin != "folder" else None
    state, why = state_of(card)
    return {
        "plugin": found.name,
        "state": state,
        "why": why,
        "version": found.version,
        "origin": found.origin,
        "distribution": found.distribution,
        "target": found.target,
        "author": told.author if told else "",
        "summary": told.summary if told else "",
        "home": told.home if told else "",
        "rule": rule.id if rule else None,
        "title": rule.title if rule else None,
        "hooks": card.hooks,
        "commands": [name for name, _ in card.commands],
        "problems": [{"where": p.where, "why": p.why} for p in card.problems],
    }


def state_of(card: Card) -> tuple[str, str | None]:
    """Whether it is "on", "off" or "broken", and why it is not on."""
    from reconnect.rules.registry import BROKEN

    if card.off is None:
        return "on", None
    if card.off == BROKEN:
        return "broken", card.problems[-1].why
    return "off", card.off


def _show(app: App, *, as_json: bool) -> None:
    from reconnect.rules.catalog import rebuild
    from reconnect.rules.consent import unknown_wanted

    _, catalog = rebuild(app.paths, strict=False, thorough=True)
    rows = [
        plugin_json(card, catalog.rule(card.rule_id) if card.rule_id else None)
        for card in catalog.cards
    ]
    general = [{"where": p.where, "why": p.why} for p in catalog.general]
    if as_json:
        print_json("plugins", {"plugins": rows, "problems": general})
        return
    cells = [
        [
            row["plugin"],
            style(row["state"], fg=_COLORS[row["state"]]),
            row["rule"] or "",
            row["version"],
            row["origin"] if row["origin"] != "installed" else row["distribution"],
            row["why"] or row["title"] or "",
        ]
        for row in rows
    ]
    data(table(["plugin", "state", "rule", "version", "from", "about"], cells))
    for row in rows:
        for problem in row["problems"]:
            data(f"\n{style(row['plugin'], bold=True)}: {problem['where']}: {problem['why']}")
    for problem in general:
        talk(f"{problem['where']}: {problem['why']}")
    for text in unknown_wanted(row["plugin"] for row in rows):
        talk(text)


def _find(app: App, name: str) -> Found:
    from reconnect.rules.discovery import find_plugins

    every = find_plugins(app.paths.rules)
    for found in every:
        if found.name == name:
            return found
    raise NotFoundError(unknown(name, [found.name for found in every], "plugin"))


def _ask(app: App, found: Found, *, yes: bool) -> None:
    from reconnect.rules.peek import about, hooks_in_code

    told = about(found)
    talk(f"{found.name} {found.version}, from the distribution {found.distribution}")
    talk(f"  author: {told.author or 'not named'}")
    for label, text in (("about", told.summary), ("home", told.home)):
        if text:
            talk(f"  {label}: {text}")
    talk(f"  hooks in its code: {', '.join(hooks_in_code(found)) or 'none found'}")
    talk(
        "A plugin is code. It can read everything that you can: your entries and notes, your files "
        "and your network. Enable only what you trust."
    )
    if yes:
        return
    if not app.may_ask:
        raise UsageError(f"enabling {found.name} needs your word: say --yes")
    from reconnect.cli.asking import confirm

    if not confirm(f"Enable {found.name}?", False):
        raise click.Abort


def _tell_of_daemon(app: App) -> None:
    from reconnect.lock import InstanceLock

    if InstanceLock(app.paths.lock).held_by_another():
        talk("the daemon that runs takes this up when it is started again")


def _try(found: Found) -> Trial | None:
    from reconnect.rules import trial

    return trial.attempt(found) if found.origin != "folder" else None
