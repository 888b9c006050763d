"""Settings and plugins of a process that runs for long: read again when their files change."""

from __future__ import annotations

import logging
import os
import time
from typing import TYPE_CHECKING

from reconnect.config import Settings, load_settings
from reconnect.errors import ReconnectError
from reconnect.rules.budget import CALLS
from reconnect.rules.stamps import Stamp, stamp

if TYPE_CHECKING:
    from reconnect.paths import Paths
    from reconnect.rules.events import PluginProblem
    from reconnect.rules.registry import Plugin, Registry

log = logging.getLogger("reconnect.fresh")

SETTLE_S = 0.3
"""A file is left alone for so long after its last change: an editor may not be through with it."""

GLANCE_S = 0.1
"""How often it is looked whether config.toml changed."""

LOOK_S = 2.0
"""How often it is looked whether plugins came, changed or went."""


class FreshSettings:
    """config.toml; the last good one while it is broken or gone.

    Raises (when it is made):
        ConfigError: the file cannot be used from the start.
    """

    def __init__(self, path: str) -> None:
        """Read it."""
        self._path = path
        self._taken = self._seen = stamp(path)
        self._since = self._looked = 0.0
        self._good = load_settings(path)

    def __call__(self) -> Settings:
        """The settings that hold now."""
        if time.monotonic() - self._looked < GLANCE_S:
            return self._good  # It is asked several times for each of hundreds of reminders.
        self._looked = time.monotonic()
        now = stamp(self._path)
        if now in (self._taken, ()):
            self._seen = now
        elif now != self._seen:
            self._seen, self._since = now, time.monotonic()
        elif time.monotonic() - self._since >= SETTLE_S:
            self._taken = now
            self._read()
        return self._good

    def _read(self) -> None:
        try:
            self._good = load_settings(self._path)
            log.info("settings read again")
        except ReconnectError as error:
            log.error("settings not taken up: %s", error)


class FreshPlugins:
    """The plugins, loaded anew when a folder of rules or the person's choices change.

    Args:
        paths: where these are.
        settings: how long a call into a plugin may take.
    """

    def __init__(self, paths: Paths, settings: FreshSettings) -> None:
        """Nothing is loaded yet."""
        self._paths = paths
        self._settings = settings
        self._stamps: list[Stamp] = []
        self._looked = 0.0

    def load(self) -> Registry:
        """Import and register every plugin that may run."""
        from reconnect.rules.catalog import load_registry

        self._stamps, self._looked = self._now(), time.monotonic()
        seconds = self._settings().daemon.plugin_seconds
        registry = load_registry(self._paths, seconds, on_fault=self._faulted)
        registry.budget_s = CALLS * seconds
        return registry

    def changed(self) -> Registry | None:
        """Another registry, where something changed since the last one was loaded."""
        if time.monotonic() - self._looked < LOOK_S:
            return None
        self._looked = time.monotonic()
        if self._now() == self._stamps:
            return None
        log.info("plugins loaded again")
        return self.load()

    def _faulted(self, plugin: Plugin, _problem: PluginProblem) -> None:
        if plugin.turned_off:
            # The change of the choices is ours: its texts go on being sent until the next start.
            self._stamps = self._now()

    def _now(self) -> list[Stamp]:
        rules = self._paths.rules
        try:
            names = sorted(os.listdir(rules))
        except OSError:
            names = []
        files = [os.path.join(rules, name, "rule.toml") for name in names]
        return [stamp(file) for file in (self._paths.plugin_choices, rules, *files)]
