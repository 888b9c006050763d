"""The service managers: systemd, launchd and the Task Scheduler, asked in the same way."""

from __future__ import annotations

import os
import sys
import threading
from typing import TYPE_CHECKING, NamedTuple, Protocol

from reconnect.errors import ReconnectError, UsageError
from reconnect.service import files
from reconnect.service.calls import SLOW_S, call, must
from reconnect.service.missing import without_launchd, without_systemd

if TYPE_CHECKING:
    from reconnect.paths import Paths
    from reconnect.service.files import Form

UNIT = f"{files.LABEL}.service"

_BOOTED_OUT_S = 15.0


class State(NamedTuple):
    """What a manager says of the service; None is what it does not say.

    `known` is whether it has it at all, `enabled` whether it starts it at login, `detail` its words
    for how it is, `lingers` whether it runs while nobody is logged in.
    """

    known: bool
    enabled: bool | None = None
    active: bool | None = None
    detail: str = ""
    lingers: bool | None = None


class Manager(Protocol):
    """A service manager of this person's, not of the machine."""

    name: str
    form: Form
    file: str
    links: tuple[str, ...]
    """Links to the file that the manager made, and takes away itself where it is there."""
    asks_daemon: bool
    """Whether its own stop is a kill, so that the daemon is asked to end first."""

    def missing(self) -> str | None:
        """Why it cannot be used here, and what to do instead; None where it can."""

    def take_up(self, *, changed: bool, start: bool) -> None:
        """Know the file that stands there, start it at login, and (`start`) now."""

    def let_go(self) -> None:
        """Stop it, and start it no more; called while the file is still there."""

    def gone(self) -> None:
        """The file was taken away."""

    def start(self) -> None:
        """Start it now."""

    def stop(self) -> None:
        """Stop it now; it comes back at the next login."""

    def state(self) -> State:
        """How it is."""


class Systemd:
    """systemd's manager of one person: `systemctl --user`."""

    name = "systemd"
    form = files.UNIT
    links: tuple[str, ...]
    asks_daemon = False

    def __init__(self, _paths: Paths) -> None:
        """Know where the unit belongs."""
        named = os.environ.get("XDG_CONFIG_HOME", "")
        config = named if os.path.isabs(named) else os.path.expanduser("~/.config")
        self.file = os.path.join(config, "systemd", "user", UNIT)
        self.links = (os.path.join(config, "systemd", "user", "default.target.wants", UNIT),)

    def missing(self) -> str | None:
        """Why it cannot be used here; None where it can."""
        done = call("systemctl", "--user", "show", "--property=Version", "--value")
        return without_systemd(done) if done.code else None

    def take_up(self, *, changed: bool, start: bool) -> None:
        """Know the file, start it at login, and (`start`) now."""
        must("systemctl", "--user", "daemon-reload")
        must("systemctl", "--user", "enable", UNIT)
        if start:
            must("systemctl", "--user", "restart" if changed else "start", UNIT, seconds=SLOW_S)

    def let_go(self) -> None:
        """Stop it, and start it no more."""
        must("systemctl", "--user", "disable", "--now", UNIT, seconds=SLOW_S)

    def gone(self) -> None:
        """The file was taken away."""
        must("systemctl", "--user", "daemon-reload")
        call("systemctl", "--user", "reset-failed", UNIT)  # An error where it had not failed.

    def start(self) -> None:
        """Start it now."""
        # One that was given up after many failures would refuse to be started.
        call("systemctl", "--user", "reset-failed", UNIT)
        must("systemctl", "--user", "start", UNIT, seconds=SLOW_S)

    def stop(self) -> None:
        """Stop it now."""
        must("systemctl", "--user", "stop", UNIT, seconds=SLOW_S)

    def state(self) -> State:
        """How it is."""
        wanted = "LoadState,ActiveState,SubState,UnitFileState,Result,ExecMainStatus"
        done = call("systemctl", "--user", "show", UNIT, f"--property={wanted}")
        told = dict(line.split("=", 1) for line in done.out.splitlines() if "=" in line)
        if done.code or told.get("LoadState") != "loaded":
            return State(known=False, lingers=self._lingers())
        detail = f"{told.get('ActiveState')} ({told.get('SubState')})"
        if told.get("Result", "success") != "success":
            detail += f", last result {told['Result']} {told.get('ExecMainStatus', '')}".rstrip()
        return State(
            known=True,
            enabled=told.get("UnitFileState") in ("enabled", "enabled-runtime", "linked"),
            active=told.get("ActiveState") in ("active", "activating", "reloading"),
            detail=detail,
            lingers=self._lingers(),
        )

    def _lingers(self) -> bool | None:
        done = call("loginctl", "show-user", str(_uid()), "--property=Linger", "--value")
        if done.code == 0 and done.out in ("yes", "no"):
            return done.out == "yes"
        return None


