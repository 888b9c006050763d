"""Find plugins without importing them, and without importlib.metadata, which costs 37 ms a command.

Held equal to `importlib.metadata.entry_points(group="reconnect")` by a test on several layouts.
"""

from __future__ import annotations

import os
import re
import sys
from typing import TYPE_CHECKING, Literal

import msgspec

if TYPE_CHECKING:
    import zipfile
    from collections.abc import Iterable, Iterator, Sequence

GROUP = "reconnect"
OWN_DISTRIBUTION = "reconnect"
Origin = Literal["built-in", "installed", "folder"]


class Found(msgspec.Struct, frozen=True, kw_only=True):
    """A plugin that is there, not loaded.

    `target` is what an entry point names (a module, or `module:attribute`), or the path of a
    folder's rule.toml. `source` is the file that says so: entry_points.txt, an archive, rule.toml.
    """

    name: str
    target: str
    origin: Origin
    distribution: str
    version: str
    source: str = ""


def find_plugins(rules_dir: str, path: Sequence[str] | None = None) -> list[Found]:
    """All plugins: built-in ones first, then installed ones, then folders, each by name.

    Args:
        rules_dir: the person's folder of rules; each folder in it with a rule.toml is a plugin.
        path: directories to look in for installed distributions; the interpreter's by default.
    """
    found = list(_entry_points(sys.path if path is None else path))
    found.sort(key=lambda f: (f.origin != "built-in", f.name))
    return [*found, *_folders(rules_dir)]


def built_in(found: Iterable[Found]) -> frozenset[str]:
    """The names of the built-in plugins, which are the ids of their rules, too."""
    return frozenset(one.name for one in found if one.origin == "built-in")


def parse_entry_points(text: str) -> Iterator[tuple[str, str]]:
    """Name and target of each of our entry points in the text of an entry_points.txt."""
    inside = False
    for line in map(str.strip, text.splitlines()):
        if line.startswith("["):
            inside = line == f"[{GROUP}]"
        elif inside and line and not line.startswith(("#", ";")):
            name, equals, target = line.partition("=")
            if equals:
                yield name.strip(), re.sub(r"\s", "", target.partition("[")[0])


def egg_files(path: Sequence[str]) -> Iterator[str]:
    """Where the entry points of `develop` installs stand: files that are changed in place."""
    for place in path:
        for name in _names(place):
            if name.lower().endswith(".egg-info"):
                yield os.path.join(place, name, "entry_points.txt")


class _Distribution:
    """The metadata of an installed distribution: a folder, or part of an archive."""

    def __init__(
        self, folder: str, archive: zipfile.ZipFile | None = None, inner: str = ""
    ) -> None:
        self.folder = folder
        self.archive = archive
        self.inner = inner
        stem, dot, _ = os.path.basename(inner or folder).rpartition(".")
        name, _, version = stem.partition("-")
        if not dot:  # EGG-INFO tells its name only inside.
            name = self.field("Name") or os.path.basename(os.path.dirname(folder)).partition("-")[0]
        self.name = name
        self.version = version.partition("-py")[0]

    def read(self, file: str) -> str:
        """The text of one of its files; empty where it is missing or no text."""
        try:
            if self.archive is not None:
                return self.archive.read(f"{self.inner}/{file}").decode()
            with open(os.path.join(self.folder, file), encoding="utf-8") as opened:
                return opened.read()
        except (OSError, KeyError, UnicodeDecodeError):
            return ""

    def field(self, key: str) -> str:
        """A line of its metadata."""
        text = self.read("METADATA") or self.read("PKG-INFO")
        found = re.search(rf"^{key}:[ \t]*(.*)$", text.partition("\n\n")[0], re.MULTILINE)
        return found[1].strip() if found else ""


def _entry_points(path: Sequence[str]) -> Iterator[Found]:
    seen: set[str] = set()
    for place in map(os.path.abspath, path):
        for distribution in _distributions(place):
            key = re.sub(r"[-_.]+", "-", distribution.name).lower()
            # The first on the path is the one that Python would import, whatever it holds.
            if key in seen:
                continue
            seen.add(key)
            for name, target in parse_entry_points(distribution.read("entry_points.txt")):
                yield Found(
                    name=name,
                    target=target,
                    origin="built-in" if key == OWN_DISTRIBUTION else "installed",
                    distribution=distribution.name,
                    version=distribution.version or distribution.field("Version"),
                    source=place
                    if distribution.archive
                    else os.path.join(distribution.folder, "entry_points.txt"),
                )


def _distributions(place: str) -> Iterator[_Distribution]:
    if os.path.isfile(place):
        yield from _zipped(place)
        return
    egg = place.lower().endswith(".egg")
    for name in _names(place):
        low = name.lower()
        if low.endswith((".dist-info", ".egg-info")) or (egg and low == "egg-info"):
            yield _Distribution(os.path.join(place, name))


def _zipped(place: str) -> Iterator[_Distribution]:
    import zipfile

    try:
        with zipfile.ZipFile(place) as archive:
            egg = place.lower().endswith(".egg")
            for name in dict.fromkeys(inner.partition("/")[0] for inner in archive.namelist()):
                low = name.lower()
                if low.endswith((".dist-info", ".egg-info")) or (egg and low == "egg-info"):
                    yield _Distribution(os.path.join(place, name), archive, name)
    except (OSError, zipfile.BadZipFile):
        return


def _folders(rules_dir: str) -> Iterator[Found]:
    for name in sorted(_names(rules_dir)):
        target = os.path.join(rules_dir, name, "rule.toml")
        if os.path.isfile(target):
            yield Found(
                name=name, target=target, origin="folder", distribution=name, version="",
                source=target,
            )  # fmt: skip


def _names(place: str) -> list[str]:
    # In the order of the directory, which is importlib.metadata's: of two versions that were left
    # side by side, both must take the same one.
    try:
        return os.listdir(place or os.curdir)
    except OSError:
        return []
