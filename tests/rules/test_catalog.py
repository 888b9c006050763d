"""The catalog is read from its file while nothing changed, and never wrong when something did."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from tests.rules.conftest import GOOD, RULE, settle

from reconnect.model.rule import Rule
from reconnect.paths import find_paths
from reconnect.rules import consent

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.rules.conftest import Site

    from reconnect.rules.catalog import Catalog


@pytest.fixture(autouse=True)
def no_compiled_files(monkeypatch: pytest.MonkeyPatch) -> None:
    """What Python compiles beside a plugin would have the first look repeated once."""
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")


def test_it_is_kept_while_nothing_changes(
    site: Site, look: Callable[[], Catalog], rebuilds: list[int]
) -> None:
    site.install("tea")
    site.folder("mine")
    settle(site.place, site.home)
    first = look()
    assert [look() for _ in range(3)] == [first] * 3
    assert len(rebuilds) == 1
    assert {rule.id for rule in first.rules()} >= {"listen", "peace", "tea", "mine"}
    assert all(type(rule) is Rule for rule in first.rules())


def edit_rule(site: Site) -> None:
    file = site.place / "reconnect_tea" / "rule.toml"
    file.write_text(file.read_text().replace("A cup of tea together.", "Two cups."))


def edit_with_its_old_time(site: Site) -> None:
    file = site.place / "reconnect_tea" / "rule.toml"
    stat = file.stat()
    file.write_text(file.read_text().replace("A cup of tea together.", "Two cups of good tea.."))
    assert file.stat().st_size == stat.st_size
    os.utime(file, ns=(stat.st_atime_ns, stat.st_mtime_ns))


def edit_code(site: Site) -> None:
    (site.place / "reconnect_tea" / "__init__.py").write_text(
        GOOD.replace("return load_rule", "import msgspec; return msgspec.structs.replace(load_rule")
        .replace('"rule.toml"))', '"rule.toml")), summary="By code.")')
    )  # fmt: skip


def edit_data(site: Site) -> None:
    (site.place / "reconnect_tea" / "texts" / "summary.txt").write_text("From data.")


def add_data(site: Site) -> None:
    (site.place / "reconnect_tea" / "texts" / "z.txt").write_text("Another file.")


def edit_folder(site: Site) -> None:
    site.folder("mine", RULE.format(id="mine").replace("A cup of tea together.", "Edited."))


def new_folder(site: Site) -> None:
    site.folder("new")


def fill_folder(site: Site) -> None:
    (site.home / "rules" / "empty" / "rule.toml").write_text(RULE.format(id="filled"))


def remove_folder(site: Site) -> None:
    (site.home / "rules" / "mine" / "rule.toml").unlink()


def install(site: Site) -> None:
    site.install("coffee")


def upgrade(site: Site) -> None:
    info = site.place / "reconnect_tea-1.0.dist-info"
    (info / "entry_points.txt").write_text("[reconnect]\nchai = reconnect_tea\n")


def uninstall(site: Site) -> None:
    for file in (site.place / "reconnect_tea-1.0.dist-info").iterdir():
        file.unlink()
    (site.place / "reconnect_tea-1.0.dist-info").rmdir()


def disable(site: Site) -> None:
    consent.disable(str(site.home / "plugins.json"), "tea")


def enable(site: Site) -> None:
    site.enable("cocoa")


def developed(site: Site) -> None:
    (site.place / "reconnect_dev.egg-info" / "entry_points.txt").write_text(
        "[reconnect]\ndev = reconnect_dev\n"
    )


@pytest.mark.parametrize(
    "change",
    [edit_rule, edit_with_its_old_time, edit_code, edit_data, add_data, edit_folder, new_folder,
     fill_folder, remove_folder, install, upgrade, uninstall, disable, enable, developed],
)  # fmt: skip
@pytest.mark.parametrize("settled", [True, False])
def test_a_change_is_seen(
    site: Site, look: Callable[[], Catalog], change: Callable[[Site], None], settled: bool
) -> None:
    folder = site.install(
        "tea",
        GOOD.replace(
            "return load_rule",
            "texts = sorted(Path(__file__).parent.glob('texts/*.txt'))\n"
            "    import msgspec\n"
            "    text = texts[-1].read_text() if texts else ''\n"
            "    return msgspec.structs.replace(load_rule",
        ).replace('"rule.toml"))', '"rule.toml")), title=text or "Tea")'),
    )
    (folder / "texts").mkdir()
    (folder / "texts" / "summary.txt").write_text("Data.")
    site.install("cocoa", enable=False)
    site.folder("mine")
    (site.home / "rules" / "empty").mkdir()
    (site.place / "reconnect_dev.egg-info").mkdir()
    (site.place / "reconnect_dev.egg-info" / "PKG-INFO").write_text("Name: reconnect_dev\n")
    if settled:
        settle(site.place, site.home)
    before = shown(look())
    assert shown(look()) == before
    change(site)
    after = shown(look())
    assert after != before
    assert shown(look()) == after
    # What it is now, without any catalog.
    Path(find_paths().catalog).unlink()
    assert shown(look()) == after


def shown(catalog: Catalog) -> list[object]:
    return [
        (c.found.name, c.found.target, c.off, c.hooks, c.problems, bytes(c.rule))
        for c in catalog.cards
    ]


def test_the_environment_is_part_of_it(
    site: Site, look: Callable[[], Catalog], monkeypatch: pytest.MonkeyPatch
) -> None:
    site.install("tea")
    assert look().rule("tea") is not None
    monkeypatch.setenv("RECONNECT_PLUGINS", "peace")
    assert look().rule("tea") is None
    monkeypatch.setenv("RECONNECT_PLUGINS", "")
    assert look().rules() == []
    monkeypatch.delenv("RECONNECT_PLUGINS")
    assert look().rule("tea") is not None


def test_an_installed_dependency_mends_a_broken_plugin(
    site: Site, look: Callable[[], Catalog]
) -> None:
    site.install("tea", f"import tea_kettle\n{GOOD}")
    settle(site.place, site.home)
    (card,) = [card for card in look().cards if card.found.name == "tea"]
    assert card.off == "broken"
    (site.place / "tea_kettle.py").write_text("")
    site.modules.append("tea_kettle")
    assert look().rule("tea") is not None


def test_a_stranger_in_a_directory_of_the_path_loads_no_plugin(
    site: Site, look: Callable[[], Catalog], rebuilds: list[int]
) -> None:
    site.install("tea")
    settle(site.place, site.home)
    first = look()
    for number in range(3):
        (site.place / f"stranger{number}.py").write_text("")
        assert shown(look()) == shown(first)
    assert len(rebuilds) == 1


def test_problems_are_kept(site: Site, look: Callable[[], Catalog], rebuilds: list[int]) -> None:
    site.install("tea", "1 / 0")
    settle(site.place, site.home)
    for _ in range(2):
        (card,) = [card for card in look().cards if card.found.name == "tea"]
        assert card.problems[0].why.startswith("ZeroDivisionError: division by zero")
    assert len(rebuilds) == 1
