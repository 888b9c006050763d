"""How long it takes to look at progress: own time and sizes of the charts.

    python bench/progress.py [--runs 15]

Charts are measured in this process on sample figures: nothing is read, so each figure is the
drawing alone. The floor F is the drawing of nothing but text: each day of the year, formatted as
the shortest tag that could show it. The weekly review is measured from the opened database to the
whole page, plugins loaded anew, with ten rules kept for ten years (36,500 entries). Bars are in
milliseconds on a quiet machine, and in bytes.
"""

from __future__ import annotations

import argparse
import os
import random
import statistics
import sys
import tempfile
import time
from datetime import date, timedelta
from typing import TYPE_CHECKING, NamedTuple

from reconnect.review.charts import svg, terminal
from reconnect.review.charts.look import Look
from reconnect.review.figures import DayCell, DayMark, YearFigure

if TYPE_CHECKING:
    from collections.abc import Callable

YEAR = date(2012, 1, 1)
"""A leap year that begins on a Sunday: it touches 54 weeks, more than any other."""

STATES: tuple[DayMark, ...] = ("yes", "yes", "yes", "partly", "skip", "no", "unknown", "not-due")


class Row(NamedTuple):
    """One line of the result: a median in ms or a size in bytes, and what it may be."""

    name: str
    figure: float
    unit: str
    bar: float


def main() -> int:
    """Run the measurement; exit code 1 when a figure misses its bar."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=15)
    runs = parser.parse_args().runs
    rows = [*charts(runs), *review(max(3, runs // 3))]
    floor = rows[0].figure
    print(f"F (366 bare tags)                {floor:9.2f} ms, median of {runs}")
    missed = 0
    for row in rows[1:]:
        missed += row.figure > row.bar
        verdict = "over" if row.figure > row.bar else "ok"
        ratio = f"  {row.figure / floor:.1f} F" if row.unit == "ms" else ""
        shown = f"{row.figure:9.2f}" if row.unit == "ms" else f"{row.figure:9,.0f}"
        print(f"{row.name:<31}  {shown} {row.unit}{ratio}  (bar {row.bar:,.0f})  {verdict}")
    return int(missed > 0)


def charts(runs: int) -> list[Row]:
    """Of one year heatmap as SVG, and of ten in a terminal."""
    years = [sample_year(seed) for seed in range(10)]
    days = [(YEAR + timedelta(days=n)).isoformat() for n in range(366)]
    colored, plain = Look(120, 256, True), Look(120, 0, True)
    worst = YearFigure(title="x" * 80, first=YEAR, days=(DayCell("partly", 0.5),) * 366)
    took = medians(
        runs,
        {
            "floor": lambda: "".join(f'<path d="M{n} {n}h10"/>{d}' for n, d in enumerate(days)),
            "svg": lambda: svg.draw(years[0]),
            "colored": lambda: [terminal.draw(year, colored) for year in years],
            "plain": lambda: [terminal.draw(year, plain) for year in years],
        },
    )
    return [
        Row("F", took["floor"], "ms", 0),
        Row("year heatmap, one SVG", took["svg"], "ms", 2),
        Row("its size, each state in it", len(svg.draw(years[0]).encode()), "B", 40_000),
        Row("its size at the worst", len(svg.draw(worst).encode()), "B", 40_000),
        Row("10 year heatmaps, half-blocks", took["colored"], "ms", 30),
        Row("10 year heatmaps, no colour", took["plain"], "ms", 30),
    ]


def review(runs: int) -> list[Row]:
    """Of the review of a week after ten years, as a page."""
    with tempfile.TemporaryDirectory(prefix="reconnect-bench-") as home:
        os.environ |= {"RECONNECT_HOME": home, "TZ": "Europe/Berlin"}
        from metrics import TODAY, prepare

        from reconnect.cli.app import App
        from reconnect.model.week import Week
        from reconnect.review.as_html import as_html
        from reconnect.review.weekly import review_of
        from reconnect.rules.catalog import load_registry
        from reconnect.store.database import open_read_only

        prepare(3650)
        app = App()
        sunday = Week.of(TODAY).sunday

        def page() -> str:
            db = open_read_only(app.paths.database)
            assert db is not None
            registry = load_registry(app.paths)
            made = as_html(review_of(db, app.person, registry, Week.of(TODAY), sunday))
            db.close()
            return made

        took = medians(runs, {"page": page})["page"]
        size = len(page().encode())
        app.close()
    return [
        Row("review of a week, ten years", took, "ms", 400),
        Row("its size", size, "B", 400_000),
    ]


def medians(runs: int, work: dict[str, Callable[[], object]]) -> dict[str, float]:
    """Medians in ms; the runs take turns, so that a busy moment falls on all of them."""
    seconds: dict[str, list[float]] = {name: [] for name in work}
    for number in range(-1, runs):  # the first only warms up
        for name, call in work.items():
            begin = time.perf_counter()
            assert call()
            took = time.perf_counter() - begin
            if number >= 0:
                seconds[name].append(1000 * took)
    return {name: statistics.median(took) for name, took in seconds.items()}


def sample_year(seed: int) -> YearFigure:
    """A year in which every state comes up."""
    luck = random.Random(seed)  # noqa: S311 - sample data, no secret
    days = (DayCell(luck.choice(STATES), luck.random()) for _ in range(366))
    return YearFigure(title="Eight undivided minutes", first=YEAR, days=tuple(days))


if __name__ == "__main__":
    sys.exit(main())
