"""What is in the wheel and in the sdist."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.packaging.conftest import ROOT, contents

import reconnect

if TYPE_CHECKING:
    from tests.packaging.conftest import Built

pytestmark = pytest.mark.packaging
META = f"reconnect-{reconnect.__version__}.dist-info"
RULES = [path.name for path in (ROOT / "plugins").iterdir() if path.name[0] not in "._"]


def _tree(*roots: str) -> set[str]:
    """The files that a wheel should hold: all there are, but what is only for readers."""
    return {
        path.relative_to(ROOT / root).as_posix()
        for root in roots
        for path in (ROOT / root).rglob("*")
        if path.is_file() and path.suffix not in (".pyc", ".md")
    }


def test_the_wheel_holds_the_packages_whole_and_nothing_else(built: Built) -> None:
    names = set(contents(built.wheel))
    assert {name for name in names if not name.startswith(META)} == _tree("core", "plugins")
    assert {name.partition("/")[0] for name in names} == {"reconnect", META, *RULES}


def test_the_wheel_holds_each_rules_data(built: Built) -> None:
    names = set(contents(built.wheel))
    assert RULES
    for rule in RULES:
        assert {f"{rule}/__init__.py", f"{rule}/rule.toml", f"{rule}/py.typed"} <= names
    assert "reconnect/py.typed" in names
    assert "reconnect/store/schema/0001_first.sql" in names
    assert {
        f"reconnect/service/templates/reconnect.{kind}" for kind in ("service", "plist", "xml")
    } <= (names)
    assert "reconnect/data/help_lines.toml" in names


def test_the_wheel_names_licence_command_and_rules(built: Built) -> None:
    held = contents(built.wheel)
    assert b"MIT License" in held[f"{META}/licenses/LICENSE"]
    points = held[f"{META}/entry_points.txt"].decode()
    assert "reconnect = reconnect.cli.main:main" in points
    assert all(f"= {rule}\n" in f"{points}\n" for rule in RULES)
    assert "Requires-Python: >=3.11" in held[f"{META}/METADATA"].decode()


def test_the_sdist_holds_what_is_needed_to_build_test_and_read_it(built: Built) -> None:
    names = built.in_sdist()
    assert {name for name in names if "/" not in name} == {
        "CHANGELOG.md", "CONTRIBUTING.md", "LICENSE", "PKG-INFO", "README.md",
        "config.example.toml", "pyproject.toml", ".gitignore",
    }  # fmt: skip
    assert {name.partition("/")[0] for name in names if "/" in name} == {
        "bench", "core", "docs", "plugins", "tests",
    }  # fmt: skip
    assert all(f"plugins/{rule}/rule.toml" in names for rule in RULES)
    assert not [name for name in names if name.endswith((".pyc", ".db", ".so"))]
    assert not [name for name in names if name in ("core/README.md", "plugins/README.md")]


def test_the_sdist_builds_to_the_same_wheel_as_the_tree(built: Built) -> None:
    assert contents(built.wheel) == contents(built.wheel_of_tree)
