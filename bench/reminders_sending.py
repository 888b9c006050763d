"""Figures of sending: the whole path, a slow receiver, and twenty that hang."""

from __future__ import annotations

import socket
import statistics
import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import requests
from reminders_home import counts, daemon, home, plant, receiver, soon, wait_for

if TYPE_CHECKING:
    from collections.abc import Callable


def floor(url: str, count: int, threads: int) -> float:
    """Posts a second that `requests.post` alone reaches, with a body of the same kind."""
    requests.delete(url, timeout=10)
    body = {"version": "1.0", "title": "A moment for us", "message": "x" * 140, "type": "info"}

    def post(_number: int) -> None:
        requests.post(url, json=body, timeout=(4, 4)).raise_for_status()

    return _rate(post, count, threads)


def apprise_defaults(url: str, count: int, threads: int) -> float:
    """Messages a second that Apprise carries by default, asked from as many threads."""
    import apprise

    requests.delete(url, timeout=10)
    one = apprise.Apprise()
    one.add(url.replace("http", "json", 1))
    return _rate(
        lambda _number: one.notify(title="A moment for us", body="x" * 140), count, threads
    )


def _rate(call: Callable[[int], object], count: int, threads: int) -> float:
    with ThreadPoolExecutor(threads) as pool:
        begin = time.perf_counter()
        list(pool.map(call, range(count)))
        return count / (time.perf_counter() - begin)


def through(url: str, count: int, threads: int) -> tuple[float, int, int]:
    """Reminders a second from when they fall due to the last arrival; how many missed, doubled."""
    requests.delete(url, timeout=10)
    with home({"hook": url}, threads):
        due = soon(4 + count / 5000)
        plant(count, due)
        with daemon():
            seen = wait_for(url, count)
        seen = counts(url)
    rate = seen["total"] / (seen["last"] - due.timestamp())
    return rate, round(count - seen["distinct"]), round(seen["total"] - seen["distinct"])


def whole_path(count: int, threads: int, rounds: int) -> tuple[float, list[str], int]:
    """The median ratio of the whole path to `requests.post` beside it, run in turns."""
    ratios, lines, wrong = [], [], 0
    with receiver() as url:
        before = floor(url, count // 4, threads)
        for _ in range(rounds):
            rate, missed, doubled = through(url, count, threads)
            after = floor(url, count // 4, threads)
            beside = (before + after) / 2
            ratios.append(rate / beside)
            wrong += missed + doubled
            lines.append(
                f"  requests.post {before:.0f}/s and {after:.0f}/s, whole path {rate:.0f}/s: "
                f"{rate / beside:.2f}; lost {missed}, doubled {doubled}"
            )
            before = after
    return statistics.median(ratios), lines, wrong


def slow_receiver(count: int) -> tuple[float, str]:
    """How many times what Apprise does by default, where the receiver takes 50 ms, 32 threads."""
    with receiver(0.05) as url:
        peer = apprise_defaults(url, count // 4, 32)
        rate, missed, doubled = through(url, count, 32)
    said = f"  Apprise by default {peer:.0f}/s, ours {rate:.0f}/s; lost {missed}, doubled {doubled}"
    return rate / peer, said


def while_others_hang(hanging: int = 20) -> tuple[float, str]:
    """How much later (seconds) a healthy channel gets its messages while others hang."""
    each = 5
    sockets = [socket.create_server(("127.0.0.1", 0), backlog=64) for _ in range(hanging)]
    try:
        with receiver() as url:
            alone = _healthy(url, {}, each)
            stuck = {
                f"stuck{n}": f"http://127.0.0.1:{one.getsockname()[1]}/?rto=60&cto=60"
                for n, one in enumerate(sockets)
            }
            beside = _healthy(url, stuck, each)
    finally:
        for one in sockets:
            one.close()
    return beside - alone, f"  alone {alone:.2f} s after its time, beside them {beside:.2f} s"


def _healthy(url: str, stuck: dict[str, str], each: int) -> float:
    requests.delete(url, timeout=10)
    with home({"hook": url, **stuck}, 8):
        due = soon(4)
        # Those that hang come first.
        for name in stuck:
            plant(each, due, f'["{name}"]')
        plant(each, due, '["hook"]')
        with daemon() as process:
            seen = wait_for(url, each)
            process.kill()
    assert seen["total"] == each
    return seen["last"] - due.timestamp()
