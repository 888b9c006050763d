"""Send one letter from a process of its own, which can be ended; Python cannot end a thread.

    python -m reconnect.reminders.contained

reads one JSON letter from its input and prints what came of it. A destination where a thread hangs
already gets no second one: its letters go this way until the thread is through. It costs half a
second and 60 MB for as long as the letter is on its way, and only there (measured: see
docs/architecture.md).
"""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import threading
import time
from typing import TYPE_CHECKING

import msgspec

from reconnect.reminders.channels import is_terminal
from reconnect.reminders.outcomes import Outcome

if TYPE_CHECKING:
    from reconnect.reminders.deliver import Letter

_LEAST_S = 5.0
# A process needs a while to begin: killed before that, it would pass for one that may have sent.

_LONGEST_S = 700
_GLANCE_S = 0.5
# Should the daemon be gone, a letter that hangs must not arrive beside the one that the next daemon
# sends for it; where the parent of a process stays the same (Windows), it has so long at the most.


class Children:
    """The processes that are sending a letter now."""

    def __init__(self) -> None:
        """There are none."""
        self._lock = threading.Lock()
        self._running: set[subprocess.Popen[bytes]] = set()
        self._closed = False

    def send(self, letter: Letter, deadline_s: float) -> Outcome:
        """Send a letter; its process is killed at the deadline, and the outcome unknown then.

        The deadline of a process is five seconds at the least.
        """
        if is_terminal(letter.url):
            # Nobody but this process has that terminal, and somebody holds its output up.
            return Outcome(False, "not-here")
        # The letter goes through a pipe: what stands on a command line, everybody can read.
        with self._lock:
            if self._closed:
                return Outcome(False, "not-begun")
            try:
                child = subprocess.Popen(
                    [sys.executable, "-m", "reconnect.reminders.contained"],
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    stderr=subprocess.DEVNULL,
                    # Ctrl-C is for the daemon, which waits for what is under way.
                    start_new_session=True,
                )
            except OSError:
                return Outcome(False, "no-process")
            self._running.add(child)
        try:
            out, _ = child.communicate(
                msgspec.json.encode(letter), timeout=max(deadline_s, _LEAST_S)
            )
            return msgspec.json.decode(out, type=Outcome)
        except (subprocess.TimeoutExpired, msgspec.MsgspecError, OSError, ValueError):
            return Outcome(False, "unknown")
        finally:
            self._end(child)

    def close(self) -> None:
        """Kill them all, and let none begin any more."""
        with self._lock:
            self._closed = True
            running = list(self._running)
        for child in running:
            with contextlib.suppress(OSError):
                child.kill()

    def _end(self, child: subprocess.Popen[bytes]) -> None:
        with contextlib.suppress(OSError):
            child.kill()
        child.wait()
        for pipe in (child.stdin, child.stdout):
            if pipe is not None:
                with contextlib.suppress(OSError):
                    pipe.close()
        with self._lock:
            self._running.discard(child)


def main() -> None:
    """Send the letter that stands on standard input."""
    from reconnect.reminders.deliver import Letter, Sender

    threading.Thread(target=_leave_with, args=(os.getppid(),), daemon=True).start()
    letter = msgspec.json.decode(sys.stdin.buffer.read(), type=Letter)
    outcome = Sender(sys.stderr).send(*letter)
    sys.stdout.buffer.write(msgspec.json.encode(outcome))
    sys.stdout.buffer.flush()
    # A service may have left a thread behind that hangs.
    os._exit(0)


def _leave_with(parent: int) -> None:
    """End this process with the one that started it."""
    for _ in range(int(_LONGEST_S / _GLANCE_S)):
        if os.getppid() != parent:
            break
        time.sleep(_GLANCE_S)
    os._exit(1)


if __name__ == "__main__":
    main()
