"""Install it as others do, with the newest dependencies and with the oldest, and try it out."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Any

import pytest
from packaging.requirements import Requirement
from tests.packaging.conftest import ROOT, succeed

import reconnect

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.packaging.conftest import Built, Environment

pytestmark = pytest.mark.packaging

OUTSIDE = '''\
"""A plugin of somebody else's, and code that uses a built-in one."""

import reconnect_listen
from reconnect.api import History, Message, MetricValue, PromptContext, Prompt, Rule, hookimpl


class Letter(Rule, frozen=True, kw_only=True):
    """A rule that chooses for itself."""

    def choose_prompt(self, context: PromptContext) -> Prompt | None:
        return self.prompts[0]

    def measure(self, history: History) -> tuple[MetricValue, ...]:
        return ()


@hookimpl
def reconnect_before_reminder(message: Message) -> Message | None:
    return None


rule: Rule = reconnect_listen.reconnect_register_rule()
titles: list[str] = [habit.title for habit in rule.habits]
# Where the types were not found, everything would be Any, and these two would be superfluous.
wrong: int = rule.title  # type: ignore[assignment]
missing = rule.titel  # type: ignore[attr-defined]
'''


def try_it(environment: Environment, home: Path) -> None:
    """What everybody does first."""
    assert reconnect.__version__ in environment.reconnect(home, "--version")
    environment.reconnect(home, "--no-input", "init")
    environment.reconnect(home, "--no-input", "adopt", "listen", "--name", "listen")
    environment.reconnect(home, "--no-input", "log", "listen", "20")
    today = json.loads(environment.reconnect(home, "today", "--json"))
    states = {habit["habit"]: habit["state"] for habit in today["habits"]}
    assert states["listen"] == "yes"
    assert "This is a test" in environment.reconnect(home, "channels", "test")
    assert json.loads(environment.reconnect(home, "remind", "--json"))["reminders"]


def lowest(project: dict[str, Any]) -> list[str]:
    """Every dependency, pinned to the oldest version that is allowed."""
    pins = []
    for requirement in map(Requirement, project["dependencies"]):
        if requirement.marker is None or requirement.marker.evaluate():
            (floor,) = [s.version for s in requirement.specifier if s.operator == ">="]
            pins.append(f"{requirement.name}=={floor}")
    return pins


def test_the_wheel_works_with_the_newest_dependencies(
    environment: Callable[[], Environment], built: Built, tmp_path: Path
) -> None:
    made = environment()
    made.install("--upgrade", str(built.wheel))
    try_it(made, tmp_path / "home")


def test_the_wheel_works_with_the_oldest_dependencies_allowed(
    environment: Callable[[], Environment],
    built: Built,
    project: dict[str, Any],
    tmp_path: Path,
) -> None:
    made = environment()
    made.install(str(built.wheel), *lowest(project))
    try_it(made, tmp_path / "home")


def test_an_editable_install_works(editable: Environment, tmp_path: Path) -> None:
    try_it(editable, tmp_path / "home")


def test_a_project_outside_is_type_checked_against_it(
    editable: Environment, tmp_path: Path
) -> None:
    (tmp_path / "outside.py").write_text(OUTSIDE, encoding="utf-8")
    (tmp_path / "mypy.ini").write_text("[mypy]\nstrict = True\n", encoding="utf-8")
    succeed(
        [
            sys.executable, "-m", "mypy", "--config-file", str(tmp_path / "mypy.ini"),
            "--cache-dir", str(tmp_path / "cache"), "--python-executable", editable.python,
            str(tmp_path / "outside.py"),
        ]
    )  # fmt: skip


def test_it_builds_with_the_oldest_build_backend_allowed(tmp_path: Path) -> None:
    import tomllib

    with (ROOT / "pyproject.toml").open("rb") as file:
        (backend,) = tomllib.load(file)["build-system"]["requires"]
    pins = tmp_path / "pins.txt"
    pins.write_text(backend.replace(">=", "=="), encoding="utf-8")
    # Both: which one pip heeds while it builds depends on its own version.
    environment = {"PIP_CONSTRAINT": str(pins), "PIP_BUILD_CONSTRAINT": str(pins)}
    succeed(
        [sys.executable, "-m", "build", "--wheel", "--outdir", str(tmp_path), str(ROOT)],
        **environment,
    )
    assert list(tmp_path.glob("*.whl"))
