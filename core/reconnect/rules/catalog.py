"""What the plugins hold, kept in a file, so that a command imports one only to run its code."""

from __future__ import annotations

import contextlib
import os
import sys
import zlib
from typing import TYPE_CHECKING

import msgspec

from reconnect import __version__
from reconnect.model.rule import Rule
from reconnect.paths import Paths, write_private_file
from reconnect.rules.discovery import Found
from reconnect.rules.events import PluginProblem
from reconnect.rules.stamps import Stamp, holds

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable

    from reconnect.rules.registry import Plugin, Registry

SECONDS = 10.0
"""How long a plugin may take to load on the command line."""


class Card(msgspec.Struct, frozen=True, kw_only=True):
    """One plugin: what was found, whether it runs, what it implements, and its rule."""

    found: Found
    off: str | None
    hooks: tuple[str, ...]
    commands: tuple[tuple[str, str], ...]
    problems: tuple[PluginProblem, ...]
    rule_id: str | None = None
    rule: msgspec.Raw = msgspec.Raw(b"null")


class _Streaks(msgspec.Struct):
    """The one key of a rule that is read without the others."""

    streaks: bool = True


class Catalog(msgspec.Struct, frozen=True, kw_only=True):
    """All plugins, as they were when `fingerprint` and the stamps of `watched` were taken.

    `general` holds problems that are no plugin's, such as choices that cannot be read.
    """

    fingerprint: str
    watched: dict[str, Stamp]
    cards: tuple[Card, ...]
    general: tuple[PluginProblem, ...] = ()

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

    def unstreaked(self) -> frozenset[str]:
        """The ids of the rules that want no streaks and no countdown to be shown."""
        peek = msgspec.json.Decoder(_Streaks).decode
        return frozenset(c.rule_id for c in self.cards if c.rule_id and not peek(c.rule).streaks)

    def implements(self, hook: str, rule_id: str | None = None) -> bool:
        """Whether a running plugin (of that rule) listens to the hook."""
        return any(
            c.rule_id and hook in c.hooks and rule_id in (None, c.rule_id) for c in self.cards
        )


def load_catalog(paths: Paths) -> Catalog:
    """The catalog: from its file while nothing changed, else by loading every plugin once."""
    if os.environ.get("RECONNECT_PLUGINS_STRICT") != "1":
        kept = _kept(paths, _fingerprint())
        if kept is not None:
            return kept
    return rebuild(paths)[1]


def rebuild(
    paths: Paths, *, strict: bool | None = None, thorough: bool = False
) -> tuple[Registry, Catalog]:
    """Load every plugin that may run, and write down what they hold for the commands to come.

    Where it is `thorough`, their commands are built, too, to see whether they can be.
    """
    from reconnect.rules.watching import same, take_stamps

    before = take_stamps(paths)
    registry = load_registry(paths, strict=strict)
    catalog = build_catalog(registry, _fingerprint(), take_stamps(paths), thorough=thorough)
    # What changed while it was read may be half read: the next command looks again.
    if same(before, catalog.watched):
        _write(paths.catalog, catalog)
    return registry, catalog


def load_registry(
    paths: Paths,
    seconds: float | None = None,
    *,
    only: Collection[str] | None = None,
    strict: bool | None = None,
    on_fault: Callable[[Plugin, PluginProblem], None] | None = None,
) -> Registry:
    """Import and register every plugin that may run.

    Args:
        paths: where the person's choices and folders of rules are.
        seconds: the time limit of each call into a plugin, in a daemon, which logs faults. None
            means the command line: loading has a generous limit, a call has none (a person is
            there, may be asked, and can press Ctrl-C), and what a plugin writes to stdout is kept
            off it.
        only: the names of the plugins that are needed; None is all.
        strict: let a plugin's exception through; None follows RECONNECT_PLUGINS_STRICT.
        on_fault: told of each fault. Where one turns its plugin off, that is written down first, so
            that it stays off.
    """
    from reconnect.errors import DamagedError
    from reconnect.rules import consent
    from reconnect.rules.discovery import built_in, find_plugins
    from reconnect.rules.registry import FAULTS_ALLOWED, Registry

    def noted(plugin: Plugin, problem: PluginProblem) -> None:
        if plugin.turned_off and plugin.faults == FAULTS_ALLOWED:
            with contextlib.suppress(DamagedError, OSError):
                consent.disable(paths.plugin_choices, plugin.name, plugin.off or "")
        if seconds is not None:
            _log(plugin, problem)
        if on_fault is not None:
            on_fault(plugin, problem)

    trouble = None
    try:
        choices = consent.read_choices(paths.plugin_choices)
    except DamagedError as error:
        # Nobody's consent can be read, so that only what needs none may run.
        choices, trouble = consent.Choices(), str(error)
    found = find_plugins(paths.rules)
    if seconds is not None:
        _warn(consent.unknown_wanted(one.name for one in found))
    registry = Registry(
        [f for f in found if only is None or f.name in only],
        choices,
        seconds=seconds,
        load_seconds=load_limit() if seconds is None else None,
        strict=strict,
        alone=seconds is None,
        reserved=built_in(found),
        on_fault=noted,
    )
    if trouble is not None:
        problem = PluginProblem(plugin="", version="", where="reading your choices", why=trouble)
        registry.general.append(problem)
    return registry


