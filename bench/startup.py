"""How long the commands take that a person types all day, as ratios to the least they could take.

    python bench/startup.py [--runs 25]

F is the time of `python -c "import click, sqlite3"` with the same interpreter. Each command runs as
the installed `reconnect` script, against a home of its own with ten habits; the runs take turns, so
that a busy moment of the machine falls on all of them. Medians are compared.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

FLOOR = [sys.executable, "-c", "import click, sqlite3"]
SCRIPT = str(Path(sys.executable).with_name("reconnect"))
COMPLETE = {
    "_RECONNECT_COMPLETE": "bash_complete",
    "COMP_WORDS": "reconnect log ",
    "COMP_CWORD": "2",
}
# What is measured: its arguments, what it adds to the environment, and its bar.
MEASURED: dict[str, tuple[list[str], dict[str, str], float]] = {
    "--help": (["--help"], {}, 1.4),
    "completion": ([], COMPLETE, 1.4),
    "log": (["--no-input", "log", "listen", "20"], {}, 1.5),
    "today": (["today"], {}, 1.6),
    "rules": (["rules"], {}, 3.0),
    "rules, all loaded anew": (["rules"], {"RECONNECT_PLUGINS_STRICT": "1"}, 3.0),
}
HABITS = 10


def main() -> int:
    """Run the measurement; exit code 1 when a figure misses its bar."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=25)
    runs = parser.parse_args().runs
    with tempfile.TemporaryDirectory(prefix="reconnect-bench-") as home:
        # Without compiled files every run would compile the program anew: nobody's runs do.
        left_out = ("RECONNECT_", "PYTHONDONTWRITEBYTECODE", "PYTHONPROFILE", "COVERAGE")
        environment = {k: v for k, v in os.environ.items() if not k.startswith(left_out)}
        environment["RECONNECT_HOME"] = home
        prepare(environment)
        commands = {"F": (FLOOR, environment)} | {
            name: ([SCRIPT, *arguments], environment | more)
            for name, (arguments, more, _) in MEASURED.items()
        }
        seconds: dict[str, list[float]] = {name: [] for name in commands}
        for number in range(-2, runs):  # the first two only warm the disk's cache
            for name, (command, variables) in commands.items():
                took = timed(command, variables)
                if number >= 0:
                    seconds[name].append(took)
    medians = {name: statistics.median(took) for name, took in seconds.items()}
    print(f"F (import click, sqlite3)  {1000 * medians['F']:6.1f} ms, median of {runs}")
    missed = 0
    for name, (_, _, bar) in MEASURED.items():
        ratio = medians[name] / medians["F"]
        missed += ratio > bar
        verdict = "over" if ratio > bar else "ok"
        print(
            f"{name:<25}  {1000 * medians[name]:6.1f} ms  {ratio:.2f} F  (bar {bar} F)  {verdict}"
        )
    return int(missed > 0)


def prepare(environment: dict[str, str]) -> None:
    """A home as after set-up, with ten habits, and everything cached that is ever cached."""

    def run(*arguments: str, **more: str) -> str:
        done = subprocess.run(
            [SCRIPT, *arguments], env=environment | more, check=True, capture_output=True, text=True
        )
        return done.stdout + done.stderr

    run("--no-input", "init")
    kept = {habit["name"] for habit in json.loads(run("habits", "--json"))["habits"]}
    wanted = ["listen", *(f"{('peace', 'listen')[n % 2]}-{n}" for n in range(HABITS))]
    for name in [name for name in wanted if name not in kept][: HABITS - len(kept)]:
        run("--no-input", "adopt", name.partition("-")[0], "--name", name)
    for arguments, more, _ in MEASURED.values():
        assert run(*arguments, **more), f"{arguments}: said nothing: nothing would be measured"


def timed(command: list[str], environment: dict[str, str]) -> float:
    """Seconds that one run takes, from its start to its end."""
    begin = time.perf_counter()
    subprocess.run(command, env=environment, check=True, capture_output=True)
    return time.perf_counter() - begin


if __name__ == "__main__":
    sys.exit(main())
