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
    from collections.abc import Iterator, Sequence

GROUP = "reconnect"
OWN_DISTRIBUTION = "reconnect"
Origin = Literal["built-in", "installed", "folder"]


class Found(msgspec.Struct, frozen=True, kw_only=True):
    """A plugin that is there, not loaded.

    `target` is the module of an entry point, or the path of a folder's rule.toml.
    """

    name: str
    target: str
    origin: Origin
    distribution: str
    version: str


def find_plugins(rules_dir: str, path: Sequence[str] | None = None) -> list[Found]:
    """All plugins: built-in ones first, then installed ones, then folders, each by name.

    Args:
        rules_dir: the person's folder of rules; each folder in it with a rule.toml is a plugin.
        path: directories to look in for installed distributions; the interpreter's by default.
    """
    found = sorted(_entry_points(sys.path if path is None else path), key=lambda f: f.name)
    order = {"built-in": 0, "installed": 1}
    return [*sorted(found, key=lambda f: order[f.origin]), *_folders(rules_dir)]


def parse_entry_points(text: str) -> Iterator[tuple[str, str]]:
    """Name and module of each of our entry points in the text of an entry_points.txt."""
    inside = False
    for line in map(str.strip, text.splitlines()):
        if line.startswith("["):
            inside = line == f"[{GROUP}]"
        elif inside and line and not line.startswith(("#", ";")):
            name, equals, target = line.partition("=")
            if equals:
                yield name.strip(), target.partition("[")[0].strip()


def _entry_points(path: Sequence[str]) -> Iterator[Found]:
    seen: set[str] = set()
    for place in dict.fromkeys(os.path.abspath(entry or os.curdir) for entry in path):
        for distribution, version, text in _distributions(place):
            key = re.sub(r"[-_.]+", "-", distribution).lower()
            if key in seen:
                continue
            seen.add(key)
            for name, target in parse_entry_points(text()):
                yield Found(
                    name=name,
                    target=target,
                    origin="built-in" if key == OWN_DISTRIBUTION else "installed",
                    distribution=distribution,
                    version=version,
                )


def _distributions(place: str) -> Iterator[tuple[str, str, _Text]]:
    if os.path.isfile(place):
        yield from _zipped(place)
        return
    if place.endswith(".egg"):
        yield from _described(place.removesuffix(".egg"), os.path.join(place, "EGG-INFO"))
    try:
        names = sorted(os.listdir(place))
    except OSError:
        return
    for name in names:
        if name.endswith((".dist-info", ".egg-info")):
            yield from _described(name.rpartition(".")[0], os.path.join(place, name))


class _Text:
    """The text of a file that may not be there, read when it is asked for."""

    def __init__(self, path: str) -> None:
        self.path = path

    def __call__(self) -> str:
        try:
            with open(self.path, encoding="utf-8") as file:
                return file.read()
        except (OSError, UnicodeDecodeError):
            return ""


class _Given(_Text):
    def __call__(self) -> str:
        return self.path


def _described(stem: str, folder: str) -> Iterator[tuple[str, str, _Text]]:
    distribution, _, version = os.path.basename(stem).partition("-")
    yield distribution, version.partition("-py")[0], _Text(os.path.join(folder, "entry_points.txt"))


def _zipped(place: str) -> Iterator[tuple[str, str, _Text]]:
    if not place.endswith((".zip", ".egg", ".whl", ".pyz")):
        return
    import zipfile

    try:
        with zipfile.ZipFile(place) as archive:
            for name in archive.namelist():
                folder, slash, file = name.rpartition("/")
                if slash and file == "entry_points.txt" and "/" not in folder:
                    text = archive.read(name).decode("utf-8", "replace")
                    stem = folder.rpartition(".")[0]
                    if folder == "EGG-INFO":
                        stem = os.path.basename(place).removesuffix(".egg")
                    distribution, _, version = stem.partition("-")
                    yield distribution, version.partition("-py")[0], _Given(text)
    except (OSError, zipfile.BadZipFile):
        return


def _folders(rules_dir: str) -> Iterator[Found]:
    try:
        names = sorted(os.listdir(rules_dir))
    except OSError:
        return
    for name in names:
        target = os.path.join(rules_dir, name, "rule.toml")
        if os.path.isfile(target):
            yield Found(name=name, target=target, origin="folder", distribution=name, version="")
