"""The SVG charts: valid, safe, readable for all, and the very numbers of their tables."""

from __future__ import annotations

import math
import re
from datetime import date, timedelta
from xml.etree import ElementTree as ET

import pytest
from tests.review.samples import SAMPLES, days

from reconnect.review.charts import palette, svg
from reconnect.review.charts.circles import PAIRS, lens
from reconnect.review.charts.tables import as_json, table, table_html
from reconnect.review.figures import (
    ClosenessFigure,
    DayCell,
    LineFigure,
    WeekdayFigure,
    YearFigure,
)

SPACE = "{http://www.w3.org/2000/svg}"
GRAPHICS = ("kept", "rest", "slip", "open", "compare")


def parsed(text: str) -> ET.Element:
    return ET.fromstring(text)  # noqa: S314 - our own text


def titles(root: ET.Element) -> list[str]:
    """What the shapes say, in the order in which they are drawn."""
    found = (one.find(f"{SPACE}title") for one in root.iter() if one is not root)
    return [title.text or "" for title in found if title is not None]


@pytest.mark.parametrize("name", SAMPLES)
def test_it_is_one_safe_element(name: str) -> None:
    text = svg.draw(SAMPLES[name])
    root = parsed(text)
    assert root.tag == f"{SPACE}svg"
    assert text.count("<style>") == 1
    assert not re.search(r"<script|<image|<use|<foreignObject|href|\son\w+=|\sstyle=", text)
    # Nothing is loaded from anywhere: the only address is the name of the format.
    assert text.replace('xmlns="http://www.w3.org/2000/svg"', "").count("http") == 0
    assert "url(" not in text
    assert "@import" not in text


@pytest.mark.parametrize("name", SAMPLES)
def test_it_says_what_it_is(name: str) -> None:
    figure = SAMPLES[name]
    root = parsed(svg.draw(figure, "one"))
    assert root.get("role") == "img"
    title, description = list(root)[:2]
    assert (title.tag, title.text) == (f"{SPACE}title", figure.title)
    assert description.tag == f"{SPACE}desc"
    assert description.text
    assert (root.get("aria-labelledby") or "").split() == [title.get("id"), description.get("id")]


def test_many_stand_on_one_page() -> None:
    drawn = [svg.draw(one, f"c{n}", style=False) for n, one in enumerate(SAMPLES.values())]
    root = parsed(f"<div>{''.join(drawn)}</div>")
    ids = [one.get("id") for one in root.iter() if one.get("id")]
    assert len(ids) == len(set(ids)) == 2 * len(SAMPLES)
    assert "<style" not in "".join(drawn)
    assert palette.STYLE.count("{") == palette.STYLE.count("}")


@pytest.mark.parametrize("name", SAMPLES)
def test_everything_lies_within_the_picture(name: str) -> None:
    root = parsed(svg.draw(SAMPLES[name]))
    width, height = (float(root.get(side) or 0) for side in ("width", "height"))
    assert root.get("viewBox") == f"0 0 {width:g} {height:g}"
    for one in root.iter():
        for key, end in (("x", width), ("cx", width), ("y", height), ("cy", height)):
            assert 0 <= float(one.get(key) or 0) <= end
        if one.tag == f"{SPACE}text" and one.get("class") not in ("e", "m"):
            size = 9 if one.get("class") == "h" else 6
            assert float(one.get("x") or 0) + size * len(one.text or "") * 0.95 <= width + 1


