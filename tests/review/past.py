"""A past to look back at: habits that were kept for some weeks, drawn from a fixed seed."""

from __future__ import annotations

import random
from contextlib import contextmanager
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from reconnect.clock import to_ms
from reconnect.habits.adopt import adopt, template_of
from reconnect.habits.record import record
from reconnect.model.week import Week
from reconnect.store import choices, closeness, rule_data
from reconnect.store.database import writing

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reconnect.cli.app import App
    from reconnect.model.habit import Habit

BERLIN = ZoneInfo("Europe/Berlin")
MEMORIES = (
    ("walk", "the rain on the tin roof, and we stayed"),
    ("meal", "pancakes for dinner, burnt on one side"),
    ("film", "we laughed at the wrong scene"),
    ("drive", "the field of storks behind the mill"),
)
GOALS = ("Play in the village orchestra", "Finish the degree")


@contextmanager
def app_now() -> Iterator[App]:
    """The command's own app, at the time of the test's clock."""
    from reconnect.cli.app import App

    app = App(no_input=True)
    try:
        yield app
    finally:
        app.close()


def evening(day: date, hour: int = 20) -> datetime:
    """An instant of a day in Berlin."""
    return datetime.combine(day, time(hour), BERLIN).astimezone(UTC)


class Past:
    """What was logged; all of it within one transaction."""

    def __init__(self, app: App, first: date) -> None:
        self.app = app
        self.first = first
        self.habits: dict[str, Habit] = {}

    def adopt(self, rule_id: str, template: str | None = None) -> Habit:
        """Take up a habit of a rule on the first day."""
        rule = self.app.rule(rule_id)
        found = template_of(rule, template)
        name = rule_id if template is None else f"{rule_id}-{template}"
        habit = adopt(self.app.db, self.app.person, rule, found, evening(self.first), name=name)
        self.habits[name] = habit
        return habit

    def log(self, name: str, day: date, kind: str = "done", **more: Any) -> None:
        """Log something for a day, recorded on its evening."""
        habit = self.habits[name]
        rule = self.app.rule_of(habit)
        record(self.app.db, self.app.person, habit, rule, evening(day), kind=kind, day=day, **more)  # type: ignore[arg-type]

    def pick(self, week: Week, circles: int) -> None:
        """Pick a pair of circles for a week, on its Sunday."""
        closeness.put(
            self.app.db, self.app.person.id, week, circles, to_ms(evening(week.sunday, 21))
        )

    def choose(self, reviewed: Week, text: str) -> None:
        """Choose something at the review of a week."""
        choices.put(
            self.app.db, self.app.person.id, reviewed, text, to_ms(evening(reviewed.sunday, 21))
        )

    def goal(self, text: str) -> None:
        """Put a goal of the partner's on the list, on the first day."""
        value = {"text": text, "opened": self.first.isoformat()}
        at = to_ms(evening(self.first))
        rule_data.put(self.app.db, self.app.person.id, "support", "goal", text, value, at)


def weeks_of_effort(app: App, weeks: int, last: date) -> Past:
    """Seven habits over so many whole weeks that end with `last`, a Sunday; always the same."""
    first = last - timedelta(days=7 * weeks - 1)
    luck = random.Random(f"past {weeks}")  # noqa: S311 - sample data, no secret
    past = Past(app, first)
    with writing(app.db):
        for rule in ("listen", "quality_time", "tone", "humor", "peace", "sincerity", "support"):
            past.adopt(rule)
        past.adopt("apology", "amends")
        for goal in GOALS:
            past.goal(goal)
        for number in range(weeks):
            _week(past, first + timedelta(weeks=number), number / weeks, luck)
        past.choose(Week.of(last).plus(-1), "Tuesday: put the phone in the drawer before dinner")
    return past


def _week(past: Past, monday: date, far: float, luck: random.Random) -> None:
    together = 0
    for number in range(7):
        day = monday + timedelta(days=number)
        if luck.random() < 0.45 + 0.4 * far:
            past.log("listen", day, fields={"minutes": luck.randint(6, 25), "phone_away": True,
                                            "heard": luck.randint(60, 90)},
                     landed=luck.choice((None, None, "warm", "neutral")))  # fmt: skip
        elif luck.random() < 0.1:
            past.log(
                "listen", day, "lapse", lapse=luck.choice(("half-listened", "looked-at-phone"))
            )
        elif luck.random() < 0.1:
            past.log("listen", day, "skip")
        if luck.random() < (0.35 if number > 3 else 0.1):
            together += 1
            activity, memory = luck.choice(MEMORIES)
            past.log("quality_time", day, landed=luck.choice((None, "warm")),
                     fields={"minutes": luck.randint(60, 200), "activity": activity,
                             "new": luck.random() < 0.3, "memory": memory})  # fmt: skip
        if luck.random() < 0.08:
            past.log("tone", day, "lapse", lapse=luck.choice(("sarcasm", "raised-voice")))
        elif luck.random() < 0.7:
            past.log("tone", day, fields={"tone": luck.randint(2, 5), "soft_start": True})
        if luck.random() < 0.6:
            past.log("humor", day, fields={"laughs": luck.randint(0, 3)},
                     note="the note about the funny thing")  # fmt: skip
        mood = luck.choices(("peaceful", "mixed", "stormy"), (5 + 4 * far, 3, 1))[0]
        if luck.random() < 0.8:
            past.log("peace", day, fields={"day": mood})
    past.log("sincerity", monday + timedelta(days=6),
             fields={"heart": luck.randint(3, 9), "why": "a long week, and her mother is ill"},
             )  # fmt: skip
    if luck.random() < 0.6:
        past.log("support", monday + timedelta(days=1), landed="warm",
                 fields={"goal": luck.choice(GOALS),
                         "act": "drove the cello to the rehearsal"})  # fmt: skip
    drawn = 2.6 + 1.6 * far + 0.6 * (together >= 2) + luck.gauss(0, 0.7)
    past.pick(Week.of(monday), min(7, max(1, round(drawn))))
