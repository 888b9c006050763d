"""Whatever is to be drawn: it is drawn, within its bounds, and holds no number that is none."""

from __future__ import annotations

import re
from datetime import date, timedelta
from xml.etree import ElementTree as ET

from hypothesis import example, given
from hypothesis import strategies as st

from reconnect.review.charts import svg
from reconnect.review.charts.look import Look
from reconnect.review.charts.scale import axis, date_ticks
from reconnect.review.charts.tables import as_json, table_html
from reconnect.review.charts.terminal import draw, listed
from reconnect.review.figures import (
    MARKS,
    ClosenessFigure,
    DayCell,
    Figure,
    LineFigure,
    WeekdayBar,
    WeekdayFigure,
    YearFigure,
)
from reconnect.textfit import columns

DAYS = st.dates(date(1900, 1, 1), date(2399, 12, 31))
NUMBERS = st.floats() | st.floats(-10, 100) | st.integers(-(10**18), 10**18).map(float)
SHARES = st.none() | st.floats(0, 1)
CELLS = st.builds(DayCell, st.sampled_from(list(MARKS)), SHARES)
LOOKS = st.builds(Look, st.integers(20, 120), st.sampled_from([0, 16, 256]), st.booleans())
TEXTS = st.text(max_size=60)


@st.composite
def lines(draw: st.DrawFn) -> LineFigure:
    found = sorted(draw(st.sets(DAYS, max_size=30)))
    values = [draw(st.none() | NUMBERS) for _ in found]
    bounds = draw(st.sampled_from([(None, None), (0.0, 100.0), (-1e308, 1e308), (0.0, None)]))
    return LineFigure(
        title="A line", unit=draw(st.sampled_from(["%", "minutes", ""])),
        points=tuple(zip(found, values, strict=True)), about="over 7 days",
        direction=draw(st.sampled_from(["more", "less", "steady", None])),
        baseline=draw(st.none() | NUMBERS), low=bounds[0], high=bounds[1],
    )  # fmt: skip


@st.composite
def weekdays(draw: st.DrawFn) -> WeekdayFigure:
    due = [draw(st.integers(0, 1000)) for _ in range(7)]
    bars = tuple(WeekdayBar(draw(st.integers(0, n)), n) for n in due)
    return WeekdayFigure(title="Bars", first=date(2026, 1, 1), last=date(2026, 2, 1), days=bars)


@st.composite
def closeness(draw: st.DrawFn) -> ClosenessFigure:
    first = draw(DAYS)
    first -= timedelta(days=first.weekday())
    steps = draw(st.lists(st.none() | st.integers(1, 7), max_size=130))
    weeks = tuple((first + timedelta(weeks=n), step) for n, step in enumerate(steps))
    return ClosenessFigure(title="Close", weeks=weeks)


YEARS = st.builds(
    YearFigure, title=TEXTS, first=DAYS, days=st.lists(CELLS, max_size=371).map(tuple)
)
FIGURES: st.SearchStrategy[Figure] = lines() | weekdays() | closeness() | YEARS


@given(FIGURES)
def test_the_picture(figure: Figure) -> None:
    text = svg.draw(figure)
    root = ET.fromstring(text)  # noqa: S314 - our own text
    width, height = float(root.get("width") or 0), float(root.get("height") or 0)
    for one in root.iter():
        for key, end in (("x", width), ("cx", width), ("y", height), ("cy", height)):
            assert 0 <= float(one.get(key) or 0) <= end
        for key in ("d", "points", "r"):
            assert not re.search(r"nan|inf|e\d", one.get(key) or "")
    if not isinstance(figure, YearFigure):
        assert not re.search(r"\b(nan|inf|None)\b", text)
        assert not re.search(r"\b(nan|inf|None)\b", table_html(figure))
    ET.fromstring(table_html(figure))  # noqa: S314 - see above
    assert as_json(figure)


@given(FIGURES, LOOKS)
def test_the_terminal(figure: Figure, look: Look) -> None:
    text = "\n".join(draw(figure, look))
    plain = re.sub(r"\x1b\[[0-9;]*m", "", text)
    assert ("\x1b" in text) <= bool(look.colors) or "\x1b" in figure.title
    if isinstance(figure, YearFigure):
        return
    assert not re.search(r"\b(nan|inf|None)\b", plain)
    assert all(columns(line) <= look.width for line in plain.splitlines())
    assert look.unicode or plain.isascii()


@given(st.lists(lines().filter(LineFigure.values), min_size=1, max_size=4), LOOKS)
def test_the_list(figures: list[LineFigure], look: Look) -> None:
    for line in listed(figures, look):
        assert columns(re.sub(r"\x1b\[[0-9;]*m", "", line)) <= look.width


@given(st.lists(NUMBERS.filter(lambda n: n == n), max_size=20))
def test_an_axis_holds_all_values(values: list[float]) -> None:
    found = axis(values)
    assert found.low < found.high
    assert 1 <= len(found.ticks) <= 12
    assert list(found.ticks) == sorted(set(found.ticks))
    assert all(found.low <= tick <= found.high for tick in found.ticks)
    for value in values:
        assert 0 <= found.share(value) <= 1
        if abs(value) < 1e300:
            slack = (found.high - found.low) * 1e-8
            assert found.low - slack <= value <= found.high + slack


@given(DAYS, st.integers(1, 200_000), st.integers(2, 14))
@example(date(2000, 1, 1), 8766, 10)
def test_dates_on_an_axis_are_few_and_in_order(first: date, length: int, most: int) -> None:
    last = date.fromordinal(min(first.toordinal() + length, date(2399, 12, 31).toordinal()))
    if last <= first:
        return
    found = [day for day, _ in date_ticks(first, last, most)]
    assert found == sorted(set(found))
    assert len(found) <= most + 2
    assert all(first <= day <= last for day in found)
