"""Load plugins one by one, hold them apart, and call their hooks."""

from __future__ import annotations

import importlib
import os
from collections.abc import Callable, Iterable, Sequence
from types import ModuleType, SimpleNamespace
from typing import Any, TypeVar

import msgspec
import pluggy

from reconnect.errors import RuleFileError
from reconnect.model.rule import Rule
from reconnect.rules import hookspecs
from reconnect.rules.consent import Choices, why_off
from reconnect.rules.discovery import Found
from reconnect.rules.events import PluginCommand, PluginProblem
from reconnect.rules.isolation import PluginFault, guarded
from reconnect.rules.rulefile import load_rule, rule_from_data

T = TypeVar("T")
FAULTS_ALLOWED = 3
HOOKS = tuple(name for name in vars(hookspecs) if name.startswith("reconnect_"))


class Plugin:
    """A plugin that was found: on with a rule, off with a reason, or broken with problems."""

    def __init__(self, found: Found, off: str | None) -> None:
        """Start as found; the registry loads it unless `off` says why not."""
        self.found = found
        self.off = off
        self.rule: Rule | None = None
        self.hooks: tuple[str, ...] = ()
        self.problems: list[PluginProblem] = []
        self.faults = 0

    @property
    def name(self) -> str:
        """The name by which it is enabled and disabled."""
        return self.found.name

    @property
    def running(self) -> bool:
        """Whether its rule can be used."""
        return self.off is None and self.rule is not None


