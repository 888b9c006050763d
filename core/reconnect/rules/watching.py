"""Which files decide what the plugins hold: when none of them changed, neither did the catalog."""

from __future__ import annotations

import os
import sys
from importlib.machinery import PathFinder
from typing import TYPE_CHECKING

from reconnect.model import rule as model
from reconnect.rules.discovery import egg_files, find_plugins

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reconnect.paths import Paths

FILES_EACH = 400
"""So many files of one plugin are watched at the most."""


def watched(paths: Paths) -> list[str]:
    """Every file and directory that a change of the plugins would touch, found without an import."""
    places = [os.path.abspath(place) for place in sys.path]
    files = {*places, *egg_files(places), paths.plugin_choices, paths.rules, model.__file__}
    for name in _names(paths.rules):
        folder = os.path.join(paths.rules, name)
        files |= {folder, os.path.join(folder, "rule.toml")}
    for found in find_plugins(paths.rules):
        files.add(found.source)
        if found.origin != "folder":
            files |= set(module_files(found.target))
    return sorted(files)


def module_files(target: str) -> Iterator[str]:
    """The files of the package or module that an entry point names, the module itself first."""
    ...
