"""The catalog is read from its file while nothing changed, and never wrong when something did."""

from __future__ import annotations

import importlib
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from tests.rules.conftest import GOOD, RULE

from reconnect.model.rule import Rule
from reconnect.paths import find_paths
from reconnect.rules import catalog as module
from reconnect.rules import consent
from reconnect.rules.catalog import Catalog, load_catalog
from reconnect.rules.stamps import holds, stamp

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.conftest import Run
    from tests.rules.conftest import Site


@pytest.fixture
def rebuilds(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Grows with each time that all plugins are loaded."""
    seen: list[int] = []
    real = module.rebuild

    def counted(*args: object, **more: object) -> object:
        seen.append(1)
        return real(*args, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(module, "rebuild", counted)
    return seen


@pytest.fixture
def look(site: Site) -> Callable[[], Catalog]:
    """What a new process would see."""

    def looked() -> Catalog:
        for name in list(sys.modules):
            if name.partition(".")[0] in site.modules:
                del sys.modules[name]
        importlib.invalidate_caches()
        return load_catalog(find_paths())

    return looked


def summary(catalog: Catalog, rule: str) -> str | None:
    found = catalog.rule(rule)
    return found.summary if found else None


def settle(*places: Path) -> None:
    """Let files be older than the tick of the file system, as they are when people use them."""
    for place in places:
        for file in [place, *place.rglob("*")]:
            stat = file.stat()
            os.utime(file, ns=(stat.st_atime_ns, stat.st_mtime_ns - 5_000_000_001))


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


@pytest.mark.parametrize("spoil", [b"", b"{}", b"\xff\xfe", b"00000000\n{}", None])
def test_a_damaged_file_is_made_again(
    look: Callable[[], Catalog], rebuilds: list[int], spoil: bytes | None
) -> None:
    look()
    place = Path(find_paths().catalog)
    flipped = bytearray(place.read_bytes())
    flipped[len(flipped) // 2] ^= 4
    place.write_bytes(bytes(flipped) if spoil is None else spoil)
    assert look().rule("peace") is not None
    assert len(rebuilds) == 2
    look()
    assert len(rebuilds) == 2


def test_a_place_that_cannot_be_written_costs_only_time(
    home: Path, look: Callable[[], Catalog], rebuilds: list[int]
) -> None:
    home.mkdir()
    (home / "cache").write_text("a file where the directory should be")
    assert look().rule("peace") is not None
    assert look().rule("peace") is not None
    assert len(rebuilds) == 2


def test_it_is_private(look: Callable[[], Catalog]) -> None:
    before = os.umask(0)
    try:
        look()
    finally:
        os.umask(before)
    place = Path(find_paths().catalog)
    assert place.stat().st_mode & 0o777 == 0o600
    assert place.parent.stat().st_mode & 0o777 == 0o700


def test_a_change_within_a_tick_of_the_clock_is_not_trusted(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text("x")
    os.utime(file, ns=(0, 1_700_000_000_123_456_789))
    fine = stamp(str(file))
    assert not holds(str(file), fine, fine[0] + 1_000_000)
    assert not holds(str(file), fine, fine[0] - 1_000_000)
    assert holds(str(file), fine, fine[0] + 100_000_000)
    os.utime(file, ns=(0, 1_700_000_000_000_000_000))
    coarse = stamp(str(file))
    assert not holds(str(file), coarse, coarse[0] + 1_500_000_000)
    assert holds(str(file), coarse, coarse[0] + 2_500_000_000)
    assert stamp(str(tmp_path / "gone")) == ()
    assert holds(str(tmp_path / "gone"), (), 0)
    assert not holds(str(file), (), 0)


def test_choices_that_cannot_be_read_leave_only_what_needs_no_consent(
    site: Site, cli: Run, process: Run
) -> None:
    site.install("tea")
    (site.home / "plugins.json").write_text('{"enabled": {"tea"')
    done = process("plugins", "--json")
    assert done.code == 0
    states = {row["plugin"]: row["state"] for row in done.json()["plugins"]}
    assert states["tea"] == "off"
    assert states["listen"] == "on"
    (problem,) = done.json()["problems"]
    assert "delete it, then enable your plugins again" in problem["why"]
    assert process("today").code == 0
    assert cli("plugins", "enable", "tea", "--yes").code == 5
    assert cli("plugins", "disable", "tea").code == 5
    assert "plugins.json cannot be read" in cli("doctor").out


def test_reading_it_imports_nothing_heavy(home: Path) -> None:
    probe = (
        "import sys, click, sqlite3\n"
        "from reconnect.paths import find_paths\n"
        "from reconnect.rules.catalog import load_catalog\n"
        "assert load_catalog(find_paths()).rule('listen').title == 'Listen'\n"
        "heavy = {'pluggy', 'importlib.metadata', 'tomllib', 'pathlib'}\n"
        "print(sorted(heavy & set(sys.modules)))\n"
    )
    for _ in range(3):
        done = subprocess.run(
            [sys.executable, "-c", probe], capture_output=True, text=True, check=True, timeout=60
        )
    assert done.stdout.strip() == "[]"
