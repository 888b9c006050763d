"""How the program is built: floors, sizes, what a plugin may import, what a command loads."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.conftest import Run

ROOT = Path(__file__).parents[1]
CORE = ROOT / "core"
PLUGINS = ROOT / "plugins"
# The floors, from the ground up. An import may stay on its floor or go down, never up.
FLOORS = (
    {"", "model", "errors", "explain", "clock", "paths", "config", "secrets", "lock"}
    | {"logging", "logfile", "digest", "help_lines", "textfit", "faults"},
    {"store", "recurrence", "rules", "api"},
    {"habits", "reminders", "review", "transfer"},
    {"daemon", "service", "web", "cli", "__main__"},
)
MODULES = sorted(CORE.rglob("*.py"))
IDS = [module.relative_to(CORE).as_posix() for module in MODULES]


def floor_of(name: str) -> int:
    """The floor of a module by its dotted name: `reconnect.store.entries`."""
    part = name.split(".")[1] if "." in name else ""
    for number, parts in enumerate(FLOORS):
        if part in parts:
            return number
    raise AssertionError(f"{name}: say in FLOORS (and in docs/architecture.md) where it belongs")


def imports_of(module: Path) -> Iterator[tuple[int, str]]:
    """Line and dotted name of every import, inside functions too, but not for type checking."""
    for node in _running(ast.parse(module.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{module}, line {node.lineno}: imports are absolute here"
            source = node.module or ""
            # `from reconnect import clock` imports the module clock, not the package alone.
            within = (CORE / source.replace(".", "/")).is_dir()
            for alias in node.names:
                inner = CORE / source.replace(".", "/") / alias.name
                known = within and (inner.is_dir() or inner.with_suffix(".py").is_file())
                yield node.lineno, f"{source}.{alias.name}" if known else source


def _running(node: ast.AST) -> Iterator[ast.AST]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.If) and ast.unparse(child.test).endswith("TYPE_CHECKING"):
            for other in child.orelse:
                yield other
                yield from _running(other)
            continue
        yield child
        yield from _running(child)


@pytest.mark.parametrize("module", MODULES, ids=IDS)
def test_an_import_never_runs_upwards(module: Path) -> None:
    own = ".".join(module.relative_to(CORE).with_suffix("").parts).removesuffix(".__init__")
    upwards = [
        f"line {line}: {name}"
        for line, name in imports_of(module)
        if name.partition(".")[0] == "reconnect" and floor_of(name) > floor_of(own)
    ]
    assert not upwards


@pytest.mark.parametrize("module", MODULES, ids=IDS)
def test_a_module_is_short_and_says_what_it_is(module: Path) -> None:
    text = module.read_text(encoding="utf-8")
    assert len(text.splitlines()) <= 300
    assert ast.get_docstring(ast.parse(text))


def test_core_imports_no_plugin() -> None:
    rules = {path.name for path in PLUGINS.iterdir()}
    for module in MODULES:
        assert not [name for _, name in imports_of(module) if name.partition(".")[0] in rules]


def test_a_plugin_imports_only_the_api() -> None:
    found = sorted(PLUGINS.rglob("*.py"))
    assert found
    for module in found:
        own = module.relative_to(PLUGINS).parts[0]
        for line, name in imports_of(module):
            allowed = name.partition(".")[0] in {own, "click"} | sys.stdlib_module_names
            assert allowed or name == "reconnect.api", f"{module}, line {line}: {name}"


def test_the_api_defines_nothing() -> None:
    tree = ast.parse((CORE / "reconnect" / "api.py").read_text(encoding="utf-8"))
    kinds = {type(node) for node in tree.body[1:]}
    assert kinds == {ast.ImportFrom, ast.Assign}
    imported = {alias.name for node in tree.body if isinstance(node, ast.ImportFrom)
                for alias in node.names}  # fmt: skip
    import reconnect.api

    assert set(reconnect.api.__all__) == imported


# What a command that is typed all day must not load; and what it need not.
HEAVY = (
    "apprise", "requests", "schedule", "jinja2", "starlette", "rich", "importlib.metadata",
    "platformdirs", "pluggy", "dateutil", "reconnect.daemon", "reconnect.reminders",
)  # fmt: skip
PROBE = f"""
import sys
from reconnect.cli.main import run
code = run(sys.argv[1:])
heavy = [name for name in {HEAVY!r} if name in sys.modules]
print(code, *heavy, file=sys.stderr)
"""


@pytest.mark.parametrize(
    ("arguments", "completing"),
    [
        (["--help"], ""),
        (["log", "listen", "20"], ""),
        (["log", "listen", "--help"], ""),
        (["today"], ""),
        ([], "reconnect "),
        ([], "reconnect log "),
        ([], "reconnect log listen --"),
    ],
)
def test_what_is_typed_all_day_loads_nothing_heavy(
    process: Run, arguments: list[str], completing: str
) -> None:
    environment = dict(os.environ)
    if sys.platform != "linux":
        pytest.skip("elsewhere platformdirs is asked where the files are")
    assert process("adopt", "listen").code == 0
    if completing:
        environment |= {
            "_RECONNECT_COMPLETE": "bash_complete",
            "COMP_WORDS": completing,
            "COMP_CWORD": str(len(completing.split(" ")) - 1),
        }
    command = [sys.executable, "-c", PROBE, *arguments]
    for _ in range(2):  # the first may have to look at the plugins: its path differs
        done = subprocess.run(
            command, env=environment, capture_output=True, text=True, check=True,
            stdin=subprocess.DEVNULL, timeout=60,
        )  # fmt: skip
    *said, found = done.stderr.splitlines()
    assert found == "0"
    assert said or done.stdout


def test_the_short_way_to_quote_a_path_equals_the_long_one() -> None:
    from reconnect.store.database import _quoted

    path = "/home/anna müller/a%20b?c#d/" + "".join(map(chr, range(1, 256)))
    assert _quoted(path) == quote(path)
