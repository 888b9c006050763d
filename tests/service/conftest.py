"""The fixtures of the service: daemons, receivers, a home with `listen` adopted."""

from __future__ import annotations

from tests.reminders.keeping import kept, plant
from tests.reminders.live import daemon, receiver, smtp

__all__ = ["daemon", "kept", "plant", "receiver", "smtp"]
