"""How long the metrics of ten years take, as ratios to reading and decoding the same rows.

    python bench/metrics.py [--years 10] [--runs 7]

A home with all ten rules adopted and one entry a day for each (36,500 in ten years), some of them
slips and rests. Measured in this process, from the opened database to the answers, with nothing
kept from one run to the next: all metrics of all rules for one date, and for 52 weekly points. The
floor F is one SELECT of the rows and columns that a metric can look at, and their decoding.
"""

from __future__ import annotations

import argparse
import os
import random
import statistics
import sys
import tempfile
import time
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

import msgspec

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable

    from reconnect.cli.app import App
    from reconnect.model.habit import FieldValue, Habit
    from reconnect.model.rule import Field, Rule

TODAY = date(2026, 11, 23)
BARS = {"one date": 150.0, "52 weekly points": 1500.0}
GOALS = ("Learn the cello", "Run ten kilometres", "Finish the degree")


def main() -> int:
    """Run the measurement; exit code 1 when a figure misses its bar."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--years", type=int, default=10)
    parser.add_argument("--runs", type=int, default=7)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="reconnect-bench-") as home:
        os.environ["RECONNECT_HOME"] = home
        os.environ["TZ"] = "Europe/Berlin"
        count = prepare(365 * options.years)
        figures = measured(options.runs)
    floor = figures.pop("floor")
    print(f"{count:,} entries of ten rules")
    print(f"F (SELECT of all rows, decoded)  {floor:7.1f} ms, median of {options.runs}")
    missed = 0
    for name, took in figures.items():
        bar = BARS[name]
        missed += took > bar
        verdict = "over" if took > bar else "ok"
        print(f"{name:<31}  {took:7.1f} ms  {took / floor:.2f} F  (bar {bar:.0f} ms)  {verdict}")
    return int(missed > 0)


def measured(runs: int) -> dict[str, float]:
    """Medians in ms; the runs take turns, so that a busy moment falls on all of them."""
    from reconnect.cli.app import App
    from reconnect.habits.measuring import answers
    from reconnect.rules.catalog import load_registry
    from reconnect.store.database import open_read_only

    app = App()
    registry = load_registry(app.paths)
    wanted = sorted(registry.rules.values(), key=lambda rule: rule.order)
    weeks = [TODAY - timedelta(weeks=back) for back in reversed(range(52))]
    person = app.person.id

    def of(days: list[date]) -> Callable[[sqlite3.Connection], Any]:
        return lambda db: answers(db, person, registry, wanted, days)

    work = {"floor": decoded, "one date": of([TODAY]), "52 weekly points": of(weeks)}
    seconds: dict[str, list[float]] = {name: [] for name in work}
    for number in range(-1, runs):  # the first only warms the disk's cache
        for name, call in work.items():
            db = open_read_only(app.paths.database)
            assert db is not None
            begin = time.perf_counter()
            answer = call(db)
            took = time.perf_counter() - begin
            db.close()
            assert answer
            if number >= 0:
                seconds[name].append(1000 * took)
    app.close()
    return {name: statistics.median(took) for name, took in seconds.items()}


def decoded(db: sqlite3.Connection) -> list[object]:
    """The floor: every entry's columns, with its day and its fields decoded."""
    fields = msgspec.json.Decoder(dict[str, str | bool | int | float | tuple[str, ...]]).decode
    rows = db.execute(
        "SELECT h.rule, h.template, e.kind, e.at, e.day, e.fields, e.lapse, e.landed "
        "FROM entry AS e JOIN habit AS h ON h.id = e.habit_id"
    )
    return [(r[0], r[1], r[2], r[3], date.fromisoformat(r[4]), fields(r[5]), *r[6:]) for r in rows]


def prepare(days: int) -> int:
    """A home in which every rule was kept for so many days; how many entries it holds."""
    from reconnect.cli.app import App
    from reconnect.habits.adopt import adopt, template_of
    from reconnect.store.database import writing

    app = App()
    luck = random.Random(1)  # noqa: S311 - sample data, no secret
    count = 0
    with writing(app.db):
        for rule in app.catalog.rules():
            habit = adopt(app.db, app.person, rule, template_of(rule), noon(TODAY))
            if rule.id == "support":
                put_goals(app, TODAY - timedelta(days=days))
            for back in range(days):
                log(app, habit, rule, TODAY - timedelta(days=back), luck)
                count += 1
    app.close()
    return count


def put_goals(app: App, since: date) -> None:
    """Goals of the partner's, on the list since a day."""
    from reconnect.store import rule_data

    for number, text in enumerate(GOALS):
        value = {"text": text, "opened": since.isoformat()}
        rule_data.put(app.db, app.person.id, "support", "goal", str(number), value, 0)


def log(app: App, habit: Habit, rule: Rule, day: date, luck: random.Random) -> None:
    """One entry of a day: an act with most of its fields, now and then a slip or a rest."""
    from reconnect.model.habit import Entry, EntryKind
    from reconnect.store import entries

    drawn = luck.random()
    kind: EntryKind = (
        "lapse" if drawn < 0.06 and rule.lapses else "skip" if drawn > 0.97 else "done"
    )
    at = noon(day) + timedelta(minutes=luck.randrange(500))
    answered = [f for f in rule.fields if f.defines or luck.random() < 0.7]
    entry = Entry(
        id=0,
        uid=f"{luck.getrandbits(128):032x}",
        person_id=habit.person_id,
        habit_id=habit.id,
        kind=kind,
        at=at,
        day=day,
        tzid="Europe/Berlin",
        fields={f.id: answer(f, luck) for f in answered} if kind == "done" else {},
        lapse=luck.choice(rule.lapses).id if kind == "lapse" else None,
        landed=luck.choice((None, None, "warm", "neutral")) if kind == "done" else None,
        note="It was a long day, and we sat on the stairs." if luck.random() < 0.1 else None,
    )
    entries.insert(app.db, entry, round(at.timestamp() * 1000))


def answer(field: Field, luck: random.Random) -> FieldValue:
    """A value that the field takes."""
    if field.choices_from:
        return luck.choice(GOALS)
    if field.choices:
        chosen = luck.choice(field.choices)
        return (chosen,) if field.type == "choices" else chosen
    if field.type == "boolean":
        return luck.random() < 0.6
    if field.type == "text":
        return "the stairs, the rain and a paper bag of cherries"
    if field.type == "date":
        return "2026-12-24"
    low, high = field.bounds
    return luck.randint(int(low or 0), int(min(high or 60, 60)))


def noon(day: date) -> datetime:
    """Noon of a day."""
    return datetime(day.year, day.month, day.day, 12, tzinfo=UTC)


if __name__ == "__main__":
    sys.exit(main())
