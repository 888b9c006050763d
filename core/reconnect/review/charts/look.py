"""What a terminal can show: its width, its colours, its letters."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Literal, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable

Ink = Literal["title", "soft", "yes", "partly", "skip", "no", "unknown", "not-due", "compare"]
"""What something is painted as: a state of a day (a line is painted as `yes`), or a text."""

_COLORS: dict[Ink, tuple[int, int]] = {
    "yes": (32, 36), "partly": (33, 179), "skip": (34, 68), "no": (35, 133), "unknown": (90, 243),
    "not-due": (90, 243), "compare": (33, 179),
}  # fmt: skip
"""Of the 16 colours that every terminal has the code, of 256 the number; the hues are the same."""


class Look(NamedTuple):
    """A terminal of `width` columns, with 0, 16 or 256 colours; without `unicode` ASCII alone."""

    width: int = 80
    colors: Literal[0, 16, 256] = 0
    unicode: bool = True

    def paint(self, text: str, ink: Ink) -> str:
        """Text in a colour, ended; as it is where there are none."""
        if not self.colors or not text:
            return text
        return f"\x1b[{self._code(ink)}m{text}\x1b[0m"

    def halves(self, column: Iterable[tuple[Ink | None, Ink | None]]) -> str:
        """One line of half-blocks: of each place the upper and the lower ink, None is empty."""
        parts = []
        for (upper, lower), same in groupby(column):
            count = sum(1 for _ in same)
            if upper is None and lower is None:
                parts.append(" " * count)
            elif lower is None or upper == lower:
                parts.append(self.paint(("█" if lower else "▀") * count, upper or "soft"))
            elif upper is None:
                parts.append(self.paint("▄" * count, lower))
            else:
                code = f"{self._code(upper)};{self._code(lower, ground=True)}"
                parts.append(f"\x1b[{code}m{'▀' * count}\x1b[0m")
        return "".join(parts)

    def _code(self, ink: Ink, *, ground: bool = False) -> str:
        if ink == "title":
            return "1"
        if ink == "soft":
            return "2"
        few, many = _COLORS[ink]
        if self.colors == 256:
            return f"{48 if ground else 38};5;{many}"
        return str(few + 10 * ground)
