"""What every SVG chart stands in: its measures, its title, text that fits and is safe."""

from __future__ import annotations

import unicodedata

WIDTH = 760
LEFT = 24
"""Where titles begin, in pixels; as much stays free on the right."""

_LETTER = 0.56
"""The mean width of a letter of the fonts in use, in heights of the font."""


def escaped(text: str) -> str:
    """Text for XML: markup is taken for text, and what XML cannot hold is left out."""
    if not text.isprintable():
        text = "".join(filter(_holdable, text))
    return (
        text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")
    )


def heading(title: str, lines: tuple[str, ...], width: int = WIDTH) -> tuple[str, int]:
    """A title and the lines below it, broken where they would not fit; and where they end."""
    y = 32
    parts = []
    for text in wrapped(title, width - 2 * LEFT, 16, 2):
        parts.append(f'<text class="h" x="{LEFT}" y="{y}">{escaped(text)}</text>')
        y += 21
    y -= 2
    for line in filter(None, lines):
        for text in wrapped(line, width - 2 * LEFT, 12, 3):
            parts.append(f'<text class="q" x="{LEFT}" y="{y}">{escaped(text)}</text>')
            y += 17
    return "".join(parts), y - 10


def wrapped(text: str, width: float, size: float, most: int) -> list[str]:
    """Text in lines that fit, `most` at the most; what goes beyond them ends in an ellipsis."""
    lines: list[str] = []
    line = ""
    for word in text.split():
        longer = f"{line} {word}" if line else word
        if line and extent(longer, size) > width:
            lines.append(line)
            longer = word
        line = longer
    lines.append(line)
    if len(lines) > most:
        lines = [*lines[: most - 1], " ".join(lines[most - 1 :])]
    return [_cut(one, width, size) for one in lines]


def extent(text: str, size: float) -> float:
    """About how wide a text is, in pixels: nobody here knows the reader's fonts."""
    if text.isascii():
        return len(text) * size * _LETTER
    wide = sum(unicodedata.east_asian_width(c) in "WF" for c in text)
    return (len(text) + 0.8 * wide) * size * _LETTER


def _cut(text: str, width: float, size: float) -> str:
    if extent(text, size) <= width:
        return text
    while text and extent(text, size) > width - size:
        text = text[:-1]
    return f"{text.rstrip()}…"


def _holdable(letter: str) -> bool:
    code = ord(letter)
    return code in (9, 10, 13) or 32 <= code < 0xD800 or 0xE000 <= code < 0xFFFE or code > 0xFFFF
