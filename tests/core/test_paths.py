"""Where everything is: the short way equals platformdirs, and what is made is private."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

import pytest

from reconnect.paths import (
    create_private_file,
    find_paths,
    is_private,
    make_private_dir,
    platform_paths,
    write_private_file,
)

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

VARIABLES = ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME")


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere platformdirs is asked itself")
@pytest.mark.parametrize(
    "value",
    [None, "", "   ", "/somewhere/else", "/with a blank/ü", "relative/path", "~/tilde", "/x/"],
)
@pytest.mark.parametrize("variable", VARIABLES)
def test_the_short_way_equals_platformdirs(
    variable: str, value: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("RECONNECT_HOME")
    if value is None:
        monkeypatch.delenv(variable, raising=False)
    else:
        monkeypatch.setenv(variable, value)
    assert find_paths() == platform_paths()


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere platformdirs is asked itself")
@pytest.mark.parametrize("user", ["/home/anna", "/", "/home/anna/"])
def test_the_home_directory_is_followed(user: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("RECONNECT_HOME")
    monkeypatch.setenv("HOME", user)
    assert find_paths() == platform_paths()


def test_one_directory_for_everything(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", "/home/anna")
    for given, expected in (("here", f"{tmp_path}/here"), ("~/there", "/home/anna/there")):
        monkeypatch.setenv("RECONNECT_HOME", given)
        paths = find_paths()
        assert paths.config == f"{expected}/config.toml"
        assert paths.database == f"{expected}/reconnect.db"
        assert paths.catalog == f"{expected}/cache/catalog.json"
        assert paths.log_dir == f"{expected}/logs"
        assert all(place.startswith(expected) for place in paths)


@pytest.fixture
def no_umask() -> Iterator[None]:
    before = os.umask(0)
    yield
    os.umask(before)


def mode(path: Path) -> int:
    return path.stat().st_mode & 0o777


@pytest.mark.usefixtures("no_umask")
def test_what_is_made_is_private_whatever_the_umask(tmp_path: Path) -> None:
    deep = tmp_path / "a" / "b" / "c"
    make_private_dir(str(deep))
    assert [mode(place) for place in (deep, deep.parent, deep.parent.parent)] == [0o700] * 3
    file = deep / "d" / "file"
    assert create_private_file(str(file))
    assert not create_private_file(str(file))
    write_private_file(str(deep / "e" / "file"), b"x")
    for made in (file, deep / "e" / "file"):
        assert mode(made) == 0o600
        assert mode(made.parent) == 0o700
        assert is_private(str(made))
    file.chmod(0o604)
    assert not is_private(str(file))


@pytest.mark.usefixtures("no_umask")
def test_an_existing_directory_is_left_alone(tmp_path: Path) -> None:
    place = tmp_path / "mine"
    place.mkdir(mode=0o755)
    make_private_dir(str(place))
    assert mode(place) == 0o755


def test_a_file_is_replaced_whole_or_not_at_all(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "file"
    write_private_file(str(file), b"first")

    def full(_handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space left"):
        write_private_file(str(file), b"second")
    assert file.read_bytes() == b"first"
    assert [one.name for one in tmp_path.glob("file*")] == ["file"]
    write_private_file(str(file), b"third", durable=False)
    assert file.read_bytes() == b"third"


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    real = tmp_path / "dotfiles" / "config.toml"
    real.parent.mkdir()
    real.write_text("old")
    link = tmp_path / "config.toml"
    link.symlink_to(real)
    write_private_file(str(link), b"new")
    assert link.is_symlink()
    assert real.read_text() == "new"


def test_a_file_where_a_directory_should_be(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(OSError, match="Not a directory"):
        create_private_file(str(tmp_path / "file" / "below"))