def build_catalog(
    registry: Registry,
    fingerprint: str = "",
    stamps: dict[str, Stamp] | None = None,
    *,
    thorough: bool = False,
) -> Catalog:
    """What a registry holds, as data; `thorough` as in `rebuild`."""
    from reconnect.rules.loading import plain

    cards = []
    for plugin in registry.plugins:
        offered = registry.commands(plugin)
        for command in offered if thorough else ():
            registry.built(plugin, command)
        commands = tuple((c.name, c.help) for c in offered)
        rule = plugin.taught if plugin.running else None
        card = Card(
            found=plugin.found,
            off=plugin.off,
            hooks=plugin.hooks,
            commands=commands,
            problems=tuple(plugin.problems),
        )
        if rule is not None:
            data = msgspec.Raw(msgspec.json.encode(plain(rule)))
            card = msgspec.structs.replace(card, rule_id=rule.id, rule=data)
        cards.append(card)
    return Catalog(
        fingerprint=fingerprint,
        watched=stamps or {},
        cards=tuple(cards),
        general=tuple(registry.general),
    )


def _kept(paths: Paths, fingerprint: str) -> Catalog | None:
    try:
        with open(paths.catalog, "rb") as file:
            checksum, _, data = file.read().partition(b"\n")
            written_ns = os.fstat(file.fileno()).st_mtime_ns
        if checksum != _checksum(data):
            return None
        kept = msgspec.json.decode(data, type=Catalog)
    except (OSError, msgspec.MsgspecError):
        return None
    if kept.fingerprint != fingerprint:
        return None
    changed = {f for f, stamp in kept.watched.items() if not holds(f, stamp, written_ns)}
    return _looked_again(paths, kept, changed) if changed else kept


def _looked_again(paths: Paths, kept: Catalog, changed: set[str]) -> Catalog | None:
    """The catalog with new stamps, where something changed beside the plugins, but none of them."""
    # A broken plugin may need just what was installed there.
    if any(card.problems for card in kept.cards):
        return None
    from reconnect.rules.watching import beside

    stamps = beside(paths, kept.watched, changed, [card.found for card in kept.cards])
    if stamps is None:
        return None
    again = msgspec.structs.replace(kept, watched=stamps)
    _write(paths.catalog, again)
    return again


def _write(path: str, catalog: Catalog) -> None:
    data = msgspec.json.encode(catalog)
    # A cache that cannot be written costs time, not truth.
    with contextlib.suppress(OSError):
        write_private_file(path, _checksum(data) + b"\n" + data, durable=False)


def _checksum(data: bytes) -> bytes:
    # Rules are decoded one by one, when they are asked for: a flipped bit must be found before.
    return b"%08x" % zlib.crc32(data)


def _fingerprint() -> str:
    """What decides about the plugins besides files."""
    only = os.environ.get("RECONNECT_PLUGINS")
    chosen = "all" if only is None else f"only {only}"
    return "\n".join(
        [__version__, sys.version, chosen, os.getcwd() if "" in sys.path else "", *sys.path]
    )


def _warn(lines: Iterable[str]) -> None:
    import logging

    for line in lines:
        logging.getLogger("reconnect.plugins").warning(line)


def _log(plugin: Plugin, problem: PluginProblem) -> None:
    import logging

    log = logging.getLogger("reconnect.plugins")
    # What a plugin raises may hold a text that a person wrote: after its type it is left out.
    why = problem.why if plugin.rule is None else problem.why.partition(":")[0]
    log.error("plugin=%s version=%s in=%s: %s", plugin.name, problem.version, problem.where, why)
    if plugin.turned_off:
        log.error("plugin=%s is turned off: `reconnect plugins enable` it again", plugin.name)


def load_limit() -> float:
    """How many seconds a plugin may take to load; RECONNECT_PLUGINS_SECONDS says otherwise."""
    try:
        return max(0.01, float(os.environ["RECONNECT_PLUGINS_SECONDS"]))
    except (KeyError, ValueError):
        return SECONDS
