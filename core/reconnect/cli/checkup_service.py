"""What `doctor` looks at in the service: whether it is there, runs, and still fits."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from reconnect.cli.checkup import Check

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reconnect.cli.app import App


def service(app: App) -> Iterator[Check]:
    """Whether the system starts the daemon, and the right one."""
    from reconnect.lock import InstanceLock
    from reconnect.service import install
    from reconnect.service.managers import manager_for
    from reconnect.service.program import program

    manager = manager_for(app.paths)
    if install.read(manager) is None:
        todo = "`reconnect service install` has reminders started at every login"
        yield Check("service", "ok", "none is installed", todo)
        return
    missing = manager.missing()
    if missing:
        yield Check("service", "warn", f"{manager.file} is there, and cannot be used: {missing}")
        return
    found = install.standing(manager, program(app.paths, os.environ))
    for text in found.drift:
        yield Check("service", "warn", text, "see `reconnect service status`")
    runs = InstanceLock(app.paths.lock).held_by_another()
    if not found.state.known or (found.state.active is False and not runs):
        text = f"it is installed, and does not run: {found.state.detail or 'not known'}"
        todo = "`reconnect service start` starts it, `reconnect service logs` says more"
        yield Check("service", "warn", text, todo)
    elif not found.drift:
        rests = found.state.lingers is False
        todo = "`loginctl enable-linger` lets it run while you are logged out" if rests else ""
        yield Check("service", "ok", f"{manager.name}: {manager.file}", todo)
