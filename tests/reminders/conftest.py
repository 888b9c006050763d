"""The fixtures of the reminder engine: receivers, daemons, and a home with `listen` adopted."""

from __future__ import annotations

from tests.reminders.keeping import kept, plant
from tests.reminders.live import daemon, receiver, smtp
from tests.reminders.script import script

__all__ = ["daemon", "kept", "plant", "receiver", "script", "smtp"]
