"""What the plugins hold, kept in a file, so that a command imports a plugin only to run its code."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

import msgspec

from reconnect import __version__
from reconnect.model.rule import Rule
from reconnect.paths import Paths, write_private_file
from reconnect.rules.consent import read_choices
from reconnect.rules.discovery import Found, find_plugins
from reconnect.rules.events import PluginProblem

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reconnect.rules.registry import Registry


class Card(msgspec.Struct, frozen=True, kw_only=True):
    """One plugin: what was found, whether it runs, what it implements, and its rule."""

    found: Found
    off: str | None
    hooks: tuple[str, ...]
    commands: tuple[tuple[str, str], ...]
    problems: tuple[PluginProblem, ...]
    rule_id: str | None = None
    rule: msgspec.Raw = msgspec.Raw(b"null")


class Catalog(msgspec.Struct, frozen=True, kw_only=True):
    """All plugins, as they were when `fingerprint` and the stamps of `watched` were taken."""

    fingerprint: str
    watched: dict[str, str]
    cards: tuple[Card, ...]

    def rule(self, rule_id: str) -> Rule | None:
        """The rule of that id as plain data, if a running plugin teaches it."""
        for card in self.cards:
            if card.rule_id == rule_id:
                return msgspec.json.decode(card.rule, type=Rule)
        return None

    def rules(self) -> list[Rule]:
        """Every rule of a running plugin, in the order of introduction."""
        found = [msgspec.json.decode(c.rule, type=Rule) for c in self.cards if c.rule_id]
        return sorted(found, key=lambda rule: (rule.order, rule.id))

    def implements(self, hook: str, rule_id: str | None = None) -> bool:
        """Whether a running plugin (of that rule) listens to the hook."""
        return any(
            c.rule_id and hook in c.hooks and rule_id in (None, c.rule_id) for c in self.cards
        )


def load_catalog(paths: Paths) -> Catalog:
    """The catalog: from its file while nothing changed, else by loading every plugin once."""
    fingerprint = _fingerprint(paths)
    try:
        with open(paths.catalog, "rb") as file:
            kept = msgspec.json.decode(file.read(), type=Catalog)
        if kept.fingerprint == fingerprint and all(
            _stamp(path) == stamp for path, stamp in kept.watched.items()
        ):
            return kept
    except (OSError, msgspec.MsgspecError):
        pass
    catalog = build_catalog(load_registry(paths), fingerprint)
    try:
        write_private_file(paths.catalog, msgspec.json.encode(catalog))
    except OSError:
        pass  # A cache that cannot be written costs time, not truth.
    return catalog


def load_registry(paths: Paths, seconds: float | None = None) -> Registry:
    """Import and register every plugin that may run."""
    from reconnect.rules.registry import Registry

    return Registry(
        find_plugins(paths.rules), read_choices(paths.plugin_choices), seconds=seconds
    )


def build_catalog(registry: Registry, fingerprint: str = "") -> Catalog:
    """Write down what a registry holds."""
    from reconnect.rules.registry import plain

    cards = []
    for plugin in registry.plugins:
        commands = tuple((c.name, c.help) for c in registry.commands(plugin))
        rule = plugin.rule if plugin.running else None
        cards.append(
            Card(
                found=plugin.found,
                off=plugin.off,
                hooks=plugin.hooks,
                commands=commands,
                problems=tuple(plugin.problems),
                rule_id=rule.id if rule else None,
                rule=msgspec.Raw(msgspec.json.encode(plain(rule))) if rule else msgspec.Raw(b"null"),
            )
        )
    return Catalog(fingerprint=fingerprint, watched=_watched(registry), cards=tuple(cards))


def _fingerprint(paths: Paths) -> str:
    parts = [
        __version__,
        sys.version,
        os.environ.get("RECONNECT_PLUGINS", "(all)"),
        os.environ.get("RECONNECT_PLUGINS_STRICT", ""),
        _stamp(paths.plugin_choices),
        _stamp(paths.rules),
        *(_stamp(place or os.curdir) for place in sys.path),
    ]
    return "\n".join(parts)


def _watched(registry: Registry) -> dict[str, str]:
    """The files that the plugins consist of: an edit there changes what they hold."""
    files: set[str] = set()
    for plugin in registry.plugins:
        if plugin.found.origin == "folder":
            files |= {plugin.found.target, os.path.dirname(plugin.found.target)}
        elif plugin.off is None or plugin.problems:
            files |= set(_module_files(plugin.found.target))
    return {file: _stamp(file) for file in sorted(files)}


def _module_files(target: str) -> Iterator[str]:
    from importlib.util import find_spec

    try:
        spec = find_spec(target)
    except (ImportError, ValueError):
        return
    if spec is None or spec.origin is None:
        return
    yield spec.origin
    for folder in spec.submodule_search_locations or ():
        try:
            names = os.listdir(folder)
        except OSError:
            continue
        yield from (os.path.join(folder, n) for n in names if n.endswith((".py", ".toml")))


def _stamp(path: str) -> str:
    try:
        stat = os.stat(path)
    except OSError:
        return f"{path}:none"
    return f"{path}:{stat.st_mtime_ns}"
