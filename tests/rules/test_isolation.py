"""A call into a plugin: what it raises, prints or takes too long for reaches nobody else."""

from __future__ import annotations

import contextlib
import io
import os
import sys
import threading

import pytest

from reconnect.rules.isolation import PluginFault, guarded, one_line

LIMITS = [None, 20.0]


@pytest.mark.parametrize("seconds", LIMITS)
def test_an_answer_comes_back(seconds: float | None) -> None:
    assert guarded(lambda: 7, seconds) == 7
    assert guarded(lambda: None, seconds) is None


def fail(error: BaseException) -> None:
    raise error


@pytest.mark.parametrize("seconds", LIMITS)
@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (ValueError("two\n  lines"), "ValueError: two lines"),
        (ValueError(), "ValueError"),
        (SystemExit(3), r"tried to end the program \(SystemExit: 3\)"),
        (GeneratorExit(), "GeneratorExit"),
        (MemoryError("x" * 999), "MemoryError: x{300} "),
        (PluginFault("returned junk"), "returned junk"),
    ],
)
def test_what_it_raises_becomes_a_fault(
    seconds: float | None, error: BaseException, expected: str
) -> None:
    with pytest.raises(PluginFault, match=f"^{expected}"):
        guarded(lambda: fail(error), seconds)


def test_the_persons_own_ctrl_c_passes_and_a_plugins_does_not() -> None:
    with pytest.raises(KeyboardInterrupt):
        guarded(lambda: fail(KeyboardInterrupt()))
    with pytest.raises(PluginFault, match="KeyboardInterrupt"):
        guarded(lambda: fail(KeyboardInterrupt()), 20)


def test_words_that_cannot_be_had() -> None:
    class Mute(Exception):  # noqa: N818 - its own kind of trouble
        def __str__(self) -> str:
            raise ValueError

    assert one_line(Mute()) == "Mute"
    assert one_line(ValueError("\x1b]0;title\x07")) == "ValueError: ?]0;title?"


@pytest.mark.parametrize("seconds", LIMITS)
def test_prints_go_to_stderr(seconds: float | None) -> None:
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        guarded(lambda: print("plugin"), seconds)  # noqa: T201 - what plugins do
        assert sys.stdout is out
        print("program")  # noqa: T201 - what the program does
    assert (out.getvalue(), err.getvalue()) == ("program\n", "plugin\n")


def test_other_threads_keep_their_stdout_while_plugins_run_and_hang() -> None:
    out, err = io.StringIO(), io.StringIO()
    inside, go = threading.Event(), threading.Event()

    def slow() -> None:
        inside.set()
        go.wait(20)
        print("late")  # noqa: T201 - what plugins do

    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        with pytest.raises(PluginFault, match=r"took longer than 0\.05 s"):
            guarded(slow, 0.05)
        assert inside.is_set()
        guarded(lambda: print("second"), 20)  # noqa: T201 - what plugins do
        print("program")  # noqa: T201 - what the program does
        go.set()
        for thread in threading.enumerate():
            if thread.name == "plugin":
                thread.join(20)
        print("program again")  # noqa: T201 - what the program does
        assert sys.stdout is out
    assert out.getvalue() == "program\nprogram again\n"
    assert "late" not in out.getvalue()
    assert "second" in err.getvalue()


@pytest.mark.parametrize("closed", ["stdout", "stderr"])
@pytest.mark.parametrize("seconds", LIMITS)
def test_a_closed_stream_is_no_trouble(
    closed: str, seconds: float | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, closed, None)
    guarded(lambda: print("x"), seconds, alone=True)  # noqa: T201 - what plugins do
    assert getattr(sys, closed) is None


def test_descriptor_1_is_turned_aside_and_given_back(capfd: pytest.CaptureFixture[str]) -> None:
    def write() -> None:
        os.write(1, b"plugin\n")

    guarded(write, 20, alone=True)
    os.write(1, b"program\n")
    out, err = capfd.readouterr()
    assert (out, err) == ("program\n", "plugin\n")
