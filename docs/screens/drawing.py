"""What a terminal showed, drawn as an SVG."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html import escape


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


def picture(shown: str, title: str) -> str:
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
        f'width="{width:.0f}" height="{height}"><title>{escape(title)}</title>\n'
        f'<style>{STYLE}</style>\n<rect width="100%" height="100%" rx="10"/>\n'
        + "\n".join(drawn)
        + "\n</svg>\n"
    )
