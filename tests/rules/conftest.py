"""Plugins as real packages, with real metadata, on the path of this process and of its children."""

from __future__ import annotations

import importlib
import os
import sys
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pytest

from reconnect.paths import find_paths
from reconnect.rules import catalog, consent
from reconnect.rules.discovery import find_plugins

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from tests.conftest import Run

    from reconnect.cli.rule_session import Session
    from reconnect.rules.catalog import Catalog

RULE = """
api = 1
id = "{id}"
title = "Tea"
summary = "A cup of tea together."
why = "Because it is warm."
asks = "One cup."

[[habits]]
id = "cup"
title = "A cup of tea"
amount = "cups"
target = 1
starter = true

[[fields]]
id = "cups"
title = "Cups"
ask = "How many cups?"
type = "integer"
minimum = 1
maximum = 20
defines = true

[[lapses]]
id = "cold"
title = "It got cold"
antidote = "Make another."

[[prompts]]
id = "tea-01"
text = "Put the kettle on."

[[prompts]]
id = "tea-02"
text = "Ask who would like a cup."

[[metrics]]
id = "cups-week"
title = "Cups"
question = "How many cups this week?"
kind = "total"
unit = "cups"
direction = "more"
window = 7
field = "cups"
"""

HEAD = """
from pathlib import Path
from reconnect.api import *
from reconnect.api import hookimpl, load_rule
"""

GOOD = (
    HEAD
    + """
@hookimpl
def reconnect_register_rule():
    return load_rule(Path(__file__).with_name("rule.toml"))
"""
)


@dataclass
class Site:
    """A directory with installed distributions."""

    place: Path
    home: Path
    modules: list[str] = field(default_factory=list)

    def install(
        self,
        name: str,
        code: str = GOOD,
        *,
        rule: str | None = None,
        distribution: str | None = None,
        version: str = "1.0",
        target: str | None = None,
        enable: bool = True,
    ) -> Path:
        """Install a plugin: a package `reconnect_NAME` with its rule.toml; returns its folder."""
        package = f"reconnect_{name}"
        folder = self.place / package
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "__init__.py").write_text(code, encoding="utf-8")
        text = RULE.format(id=name.replace("_", "-")) if rule is None else rule
        (folder / "rule.toml").write_text(text, encoding="utf-8")
        stem = distribution or package
        info = self.place / f"{stem}-{version}.dist-info"
        info.mkdir(exist_ok=True)
        (info / "METADATA").write_text(
            f"Metadata-Version: 2.1\nName: {stem}\nVersion: {version}\nAuthor: Ann Author\n"
            "Summary: Tea for two.\nProject-URL: home, https://tea.example\n",
            encoding="utf-8",
        )
        (info / "entry_points.txt").write_text(
            f"[reconnect]\n{name} = {target or package}\n", encoding="utf-8"
        )
        self.modules.append(package)
        importlib.invalidate_caches()
        if enable:
            self.enable(name)
        return folder

    def folder(self, name: str, rule: str | None = None) -> Path:
        """A rule of the person's own: a folder with nothing but a rule.toml."""
        place = self.home / "rules" / name
        place.mkdir(parents=True, exist_ok=True)
        file = place / "rule.toml"
        file.write_text(RULE.format(id=name) if rule is None else rule, encoding="utf-8")
        return file

    def enable(self, name: str) -> None:
        """Let an installed plugin run."""
        choices = str(self.home / "plugins.json")
        for found in find_plugins(str(self.home / "rules")):
            if found.name == name:
                consent.enable(choices, found)


@pytest.fixture
def site(tmp_path: Path, home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    """An empty directory of installed distributions on Python's path."""
    place = tmp_path / "site"
    place.mkdir()
    monkeypatch.syspath_prepend(str(place))
    monkeypatch.setenv("PYTHONPATH", str(place))
    made = Site(place, home)
    yield made
    for name in list(sys.modules):
        if name.partition(".")[0] in made.modules:
            del sys.modules[name]


@pytest.fixture
def session(cli: Run) -> Iterator[Session]:
    """A session of listen, which keeps no list of its own; it is adopted, without a reminder."""
    from reconnect.cli.app import App
    from reconnect.cli.rule_session import Session

    assert cli("adopt", "listen", "--no-reminder").code == 0
    app = App()
    yield Session(app, "listen")
    app.close()


@pytest.fixture
def rebuilds(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Grows with each time that all plugins are loaded."""
    seen: list[int] = []
    real = catalog.rebuild

    def counted(*args: object, **more: object) -> object:
        seen.append(1)
        return real(*args, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(catalog, "rebuild", counted)
    return seen


@pytest.fixture
def look(site: Site) -> Callable[[], Catalog]:
    """What a new process would see."""

    def looked() -> Catalog:
        for name in list(sys.modules):
            if name.partition(".")[0] in site.modules:
                del sys.modules[name]
        importlib.invalidate_caches()
        return catalog.load_catalog(find_paths())

    return looked


def settle(*places: Path) -> None:
    """Let files be older than the tick of the file system, as they are when people use them."""
    for place in places:
        for file in [place, *place.rglob("*")]:
            stat = file.stat()
            os.utime(file, ns=(stat.st_atime_ns, stat.st_mtime_ns - 5_000_000_001))
