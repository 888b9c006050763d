"""The plugins of one process: loaded one by one, held apart, and called."""

from __future__ import annotations

import os
import threading
import time
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar, cast

import pluggy

from reconnect.errors import RuleFileError
from reconnect.model.rule import Rule
from reconnect.rules import hookspecs
from reconnect.rules.consent import Choices, why_off
from reconnect.rules.discovery import built_in
from reconnect.rules.events import PluginCommand, PluginProblem, what_is_wrong
from reconnect.rules.isolation import PluginFault, guarded
from reconnect.rules.loading import HOOKS, load
from reconnect.rules.plugin import Plugin

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Iterable

    import click

    from reconnect.rules.discovery import Found

__all__ = ["FAULTS_ALLOWED", "HOOKS", "Plugin", "Registry"]

T = TypeVar("T")
U = TypeVar("U")
FAULTS_ALLOWED = 3
BROKEN = "broken"
TURNED_OFF_AFTER = "turned off after"
LOADING = "loading"
COMMANDS = "reconnect_register_commands"


class Registry:
    """The plugins of this process.

    Args:
        found: what discovery found, in the order in which plugins are loaded and asked.
        choices: what the person enabled and disabled.
        seconds: the time limit of each call into a plugin; None has none.
        load_seconds: the same for loading one, where that differs.
        strict: let a plugin's exception through, where it is raised, instead of recording it.
        alone: see `guarded`.
        reserved: ids of rules that belong to a built-in plugin, also while that is off: what people
            logged of it is not handed to another package. By default those of `found`.
        on_fault: told of each fault as it happens, on the thread whose call found it. A plugin that
            this one turned off says so: its `turned_off` is true.
    """

    def __init__(
        self,
        found: Iterable[Found],
        choices: Choices,
        *,
        seconds: float | None = None,
        load_seconds: float | None = None,
        strict: bool | None = None,
        alone: bool = False,
        reserved: Container[str] | None = None,
        on_fault: Callable[[Plugin, PluginProblem], None] | None = None,
    ) -> None:
        """Load every plugin that may run."""
        found = list(found)
        self._reserved = built_in(found) if reserved is None else reserved
        self.seconds = seconds
        self.load_seconds = seconds if load_seconds is None else load_seconds
        self.strict = (
            os.environ.get("RECONNECT_PLUGINS_STRICT") == "1" if strict is None else strict
        )
        self.alone = alone
        self.budget_s: float | None = None
        """How long calls into one plugin may take together within a minute; None is for ever."""
        self._on_fault = on_fault
        self._counting = threading.Lock()
        self.general: list[PluginProblem] = []
        """What went wrong with none of them: choices that cannot be read."""
        self.plugins = [Plugin(f, why_off(f, choices)) for f in found]
        self._manager = pluggy.PluginManager(hookspecs.PROJECT)
        self._manager.add_hookspecs(hookspecs)
        self._by_name: dict[str, Plugin] = {}
        self._owners: dict[str, Plugin] = {}
        for plugin in self.plugins:
            first = self._by_name.setdefault(plugin.name, plugin)
            if first is not plugin:
                self.fault(
                    plugin,
                    LOADING,
                    f"the name '{plugin.name}' is taken by a plugin of {first.found.distribution}",
                )
            elif plugin.off is None:
                self._load(plugin)
        self.rules = {rule_id: p.taught for rule_id, p in self._owners.items() if p.taught}
        """The rules of the plugins that loaded, by id, as data; also of one turned off since."""

    @property
    def problems(self) -> list[PluginProblem]:
        """Everything that went wrong so far."""
        return [*self.general, *(problem for p in self.plugins for problem in p.problems)]

    def owner(self, rule_id: str) -> Plugin | None:
        """The running plugin that teaches the rule."""
        plugin = self._owners.get(rule_id)
        return plugin if plugin is not None and plugin.running else None

    def ask(
        self,
        rule_id: str,
        where: str,
        call: Callable[[Rule], T],
        otherwise: U,
        junk: Callable[[object], str | None] | None = None,
    ) -> T | U:
        """Let a rule's own code answer; `otherwise` is the answer when it is broken or gone.

        Args:
            rule_id: whose code.
            where: what is asked, named in a problem.
            call: asks the rule.
            otherwise: the answer in place of none.
            junk: why an answer is none, or None where it is one.
        """
        plugin = self.owner(rule_id)
        if plugin is None or plugin.rule is None:
            return otherwise
        if type(plugin.rule) is Rule:
            return call(plugin.rule)
        failed = object()
        answer = self.attempt(plugin, where, partial(call, plugin.rule), failed)
        if answer is failed:
            return otherwise
        why = junk(answer) if junk is not None else None
        if why is not None:
            self.fault(plugin, where, why)
            return otherwise
        return cast("T", answer)

    def call(self, hook: str, *, rule_id: str | None = None, **arguments: object) -> list[Any]:
        """Call a hook of every running plugin (or of one rule's); the answers but None."""
        answers = [
            self.attempt(plugin, hook, partial(function, arguments))
            for plugin, function in self.implementations(hook, rule_id)
        ]
        return [answer for answer in answers if answer is not None]

    def implementations(
        self, hook: str, rule_id: str | None = None
    ) -> list[tuple[Plugin, Callable[[dict[str, object]], Any]]]:
        """The running plugins that implement the hook, in order, each with a way to call it."""
        wanted = []
        for impl in getattr(self._manager.hook, hook).get_hookimpls():
            plugin = self._by_name[impl.plugin_name]
            # Whose rule it is was settled when it was loaded, not by what it calls itself now.
            if plugin.running and (rule_id is None or self._owners.get(rule_id) is plugin):
                wanted.append((plugin, partial(_call, impl)))
        return sorted(wanted, key=lambda one: self.plugins.index(one[0]))

    def commands(self, plugin: Plugin) -> list[PluginCommand]:
        """The commands that one plugin registers; what is no command is a problem of its."""
        found: dict[str, PluginCommand] = {}
        for owner, function in self.implementations(COMMANDS):
            if owner is not plugin:
                continue
            for given in self.attempt(plugin, COMMANDS, partial(_listed, function)) or ():
                why = what_is_wrong(given, taken=found)
                if why is None:
                    found[given.name] = given
                else:
                    self.fault(plugin, COMMANDS, why)
        return list(found.values())

    def built(self, plugin: Plugin, command: PluginCommand) -> click.Command | None:
        """The click command that a plugin builds; None where it cannot, which becomes a problem."""
        import click

        where = f"building the command {command.name}"
        try:
            limit = None if self.strict else self.load_seconds
            made: object = guarded(command.build, limit, alone=self.alone)
        except PluginFault as fault:
            if self.strict:
                raise (fault.__cause__ or fault) from None
            self.fault(plugin, where, str(fault), counts=False)
            return None
        if isinstance(made, click.Command):
            return made
        why = f"gave {type(made).__name__}, expected a click command"
        self.fault(plugin, where, why, counts=False)
        return None

    def attempt(
        self, plugin: Plugin, where: str, call: Callable[[], T], otherwise: U | None = None
    ) -> T | U | None:
        """Call something of one plugin's; `otherwise` when it is off or at fault."""
        if plugin.off is not None or not self._in_budget(plugin):
            return otherwise
        begun = time.monotonic()
        # The first look at a plugin's commands is a part of loading it, too.
        limit = self.load_seconds if where in (LOADING, COMMANDS) else self.seconds
        try:
            return guarded(call, None if self.strict else limit, alone=self.alone)
        except PluginFault as fault:
            if self.strict:
                raise (fault.__cause__ or fault) from None
            cause = fault.__cause__
            self.fault(plugin, where, str(cause if isinstance(cause, RuleFileError) else fault))
            return otherwise
        finally:
            self._spend(plugin, where, begun)

    def _in_budget(self, plugin: Plugin) -> bool:
        return self.budget_s is None or plugin.budget.allows(time.monotonic(), self.budget_s)

    def _spend(self, plugin: Plugin, where: str, begun: float) -> None:
        now, most = time.monotonic(), self.budget_s
        if most is not None and not self.strict and plugin.budget.spend(now, now - begun, most):
            why = f"took {most:g} s within a minute: it is left out for the rest of it"
            self.fault(plugin, where, why)

    def fault(self, plugin: Plugin, where: str, why: str, *, counts: bool = True) -> None:
        """Write down what a plugin did wrong; while loading the first fault is the last.

        One that does not count turns nothing off, however often it comes: it was only looked for.
        """
        if self.strict:
            raise PluginFault(f"{plugin.name}: {where}: {why}")
        problem = PluginProblem(
            plugin=plugin.name, version=plugin.found.version, where=where, why=why
        )
        with self._counting:
            plugin.problems.append(problem)
            plugin.faults += counts
            if where == LOADING:
                plugin.off = BROKEN
            elif plugin.off is None and plugin.faults >= FAULTS_ALLOWED:
                # This is kept in a file. What a plugin raises may hold a text that a person wrote:
                # after its type it is left out.
                kind = why.partition(":")[0]
                plugin.off = (
                    f"{TURNED_OFF_AFTER} {FAULTS_ALLOWED} faults, the last in {where}: {kind}"
                )
        if self._on_fault is not None:
            self._on_fault(plugin, problem)

    def _load(self, plugin: Plugin) -> None:
        # What a call returns after its time is up is lost, so that nothing is half loaded later.
        loaded = self.attempt(plugin, LOADING, partial(load, plugin.found, self._manager))
        if loaded is None:
            return
        rule, taught, hooks = loaded
        why = self._taken(plugin, taught.id)
        if why is not None:
            self.fault(plugin, LOADING, f"{plugin.found.target}: {why}")
            return
        self._owners[taught.id] = plugin
        plugin.rule, plugin.taught, plugin.hooks = rule, taught, hooks

    def _taken(self, plugin: Plugin, rule_id: str) -> str | None:
        other = self._owners.get(rule_id)
        if other is not None:
            return f"the rule id '{rule_id}' is taken by the plugin '{other.name}'"
        if plugin.found.origin == "installed" and rule_id in self._reserved:
            return f"the rule id '{rule_id}' belongs to the built-in plugin '{rule_id}'"
        return None


def _call(impl: pluggy.HookImpl, arguments: dict[str, object]) -> Any:
    return impl.function(**{name: arguments[name] for name in impl.argnames})


def _listed(function: Callable[[dict[str, object]], Any]) -> list[Any]:
    given = function({})
    if given is None:
        return []
    if isinstance(given, PluginCommand) or not isinstance(given, list | tuple):
        raise PluginFault(f"returned {type(given).__name__}, expected a list of PluginCommand")
    return list(given)
