"""Where a service manager cannot be used: why, and what to do instead."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from reconnect.service.calls import Done

INSTEAD = (
    "Without one, `reconnect start` reminds for as long as its terminal is open (tmux or screen "
    "keep it open), and whatever starts programs here can run `reconnect daemon run`"
)


def without_systemd(done: Done, root: str = "/") -> str:
    """In words, what stands in the way of `systemctl --user`.

    Args:
        done: how the call ended.
        root: where the files of the system are looked for.
    """
    if _in_wsl(root) and not _booted(root):
        why = (
            "systemd is off in this WSL: put `systemd=true` under [boot] in /etc/wsl.conf, run "
            "`wsl --shutdown` in Windows, and try again"
        )
    elif _in_container(root) and not _booted(root):
        why = (
            "this is a container, and nobody manages services in it: make `reconnect daemon run` "
            "its command, or run reconnect outside"
        )
    elif done.code == -1 and "not installed" in done.err:
        why = "systemd is not installed here"
    elif not _booted(root):
        why = "this machine was not started by systemd"
    elif not os.environ.get("XDG_RUNTIME_DIR"):
        why = (
            "systemd runs, but not for you in this session (XDG_RUNTIME_DIR is not set), as after "
            "`su` or `sudo`: log in as yourself, or by `machinectl shell`, and try again"
        )
    else:
        said = " ".join((done.err or done.out).split())[:200] or f"exit code {done.code}"
        why = f"systemd does not answer for you ({said}): is the package dbus-user-session there?"
    return f"{why}. {INSTEAD}"


def without_launchd(done: Done) -> str:
    """In words, what stands in the way of `launchctl`."""
    if sys.platform != "darwin" and done.code == -1:
        return f"launchd is part of macOS. {INSTEAD}"
    return f"launchd has no session of yours: log in at the screen, not only by ssh. {INSTEAD}"


def _booted(root: str) -> bool:
    return os.path.isdir(os.path.join(root, "run/systemd/system"))


def _in_container(root: str) -> bool:
    marks = (".dockerenv", "run/.containerenv", "run/systemd/container")
    return any(os.path.exists(os.path.join(root, mark)) for mark in marks)


def _in_wsl(root: str) -> bool:
    try:
        with open(os.path.join(root, "proc/sys/kernel/osrelease"), encoding="ascii") as file:
            return "microsoft" in file.read(200).lower()
    except (OSError, UnicodeDecodeError):
        return False
