"""A home in which `listen` is adopted, and what a test does with it."""

from __future__ import annotations

import sys
import threading
import time
from datetime import datetime
from typing import TYPE_CHECKING, Any

import pytest
from tests.reminders.live import PATIENCE_S

from reconnect.cli.app import App
from reconnect.clock import FileClock
from reconnect.habits.adopt import adopt, template_of
from reconnect.reminders import manage
from reconnect.reminders.runner import Runner
from reconnect.reminders.wishes import Wishes
from reconnect.rules.catalog import load_registry
from reconnect.store import channels, delivery_history, reminders

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from tests.conftest import Clock
    from tests.reminders.live import Receiver

    from reconnect.config import Settings
    from reconnect.model.habit import Habit, Person
    from reconnect.model.reminder import Delivery, Reminder


class HandClock(FileClock):
    """The clock of the test, whose measured seconds can be moved on as well."""

    ahead = 0.0

    def monotonic(self) -> float:
        """Real seconds, and those that the test added."""
        return time.monotonic() + self.ahead


class Kept:
    """A home with `listen` adopted; its database is open, and runners run in this process."""

    def __init__(self, home: Path, clock: Clock) -> None:
        self.home = home
        self.shown = clock
        self.clock = HandClock(str(clock.path))
        self.app = App()
        self.db = self.app.db
        self._runners: list[Runner] = []
        rule = self.app.rule("listen")
        self.habit: Habit = adopt(self.db, self.person, rule, template_of(rule), self.now)
        self.wake = threading.Event()

    @property
    def now(self) -> datetime:
        """The instant that the clock shows."""
        return self.clock.now()

    @property
    def person(self) -> Person:
        """Whose home it is."""
        return self.app.person

    @property
    def settings(self) -> Settings:
        """What stands in config.toml now."""
        from reconnect.config import load_settings

        return load_settings(self.app.paths.config)

    def configure(self, text: str) -> None:
        """Write config.toml anew."""
        from reconnect.paths import write_private_file

        write_private_file(self.app.paths.config, text.encode())

    def channels(self, **urls: str) -> None:
        """Set up these channels, and nothing else."""
        self.configure("".join(f'[channels.{n}]\nurl = "{url}"\n' for n, url in urls.items()))

    def remind(self, at: str | None, rrule: str | None = "FREQ=DAILY", **changes: Any) -> Reminder:
        """Add a reminder of listen; `changes` are set in the table, whatever they are."""
        habit, between = changes.pop("habit", self.habit), changes.pop("between", None)
        wishes = Wishes(channels=changes.pop("channels", None))
        made = manage.add_reminder(
            self.db, self.person, habit, self.now, self.settings, at=at, between=between,
            rrule=rrule, wishes=wishes,
        )  # fmt: skip
        return self.change(made, **changes)

    def once(self, wall: str, **more: Any) -> Reminder:
        """Add a reminder for one wall time."""
        return manage.add_once(
            self.db, self.person, more.pop("habit", self.habit), self.now, self.settings,
            when=datetime.fromisoformat(wall), **more,
        )  # fmt: skip

    def many(self, count: int, wall: str, **changes: Any) -> list[Reminder]:
        """So many daily reminders, all due at one wall time."""
        first = self.remind(wall[11:16], **changes)
        row = self.db.execute("SELECT * FROM reminder WHERE id = ?", (first.id,)).fetchone()
        marks = ", ".join("?" * len(row))
        self.db.execute("BEGIN")
        numbers = [first.id, *range(first.id + 1, first.id + count)]
        self.db.executemany(
            f"INSERT INTO reminder VALUES ({marks})",  # noqa: S608
            [(number, *row[1:]) for number in numbers[1:]],
        )
        self.db.execute("COMMIT")
        return [reminders.get(self.db, number) for number in numbers]

    def change(self, reminder: Reminder, **changes: Any) -> Reminder:
        """Set columns of a reminder."""
        for column, value in changes.items():
            self.db.execute(
                f"UPDATE reminder SET {column} = ? WHERE id = ?",  # noqa: S608
                (value, reminder.id),
            )
        return self.reminder(reminder)

    def reminder(self, reminder: Reminder) -> Reminder:
        """The reminder as it is now."""
        return reminders.get(self.db, reminder.id)

    def deliveries(self) -> list[Delivery]:
        """All deliveries, in the order of their instants."""
        return delivery_history.listed(self.db, self.person.id, limit=100_000)[::-1]

    def outcomes(self) -> list[tuple[str, str | None]]:
        """State and outcome of each delivery."""
        return [(one.state, one.outcome) for one in self.deliveries()]

    def runner(self, *, seconds: float = 5.0, **more: Any) -> Runner:
        """A runner of this process, with the plugins that are installed."""
        more.setdefault("registry", load_registry(self.app.paths, seconds))
        more.setdefault("settings", lambda: self.settings)
        more.setdefault("owner", f"runner-{len(self._runners)}")
        made = Runner(more.pop("db", self.db), self.clock, wake=self.wake, **more)
        self._runners.append(made)
        return made

    def run(
        self, runner: Runner, done: Callable[[], object], seconds: float = PATIENCE_S
    ) -> Runner:
        """Step until the condition holds, as the daemon would."""
        deadline = time.monotonic() + seconds
        while not done():
            assert time.monotonic() < deadline, f"in vain; deliveries: {self.outcomes()}"
            self.wake.clear()
            runner.step()
            self.wake.wait(0.02)
        return runner

    def at_rest(self) -> bool:
        """Whether nothing is being sent, or could be sent now."""
        now = self.now
        resting = {
            name
            for (_, name), one in channels.states(self.db).items()
            if one.next_ok > int(now.timestamp() * 1000)
        }
        return not any(
            one.state == "leased"
            or (one.state == "pending" and one.not_before <= now and one.channel not in resting)
            for one in self.deliveries()
        )

    def begin(self, runner: Runner, *, wide: bool = False) -> Runner:
        """Step until what is due is handed over to the senders.

        `wide`: as to a destination that took many messages already.
        """
        if wide:
            lanes = runner._claimer.lanes
            lanes.most = self.settings.daemon.senders
            for name in self.settings.channels:
                lanes._lane(runner._claimer._destination(name)).width = lanes.most
        for _ in range(3):  # planned, claimed and prepared, begun
            runner.step()
        return runner

    def deliver(self, runner: Runner | None = None) -> Runner:
        """Step until nothing is left to do at this instant."""
        runner = runner or self.runner()
        runner.step()
        return self.run(runner, self.at_rest)

    def close(self) -> None:
        """End the threads, close the database."""
        for runner in self._runners:
            runner._senders.close()
        self.app.close()


