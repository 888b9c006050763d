"""One folder per rule, one line per rule in pyproject.toml, and nothing beside them."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import reconnect
from reconnect.rules.rulefile import load_rule

ROOT = Path(__file__).parents[2]
with (ROOT / "pyproject.toml").open("rb") as file:
    PROJECT = tomllib.load(file)["project"]
FOLDERS = {path.name: path for path in (ROOT / "plugins").iterdir() if path.name[0] not in "._"}


def test_each_folder_is_an_entry_point_and_each_entry_point_a_folder() -> None:
    points = PROJECT["entry-points"]["reconnect"]
    assert {name: f"reconnect_{name}" for name in points} == points
    assert set(points.values()) == set(FOLDERS)


def test_a_rule_has_the_id_that_its_folder_says() -> None:
    for name, path in FOLDERS.items():
        assert f"reconnect_{load_rule(path / 'rule.toml').id}" == name


def test_the_python_of_a_rule_stays_small() -> None:
    # What several rules need belongs into reconnect.api, what people read into rule.toml.
    for name, path in FOLDERS.items():
        lines = {
            module.relative_to(path).as_posix(): len(module.read_text("utf-8").splitlines())
            for module in path.rglob("*.py")
        }
        assert lines["__init__.py"] < 60, name
        assert sum(lines.values()) <= 165, f"{name}: {lines}"


def test_core_holds_one_package() -> None:
    assert [p.name for p in (ROOT / "core").iterdir() if p.name[0] not in "._"] == ["reconnect"]


def test_a_cap_on_a_dependency_has_its_reason_beside_it() -> None:
    lines = (ROOT / "pyproject.toml").read_text(encoding="utf-8").splitlines()
    capped = [n for n, line in enumerate(lines) if re.search(r'"[a-z-]+>=[^"]*<', line)]
    assert capped
    assert all(lines[number - 1].strip().startswith("# ") for number in capped)


def test_the_changelog_has_this_version() -> None:
    text = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert re.search(rf"^## .*{re.escape(reconnect.__version__)}", text, re.MULTILINE)
