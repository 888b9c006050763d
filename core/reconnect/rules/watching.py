"""Which files decide what the plugins hold: while none changes, neither does the catalog."""

from __future__ import annotations

import os
import sys
from importlib.util import find_spec
from typing import TYPE_CHECKING

from reconnect.model import rule as model
from reconnect.rules.discovery import egg_files, find_plugins
from reconnect.rules.stamps import Stamp, stamp

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reconnect.paths import Paths
    from reconnect.rules.discovery import Found

FILES_EACH = 400
"""So many files of one plugin are watched at the most."""


def take_stamps(paths: Paths) -> dict[str, Stamp]:
    """The stamps of everything that decides what the plugins hold, found without importing any."""
    places = [os.path.abspath(place) for place in sys.path]
    files = {*places, *egg_files(places), paths.plugin_choices, paths.rules, model.__file__}
    for name in _names(paths.rules):
        folder = os.path.join(paths.rules, name)
        files |= {folder, os.path.join(folder, "rule.toml")}
    for found in find_plugins(paths.rules):
        files.add(found.source)
        if found.origin != "folder":
            files |= set(module_files(found.target)) | set(_loaded_beside(found.target))
    return {file: stamp(file) for file in sorted(files)}


def beside(
    paths: Paths, watched: dict[str, Stamp], changed: set[str], found: list[Found]
) -> dict[str, Stamp] | None:
    """New stamps where only directories on Python's path changed, and the plugins did not.

    In a directory on the path anything may come and go: another package, or any file at all where
    it is the one that the program was started in.
    """
    places = {os.path.abspath(place) for place in sys.path}
    if not changed <= places:
        return None
    now = take_stamps(paths)
    if now.keys() - watched.keys() or find_plugins(paths.rules) != found:
        return None
    return watched | {place: now[place] for place in places}


def same(before: dict[str, Stamp], after: dict[str, Stamp]) -> bool:
    """Whether nothing changed between two looks, but what loading a plugin itself does."""
    return not any(
        after.get(file) != stamp_then and not _only_compiled(file)
        for file, stamp_then in before.items()
    )


def module_files(target: str) -> Iterator[str]:
    """The files of the module or package that an entry point names, the module itself first.

    A package's directories are among them, but nothing that Python compiled.
    """
    top, *rest = target.partition(":")[0].split(".")
    try:
        # Of a name without a dot this imports nothing.
        spec = find_spec(top)
    except (ImportError, ValueError, AttributeError):
        return
    if spec is None:
        return
    origin, folders = spec.origin, list(spec.submodule_search_locations or ())
    for name in rest:
        inside = [os.path.join(folder, name) for folder in folders]
        origin = next(
            (file for one in inside for file in (os.path.join(one, "__init__.py"), f"{one}.py")
             if os.path.isfile(file)), None,
        )  # fmt: skip
        folders = [one for one in inside if os.path.isdir(one)]
    if origin is not None:
        yield origin
    room = FILES_EACH
    for folder in folders:
        for here, below, names in os.walk(folder):
            below[:] = sorted(n for n in below if n != "__pycache__" and not n.startswith("."))
            yield here
            for name in sorted(names):
                if room and not name.endswith(".pyc"):
                    room -= 1
                    yield os.path.join(here, name)


def _loaded_beside(target: str) -> Iterator[str]:
    """The files of modules of the same top package, which the plugin may have imported."""
    top = target.partition(":")[0].partition(".")[0]
    for name, module in list(sys.modules.items()):
        if name == top or name.startswith(f"{top}."):
            file = getattr(module, "__file__", None)
            if isinstance(file, str):
                yield file


def _only_compiled(file: str) -> bool:
    # The first import of a package makes __pycache__ in it, which changes its directory.
    compiled = os.path.isdir(os.path.join(file, "__pycache__"))
    return compiled and file not in (os.path.abspath(place) for place in sys.path)


def _names(place: str) -> list[str]:
    try:
        return os.listdir(place)
    except OSError:
        return []