@pytest.mark.parametrize("name", SAMPLES)
def test_the_table_has_the_numbers_of_the_picture(name: str) -> None:
    figure = SAMPLES[name]
    root = parsed(svg.draw(figure))
    header, rows = table(figure)
    assert all(len(row) == len(header) for row in rows)
    if isinstance(figure, YearFigure):
        said = [cell for row in rows for cell in row[1:] if cell]
        assert [one.partition(": ")[2] for one in titles(root)] == said
        assert len(said) == len(figure.days)
    elif isinstance(figure, LineFigure):
        wanted = [f"{day}: {text} {figure.unit}" for day, text in rows if text != "-"]
        if len(wanted) <= 120:
            assert titles(root) == wanted
            check_heights(root, figure)
        else:
            assert len(root.findall(f"{SPACE}path[@class='l']")[0].get("d", "").split("L")) == 365
    elif isinstance(figure, WeekdayFigure):
        full = [float(r.get("width") or 0) for r in root.findall(f"{SPACE}rect[@class='t']")]
        due = [bar for bar in figure.days if bar.due]
        assert len(full) == len(due)
        assert titles(root) == [f"{r[0]}: {r[1]}" for r in rows if not r[1].startswith("0 ")
                                        and r[1] != "not due"]  # fmt: skip
        for bar in root.findall(f"{SPACE}rect[@class='f']"):
            name_of = (bar[0].text or "")[:3]
            share = next(int(row[2].split()[0]) for row in rows if row[0] == name_of)
            assert float(bar.get("width") or 0) / full[0] == pytest.approx(share / 100, abs=0.01)
    else:
        said = [f"week of {day}: {text} of 7" for day, text in rows if text != "-"]
        assert titles(root) == said


def check_heights(root: ET.Element, figure: LineFigure) -> None:
    """Each dot stands where the numbers beside the axis say."""
    marks = [
        (float(one.get("y") or 0) - 4, float((one.text or "").replace(",", "")))
        for one in root.findall(f"{SPACE}text[@class='e']")
    ]
    (low_y, low), (high_y, high) = marks[0], marks[-1]
    dots = [float(one.get("cy") or 0) for one in root.iter(f"{SPACE}circle")]
    for y, value in zip(dots, figure.values(), strict=True):
        assert low + (low_y - y) / (low_y - high_y) * (high - low) == pytest.approx(value, abs=0.5)


@pytest.mark.parametrize("name", SAMPLES)
def test_the_table_for_screen_readers(name: str) -> None:
    figure = SAMPLES[name]
    header, rows = table(figure)
    root = parsed(table_html(figure))
    caption = root.find("caption")
    assert caption is not None
    assert (caption.text or "").startswith(figure.title)
    assert [one.text for one in root.findall("thead/tr/th[@scope='col']")] == header
    read = [[one.text or "" for one in line] for line in root.findall("tbody/tr")]
    assert read == rows
    assert len(root.findall("tbody/tr/th[@scope='row']")) == len(rows)
    assert as_json(figure)["title"] == figure.title


def test_a_title_is_no_markup() -> None:
    figure = LineFigure(title='<b onload="x">&\x00\x1b\ud800\uffff', unit="<i>", points=())
    root = parsed(svg.draw(figure, '"><script>'))
    assert root[0].text == '<b onload="x">&'
    assert not list(root.iter(f"{SPACE}script"))
    assert "<b" not in table_html(figure)


def test_every_state_has_a_shape_of_its_own() -> None:
    states = ("yes", "partly", "no", "skip", "unknown", "not-due")
    shapes = set()
    for state in states:
        cell = DayCell(state)  # type: ignore[arg-type]
        text = svg.draw(YearFigure(title="x", first=date(2026, 11, 23), days=(cell,)))
        (shape,) = re.findall(r'<(circle|path) class="(.)"([^>]*)><title>', text)
        # Where it stands and its colour are left out: whether it is filled is not.
        filled = palette._PAINT[next(p for p in palette._PAINT if f".{shape[1]}" in p)][0] == "kept"
        shapes.add((shape[0], filled, re.sub(r"M[\d ]+", "", shape[2])))
    assert len(shapes) == len(states)


