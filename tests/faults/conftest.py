"""What faults are put to: receivers, daemons, and a home with `listen` adopted."""

from __future__ import annotations

from tests.reminders.keeping import kept, plant
from tests.reminders.live import daemon, receiver, smtp
from tests.rules.conftest import site

__all__ = ["daemon", "kept", "plant", "receiver", "site", "smtp"]
