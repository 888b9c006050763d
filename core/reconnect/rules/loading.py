"""Turn one plugin that was found into a rule and hooks; whatever is wrong with it is an error."""

from __future__ import annotations

import importlib
import inspect
from typing import TYPE_CHECKING, Any

import msgspec

from reconnect.errors import RuleFileError
from reconnect.model.rule import Rule
from reconnect.rules import hookspecs
from reconnect.rules.rulefile import load_rule, rule_from_data

if TYPE_CHECKING:
    import pluggy

    from reconnect.rules.discovery import Found

HOOKS = tuple(name for name in vars(hookspecs) if name.startswith("reconnect_"))
REGISTER = "reconnect_register_rule"


def load(found: Found, manager: pluggy.PluginManager) -> tuple[Rule, Rule, tuple[str, ...]]:
    """The plugin's rule, checked, its plain data, and the names of the hooks that it implements.

    Raises:
        RuleFileError: no rule, no valid rule, or a hook that is none.
        Exception: whatever the plugin's own code raises.
    """
    if found.origin == "folder":
        rule: Rule = load_rule(found.target)
        return rule, rule, (REGISTER,)
    plugin = import_target(found.target)
    taken = manager.get_name(plugin)
    if taken is not None:
        raise RuleFileError(f"{found.target}: this code runs already as the plugin '{taken}'")
    hooks = tuple(sorted(_hooks_of(plugin, found.target, manager)))
    manager.register(plugin, found.name)
    given = [
        impl.function()
        for impl in getattr(manager.hook, REGISTER).get_hookimpls()
        if impl.plugin_name == found.name
    ]
    if not given:
        bare = " stands there, but without @hookimpl" if hasattr(plugin, REGISTER) else ""
        raise RuleFileError(
            f"{found.target}: {REGISTER}{bare}" if bare else
            f"{found.target}: no hook {REGISTER}, which returns the rule"
        )  # fmt: skip
    return *checked(given[0], found.target), hooks


def import_target(target: str) -> Any:
    """What an entry point names: a module, or an attribute of one."""
    module, _, attributes = target.partition(":")
    thing: Any = importlib.import_module(module)
    for name in filter(None, attributes.split(".")):
        thing = getattr(thing, name)
    return thing


def checked(rule: object, where: str) -> tuple[Rule, Rule]:
    """A rule that passed the checks of a rule.toml, whoever made it, and the data that passed them.

    Raises:
        RuleFileError: no Rule, or one with a value that rule.toml could not have either.
    """
    if not isinstance(rule, Rule):
        raise RuleFileError(f"{where}: {REGISTER} returned {_kind(rule)}, expected a Rule")
    valid = rule_from_data(plain(rule), where, Rule)
    if type(rule) is Rule:
        return valid, valid
    # A subclass keeps what it adds; its data is what was checked, not what it gave for it.
    kept = {name: getattr(valid, name) for name in Rule.__struct_fields__}
    return msgspec.structs.replace(rule, **kept), valid


def plain(rule: Rule) -> dict[str, Any]:
    """A rule's data as built-in types, without what a subclass adds."""
    data: dict[str, Any] = msgspec.to_builtins(
        {name: getattr(rule, name) for name in Rule.__struct_fields__}
    )
    return data


def _hooks_of(plugin: Any, where: str, manager: pluggy.PluginManager) -> list[str]:
    hooks = []
    for name in dir(plugin):
        options = manager.parse_hookimpl_opts(plugin, name)
        if options is None:
            if name in HOOKS and name != REGISTER and inspect.isroutine(getattr(plugin, name)):
                raise RuleFileError(f"{where}: {name} stands there, but without @hookimpl")
            continue
        hook = options.get("specname") or name
        if hook not in HOOKS:
            if options.get("optionalhook"):
                continue
            from difflib import get_close_matches

            near = get_close_matches(hook, HOOKS, 1)
            hint = f"did you mean {near[0]}?" if near else f"there are: {', '.join(HOOKS)}"
            raise RuleFileError(f"{where}: no hook '{hook}': {hint}")
        if options.get("wrapper") or options.get("hookwrapper"):
            raise RuleFileError(f"{where}: {name} is a hook wrapper, expected a plain function")
        if inspect.iscoroutinefunction(getattr(plugin, name)):
            raise RuleFileError(f"{where}: {name} is async, expected a plain function")
        hooks.append(hook)
    return hooks


def _kind(thing: object) -> str:
    return "None" if thing is None else type(thing).__name__
