"""Load one plugin in a process of its own, so that nothing it does can end ours."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

import msgspec

from reconnect.rules.discovery import Found
from reconnect.rules.events import PluginProblem

if TYPE_CHECKING:
    from collections.abc import Sequence

SPARE_S = 10.0
"""How many seconds more than a plugin's own limit the process may take."""


class Trial(msgspec.Struct, frozen=True, kw_only=True):
    """How it went: what the plugin implements, what is wrong with it, and whether it survived."""

    hooks: tuple[str, ...] = ()
    rule: str | None = None
    problems: tuple[PluginProblem, ...] = ()
    died: str | None = None


def attempt(found: Found) -> Trial:
    """Load the plugin elsewhere. `died` says how it took its process down with it."""
    from reconnect.rules.catalog import load_limit

    environment = {k: v for k, v in os.environ.items() if not k.startswith("RECONNECT_PLUGINS")}
    environment["RECONNECT_PLUGINS_SECONDS"] = str(load_limit())
    try:
        done = subprocess.run(  # noqa: S603 - this program itself
            [sys.executable, "-P", "-m", __name__, msgspec.json.encode(found).decode()],
            env=environment | {"PYTHONPATH": os.pathsep.join(p for p in sys.path if p)},
            stdin=subprocess.DEVNULL, capture_output=True, check=False,
            timeout=load_limit() + SPARE_S,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        return Trial(died="it did not come to an end")
    try:
        return msgspec.json.decode(done.stdout, type=Trial)
    except msgspec.MsgspecError:
        return Trial(died=f"it ended the whole program (exit code {done.returncode})")


def main(arguments: Sequence[str]) -> None:
    """Load what the argument describes, and print a Trial."""
    from reconnect.rules.catalog import load_limit
    from reconnect.rules.consent import Agreed, Choices
    from reconnect.rules.registry import Registry

    found = msgspec.json.decode(arguments[0], type=Found)
    agreed = Agreed(distribution=found.distribution, version=found.version)
    choices = Choices(enabled={found.name: agreed})
    registry = Registry([found], choices, seconds=load_limit(), strict=False, alone=True)
    (plugin,) = registry.plugins
    for command in registry.commands(plugin):
        registry.built(plugin, command)
    result = Trial(
        hooks=plugin.hooks,
        rule=plugin.taught.id if plugin.taught else None,
        problems=tuple(plugin.problems),
    )
    sys.stdout.buffer.write(msgspec.json.encode(result))
    sys.stdout.flush()
    # Threads that the plugin left behind would keep this process alive.
    os._exit(0)


if __name__ == "__main__":
    main(sys.argv[1:])
