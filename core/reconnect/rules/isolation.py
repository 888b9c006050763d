"""Call a plugin so that nothing it does reaches anybody else."""

from __future__ import annotations

import contextlib
import sys
import threading
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


class PluginFault(Exception):  # noqa: N818 - a fault of the plugin, caught by the registry
    """A plugin raised, wanted to exit, or took too long. The text says which."""


def guarded(call: Callable[[], T], seconds: float | None = None) -> T:
    """Call it; whatever goes wrong becomes a PluginFault. Its prints go to stderr.

    Args:
        call: what runs the plugin's code.
        seconds: how long it may take; None is for ever. A call that takes longer is left behind on
            its thread, because Python cannot end a thread.

    Raises:
        PluginFault: always this, so that KeyboardInterrupt alone passes through.
    """
    if seconds is None:
        return _plain(call)
    answer: list[T] = []
    fault: list[PluginFault] = []

    def work() -> None:
        try:
            answer.append(_plain(call))
        except PluginFault as error:
            fault.append(error)

    thread = threading.Thread(target=work, name="plugin", daemon=True)
    thread.start()
    thread.join(seconds)
    if thread.is_alive():
        raise PluginFault(f"took longer than {seconds:g} s")
    if fault:
        raise fault[0]
    return answer[0]


def _plain(call: Callable[[], T]) -> T:
    try:
        # A plugin's print must not end up between the lines that another program reads.
        with contextlib.redirect_stdout(sys.stderr):
            return call()
    except KeyboardInterrupt:
        raise
    except SystemExit as error:
        raise PluginFault(f"tried to end the program (SystemExit: {error.code})") from error
    except BaseException as error:
        raise PluginFault(_one_line(error)) from error


def _one_line(error: BaseException) -> str:
    text = " ".join(str(error).split())
    return f"{type(error).__name__}: {text}"[:300] if text else type(error).__name__
