"""Our search equals importlib.metadata's, on every layout that pip, setuptools and zips leave."""

from __future__ import annotations

import importlib
import os
import re
import sys
import zipfile
from importlib import metadata
from typing import TYPE_CHECKING

import pytest

from reconnect.rules.discovery import Found, find_plugins, parse_entry_points

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.rules.conftest import Site

POINTS = "[console_scripts]\nx = a:b\n\n[reconnect]\n{name} = reconnect_{name}\n[other]\ny = z\n"


def write(folder: Path, name: str, *, version: str = "1.0", points: str | None = None) -> None:
    folder.mkdir(parents=True)
    kind = "METADATA" if folder.suffix == ".dist-info" else "PKG-INFO"
    text = f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n\nName: not this\n"
    (folder / kind).write_text(text)
    text = POINTS.format(name=name.lower().replace("-", "_").replace(".", "_"))
    (folder / "entry_points.txt").write_text(text if points is None else points)


def dist_info(place: Path) -> list[Path]:
    write(place / "tea-1.0.dist-info", "tea")
    return [place]


def develop(place: Path) -> list[Path]:
    write(place / "src" / "tea.egg-info", "tea", version="2.5")
    return [place, place / "src"]


def egg_folder(place: Path) -> list[Path]:
    write(place / "tea-1.0-py3.11.egg" / "EGG-INFO", "tea")
    return [place, place / "tea-1.0-py3.11.egg"]


def zipped_egg(place: Path) -> list[Path]:
    egg = place / "tea-1.0-py3.11.egg"
    with zipfile.ZipFile(egg, "w") as archive:
        archive.writestr("EGG-INFO/PKG-INFO", "Metadata-Version: 2.1\nName: tea\nVersion: 1.0\n")
        archive.writestr("EGG-INFO/entry_points.txt", POINTS.format(name="tea"))
        archive.writestr("deep/EGG-INFO/entry_points.txt", POINTS.format(name="wrong"))
    return [egg]


def wheel(place: Path) -> list[Path]:
    file = place / "some.whl"
    with zipfile.ZipFile(file, "w") as archive:
        for name in ("tea", "coffee"):
            info = f"{name}-3.1.dist-info"
            archive.writestr(
                f"{info}/METADATA", f"Metadata-Version: 2.1\nName: {name}\nVersion: 3.1\n"
            )
            archive.writestr(f"{info}/entry_points.txt", POINTS.format(name=name))
    return [file]


def odd_suffix(place: Path) -> list[Path]:
    (archive,) = wheel(place)
    return [archive.rename(place / "library.par")]


def user_site(place: Path) -> list[Path]:
    write(place / "system" / "tea-1.0.dist-info", "tea")
    write(place / "user" / "coffee-1.0.dist-info", "coffee")
    return [place / "user", place / "system"]


def first_of_two(place: Path) -> list[Path]:
    write(place / "a" / "tea-2.0.dist-info", "tea", points="[reconnect]\ntea = newer\n")
    write(place / "b" / "Tea-1.0.dist-info", "Tea", points="[reconnect]\ntea = older\nold = x\n")
    return [place / "a", place / "b"]


def shadowed_by_nothing(place: Path) -> list[Path]:
    write(place / "a" / "tea-2.0.dist-info", "tea", points="")
    (place / "a" / "tea-2.0.dist-info" / "entry_points.txt").unlink()
    write(place / "b" / "tea-1.0.dist-info", "tea")
    return [place / "a", place / "b"]


def side_by_side(place: Path) -> list[Path]:
    write(place / "tea-1.0.dist-info", "tea", points="[reconnect]\ntea = one\n")
    write(place / "tea-2.0.dist-info", "tea", version="2.0", points="[reconnect]\ntea = two\n")
    return [place]


def names_in_all_spellings(place: Path) -> list[Path]:
    write(place / "a" / "My.Tea_House-1.0.dist-info", "My.Tea-House")
    write(place / "b" / "my_tea_house-2.0.DIST-INFO", "my-tea-house")
    write(place / "b" / "Coffee.egg-info", "Coffee", version="7")
    return [place / "a", place / "b"]


def odd_texts(place: Path) -> list[Path]:
    points = (
        "# [reconnect]\n[reconnect]\n  tea=reconnect_tea  \n\n# no = no\n"
        "house = tea.house : plugin [extra1, extra2]\n[ reconnect ]\nno = no\n"
        "[reconnect.more]\nno = no\n[reconnect]\nlate = reconnect_late\n"
    )
    write(place / "tea-1.0.dist-info", "tea", points=points)
    return [place]


