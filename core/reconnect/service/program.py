"""What a service starts: this Python, `reconnect daemon run`, and the environment it needs."""

from __future__ import annotations

import os
import subprocess
import sys
from contextlib import suppress
from typing import TYPE_CHECKING, NamedTuple

from reconnect.errors import ReconnectError
from reconnect.secrets import is_reference

if TYPE_CHECKING:
    from collections.abc import Mapping

    from reconnect.config import Settings
    from reconnect.paths import Paths

DAEMON = ("daemon", "run", "--log-to", "file")

# Where the files are, which zone, which certificates: what differs between a shell and a service.
_CARRIED = (
    "RECONNECT_HOME", "RECONNECT_PLUGINS", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME",
    "XDG_CACHE_HOME", "TZ", "SSL_CERT_FILE", "SSL_CERT_DIR", "REQUESTS_CA_BUNDLE",
)  # fmt: skip
_PROXIES = ("http_proxy", "https_proxy", "all_proxy", "no_proxy")
PLACES = ("RECONNECT_HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME")
"""Those that say whose files are meant."""


class Program(NamedTuple):
    """What a service starts. `environment` is what it adds to a plain one."""

    python: str
    environment: dict[str, str]
    environment_file: str
    stderr: str

    @property
    def command(self) -> tuple[str, ...]:
        """The command with its arguments; -P keeps a file in the home from taking our name."""
        return (self.python, "-P", "-m", "reconnect", *DAEMON)


def program(paths: Paths, environment: Mapping[str, str]) -> Program:
    """What a service should start, for these files.

    Raises:
        ReconnectError: a path or a value has a line break in it, which no service file can hold.
    """
    kept = {name: environment[name] for name in _CARRIED if environment.get(name)}
    if "RECONNECT_HOME" in kept:
        kept["RECONNECT_HOME"] = paths.config_dir
    for name in (*_PROXIES, *(name.upper() for name in _PROXIES)):
        # One with a password in it is left out: it would be shown to whoever looks at the service.
        if environment.get(name) and "@" not in environment[name]:
            kept[name] = environment[name]
    made = Program(
        python=sys.executable,
        environment=kept,
        environment_file=os.path.join(paths.config_dir, "environment"),
        stderr=os.path.join(paths.log_dir, "service.err"),
    )
    for text in (*made.command, *kept.values(), made.environment_file, made.stderr):
        if any(ord(character) < 32 for character in text):
            raise ReconnectError(
                f"a service cannot be made with {text!r}: it has a line break or another control "
                "character in it. Give the directory another name."
            )
    return made


def try_out(one: Program, environment: Mapping[str, str]) -> None:
    """Start it once as a service would, only to print its version.

    Raises:
        ReconnectError: it does not start.
    """
    plain = {n: environment[n] for n in ("PATH", "HOME", "SYSTEMROOT") if n in environment}
    command = [one.python, "-P", "-m", "reconnect", "--version"]
    try:
        done = subprocess.run(  # noqa: S603 - this very Python
            command, env={**plain, **one.environment}, stdin=subprocess.DEVNULL,
            capture_output=True, timeout=60, check=False, cwd=os.path.expanduser("~"),
        )  # fmt: skip
    except (OSError, subprocess.TimeoutExpired) as error:
        raise ReconnectError(f"{one.python} cannot be started: {error}") from error
    if done.returncode:
        raise ReconnectError(
            f"`{one.python} -m reconnect` does not run outside of this shell: is reconnect "
            "installed there, or found only through PYTHONPATH? Nothing was written."
        )


def unmet(settings: Settings, one: Program, *, reads_file: bool) -> list[str]:
    """The variables that config.toml takes secrets from, and that a service does not have.

    Args:
        settings: what stands in config.toml.
        one: what the service starts.
        reads_file: whether the manager reads `environment_file`.
    """
    references = [channel.url for channel in settings.channels.values()]
    references.append(settings.daemon.health_url)
    wanted = {r.removeprefix("env:") for r in references if is_reference(r) and r[:4] == "env:"}
    had = set(one.environment)
    if reads_file:
        with suppress(OSError), open(one.environment_file, encoding="utf-8") as file:
            had.update(line.partition("=")[0].strip() for line in file if "=" in line)
    return sorted(wanted - had)


def passing_by(python: str) -> bool:
    """Whether a Python lies where a tool keeps what it may delete at any time (`uvx`)."""
    parts = python.replace("\\", "/").split("/")
    return "archive-v0" in parts or ("uv" in parts and ".cache" in parts)
