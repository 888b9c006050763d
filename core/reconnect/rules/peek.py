"""What can be told of an installed plugin before any of its code has run."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, NamedTuple

from reconnect.rules.watching import module_files

if TYPE_CHECKING:
    from reconnect.rules.discovery import Found


class About(NamedTuple):
    """What its distribution says of itself; empty where it says nothing."""

    author: str
    summary: str
    home: str


def about(found: Found) -> About:
    """Author, summary and home page from the distribution's metadata."""
    from importlib.metadata import PackageNotFoundError, metadata

    try:
        fields = metadata(found.distribution)
    except (PackageNotFoundError, OSError, ValueError):
        return About("", "", "")
    links = [link.partition(",")[2].strip() for link in fields.get_all("Project-URL") or ()]

    def first(*texts: str | None) -> str:
        return _plain(next((text for text in texts if text), ""))

    def told(name: str) -> str | None:
        return fields[name] if name in fields else None  # noqa: SIM401 - it has no get()

    return About(
        author=first(told("Author"), told("Author-email")),
        summary=first(told("Summary")),
        home=first(told("Home-page"), *links),
    )


def hooks_in_code(found: Found) -> tuple[str, ...]:
    """Names of the functions marked as hooks in its Python files, which are read, not run."""
    names: set[str] = set()
    for file in module_files(found.target):
        if file.endswith(".py"):
            names |= _hooks_in(file)
    return tuple(sorted(names))


def _hooks_in(file: str) -> set[str]:
    try:
        with open(file, "rb") as opened:
            tree = ast.parse(opened.read())
    except (OSError, SyntaxError, ValueError, RecursionError):
        return set()
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            for decorator in node.decorator_list:
                name = _hook_name(decorator, node.name)
                if name:
                    found.add(name)
    return found


def _hook_name(decorator: ast.expr, name: str) -> str | None:
    call = decorator if isinstance(decorator, ast.Call) else None
    marker = call.func if call else decorator
    if getattr(marker, "id", None) != "hookimpl" and getattr(marker, "attr", None) != "hookimpl":
        return None
    for keyword in call.keywords if call else ():
        if keyword.arg == "specname" and isinstance(keyword.value, ast.Constant):
            return str(keyword.value.value)
    return name


def _plain(text: str) -> str:
    # An author's name is shown on a terminal, where an escape in it would be obeyed.
    line = "".join(c if c.isprintable() else " " for c in text)
    return " ".join(line.split())[:200]