class Registry:
    """The plugins of this process.

    Args:
        found: what discovery found, in the order in which plugins are loaded and asked.
        choices: what the person enabled and disabled.
        seconds: the time limit of each call into a plugin; None has none (the command line, where
            the person can press Ctrl-C).
        strict: let a plugin's fault through instead of recording it.
    """

    def __init__(
        self,
        found: Iterable[Found],
        choices: Choices,
        *,
        seconds: float | None = None,
        strict: bool | None = None,
    ) -> None:
        """Load every plugin that may run."""
        self.seconds = seconds
        self.strict = os.environ.get("RECONNECT_PLUGINS_STRICT") == "1" if strict is None else strict
        self.plugins = [Plugin(f, why_off(f, choices)) for f in found]
        self._manager = pluggy.PluginManager(hookspecs.PROJECT)
        self._manager.add_hookspecs(hookspecs)
        for plugin in self.plugins:
            if plugin.off is None:
                self._attempt(plugin, "loading", lambda p=plugin: self._load(p))
        self.rules = {p.rule.id: p.rule for p in self.plugins if p.running and p.rule}

    @property
    def problems(self) -> list[PluginProblem]:
        """Everything that went wrong so far."""
        return [problem for plugin in self.plugins for problem in plugin.problems]

    def owner(self, rule_id: str) -> Plugin | None:
        """The plugin that teaches the rule."""
        return next((p for p in self.plugins if p.running and p.rule and p.rule.id == rule_id), None)

    def ask(self, rule_id: str, where: str, call: Callable[[Rule], T], otherwise: T) -> T:
        """Let a rule's own code answer; `otherwise` is the answer when it is broken or gone."""
        plugin = self.owner(rule_id)
        if plugin is None or plugin.rule is None:
            return otherwise
        rule = plugin.rule
        if type(rule) is Rule:
            return call(rule)
        return self._attempt(plugin, where, lambda: call(rule), otherwise)

    def call(self, hook: str, *, rule_id: str | None = None, **arguments: object) -> list[Any]:
        """Call a hook of every running plugin (or of one rule's) and gather the answers but None."""
        answers = []
        for plugin, function in self.implementations(hook, rule_id):
            answer = self._attempt(plugin, hook, lambda f=function: f(arguments))
            if answer is not None:
                answers.append(answer)
        return answers

    def implementations(
        self, hook: str, rule_id: str | None = None
    ) -> list[tuple[Plugin, Callable[[dict[str, object]], Any]]]:
        """The running plugins that implement the hook, in order, each with a way to call it."""
        wanted = []
        for impl in getattr(self._manager.hook, hook).get_hookimpls():
            plugin = next(p for p in self.plugins if p.name == impl.plugin_name)
            if plugin.running and (rule_id is None or (plugin.rule and plugin.rule.id == rule_id)):

                def function(arguments: dict[str, object], impl: Any = impl) -> Any:
                    return impl.function(**{name: arguments[name] for name in impl.argnames})

                wanted.append((self.plugins.index(plugin), plugin, function))
        return [(plugin, function) for _, plugin, function in sorted(wanted, key=lambda w: w[0])]

    def commands(self, plugin: Plugin) -> Sequence[PluginCommand]:
        """The commands that one plugin registers; what is no command is a problem."""
        commands: list[PluginCommand] = []
        for owner, function in self.implementations("reconnect_register_commands"):
            if owner is plugin:
                given = self._attempt(
                    plugin, "reconnect_register_commands", lambda f=function: list(f({})), []
                )
                commands += [c for c in given if isinstance(c, PluginCommand)]
        return commands

    def attempt_hook(
        self, plugin: Plugin, hook: str, function: Callable[[dict[str, object]], Any],
        arguments: dict[str, object],
    ) -> Any:  # fmt: skip
        """Call one plugin's implementation of a hook; None when it is at fault."""
        return self._attempt(plugin, hook, lambda: function(arguments))

    def _attempt(
        self, plugin: Plugin, where: str, call: Callable[[], Any], otherwise: Any = None
    ) -> Any:
        if plugin.off is not None:
            return otherwise
        try:
            return guarded(call, self.seconds)
        except PluginFault as fault:
            if self.strict:
                raise (fault.__cause__ or fault) from fault
            self._record(plugin, where, fault)
            return otherwise

    def _record(self, plugin: Plugin, where: str, fault: PluginFault) -> None:
        cause = fault.__cause__
        why = str(cause) if isinstance(cause, RuleFileError) else str(fault)
        plugin.problems.append(
            PluginProblem(plugin=plugin.name, version=plugin.found.version, where=where, why=why)
        )
        plugin.faults += 1
        if where == "loading":
            plugin.off = "broken"
        elif plugin.faults >= FAULTS_ALLOWED:
            plugin.off = f"turned off after {FAULTS_ALLOWED} faults, the last in {where}: {why}"

    def _load(self, plugin: Plugin) -> None:
        if plugin.found.origin == "folder":
            rule: object = load_rule(plugin.found.target)
            plugin.hooks = ("reconnect_register_rule",)
        else:
            module = importlib.import_module(plugin.found.target)
            plugin.hooks = self._hooks_of(module)
            self._manager.register(module, plugin.name)
            impls = [
                impl for impl in self._manager.hook.reconnect_register_rule.get_hookimpls()
                if impl.plugin_name == plugin.name
            ]  # fmt: skip
            if not impls:
                raise RuleFileError(
                    f"{plugin.found.target}: no hook reconnect_register_rule, which returns the rule"
                )
            rule = impls[0].function()
        if not isinstance(rule, Rule):
            raise RuleFileError(
                f"{plugin.found.target}: reconnect_register_rule returned "
                f"{type(rule).__name__}, expected a Rule"
            )
        # A rule built in code passes the same checks as one read from a file.
        rule_from_data(plain(rule), plugin.found.target, Rule)
        for other in self.plugins:
            if other is not plugin and other.rule is not None and other.rule.id == rule.id:
                raise RuleFileError(
                    f"{plugin.found.target}: the rule id '{rule.id}' is taken by the plugin "
                    f"'{other.name}'"
                )
        plugin.rule = rule

    def _hooks_of(self, module: ModuleType) -> tuple[str, ...]:
        hooks = []
        for name in sorted(vars(module)):
            if self._manager.parse_hookimpl_opts(module, name) is None:
                continue
            if name not in HOOKS:
                from difflib import get_close_matches

                near = get_close_matches(name, HOOKS, 1)
                hint = f", did you mean {near[0]}?" if near else ""
                raise RuleFileError(f"{module.__name__}: unknown hook '{name}'{hint}")
            hooks.append(name)
        return tuple(hooks)


def plain(rule: Rule) -> dict[str, Any]:
    """A rule's data as built-in types, without what a subclass adds."""
    known = SimpleNamespace(**{name: getattr(rule, name) for name in Rule.__struct_fields__})
    data: dict[str, Any] = msgspec.to_builtins(vars(known))
    return data
