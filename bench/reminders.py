"""What reminders cost, figure by figure, each against its bar.

    python bench/reminders.py [FIGURE …] [--count 10000] [--kills 50]

Figures: path, slow, hang, idle, plan, next, restart, stop, memory, kill; without a name path alone,
`all` for every one. Rates are ratios to a peer that runs in turns beside it: what else the machine
does hits both. Whatever a receiver did not get, or got twice, is counted.
"""

from __future__ import annotations

import argparse
import os
import sys
from typing import TYPE_CHECKING

import reminders_process as process
import reminders_sending as sending
import reminders_store as store

if TYPE_CHECKING:
    from collections.abc import Callable

Figure = tuple[bool, str, list[str]]


def path(options: argparse.Namespace) -> Figure:
    """The whole path, as a ratio to `requests.post`."""
    ratio, lines, wrong = sending.whole_path(options.count, options.threads, options.rounds)
    said = f"whole path, {options.count} due at once: {ratio:.2f} of requests.post (bar 0.65)"
    return ratio >= 0.65 and not wrong, said, lines


def slow(options: argparse.Namespace) -> Figure:
    """A receiver that takes 50 ms."""
    ratio, line = sending.slow_receiver(max(1000, options.count // 4))
    said = f"50 ms receiver, 32 threads: {ratio:.1f} times Apprise's default (bar 3)"
    return ratio >= 3 and "lost 0, doubled 0" in line, said, [line]


def hang(_options: argparse.Namespace) -> Figure:
    """A healthy channel beside twenty that hang."""
    later, line = sending.while_others_hang()
    return later <= 1, f"healthy while 20 hang: {later:.2f} s later (bar 1 s)", [line]


def idle(options: argparse.Namespace) -> Figure:
    """A step in which nothing is due, and how it grows over an hour."""
    took, growth, line = store.idle_tick(options.idle)
    said = f"idle tick, {options.idle} reminders: {took:.3f} ms (bar 1 ms), {growth:.2f} times that"
    return took <= 1 and growth <= 1.5, f"{said} after an hour (bar 1.5)", [line]


def plan(options: argparse.Namespace) -> Figure:
    """Planning and claiming."""
    took, line = store.plan_and_claim(options.count)
    return took <= 1, f"plan and claim {options.count}: {took:.2f} s (bar 1 s)", [line]


def following(_options: argparse.Namespace) -> Figure:
    """The next occurrence of rules that began long ago."""
    ratio, lines = store.next_occurrence()
    said = f"next occurrence, begun 30 years ago: {ratio:.3f} of dateutil at worst (bar 0.05)"
    return ratio <= 0.05, said, lines


def restart(_options: argparse.Namespace) -> Figure:
    """From start to first arrival."""
    took, line = process.restart_to_first_send()
    return took <= 2, f"restart to first send: {took:.2f} s (bar 2 s)", [line]


def stop(_options: argparse.Namespace) -> Figure:
    """A stop while a send hangs."""
    took, line = process.stop_while_one_hangs()
    return took <= 12, f"stop with a hung endpoint: {took:.1f} s (bar 12 s)", [line]


def memory(options: argparse.Namespace) -> Figure:
    """Memory, idle and after many sends."""
    most, growth, line = process.memory(2 * options.count)
    said = f"memory after {2 * options.count} sends: {most:.0f} MB (bar 80 MB)"
    return most <= 80 and growth <= 5, f"{said}, {growth:+.0f} MB since a quarter (bar 5)", [line]


def kill(options: argparse.Namespace) -> Figure:
    """Kill -9 at random points, with eight threads and with one."""
    good, parts, lines = True, [], []
    for threads, bar in ((8, 10.0), (1, 2.0)):
        mean, line = process.kills(options.kills, threads)
        good = good and mean <= bar
        parts.append(f"{threads} threads {mean:.1f} doubled on the average (bar {bar:.0f})")
        lines.append(line)
    return good, f"kill -9, {options.kills} times: {', '.join(parts)}", lines


FIGURES: dict[str, Callable[[argparse.Namespace], Figure]] = {
    "path": path, "slow": slow, "hang": hang, "idle": idle, "plan": plan, "next": following,
    "restart": restart, "stop": stop, "memory": memory, "kill": kill,
}  # fmt: skip


def main() -> int:
    """Run the measurements; exit code 1 when a figure misses its bar."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("figures", nargs="*", metavar="FIGURE", default=["path"])
    parser.add_argument("--count", type=int, default=10_000)
    parser.add_argument("--threads", type=int, default=8)
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--idle", type=int, default=1_000_000)
    parser.add_argument("--kills", type=int, default=50)
    options = parser.parse_args()
    wanted = list(FIGURES) if "all" in options.figures else options.figures
    unknown = [name for name in wanted if name not in FIGURES]
    if unknown:
        parser.error(f"no figure {unknown[0]}: there are {', '.join(FIGURES)}, all")
    missed = 0
    for name in wanted:
        good, said, lines = FIGURES[name](options)
        missed += not good
        load = os.getloadavg()[0] if hasattr(os, "getloadavg") else 0.0
        print("\n".join((f"{'ok  ' if good else 'MISS'} {said}; load {load:.1f}", *lines)))
        sys.stdout.flush()
    return int(missed > 0)


if __name__ == "__main__":
    sys.exit(main())
