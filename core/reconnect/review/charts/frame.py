"""What every SVG chart stands in: its measures, its title, text that fits and is safe."""

from __future__ import annotations

from functools import partial

from reconnect.textfit import columns, fit

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
    for text in fit(title, width - 2 * LEFT, most=2, measure=partial(extent, size=16)):
        parts.append(f'<text class="h" x="{LEFT}" y="{y}">{escaped(text)}</text>')
        y += 21
    y -= 2
    for line in filter(None, lines):
        for text in fit(line, width - 2 * LEFT, measure=partial(extent, size=12)):
            parts.append(f'<text class="q" x="{LEFT}" y="{y}">{escaped(text)}</text>')
            y += 17
    return "".join(parts), y - 10


def extent(text: str, size: float) -> float:
    """About how wide a text is, in pixels: nobody here knows the reader's fonts."""
    return columns(text) * size * _LETTER


def _holdable(letter: str) -> bool:
    code = ord(letter)
    return code in (9, 10, 13) or 32 <= code < 0xD800 or 0xE000 <= code < 0xFFFE or code > 0xFFFF
