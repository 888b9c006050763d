"""Make the screen in the README: a real run on a real terminal, as text and as a picture.

    python docs/screens/make.py [--check]

`reconnect start` runs on a pseudo-terminal with a clock of its own; every question is answered with
Enter, but that one more rule is taken up. Meanwhile, as in another terminal, something is logged,
and the day is looked at. What the terminals showed becomes start.svg and a block of README.md.
With --check nothing is written; the exit code is 1 when either is not what a run shows today.
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
from dataclasses import dataclass, field
from html import escape
from pathlib import Path

HERE = Path(__file__).resolve().parent
README = HERE.parents[1] / "README.md"
SVG = HERE / "start.svg"
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
    text = "".join(span.text for span in spans(shown))
    readme = README.read_text(encoding="utf-8")
    before, _, rest = readme.partition(BEGIN)
    _, _, after = rest.partition(END)
    wanted = {README: f"{before}{BEGIN}{text}{END}{after}", SVG: picture(shown)}
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
        home = Path(place, "home")
        home.mkdir()
        Path(place, "clock").write_text(AT, encoding="ascii")
        environment = {
            "HOME": str(home),
            "PATH": os.environ["PATH"],
            "TERM": "xterm-256color",
            "COLUMNS": str(COLUMNS),
            "LANG": "C.UTF-8",
            "TZ": "Europe/Berlin",
            "RECONNECT_CLOCK": str(Path(place, "clock")),
        }
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
    return shown.replace(str(home), "/home/you")


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


@dataclass
class Span:
    """A piece of text in one style."""

    text: str
    classes: list[str] = field(default_factory=list)


CODES = {"1": "bold", "2": "dim", "32": "green", "33": "yellow", "34": "blue", "35": "magenta"}


def spans(shown: str) -> list[Span]:
    """Split at the escapes that set a style; others are left out."""
    found, classes = [], list[str]()
    for part in re.split(r"(\x1b\[[0-9;?]*[A-Za-z])", shown):
        if not part.startswith("\x1b"):
            found.append(Span(part, list(classes)))
        elif part.endswith("m"):
            for code in part[2:-1].split(";"):
                classes = [*classes, CODES[code]] if code in CODES else []
    return found


STYLE = """
rect { fill: #fbfaf8 } text { fill: #2b2b2b; font: 14px ui-monospace, Menlo, Consolas, monospace }
.bold { font-weight: 700 } .dim { fill: #6f6b66 } .typed { fill: #8a4b2a; font-weight: 700 }
.green { fill: #2c7a3f } .yellow { fill: #8a6a00 }
.blue { fill: #2b5fa3 } .magenta { fill: #93387d }
@media (prefers-color-scheme: dark) {
  rect { fill: #1d1f21 } text { fill: #dcdcd8 } .dim { fill: #9a9a94 } .typed { fill: #e0a37e }
  .green { fill: #7fc98f } .yellow { fill: #d9bc62 }
  .blue { fill: #8ab4e8 } .magenta { fill: #d79ac6 }
}
"""
WIDE, HIGH, MARGIN = 8.43, 19, 18


def picture(shown: str) -> str:
    """An SVG of the text: each run of words at its column, whatever font is there."""
    drawn = []
    line = column = longest = 0
    for span in spans(shown):
        for number, piece in enumerate(span.text.split("\n")):
            if number:
                line, column = line + 1, 0
            typed = not column and piece.startswith("$ ")
            classes = " ".join(["typed"] if typed else span.classes)
            kind = f' class="{classes}"' if classes else ""
            for run in re.finditer(r"\S+( \S+)*", piece):
                x, y = MARGIN + (column + run.start()) * WIDE, MARGIN + (line + 1) * HIGH - 5
                drawn.append(
                    f'<text x="{x:.1f}" y="{y}" textLength="{len(run[0]) * WIDE:.1f}"{kind}>'
                    f"{escape(run[0], quote=False)}</text>"
                )
            column += len(piece)
            longest = max(longest, column)
    width, height = 2 * MARGIN + longest * WIDE, 2 * MARGIN + line * HIGH
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:.0f} {height}" role="img" '
        f'width="{width:.0f}" height="{height}"><title>A first run of reconnect start</title>\n'
        f'<style>{STYLE}</style>\n<rect width="100%" height="100%" rx="10"/>\n'
        + "\n".join(drawn)
        + "\n</svg>\n"
    )


if __name__ == "__main__":
    sys.exit(main())
