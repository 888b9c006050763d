"""Figures of the process: start, stop, memory, and kill -9."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
import time
from datetime import timedelta

import requests
from reminders_home import HERE, counts, daemon, home, memory_mb, plant, receiver, soon, wait_for


def restart_to_first_send() -> tuple[float, str]:
    """Seconds from the start of a daemon to the arrival of what was due before; the middle of 3."""
    took = []
    with receiver() as url:
        for _ in range(3):
            requests.delete(url, timeout=10)
            with home({"hook": url}, 8):
                plant(3, soon(-2))
                begin = time.time()
                with daemon():
                    wait_for(url, 1)
                    took.append(counts(url)["first"] - begin)
    took.sort()
    return took[1], "  " + ", ".join(f"{one:.2f} s" for one in took)


def stop_while_one_hangs() -> tuple[float, str]:
    """Seconds from SIGTERM to the end, while a send hangs."""
    with socket.create_server(("127.0.0.1", 0), backlog=8) as stuck:
        url = f"http://127.0.0.1:{stuck.getsockname()[1]}/?rto=120&cto=120"
        with home({"hook": url}, 8):
            plant(3, soon(-2))
            with daemon() as process:
                connection, _ = stuck.accept()
                time.sleep(0.5)
                begin = time.perf_counter()
                process.terminate()
                process.wait(60)
                took = time.perf_counter() - begin
                connection.close()
    return took, f"  left with {process.returncode}"


def memory(count: int) -> tuple[float, float, str]:
    """The most memory of a daemon in MB: idle, and with so many sends in four parts.

    Then by how many MB it grew from the first quarter to the last.
    """
    figures = []
    with receiver() as url, home({"hook": url}, 8):
        first = soon(4)
        for part in range(4):
            plant(count // 4, first + timedelta(seconds=part))
        with daemon() as process:
            time.sleep(1.5)
            figures.append(memory_mb(process.pid))
            for part in range(4):
                wait_for(url, (part + 1) * (count // 4), 60)
                figures.append(memory_mb(process.pid))
            time.sleep(3)
            figures.append(memory_mb(process.pid))
    said = ", ".join(f"{one:.0f}" for one in figures)
    return max(figures), figures[4] - figures[1], f"  idle, after each quarter, at rest: {said} MB"


def kills(times: int, threads: int) -> tuple[float, str]:
    """Duplicates per kill -9 on the average; the test itself fails where one is lost."""
    root = HERE.parent
    test = root / "tests" / "faults" / "test_kill.py"
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-s", "-p", "no:cacheprovider", str(test)],
        cwd=root, capture_output=True, text=True, check=False,
        env={**os.environ, "RECONNECT_KILLS": str(times), "RECONNECT_KILL_THREADS": str(threads)},
    )  # fmt: skip
    found = re.search(r"kills=\d+ .*mean=([\d.]+) most=\d+.*", done.stdout)
    if done.returncode or found is None:
        return float("inf"), done.stdout[-2000:]
    return float(found[1]), f"  {found[0]}"
