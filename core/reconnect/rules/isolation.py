"""Call a plugin so that nothing it does reaches anybody else."""

from __future__ import annotations

import contextlib
import os
import sys
import threading
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

T = TypeVar("T")


class PluginFault(Exception):  # noqa: N818 - a fault of the plugin, caught by the registry
    """A plugin raised, wanted to exit, took too long or answered junk. The text says which."""


def guarded(call: Callable[[], T], seconds: float | None = None, *, alone: bool = False) -> T:
    """Call it; whatever goes wrong becomes a PluginFault. What it prints goes to stderr.

    Args:
        call: what runs the plugin's code.
        seconds: how long it may take, on a thread of its own; None is for ever, on this one. A call
            that takes longer is told to end, and left behind if it does not.
        alone: nothing else in this process prints meanwhile, so that even what the plugin writes to
            file descriptor 1, or a program that it starts does, can be sent to stderr.

    Raises:
        PluginFault: always this, except for a KeyboardInterrupt of the person's.
    """
    with _descriptor_aside() if alone else contextlib.nullcontext():
        if seconds is None:
            with _quiet():
                return _plain(call, interrupt=True)
        return _limited(call, seconds)


def _limited(call: Callable[[], T], seconds: float) -> T:
    answer: list[T] = []
    fault: list[BaseException] = []

    def work() -> None:
        try:
            with _quiet():
                answer.append(_plain(call, interrupt=False))
        except BaseException as error:  # noqa: BLE001 - handed to the caller below
            fault.append(error)

    thread = threading.Thread(target=work, name="plugin", daemon=True)
    thread.start()
    thread.join(seconds)
    if thread.is_alive():
        _end(thread)
        raise PluginFault(f"took longer than {seconds:g} s")
    if answer:
        return answer[0]
    raise PluginFault(str(fault[0])) from (fault[0].__cause__ or fault[0])


def _plain(call: Callable[[], T], *, interrupt: bool) -> T:
    try:
        return call()
    except PluginFault:
        raise
    except SystemExit as error:
        raise PluginFault(f"tried to end the program (SystemExit: {error.code})") from error
    except BaseException as error:
        # On the main thread it is the person who pressed Ctrl-C, elsewhere the plugin's own doing.
        if interrupt and isinstance(error, KeyboardInterrupt):
            raise
        raise PluginFault(f"{one_line(error)}{_place(error)}") from error


def one_line(error: BaseException) -> str:
    """An exception in one line: its type, and at most 300 characters of what it says."""
    try:
        text = " ".join(str(error).split())[:300]
        # It is shown on a terminal, where an escape would be obeyed.
        text = "".join(c if c.isprintable() else "?" for c in text)
    except Exception:  # noqa: BLE001 - its own __str__ may be broken, too
        text = ""
    return f"{type(error).__name__}: {text}" if text else type(error).__name__


def _place(error: BaseException) -> str:
    """Where in the plugin's files it was raised, as " (reconnect_x/__init__.py, line 7)"."""
    if isinstance(error, SyntaxError):
        return ""  # Its text names the place already.
    core, library = os.path.dirname(os.path.dirname(__file__)), os.path.dirname(os.__file__)
    found, trace = "", error.__traceback__
    while trace is not None:
        file = trace.tb_frame.f_code.co_filename
        standard = file.startswith(library) and "site-packages" not in file
        if os.path.isabs(file) and not standard and not file.startswith(core):
            short = os.sep.join(file.split(os.sep)[-2:])
            found = f" ({short}, line {trace.tb_lineno})"
        trace = trace.tb_next
    return found


def _end(thread: threading.Thread) -> None:
    # A loop in pure Python would go on taking the processor from everybody for as long as the
    # daemon runs. What waits inside the operating system stays, and costs nothing.
    import ctypes

    with contextlib.suppress(AttributeError):  # PyPy has no such call.
        raise_in = ctypes.pythonapi.PyThreadState_SetAsyncExc
        raise_in(ctypes.c_ulong(thread.ident or 0), ctypes.py_object(SystemExit))


class _Outlet:
    """Stands in for sys.stdout: what the threads of plugins print goes to stderr."""

    def __init__(self, real: Any) -> None:
        self.real = real
        self.plugins: list[int] = []

    def __getattr__(self, name: str) -> Any:
        stream = sys.stderr if threading.get_ident() in self.plugins else self.real
        return getattr(stream or _Nowhere(), name)


class _Nowhere:
    def write(self, text: str) -> int:
        return len(text)

    def flush(self) -> None:
        pass


_changing = threading.Lock()


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    # contextlib.redirect_stdout would turn the whole process's output aside, and, with two calls at
    # once or one that never returns, leave it so.
    me = threading.get_ident()
    with _changing:
        outlet = sys.stdout if isinstance(sys.stdout, _Outlet) else _Outlet(sys.stdout)
        outlet.plugins.append(me)
        sys.stdout = outlet
    try:
        yield
    finally:
        with _changing:
            outlet.plugins.remove(me)
            if not outlet.plugins and sys.stdout is outlet:
                sys.stdout = outlet.real


@contextlib.contextmanager
def _descriptor_aside() -> Iterator[None]:
    try:
        kept = os.dup(1)
    except OSError:  # Closed: nothing can be written there.
        yield
        return
    _flush()
    try:
        try:
            os.dup2(2, 1)
        except OSError:
            nowhere = os.open(os.devnull, os.O_WRONLY)
            os.dup2(nowhere, 1)
            os.close(nowhere)
        yield
    finally:
        _flush()
        os.dup2(kept, 1)
        os.close(kept)


def _flush() -> None:
    with contextlib.suppress(AttributeError, OSError, ValueError):
        sys.__stdout__.flush()  # type: ignore[union-attr]