def not_there(place: Path) -> list[Path]:
    (place / "plain.txt").write_text("no archive")
    (place / "old.egg-info").write_text("Metadata-Version: 1.0\nName: old\nVersion: 1\n")
    write(place / "tea-1.0.dist-info", "tea")
    return [place / "nowhere", place / "plain.txt", place]


LAYOUTS: tuple[Callable[[Path], list[Path]], ...] = (
    dist_info, develop, egg_folder, zipped_egg, wheel, odd_suffix, user_site, first_of_two,
    shadowed_by_nothing, side_by_side, names_in_all_spellings, odd_texts, not_there,
)  # fmt: skip


def ours(path: list[str]) -> set[tuple[str, str]]:
    return {(found.name, found.target) for found in find_plugins("/nowhere", path)}


def theirs() -> set[tuple[str, str]]:
    found = metadata.entry_points(group="reconnect")
    return {(e.name, re.sub(r"\s|\[.*", "", e.value)) for e in found}


@pytest.mark.parametrize("layout", LAYOUTS, ids=lambda layout: layout.__name__)
@pytest.mark.parametrize("relative", [False, True])
def test_it_finds_what_importlib_metadata_finds(
    layout: Callable[[Path], list[Path]], relative: bool, tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    place = tmp_path / "place"
    place.mkdir()
    path = [str(one) for one in layout(place)]
    if relative:
        monkeypatch.chdir(place)
        path = [os.path.relpath(one).replace(".", "", 1) if one == str(place) else
                os.path.relpath(one) for one in path]  # fmt: skip
    monkeypatch.setattr(sys, "path", path)
    importlib.invalidate_caches()
    assert ours(path) == theirs()
    assert ours(path) or layout is shadowed_by_nothing


def test_it_finds_what_importlib_metadata_finds_here() -> None:
    assert ours(sys.path) == theirs()
    built_in = [found for found in find_plugins("/nowhere") if found.origin == "built-in"]
    assert {found.name for found in built_in} >= {"listen", "peace"}
    assert {found.distribution for found in built_in} == {"reconnect"}


def test_versions_and_names_come_from_the_metadata_where_the_folder_tells_none(
    tmp_path: Path,
) -> None:
    path = [str(one) for one in (*develop(tmp_path), *egg_folder(tmp_path / "x"))]
    (found,) = find_plugins("/nowhere", path[:2])
    assert (found.distribution, found.version) == ("tea", "2.5")
    (found,) = find_plugins("/nowhere", path[2:])
    assert (found.distribution, found.origin) == ("tea", "installed")


def test_the_order_is_built_in_then_installed_then_folders(site: Site) -> None:
    site.install("aaa", enable=False)
    site.folder("bbb")
    site.folder("aab")
    (site.home / "rules" / "empty").mkdir()
    (site.home / "rules" / "file.toml").write_text("")
    found = find_plugins(str(site.home / "rules"))
    origins = [one.origin for one in found]
    assert origins == sorted(origins, key=["built-in", "installed", "folder"].index)
    assert [one.name for one in found][-3:] == ["aaa", "aab", "bbb"]


@pytest.mark.parametrize("text", ["", "[reconnect]", "no = no", "[reconnect]\nno equals sign"])
def test_a_file_without_our_entry_points(text: str) -> None:
    assert list(parse_entry_points(text)) == []


def test_unreadable_metadata_is_no_plugin(tmp_path: Path) -> None:
    write(tmp_path / "tea-1.0.dist-info", "tea")
    (tmp_path / "tea-1.0.dist-info" / "entry_points.txt").write_bytes(b"[reconnect]\ntea = \xff")
    (tmp_path / "bad.zip").write_bytes(b"PK\x03\x04 no archive")
    assert find_plugins("/nowhere", [str(tmp_path), str(tmp_path / "bad.zip")]) == []


def test_what_is_found_says_where(site: Site) -> None:
    site.install("tea", enable=False)
    site.folder("mine")
    found = {one.name: one for one in find_plugins(str(site.home / "rules"))}
    assert found["tea"] == Found(
        name="tea", target="reconnect_tea", origin="installed", distribution="reconnect_tea",
        version="1.0", source=str(site.place / "reconnect_tea-1.0.dist-info" / "entry_points.txt"),
    )  # fmt: skip
    assert found["mine"].source == found["mine"].target == str(site.home / "rules/mine/rule.toml")