@pytest.mark.parametrize("year", [2012, 2020, 2024, 2026, 2028, 2032, 2040, 1900, 2000])
def test_a_year_has_each_day_in_its_place(year: int) -> None:
    first, last = date(year, 1, 1), date(year, 12, 31)
    count = (last - first).days + 1
    root = parsed(svg.draw(YearFigure(title="x", first=first, days=days(count))))
    monday = next(one for one in root.iter(f"{SPACE}text") if one.text == "Mon")
    top = float(monday.get("y") or 0) - 9
    found = {}
    for one in root.iter():
        if one is not root and one.find(f"{SPACE}title") is not None:
            place = re.findall(r"\d+", one.get("d") or f"{one.get('cx')} {one.get('cy')}")
            x, y = float(place[0]) - 55, float(place[1]) - top
            found[(one[0].text or "").partition(":")[0]] = (int(x // 13), int(y // 13))
    assert len(found) == count
    assert (f"29 Feb {year}" in found) == (count == 366)
    for number in range(count):
        day = first + timedelta(days=number)
        column, row = found[f"{day.day} {day:%b} {day.year}"]
        assert row == day.weekday()
        assert column == (first.weekday() + number) // 7
    width = float(root.get("width") or 0)
    assert 55 + 13 * (max(column for column, _ in found.values()) + 1) <= width
    months = [one.text for one in root.findall(f"{SPACE}text") if one.get("class") is None]
    named = [m for m in months if m in ("Feb", "Mar", "Apr", "Jun", "Aug", "Oct", "Dec")]
    assert named == ["Feb", "Mar", "Apr", "Jun", "Aug", "Oct", "Dec"]


def test_the_largest_heatmap_is_small_enough() -> None:
    cells = (DayCell("partly", 0.5),) * 366
    for state in ("partly", "unknown", "no", "skip"):
        cells = (DayCell(state, 0.5),) * 366  # type: ignore[arg-type]
        text = svg.draw(YearFigure(title="x" * 80, first=date(2012, 1, 1), days=cells))
        assert len(text.encode()) <= 40_000


def luminance(color: str) -> float:
    """Relative luminance as WCAG 2.2 defines it."""
    parts = [int(color[n : n + 2], 16) / 255 for n in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("theme", ["light", "dark", "print"])
def test_the_contrast_is_enough(theme: palette.Theme) -> None:
    colors = palette.PALETTE[theme]
    for text in ("ink", "soft", "compare"):
        assert contrast(colors[text], colors["ground"]) >= 4.5, text
    for graphic in GRAPHICS:
        assert contrast(colors[graphic], colors["ground"]) >= 3, graphic
    # A bar is told from what it is missing.
    assert contrast(colors["kept"], colors["pale"]) >= 3
    assert all(color in palette.STYLE for color in colors.values())
    painted = {color for both in palette._PAINT.values() for color in both}
    assert painted - {"-", ""} == colors.keys()


def test_the_circles_are_those_of_the_source() -> None:
    for step, pair in enumerate(PAIRS, 1):
        shared = lens(pair.radius, pair.apart)
        whole = 2 * math.pi * pair.radius**2 - shared
        assert whole == pytest.approx(1)
        assert shared == pytest.approx((step - 1) / 7, abs=1e-9)
    assert PAIRS[0].apart == pytest.approx(2 * PAIRS[0].radius)


def test_what_is_no_figure_is_refused() -> None:
    monday = date(2026, 11, 23)
    with pytest.raises(ValueError, match="54 weeks"):
        YearFigure(title="x", first=monday, days=days(379))
    with pytest.raises(ValueError, match="share"):
        YearFigure(title="x", first=monday, days=(DayCell("partly", 1.5),))
    with pytest.raises(ValueError, match="oldest first"):
        LineFigure(title="x", unit="", points=((monday, 1.0), (monday, 2.0)))
    with pytest.raises(ValueError, match="7"):
        WeekdayFigure(title="x", first=monday, last=monday, days=())
    with pytest.raises(ValueError, match="1 to 7"):
        ClosenessFigure(title="x", weeks=((monday, 8),))
    with pytest.raises(ValueError, match="Monday"):
        ClosenessFigure(title="x", weeks=((date(2026, 11, 24), 3),))
