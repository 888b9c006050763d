"""The seven pairs on a terminal: all of them, in order, within its width."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from reconnect.review.charts.circles import STEPS
from reconnect.review.charts.pairs import pairs, picture


@given(st.integers(18, 200), st.booleans())
def test_all_seven_are_there_in_order_and_fit(columns: int, ascii_only: bool) -> None:
    lines = pairs(columns, ascii_only=ascii_only)
    plain = ["".join(text for _, text in line) for line in lines]
    assert all(len(line) <= columns for line in plain)
    assert not ascii_only or "".join(plain).isascii()
    seen = [step for line in lines for step, _ in line if step is not None]
    assert list(dict.fromkeys(seen)) == list(range(1, STEPS + 1))
    digits = [c for line in plain for c in line if c.isdecimal()]
    assert digits == [str(step) for step in range(1, STEPS + 1)]


def test_the_circles_come_closer_and_are_even_on_both_sides() -> None:
    for height in (3, 4):
        widths = [len(picture(step, height)[0]) for step in range(1, STEPS + 1)]
        assert widths == sorted(widths, reverse=True)
        for step in range(1, STEPS + 1):
            lines = picture(step, height)
            assert len(lines) == height
            assert len({len(line) for line in lines}) == 1
            assert all(0x2800 <= ord(letter) < 0x2900 for line in lines for letter in line)
            assert _dots(lines) == [row[::-1] for row in _dots(lines)]


def _dots(lines: tuple[str, ...]) -> list[list[bool]]:
    """The picture as rows of dots."""
    bits = ((0x01, 0x08), (0x02, 0x10), (0x04, 0x20), (0x40, 0x80))
    return [
        [bool((ord(letter) - 0x2800) & bit) for letter in line for bit in row]
        for line in lines
        for row in bits
    ]
