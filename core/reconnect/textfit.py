"""How wide a text is, and where to break it: the same for terminals and for pictures."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable


def columns(text: str) -> int:
    """How many columns of a terminal a text takes, one without escapes."""
    if text.isascii():
        return len(text)
    import unicodedata

    wide = sum(unicodedata.east_asian_width(c) in "WF" for c in text)
    return len(text) + wide - sum(unicodedata.combining(c) != 0 for c in text)


def counted(number: int, unit: str) -> str:
    """A number of something: "1 day", "2 weeks"."""
    return f"{number} {unit}{'' if number == 1 else 's'}"


def shortened(text: str, most: int) -> str:
    """A text in one line of at most `most` characters; what is too long ends with an ellipsis."""
    return fit(text, most, most=1, measure=len)[0]


def fit(
    text: str,
    room: float,
    *,
    most: int = 3,
    measure: Callable[[str], float] = columns,
    ellipsis: str = "…",
) -> list[str]:
    """A text in lines that fit into `room`, `most` at the most; the rest gives way to an ellipsis.

    Args:
        text: words; line breaks among them are blanks.
        room: how wide a line may be, as `measure` counts.
        most: how many lines there may be.
        measure: how wide a text is.
        ellipsis: what stands where something was left out.
    """
    lines = [""]
    for word in text.split():
        longer = f"{lines[-1]} {word}".lstrip()
        if lines[-1] and measure(longer) > room:
            lines.append(word)
        else:
            lines[-1] = longer
    if len(lines) > most:
        lines[most - 1 :] = [" ".join(lines[most - 1 :])]
    return [_cut(line, room, measure, ellipsis) for line in lines]


def _cut(line: str, room: float, measure: Callable[[str], float], ellipsis: str) -> str:
    if measure(line) <= room:
        return line
    while line and measure(line + ellipsis) > room:
        line = line[:-1]
    return line.rstrip() + ellipsis
