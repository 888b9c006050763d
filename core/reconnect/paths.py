"""Every path of the program. `RECONNECT_HOME` puts everything in one directory."""

from __future__ import annotations

import os
import sys
from _thread import get_ident
from contextlib import suppress
from typing import NamedTuple

NAME = "reconnect"


class Paths(NamedTuple):
    """Directories of one installation, as absolute text paths. None of them needs to exist."""

    config_dir: str
    data_dir: str
    state_dir: str
    cache_dir: str
    log_dir: str

    @property
    def config(self) -> str:
        """The settings file."""
        return os.path.join(self.config_dir, "config.toml")

    @property
    def rules(self) -> str:
        """Folders with a rule.toml of the person's own."""
        return os.path.join(self.config_dir, "rules")

    @property
    def database(self) -> str:
        """Everything the person logged."""
        return os.path.join(self.data_dir, "reconnect.db")

    @property
    def plugin_choices(self) -> str:
        """Which plugins the person turned on or off."""
        return os.path.join(self.data_dir, "plugins.json")

    @property
    def lock(self) -> str:
        """Held by the one daemon that runs."""
        return os.path.join(self.state_dir, "daemon.lock")

    @property
    def log(self) -> str:
        """What the daemon logs; older parts of it end in .1 to .4."""
        return os.path.join(self.log_dir, "daemon.log")

    @property
    def catalog(self) -> str:
        """What the plugins found last time hold, so that a command need not import them."""
        return os.path.join(self.cache_dir, "catalog.json")


def find_paths() -> Paths:
    """The directories in force: RECONNECT_HOME's, or the platform's."""
    home = os.environ.get("RECONNECT_HOME")
    if home:
        home = os.path.abspath(os.path.expanduser(home))
        return Paths(home, home, home, os.path.join(home, "cache"), os.path.join(home, "logs"))
    if sys.platform == "linux":
        return _linux_paths()
    return platform_paths()


def platform_paths() -> Paths:
    """The directories that platformdirs names for this platform."""
    import platformdirs

    dirs = platformdirs.PlatformDirs(NAME, appauthor=False)
    return Paths(
        dirs.user_config_dir,
        dirs.user_data_dir,
        dirs.user_state_dir,
        dirs.user_cache_dir,
        dirs.user_log_dir,
    )


def _linux_paths() -> Paths:
    # What platformdirs answers on Linux (a test holds the two equal), without its import: that
    # costs 11 ms, a fifth of the whole time that `reconnect log` takes.
    def base(variable: str, *fallback: str) -> str:
        named = os.environ.get(variable, "").strip()
        root = named if os.path.isabs(named) else os.path.join(os.path.expanduser("~"), *fallback)
        return os.path.join(root, NAME)

    state = base("XDG_STATE_HOME", ".local", "state")
    return Paths(
        base("XDG_CONFIG_HOME", ".config"),
        base("XDG_DATA_HOME", ".local", "share"),
        state,
        base("XDG_CACHE_HOME", ".cache"),
        os.path.join(state, "log"),
    )


def make_private_dir(path: str) -> None:
    """Create a directory that only its owner can enter, and those above it that are missing.

    Existing ones are left alone.
    """
    above = os.path.dirname(path)
    if above and above != path and not os.path.isdir(above):
        make_private_dir(above)
    with suppress(FileExistsError):
        os.mkdir(path, 0o700)


def create_private_file(path: str) -> bool:
    """Create an empty file that only its owner can read. False where it existed already."""
    make_private_dir(os.path.dirname(path))
    try:
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    except FileExistsError:
        return False
    return True


def write_private_file(path: str, data: bytes, *, durable: bool = True) -> None:
    """Replace a file whole: written beside it, renamed, readable by its owner only.

    A link stays a link: what it leads to is replaced.

    Args:
        path: the file.
        data: all that is to stand in it.
        durable: wait until the disk has it; False for what can be made again.
    """
    path = os.path.realpath(path)
    make_private_dir(os.path.dirname(path))
    draft = f"{path}.{os.getpid()}-{get_ident()}.new"
    try:
        handle = os.open(draft, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            if durable:
                file.flush()
                os.fsync(file.fileno())
        os.replace(draft, path)
    except BaseException:
        with suppress(OSError):
            os.unlink(draft)
        raise


def is_private(path: str) -> bool:
    """Whether nobody but the owner can get at the file or directory (always true on Windows)."""
    return os.name == "nt" or not os.stat(path).st_mode & 0o077
