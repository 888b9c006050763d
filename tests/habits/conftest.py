"""Plugins as real packages, a daemon and a receiver, for the tests of what rules see."""

from __future__ import annotations

from tests.plugins.conftest import hooked, passing
from tests.reminders.live import daemon, receiver
from tests.rules.conftest import site

__all__ = ["daemon", "hooked", "passing", "receiver", "site"]
