"""The sample data of `demo`: 26 weeks of a made-up person, from data/demo.toml."""

from __future__ import annotations

import os
import random
import tomllib
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from reconnect.cli.rule_session import Session
from reconnect.clock import to_ms

if TYPE_CHECKING:
    import threading
    from datetime import date

    from reconnect.cli.app import App
    from reconnect.model.habit import EntryKind, Habit, Landed
    from reconnect.model.rule import Field, Rule

WEEKS = 26
_DATA = os.path.join(os.path.dirname(__file__), "..", "data", "demo.toml")
_SLUMP = range(12, 14)
"""Two weeks in the middle in which little was kept: everybody has them, and comes back."""

_AWAY = 20
"""The week of a journey: its days rest."""


class _Then:
    """A clock that stands at the instant that is being told of."""

    def __init__(self, instant: datetime) -> None:
        self.instant = instant

    def now(self) -> datetime:
        return self.instant

    def monotonic(self) -> float:
        return 0.0

    def wait(self, event: threading.Event, seconds: float) -> bool:
        return event.is_set()


class _Silent(Session):
    """A session whose plugin has nobody to talk to."""

    def say(self, text: str) -> None:
        pass

    def show(self, text: str) -> None:
        pass


def tell_story(app: App, monday: date, today: date) -> None:
    """Fill an empty profile with the weeks from `monday` to the eve of `today`.

    The same days give the same data. Plugins hear of their entries as they do of a person's own.
    """
    from reconnect.store import people
    from reconnect.store.database import writing

    with open(_DATA, "rb") as file:
        told = tomllib.load(file)
    teller = _Teller(app, monday, today)
    with writing(app.db):
        people.set_meta(app.db, people.SAMPLE, "1")
        for habit in told["habit"]:
            if (rule := app.catalog.rule(habit["rule"])) is not None:
                teller.adopt(rule, habit)
        for record in told["record"]:
            teller.keep(record)
        for number in range((today - monday).days):
            teller.live(number)
        teller.look_back(told["choices"])
        teller.begin_today()


