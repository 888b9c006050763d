from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.conftest import Run

HEAVY = (
    "apprise", "requests", "schedule", "jinja2", "starlette", "rich", "importlib.metadata",
    "pluggy", "platformdirs", "dateutil", "asyncio", "tomllib",
)  # fmt: skip
PROBE = f"""
import sys
from reconnect.cli.main import run
code = run(sys.argv[1:])
print(code, *[name for name in {HEAVY!r} if name in sys.modules], file=sys.stderr)
"""


@pytest.mark.parametrize(
    "arguments",
    [
        ("--help",), ("log", "--help"), ("log", "listen", "5"), ("skip", "listen"),
        ("lapse", "listen", "half-listened"), ("undo",), ("today",), ("history",), ("habits",),
        ("ask",), ("week",),
    ],
)  # fmt: skip
def test_nothing_heavy_is_imported_for(cli: Run, arguments: tuple[str, ...]) -> None:
    cli("adopt", "listen")
    cli("log", "listen", "5")

    def probe(*arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-c", PROBE, *arguments],
            capture_output=True, text=True, check=False, timeout=60, stdin=subprocess.DEVNULL,
        )  # fmt: skip

    probe("rules")  # writes the catalog of what is on this process's path
    done = probe(*arguments)
    assert done.stderr.splitlines()[-1] == "0", done.stderr
