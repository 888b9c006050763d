"""rule.toml -> Rule, with errors that name the file, the key, and what was expected."""

from __future__ import annotations

import os
import tomllib
from typing import TYPE_CHECKING, Any, TypeVar

import msgspec

from reconnect.errors import RuleFileError
from reconnect.model.rule import Rule
from reconnect.rules.rulechecks import inconsistencies

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable
    from pathlib import Path

API_VERSION = 1
"""The plugin contract this program speaks. A rule.toml says which one it was written for."""

R = TypeVar("R", bound=Rule)


def load_rule(path: str | Path | Traversable, kind: type[R] = Rule) -> R:  # type: ignore[assignment]
    """Read a rule.toml as a rule of the given class.

    Args:
        path: the file, or the plugin's own `__file__`, beside which rule.toml lies. One inside an
            archive may be given as importlib.resources names it.
        kind: Rule, or a subclass with behaviour of its own.

    Raises:
        RuleFileError: unreadable, not TOML, written for a newer API, an unknown or missing key, a
            value of the wrong type or out of range, an id twice, or a reference to nothing.
    """
    if isinstance(path, str) and not path.endswith(".toml"):
        path = os.path.join(os.path.dirname(path), "rule.toml")
    try:
        data = tomllib.loads(_text(path))
    except OSError as error:
        raise RuleFileError(f"{path}: cannot be read ({error.strerror})") from error
    except UnicodeDecodeError as error:
        raise RuleFileError(f"{path}: not UTF-8 text (byte {error.start})") from error
    except tomllib.TOMLDecodeError as error:
        raise RuleFileError(f"{path}: not valid TOML: {error}") from error
    return rule_from_data(data, str(path), kind)


def rule_from_data(data: dict[str, Any], where: str, kind: type[R]) -> R:
    """Check the data of a rule.toml; `where` is named in errors.

    Raises:
        RuleFileError: as `load_rule`.
    """
    api = data.get("api")
    if isinstance(api, int) and api > API_VERSION:
        raise RuleFileError(
            f"{where}: written for plugin API {api}, this program speaks {API_VERSION}: "
            "upgrade reconnect"
        )
    try:
        rule = msgspec.convert(data, kind)
    except msgspec.ValidationError as error:
        from reconnect.explain import explain

        key, reason = explain(error, kind, data)
        raise RuleFileError(f"{where}: {key}: {reason}" if key else f"{where}: {reason}") from error
    for problem in inconsistencies(rule):
        raise RuleFileError(f"{where}: {problem}")
    return rule


def _text(path: str | Path | Traversable) -> str:
    if not isinstance(path, str):
        return path.read_text(encoding="utf-8-sig")
    with open(path, encoding="utf-8-sig") as file:
        return file.read()
