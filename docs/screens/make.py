"""Make the screens in the README: real runs on a real terminal, as text and as pictures.

    python docs/screens/make.py [--check]

`reconnect start` runs on a pseudo-terminal with a clock of its own; every question is answered with
Enter, but that one more rule is taken up. Meanwhile, as in another terminal, something is logged,
and the day is looked at. What the terminals showed becomes start.svg and a block of README.md.
demo.svg and listen.svg come from `reconnect demo`: sample data, made up. With --check nothing is
written; the exit code is 1 when one of them is not what a run shows today.
"""

from __future__ import annotations

import argparse
import os
import pty
import re
import select
import signal
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from drawing import picture, spans

HERE = Path(__file__).resolve().parent
README = HERE.parents[1] / "README.md"
SVG, DEMO, CHART = HERE / "start.svg", HERE / "demo.svg", HERE / "listen.svg"
COMMAND = str(Path(sys.executable).with_name("reconnect"))
AT = "2026-11-23T20:12:00+01:00"
COLUMNS = 100
BEGIN, END = "<!-- screen: docs/screens/make.py -->\n```text\n", "```\n<!-- end of screen -->"
LOGGED = ["log", "listen", "20", "--phone-away", "--heard", "80"]


def main() -> int:
    """Run it and write, or compare, what it showed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true")
    check = parser.parse_args().check
    shown = record()
    sample, chart = record_demo()
    text = "".join(span.text for span in spans(shown))
    readme = README.read_text(encoding="utf-8")
    before, _, rest = readme.partition(BEGIN)
    _, _, after = rest.partition(END)
    wanted = {
        README: f"{before}{BEGIN}{text}{END}{after}",
        SVG: picture(shown, "A first run of reconnect start"),
        DEMO: picture(sample, "A day and a week, with sample data"),
        CHART: chart,
    }
    stale = [
        path
        for path, new in wanted.items()
        if not path.exists() or path.read_text(encoding="utf-8") != new
    ]
    for path in stale:
        if check:
            print(f"{path.name} shows an older run: python docs/screens/make.py")
        else:
            path.write_text(wanted[path], encoding="utf-8")
    return int(check and bool(stale))


@dataclass
class Terminal:
    """A process on a pseudo-terminal, and all that it has shown."""

    process: subprocess.Popen[bytes]
    handle: int
    text: str = ""
    read_to: int = 0

    def wait_for(self, pattern: str) -> str:
        """Read until the pattern shows up after what was waited for before; what matched."""
        deadline = time.monotonic() + 60
        while not (found := re.search(pattern, self.text[self.read_to :])):
            ready, _, _ = select.select([self.handle], [], [], deadline - time.monotonic())
            if not ready:
                raise SystemExit(f"{pattern!r} never came up:\n{self.text}")
            self.text += os.read(self.handle, 65536).decode().replace("\r\n", "\n")
        self.read_to += found.end()
        return found[0]


def record() -> str:
    """What the two terminals showed, with their escapes, one after the other."""
    with tempfile.TemporaryDirectory(prefix="reconnect-screen-") as place:
        environment = surroundings(place)
        terminal = started(environment)
        try:
            answers = {"One more now": b"y"}
            while "another terminal" not in terminal.wait_for(r"(: \Z|another terminal.*\n)"):
                question = terminal.text.splitlines()[-1].partition("?")[0]
                os.write(terminal.handle, answers.pop(question, b"") + b"\n")
            # The welcome: a title, a prompt, and how to answer it.
            terminal.wait_for(r"\* .+\n(.*\n)+?.*reconnect log .+\n")
            others = [
                f"\n$ reconnect {' '.join(command)}\n{once(environment, command)}"
                for command in (LOGGED, ["today"])
            ]
            terminal.process.send_signal(signal.SIGINT)
            terminal.wait_for("Stopped.*\n")
            terminal.process.wait(20)
        finally:
            terminal.process.kill()
            os.close(terminal.handle)
    shown = f"$ reconnect start\n{terminal.text}" + "".join(others)
    return shown.replace(environment["HOME"], "/home/you")


def record_demo() -> tuple[str, str]:
    """What a terminal shows of the sample data, and a chart of it."""
    with tempfile.TemporaryDirectory(prefix="reconnect-screen-") as place:
        environment = surroundings(place)
        once(environment, ["demo", "--fresh", "today"])
        shown = [
            f"$ reconnect {' '.join(command)}\n{once(environment, command)}"
            for command in (["demo", "today"], ["demo", "week"])
        ]
        chart = Path(place, "listen.svg")
        once(environment, ["demo", "chart", "listen", "--svg", str(chart)])
        return "\n".join(shown), chart.read_text(encoding="utf-8")


def surroundings(place: str) -> dict[str, str]:
    """The environment of a run in a home of its own, with a clock that stands."""
    home = Path(place, "home")
    home.mkdir()
    clock = Path(place, "clock")
    clock.write_text(AT, encoding="ascii")
    return {
        "HOME": str(home),
        "PATH": os.environ["PATH"],
        "TERM": "xterm-256color",
        "COLUMNS": str(COLUMNS),
        "LANG": "C.UTF-8",
        "TZ": "Europe/Berlin",
        "RECONNECT_CLOCK": str(clock),
    }


def started(environment: dict[str, str]) -> Terminal:
    """`reconnect start` on a terminal."""
    handle, other = pty.openpty()
    process = subprocess.Popen(
        [COMMAND, "start"], stdin=other, stdout=other, stderr=other, env=environment,
        start_new_session=True,
    )  # fmt: skip
    os.close(other)
    return Terminal(process, handle)


def once(environment: dict[str, str], command: list[str]) -> str:
    """What a command shows that asks nothing."""
    done = subprocess.run(
        [COMMAND, "--color", "always", "--no-input", *command],
        env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=True,
    )  # fmt: skip
    return done.stdout


if __name__ == "__main__":
    sys.exit(main())
