"""Install a service, look at it, and take it away: all of it, or nothing."""

from __future__ import annotations

import os
from contextlib import suppress
from typing import TYPE_CHECKING, NamedTuple

from reconnect.errors import NotFoundError, ReconnectError
from reconnect.paths import write_private_file
from reconnect.service.program import PLACES, Program, try_out

if TYPE_CHECKING:
    from collections.abc import Mapping

    from reconnect.service.files import Written
    from reconnect.service.managers import Manager, State

INSTALL = "`reconnect service install`"


class Standing(NamedTuple):
    """A service as it stands: its file (None without one), what is wrong with it, its state."""

    written: Written | None
    drift: tuple[str, ...]
    state: State


def standing(manager: Manager, program: Program) -> Standing:
    """Look at the service, and change nothing."""
    written = read(manager)
    drift = drift_of(manager, written, program) if written else ()
    return Standing(written, drift, manager.state())


def read(manager: Manager) -> Written | None:
    """What stands in the service's file; None where there is none.

    Raises:
        ReconnectError: it cannot be read.
    """
    raw = _raw(manager.file)
    if raw is None:
        return None
    return manager.form.written(raw.decode(manager.form.encoding, "replace"))


def drift_of(manager: Manager, written: Written, program: Program) -> tuple[str, ...]:
    """Where the file and this program have come apart, in words that say what to do."""
    found = []
    if not written.ours:
        return (f"{manager.file} was not written by reconnect",)
    if written.python and not os.path.exists(written.python):
        found.append(f"it starts {written.python}, which is gone: {INSTALL} names this one")
    elif not _same_python(written.python, program.python):
        found.append(
            f"it starts {written.python}, and this is {program.python}: {INSTALL} changes over, if "
            "that is what you want"
        )
    if places(written.environment) != places(program.environment):
        found.append(f"it serves other files than this command ({_where(written.environment)})")
    if not manager.form.is_current(written):
        found.append(f"its file is of reconnect {written.version}: {INSTALL} brings it up to date")
    return tuple(found)


def install(
    manager: Manager,
    program: Program,
    environment: Mapping[str, str],
    *,
    start: bool = True,
    force: bool = False,
) -> bool:
    """Write the file, and have the manager start it at every login, and (`start`) now.

    Returns:
        Whether the file is new or another one than before.

    Raises:
        ReconnectError: there is no manager, the file is somebody else's or was changed, the program
            does not start, or the manager refuses. Then all is as it was.
    """
    missing = manager.missing()
    if missing:
        raise ReconnectError(f"no service was installed: {missing}.")
    before = _raw(manager.file)
    written = read(manager)
    if written is not None and not force:
        _refuse(manager, written, program)
    try_out(program, environment)
    raw = manager.form.text(program).encode(manager.form.encoding)
    changed = raw != before
    try:
        if changed:
            write_private_file(manager.file, raw)
        manager.take_up(changed=changed, start=start)
    except (OSError, ReconnectError) as error:
        _roll_back(manager, before)
        if isinstance(error, OSError):
            raise ReconnectError(f"cannot write {manager.file}: {error.strerror}") from error
        raise ReconnectError(f"{error}. Nothing was left behind.") from error
    return changed


def uninstall(manager: Manager, *, force: bool = False) -> bool:
    """Stop the service and take away what `install` wrote. Whether there was anything.

    Raises:
        ReconnectError: the file is somebody else's or was changed, or the manager refuses.
    """
    written = read(manager)
    if written is None:
        if manager.missing() or not manager.state().known:
            return False
        manager.let_go()
        manager.gone()
        return True
    if not force:
        _refuse_changed(manager, written, "uninstall")
    missing = manager.missing()
    if not missing:
        manager.let_go()
    os.unlink(manager.file)
    for link in manager.links:
        if os.path.islink(link) and not os.path.exists(link):
            os.unlink(link)
    if not missing:
        manager.gone()
    return True


def check_installed(manager: Manager) -> None:
    """Raise where there is no service to start or to stop.

    Raises:
        NotFoundError: none is installed.
        ReconnectError: there is no manager.
    """
    if not os.path.exists(manager.file):
        raise NotFoundError(f"no service is installed: {INSTALL} does that")
    missing = manager.missing()
    if missing:
        raise ReconnectError(f"{missing}.")


def places(environment: Mapping[str, str]) -> dict[str, str]:
    """The part of an environment that says whose files are meant."""
    return {name: environment[name] for name in PLACES if environment.get(name)}


def _refuse(manager: Manager, written: Written, program: Program) -> None:
    _refuse_changed(manager, written, "install")
    if places(written.environment) != places(program.environment):
        raise ReconnectError(
            f"{manager.file} serves other files than this command "
            f"({_where(written.environment)}): uninstall it there first, or take it over with "
            "--force. Nothing was changed."
        )


def _refuse_changed(manager: Manager, written: Written, verb: str) -> None:
    if written.ours and written.whole:
        return
    why = "was changed by hand" if written.ours else "was not written by reconnect"
    raise ReconnectError(
        f"{manager.file} {why}: move it away, or `reconnect service {verb} --force` overrules it. "
        "Nothing was changed."
    )


def _roll_back(manager: Manager, before: bytes | None) -> None:
    """Put back what stood there, and let the manager know."""
    with suppress(OSError, ReconnectError):
        if before is None:
            if os.path.exists(manager.file):
                with suppress(ReconnectError):
                    manager.let_go()
                os.unlink(manager.file)
                manager.gone()
        elif _raw(manager.file) != before:
            write_private_file(manager.file, before)
            manager.take_up(changed=True, start=False)


def _raw(path: str) -> bytes | None:
    try:
        with open(path, "rb") as file:
            return file.read()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise ReconnectError(f"{path} cannot be read: {error.strerror}") from error


def _same_python(one: str, other: str) -> bool:
    # On Windows the one that opens no window stands beside the one that does.
    return one.lower().replace("pythonw.exe", "python.exe") == other.lower() or one == other


def _where(environment: Mapping[str, str]) -> str:
    named = [f"{name}={value}" for name, value in places(environment).items()]
    return ", ".join(named) or "those of the usual directories"
