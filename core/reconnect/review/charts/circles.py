"""The seven pairs of ever more overlapping circles: how far apart, how large, and as text.

Aron, Aron & Smollan (1992) drew them so that the whole area stays the same from step to step (the
circles grow as they come closer) and so that the overlap grows evenly. The first pair touches.
"""

from __future__ import annotations

import math
from typing import NamedTuple

STEPS = 7


class Pair(NamedTuple):
    """Two equal circles around nought: each `radius`, their centres `apart`; the whole area is 1.

    `overlap` is the share of that area which belongs to both, 0 to 6/7.
    """

    radius: float
    apart: float
    overlap: float

    @property
    def width(self) -> float:
        """From the left edge of the one to the right edge of the other."""
        return self.apart + 2 * self.radius


def lens(radius: float, apart: float) -> float:
    """The area that two equal circles share, whose centres are `apart`."""
    if apart >= 2 * radius:
        return 0.0
    half = apart / 2
    corner = math.sqrt(radius * radius - half * half)
    return 2 * (radius * radius * math.acos(half / radius) - half * corner)


def _pair(step: int) -> Pair:
    overlap = (step - 1) / STEPS
    radius = math.sqrt((1 + overlap) / (2 * math.pi))
    near, far = 0.0, 2 * radius
    for _ in range(50):
        middle = (near + far) / 2
        if lens(radius, middle) > overlap:
            near = middle
        else:
            far = middle
    return Pair(radius, 2 * radius if step == 1 else near, overlap)


PAIRS = tuple(_pair(step) for step in range(1, STEPS + 1))
"""The pairs of the steps 1 to 7, in their order."""


def as_text(step: int) -> str:
    """A pair as plain text of 9 to 16 characters, from `(      )(      )` to `((     ))`."""
    shift = STEPS + 1 if step == 1 else STEPS + 1 - step
    row = [" "] * (shift + STEPS + 1)
    for start in (0, shift):
        row[start], row[start + STEPS] = "(", ")"
    return "".join(row)
