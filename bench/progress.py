"""How long it takes to answer the day, and to look at progress.

    python bench/progress.py [--runs 15]

Charts are measured in this process on sample figures: nothing is read, so each figure is the
drawing alone. The floor F is the drawing of nothing but text: each day of the year, formatted as
the shortest tag that could show it. The weekly review is measured from the opened database to the
whole page, plugins loaded anew, with ten rules kept for ten years (36,500 entries). Bars are in
milliseconds on a quiet machine, and in bytes.

The strength of one habit is computed from counts that were read already.

The day: whole commands, as ratios to `python -c "import click, sqlite3"`, as in bench/startup.py.
`today` runs against ten habits with an entry a day for ten years (36,500), and with 100 entries.
`ask` answers six habits, the first six that are introduced, over a pipe; what it stored is taken
out before the next run.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import random
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import metrics
from startup import FLOOR, SCRIPT, timed

from reconnect.review.charts import svg, terminal
from reconnect.review.charts.look import Look
from reconnect.review.figures import DayCell, DayMark, YearFigure

if TYPE_CHECKING:
    from collections.abc import Callable

YEAR = date(2012, 1, 1)
"""A leap year that begins on a Sunday: it touches 54 weeks, more than any other."""

STATES: tuple[DayMark, ...] = ("yes", "yes", "yes", "partly", "skip", "no", "unknown", "not-due")

SIX = {"sincerity": "8", "listen": "", "humor": "y", "quality_time": "90", "tone": "4",
       "inspire": "1"}  # fmt: skip
MANY, FEW = 3650, 10


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
    rows = [*charts(runs), *strength(runs), *review(max(3, runs // 3)), *daily(runs)]
    floor = rows[0].figure
    print(f"F (366 bare tags)                     {floor:9.2f} ms, median of {runs}")
    missed = 0
    for row in rows[1:]:
        missed += row.figure > row.bar
        verdict = "over" if row.figure > row.bar else "ok"
        ratio = f"  {row.figure / floor:.1f} F" if row.unit == "ms" else ""
        shown = f"{row.figure:9,.0f}" if row.unit == "B" else f"{row.figure:9.2f}"
        print(f"{row.name:<36}  {shown} {row.unit}{ratio}  (bar {row.bar:,g})  {verdict}")
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


def strength(runs: int) -> list[Row]:
    """Of one habit over ten years, for each pace and goal."""
    from reconnect.habits.strength import strengths
    from reconnect.model.habit import Habit, Tally, Terms

    first = YEAR - timedelta(days=MANY)
    luck = random.Random(3)  # noqa: S311 - sample data, no secret
    days = (first + timedelta(days=n) for n in range(MANY) if luck.random() < 0.8)
    logged = {day: Tally(done=1, amount=20 * luck.random()) for day in days}

    def of(rrule: str, target: float | None) -> Callable[[], object]:
        terms = (Terms(since=first, anchor=first, rrule=rrule, target=target),)
        habit = Habit(
            id=1, person_id=1, name="x", rule="x", template="x", title="x", goal="at-least",
            amount="x", unit=None, cue=None, terms=terms,
        )  # fmt: skip
        return lambda: strengths(habit, logged, YEAR)

    took = medians(
        runs,
        {
            "strength, daily": of("FREQ=DAILY", None),
            "strength, an amount a day": of("FREQ=DAILY", 8),
            "strength, three a week": of("FREQ=WEEKLY;BYDAY=MO,WE,FR", None),
        },
    )
    return [Row(f"{name}, ten years", figure, "ms", 5) for name, figure in took.items()]


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


def daily(runs: int) -> list[Row]:
    """`today` and `ask`, as processes of their own."""
    left_out = ("RECONNECT_", "PYTHONDONTWRITEBYTECODE", "PYTHONPROFILE", "COVERAGE")
    for name in [name for name in os.environ if name.startswith(left_out)]:
        del os.environ[name]
    os.environ["TZ"] = "Europe/Berlin"
    with tempfile.TemporaryDirectory(prefix="reconnect-bench-") as place:
        return _daily(Path(place), runs)


def _daily(place: Path, runs: int) -> list[Row]:
    homes = {name: {**os.environ, "RECONNECT_HOME": str(place / name)} for name in ("F", "ask")}
    for days in (FEW, MANY):
        os.environ["RECONNECT_HOME"] = str(place / str(days))
        metrics.TODAY = datetime.now(UTC).date() - timedelta(days=1)
        assert metrics.prepare(days) == 10 * days
        homes[str(days)] = dict(os.environ)
    del os.environ["RECONNECT_HOME"]
    for rule in SIX:
        command = [SCRIPT, "--no-input", "adopt", rule, "--days", "daily", "--no-reminder"]
        subprocess.run(command, env=homes["ask"], check=True, capture_output=True)
    took: dict[str, list[float]] = {name: [] for name in homes}
    for number in range(-2, runs):  # the first two only warm the disk's cache
        once = {
            "F": timed(FLOOR, homes["F"]),
            str(FEW): timed([SCRIPT, "today"], homes[str(FEW)]),
            str(MANY): timed([SCRIPT, "today"], homes[str(MANY)]),
            "ask": answered(homes["ask"], place / "ask" / "reconnect.db"),
        }
        if number >= 0:
            for name, seconds in once.items():
                took[name].append(seconds)
    median = {name: statistics.median(seconds) for name, seconds in took.items()}
    print(f"F (import click, sqlite3)        {1000 * median['F']:9.2f} ms, median of {runs}")
    many, few = median[str(MANY)], median[str(FEW)]
    return [
        Row("today, ten habits, 36,500 entries", many / median["F"], "F", 1.8),
        Row("the same, to 100 entries", many / few, "x", 1.15),
        Row("ask, six habits over a pipe", median["ask"] / median["F"], "F", 2.0),
    ]


def answered(environment: dict[str, str], database: Path) -> float:
    """Seconds that answering six habits takes; what was stored is taken out again."""
    lines = "".join(f"{answer}\n" for answer in SIX.values())
    begin = time.perf_counter()
    subprocess.run(
        [SCRIPT, "ask", *SIX], env=environment, check=True, capture_output=True, input=lines,
        text=True,
    )  # fmt: skip
    took = time.perf_counter() - begin
    with contextlib.closing(sqlite3.connect(database)) as db, db:
        assert db.execute("DELETE FROM entry").rowcount == len(SIX)
    return took


if __name__ == "__main__":
    sys.exit(main())
