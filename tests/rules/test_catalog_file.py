"""The file of the catalog: private, made again when damaged, and not needed."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from reconnect.paths import find_paths
from reconnect.rules.stamps import holds, stamp

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.conftest import Run
    from tests.rules.conftest import Site

    from reconnect.rules.catalog import Catalog


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