class Launchd:
    """launchd of macOS, in the session in which a person is logged in."""

    name = "launchd"
    form = files.PLIST
    links: tuple[str, ...] = ()
    asks_daemon = False

    def __init__(self, _paths: Paths) -> None:
        """Know where the property list belongs."""
        place = os.path.expanduser("~/Library/LaunchAgents")
        self.file = os.path.join(place, f"{files.APPLE_LABEL}.plist")
        self._domain = f"gui/{_uid()}"
        self._target = f"{self._domain}/{files.APPLE_LABEL}"

    def missing(self) -> str | None:
        """Why it cannot be used here; None where it can."""
        done = call("launchctl", "print", self._domain)
        return without_launchd(done) if done.code else None

    def take_up(self, *, changed: bool, start: bool) -> None:
        """Know the file, start it at login, and (`start`) now."""
        must("launchctl", "enable", self._target)
        if not start:
            return  # It is taken up at the next login.
        if changed:
            self._boot_out()
        self.start()

    def let_go(self) -> None:
        """Stop it, and start it no more."""
        self._boot_out()

    def gone(self) -> None:
        """The file was taken away: it need not know."""

    def start(self) -> None:
        """Start it now."""
        if self._loaded():
            must("launchctl", "kickstart", self._target, seconds=SLOW_S)
        else:
            must("launchctl", "bootstrap", self._domain, self.file, seconds=SLOW_S)

    def stop(self) -> None:
        """Stop it now."""
        # It ends with code 0 then, which is no failure to begin anew after.
        if self._loaded():
            must("launchctl", "kill", "SIGTERM", self._target)

    def state(self) -> State:
        """How it is."""
        done = call("launchctl", "print", self._target)
        if done.code:
            return State(known=False, active=False)
        lines = [line.strip() for line in done.out.splitlines()]
        told = dict(line.split(" = ", 1) for line in lines if " = " in line)
        state = told.get("state", "")
        ended = told.get("last exit code", "")
        detail = state + (
            f", last exit code {ended}" if ended not in ("", "0", "(never exited)") else ""
        )
        return State(known=True, enabled=True, active=state == "running", detail=detail)

    def _loaded(self) -> bool:
        return call("launchctl", "print", self._target).code == 0

    def _boot_out(self) -> None:
        if not self._loaded():
            return
        must("launchctl", "bootout", self._target, seconds=SLOW_S)
        # It returns before it is done, and what is not gone yet cannot be taken up anew.
        nap = threading.Event()
        for _ in range(round(_BOOTED_OUT_S / 0.1)):
            if not self._loaded():
                return
            nap.wait(0.1)
        raise ReconnectError("launchd does not let go of the service: log out and in again")


class TaskScheduler:
    """The Task Scheduler of Windows, in the session in which a person is logged in."""

    name = "task-scheduler"
    form = files.TASK
    links: tuple[str, ...] = ()
    asks_daemon = True

    def __init__(self, paths: Paths) -> None:
        """Know where the description is kept: the scheduler keeps a copy of its own."""
        self.file = os.path.join(paths.state_dir, "reconnect-task.xml")

    def missing(self) -> str | None:
        """Why it cannot be used here; None where it can."""
        done = call("schtasks", "/query")
        return f"the Task Scheduler cannot be used here ({done.err})" if done.code else None

    def take_up(self, *, changed: bool, start: bool) -> None:
        """Know the file, start it at login, and (`start`) now."""
        must("schtasks", "/create", "/tn", files.LABEL, "/xml", self.file, "/f")
        if start:
            self.start()

    def let_go(self) -> None:
        """Stop it, and start it no more."""
        if self.state().known:
            call("schtasks", "/end", "/tn", files.LABEL)
            must("schtasks", "/delete", "/tn", files.LABEL, "/f")

    def gone(self) -> None:
        """The file was taken away: it need not know."""

    def start(self) -> None:
        """Start it now."""
        must("schtasks", "/run", "/tn", files.LABEL)

    def stop(self) -> None:
        """Stop it now."""
        call("schtasks", "/end", "/tn", files.LABEL)

    def state(self) -> State:
        """How it is."""
        # What it says of a task is worded in the language of the machine: only its code is asked.
        known = call("schtasks", "/query", "/tn", files.LABEL).code == 0
        return State(known=known, enabled=known or None)


MANAGERS: dict[str, type[Systemd] | type[Launchd] | type[TaskScheduler]] = {
    "systemd": Systemd,
    "launchd": Launchd,
    "task-scheduler": TaskScheduler,
}


def manager_for(paths: Paths, name: str | None = None) -> Manager:
    """The service manager of this system, or the one of that name.

    Raises:
        UsageError: no such manager.
    """
    chosen = name or {"darwin": "launchd", "win32": "task-scheduler"}.get(sys.platform, "systemd")
    if chosen not in MANAGERS:
        raise UsageError(f"no service manager '{chosen}'; there are: {', '.join(MANAGERS)}")
    return MANAGERS[chosen](paths)


def _uid() -> int:
    return os.getuid() if sys.platform != "win32" else 0