class _Teller:
    """Lives the days of the sample one after the other."""

    def __init__(self, app: App, monday: date, today: date) -> None:
        from reconnect.rules.catalog import load_registry

        self.app = app
        self.monday, self.today, self.begun = monday, today, app.clock.now()
        self.luck = random.Random(26)  # noqa: S311 - sample data, no secret
        self.kept: list[tuple[Habit, Rule, dict[str, Any], time]] = []
        self.good_days: dict[int, int] = {}
        self.registry = load_registry(app.paths)

    def at(self, day: date, clock: time) -> datetime:
        """The instant of a time on the person's clock; the command's own clock shows it too."""
        from reconnect.recurrence import to_instant

        return self.at_once(to_instant(datetime.combine(day, clock), self.app.person.tzid))

    def at_once(self, instant: datetime) -> datetime:
        """Let the command's own clock show an instant."""
        self.app.clock = _Then(instant)
        self.app.__dict__.pop("now", None)
        return instant

    def adopt(self, rule: Rule, story: dict[str, Any]) -> None:
        """Take up a rule's first habit in its week, with its reminder."""
        from reconnect.habits.adopt import adopt, template_of

        day = self.monday + timedelta(weeks=story["from"])
        if day >= self.today:
            return
        template = template_of(rule)
        now = self.at(day, time(9))
        habit = adopt(self.app.db, self.app.person, rule, template, now)
        self.kept.append((habit, rule, story, time.fromisoformat(template.time)))

    def keep(self, record: dict[str, Any]) -> None:
        """Put something into a rule's own part of the store."""
        from reconnect.store import rule_data

        day = self.today - timedelta(weeks=record["weeks_ago"])
        now = self.at(day, time(12))
        dated = {"{day}": day.isoformat()}
        value = {
            key: dated.get(part, part) if isinstance(part, str) else part
            for key, part in record["value"].items()
        }
        rule_data.put(
            self.app.db, self.app.person.id, record["rule"], record["kind"], record["key"], value,
            to_ms(now),
        )  # fmt: skip

    def live(self, number: int) -> None:
        """One day: for each habit that is due an act, a rest, or nothing; now and then a slip."""
        from reconnect.habits.days import is_due

        day, week = self.monday + timedelta(days=number), number // 7
        grown = number / (WEEKS * 7)
        for habit, rule, story, clock in self.kept:
            if day < habit.begun:
                continue
            if rule.lapses and self.luck.random() < _between(story.get("lapses", [0, 0]), grown):
                self.log(habit, rule, day, clock, "lapse", lapse=self.luck.choice(rule.lapses).id)
                if habit.goal == "at-most":
                    continue
            if not is_due(habit, day):
                continue
            chance = _between(story["kept"], grown) * (0.35 if week in _SLUMP else 1)
            if week == _AWAY:
                if self.luck.random() < 0.8:
                    self.log(habit, rule, day, clock, "skip")
            elif self.luck.random() < chance:
                self.act(habit, rule, story, day, clock, grown)
                self.good_days[week] = self.good_days.get(week, 0) + 1

    def begin_today(self) -> None:
        """Today one thing is done already, and the reminders still come."""
        from reconnect.config import Settings
        from reconnect.habits.days import is_due
        from reconnect.reminders.manage import add_reminder

        app, now = self.app, self.at_once(self.begun)
        for habit, _, _, clock in self.kept:
            add_reminder(app.db, app.person, habit, now, Settings(), at=f"{clock:%H:%M}")
        due = [each for each in self.kept if is_due(each[0], self.today)]
        for habit, rule, story, _ in due[1:2]:
            self.act(habit, rule, story, self.today, None, 1.0)

    def act(
        self,
        habit: Habit,
        rule: Rule,
        story: dict[str, Any],
        day: date,
        clock: time | None,
        grown: float,
    ) -> None:
        """Something was done: with most of its fields, and how it landed."""
        fields = {}
        for field in rule.fields:
            how = story["fields"].get(field.id)
            if how and (field.defines or self.luck.random() < how.get("chance", 1)):
                fields[field.id] = self.value(field, how, grown)
        landed: Landed | None = None
        if "warm" in story and self.luck.random() < 0.8:
            warm = self.luck.random() < _between(story["warm"], grown)
            landed = "warm" if warm else self.luck.choice(("neutral", "neutral", "cold"))
        note = "Sample: a quiet evening" if self.luck.random() < 0.05 else None
        self.log(habit, rule, day, clock, "done", fields=fields, landed=landed, note=note)

    def value(self, field: Field, how: dict[str, Any], grown: float) -> object:
        """A value of a field, as the story has it at that time."""
        if field.type == "boolean":
            return self.luck.random() < how.get("chance", 0.5) + 0.2 * grown
        if "of" in how:
            place = min(int(abs(self.luck.gauss(0, len(how["of"]) / 2.5))), len(how["of"]) - 1)
            return how["of"][place]
        if "text" in how:
            return self.luck.choice(how["text"])
        low, high = field.bounds
        drawn = round(_between(how["number"], grown) * self.luck.gauss(1, 0.2))
        drawn = max(drawn, int(low or 0))
        return drawn if high is None else min(drawn, int(high))

    def log(
        self, habit: Habit, rule: Rule, day: date, clock: time | None, kind: EntryKind, **more: Any
    ) -> None:
        """Store one entry as `log` does, and let its plugin hear of it; without a clock, now."""
        from reconnect.habits.record import record
        from reconnect.rules.dispatch import entry_recorded

        if clock is None:
            now = self.at_once(self.begun)
        else:
            minutes = min(clock.hour * 60 + clock.minute + self.luck.randrange(5, 75), 1435)
            now = self.at(day, time(minutes // 60, minutes % 60))
        done = record(self.app.db, self.app.person, habit, rule, now, kind=kind, day=day, **more)
        entry_recorded(self.registry, done.entry, _Silent(self.app, done.entry.rule))

    def look_back(self, choices: list[str]) -> None:
        """How close the weeks felt, and what was chosen for the next one."""
        from reconnect.model.week import Week
        from reconnect.store import choices as chosen
        from reconnect.store import closeness

        for week in range(WEEKS):
            sunday = self.monday + timedelta(days=7 * week + 6)
            if sunday >= self.today:
                return
            now, of = to_ms(self.at(sunday, time(20, 30))), Week.of(sunday)
            asked = sum(3 for habit, *_ in self.kept if habit.begun <= sunday) or 1
            felt = 2 + 2.2 * week / WEEKS + 1.2 * min(1.0, self.good_days.get(week, 0) / asked)
            circles = round(felt + self.luck.gauss(-0.4, 0.5))
            closeness.put(self.app.db, self.app.person.id, of, min(7, max(1, circles)), now)
            if week % 2:
                text = choices[week // 2 % len(choices)]
                chosen.put(self.app.db, self.app.person.id, of, text, now)


def _between(ends: list[float], grown: float) -> float:
    return ends[0] + (ends[1] - ends[0]) * grown