class Planted:
    """A plugin of an outside author, installed and enabled, whose rule is adopted."""

    RULE = """
api = 1
id = "{name}"
title = "{name}"
summary = "Of an outside author."
asks = "Little."
why = "To try it."

[[habits]]
id = "act"
title = "An act"
recurrence = "FREQ=DAILY"
time = "19:00"

[[prompts]]
id = "{name}-01"
text = "A word of an outside author."
"""
    CODE = """
import time
from dataclasses import dataclass
from pathlib import Path
import msgspec
from reconnect.api import hookimpl, load_rule

@hookimpl
def reconnect_register_rule():
    return load_rule(Path(__file__).with_name("rule.toml"))

"""

    def __init__(self, place: Path, kept: Kept, name: str, code: str) -> None:
        from reconnect.rules import consent
        from reconnect.rules.discovery import find_plugins

        package, info = place / f"reconnect_{name}", place / f"reconnect_{name}-1.0.dist-info"
        package.mkdir(parents=True)
        info.mkdir()
        (package / "rule.toml").write_text(self.RULE.format(name=name))
        (package / "__init__.py").write_text(self.CODE + code)
        (info / "METADATA").write_text(
            f"Metadata-Version: 2.1\nName: reconnect-{name}\nVersion: 1.0\n"
        )
        (info / "entry_points.txt").write_text(f"[reconnect]\n{name} = reconnect_{name}\n")
        found = next(f for f in find_plugins(kept.app.paths.rules) if f.name == name)
        consent.enable(kept.app.paths.plugin_choices, found)
        registry = load_registry(kept.app.paths, 5.0)
        rule = registry.rules[name]
        self.habit = adopt(kept.db, kept.person, rule, template_of(rule), kept.now)


@pytest.fixture
def kept(home: Path, clock: Clock, receiver: Receiver) -> Iterator[Kept]:
    """A home where listen is adopted, and the channel `hook` is a receiver on loopback."""
    home.mkdir(parents=True, mode=0o700)
    (home / "config.toml").touch(0o600)
    (home / "config.toml").write_text(
        f'[person]\ntimezone = "Europe/Berlin"\n\n[channels.hook]\nurl = "{receiver.url}"\n'
    )
    one = Kept(home, clock)
    yield one
    one.close()


@pytest.fixture
def plant(
    tmp_path: Path, kept: Kept, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Callable[..., Planted]]:
    """Install a plugin with hooks: `plant("veto", code)`; processes see it as well."""
    place = tmp_path / "outside"
    place.mkdir()
    monkeypatch.syspath_prepend(place)
    monkeypatch.setenv("PYTHONPATH", str(place))
    yield lambda name, code="": Planted(place, kept, name, code)
    for name in [n for n in sys.modules if n.startswith("reconnect_")]:
        file = getattr(sys.modules[name], "__file__", None) or ""
        if file.startswith(str(place)):
            del sys.modules[name]
