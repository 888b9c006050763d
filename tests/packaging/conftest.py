"""What the packaging tests share: the distributions, built once, and environments for them.

They need `pip install -e '.[test,dev]'` and a package index, which is the machine's own choice: pip
runs under the environment that the tests were started in.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tarfile
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT = Path(__file__).parents[2]
# Taken before any fixture hides the machine's home, where pip's configuration may be.
MACHINE = {
    name: value
    for name, value in os.environ.items()
    if not name.startswith(("RECONNECT_", "PYTEST_", "PYTHONPATH"))
}


@dataclass(frozen=True)
class Built:
    """The sdist, the wheel built from it, and the wheel built from the tree."""

    sdist: Path
    wheel: Path
    wheel_of_tree: Path

    def in_sdist(self) -> set[str]:
        """The files of the sdist, without its top folder."""
        with tarfile.open(self.sdist) as archive:
            return {member.name.partition("/")[2] for member in archive if member.isfile()}


@dataclass(frozen=True)
class Environment:
    """A fresh virtual environment."""

    place: Path

    @property
    def python(self) -> str:
        """Its interpreter."""
        return str(self.place / ("Scripts" if os.name == "nt" else "bin") / "python")

    def install(self, *what: str) -> None:
        """Install with the machine's pip configuration."""
        pip = [sys.executable, "-m", "pip", "--python", self.python, "install", "--quiet"]
        succeed([*pip, "--disable-pip-version-check", *what])

    def reconnect(self, home: Path, *arguments: str) -> str:
        """What the installed command prints on stdout."""
        command = str(Path(self.python).with_name("reconnect"))
        return succeed([command, *arguments], RECONNECT_HOME=str(home), NO_COLOR="1")


def succeed(command: list[str], **environment: str) -> str:
    """Run it; its stdout, or a failure that shows what it said."""
    done = subprocess.run(
        command, env=MACHINE | environment, cwd=ROOT, capture_output=True, text=True, check=False,
        timeout=300,
    )  # fmt: skip
    assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
    return done.stdout


def contents(wheel: Path) -> dict[str, bytes]:
    """Everything in a wheel, by name."""
    with zipfile.ZipFile(wheel) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Built:
    """Both distributions; the wheel once from the sdist, once from the tree."""
    from_sdist, from_tree = tmp_path_factory.mktemp("dist"), tmp_path_factory.mktemp("tree")
    build = [sys.executable, "-m", "build", "--outdir"]
    succeed([*build, str(from_sdist), str(ROOT)])
    succeed([*build, str(from_tree), "--wheel", str(ROOT)])
    (sdist,), (wheel,) = from_sdist.glob("*.tar.gz"), from_sdist.glob("*.whl")
    (wheel_of_tree,) = from_tree.glob("*.whl")
    return Built(sdist, wheel, wheel_of_tree)


@pytest.fixture(scope="session")
def environment(tmp_path_factory: pytest.TempPathFactory) -> Callable[[], Environment]:
    """Make a fresh virtual environment, with nothing in it."""

    def make() -> Environment:
        place = tmp_path_factory.mktemp("environment")
        succeed([sys.executable, "-m", "venv", "--without-pip", str(place)])
        return Environment(place)

    return make


@pytest.fixture(scope="session")
def editable(environment: Callable[[], Environment]) -> Environment:
    """The tree, installed with -e."""
    made = environment()
    made.install("-e", str(ROOT))
    return made


@pytest.fixture(scope="session")
def project() -> dict[str, Any]:
    """The table [project] of pyproject.toml."""
    import tomllib

    with (ROOT / "pyproject.toml").open("rb") as file:
        table: dict[str, Any] = tomllib.load(file)["project"]
    return table
