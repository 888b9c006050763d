"""The runner: one step plans, claims, hands over to the senders, and records what became of it."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from reconnect.clock import to_ms
from reconnect.errors import NotFoundError, ReconnectError
from reconnect.reminders.channels import default_names, is_terminal, url_of
from reconnect.reminders.compose import compose
from reconnect.reminders.deliver import Outcome, Sender
from reconnect.reminders.fate import fate
from reconnect.reminders.plan import plan
from reconnect.reminders.policy import Policy
from reconnect.reminders.senders import Job, Result, Senders
from reconnect.rules.dispatch import after_delivery, before_reminder
from reconnect.rules.events import Delivered
from reconnect.store import deliveries, reminders, runners
from reconnect.store.database import writing
from reconnect.store.deliveries import Ack

if TYPE_CHECKING:
    import sqlite3
    import threading
    from collections.abc import Callable, Sequence
    from typing import TextIO

    from reconnect.clock import Clock
    from reconnect.config import Settings
    from reconnect.model.habit import Habit, Person
    from reconnect.model.reminder import Delivery, DeliveryState, Reminder
    from reconnect.rules.events import Message
    from reconnect.rules.registry import Registry

log = logging.getLogger("reconnect.delivery")

TICK_S = 1.0
"""How often the store is asked whether another process wrote to it (5 µs)."""

RESYNC_MS = 30_000
"""After so long everything is looked at again: what bounds lateness after a sleep or clock jump."""


class Runner:
    """Delivers for one process. Every method is called from one thread.

    Args:
        db: the open database.
        clock: the time.
        registry: the plugins.
        settings: asked at each step, so that a change of config.toml is taken up.
        owner: names this process in leases.
        wake: set when there is something to do before the waiting is over.
        terminal: where the channel terminal:// prints.
    """

    def __init__(
        self,
        db: sqlite3.Connection,
        clock: Clock,
        registry: Registry,
        settings: Callable[[], Settings],
        *,
        owner: str,
        wake: threading.Event,
        terminal: TextIO | None = None,
    ) -> None:
        """Free what a process before this one left claimed; send nothing yet."""
        self._db = db
        self._clock = clock
        self._registry = registry
        self._settings = settings
        self._owner = owner
        self._terminal = terminal
        self._sender: Sender | None = None
        self._senders = Senders(settings().daemon.senders, clock.monotonic, self._now_ms, wake.set)
        self._ended: list[tuple[Ack, Message | None]] = []
        self._busy = 0
        self._shown: dict[tuple[int, str], dict[str, int]] = {}
        self._seen_version = -1
        self._next_at = 0
        self._looked_at = 0
        self.looked_again = False
        with writing(db):
            # This process holds the instance lock, so every other owner is gone.
            freed = deliveries.free_leases(
                db, now_ms=self._now_ms(), owner_alive=owner, resend_ms=0
            )
        if freed:
            log.warning("interrupted deliveries=%d: sent once more, may arrive twice", freed)

    def step(self) -> float:
        """Do what is to be done now. Returns the seconds until the next step may be needed."""
        now_ms = self._now_ms()
        self._gather(now_ms)
        version = runners.data_version(self._db)
        changed = version != self._seen_version
        if not self._ended and not changed and now_ms < self._next_at:
            if 0 <= now_ms - self._looked_at < RESYNC_MS:
                self.looked_again = False
                return self._pause(now_ms)
        self.looked_again = True
        if changed:
            self._shown.clear()
        busy = self._busy - len(self._ended)
        with writing(self._db):
            deliveries.acknowledge(self._db, self._owner, [ack for ack, _ in self._ended])
            claimed = self._claim(2 * self._senders.count - busy)
        ended, self._ended = self._ended, []
        self._busy = busy + len(claimed)
        self._next_at = self._when_next(now_ms)
        self._seen_version = version
        self._looked_at = now_ms
        for ack, message in ended:
            self._tell(ack, message)
        for delivery, role, person, habit in claimed:
            self._hand_over(delivery, role, person, habit)
        return self._pause(self._now_ms())

    def finish(self, seconds: float, wait: Callable[[float], object]) -> bool:
        """Stop: give back what was not begun, wait for what is under way, record it.

        Returns:
            Whether all that was under way came to its end. If not, its outcome is unknown, and the
            process must leave without waiting for its threads.
        """
        with writing(self._db):
            deliveries.give_back(
                self._db, [job.delivery for job in self._senders.unstarted()], self._owner
            )
        until = self._clock.monotonic() + seconds
        while self._senders.under_way() and self._clock.monotonic() < until:
            wait(0.05)
        self._gather(self._now_ms())
        with writing(self._db):
            deliveries.acknowledge(self._db, self._owner, [ack for ack, _ in self._ended])
        for ack, message in self._ended:
            self._tell(ack, message)
        self._senders.close()
        return not self._senders.under_way() and not self._senders.stuck

    def _now_ms(self) -> int:
        return to_ms(self._clock.now())

    def _pause(self, now_ms: int) -> float:
        return max(0.0, min(TICK_S, (self._next_at - now_ms) / 1000))

    def _gather(self, now_ms: int) -> None:
        """Decide what becomes of what has come to its end; it is kept until it is recorded."""
        deadline = self._settings().daemon.deadline_seconds
        results = self._senders.results()
        for job in self._senders.overdue(deadline):
            results.append(Result(job, Outcome(False, "unknown"), now_ms, now_ms))
        self._ended += [(fate(result), result.job.message) for result in results]

    def _claim(self, room: int) -> list[tuple[Delivery, str, Person, Habit]]:
        """Plan and claim, inside the transaction; what policy objects to is recorded at once."""
        now = self._clock.now()
        now_ms = to_ms(now)
        first = reminders.first_due(self._db)
        if first is not None and first <= now_ms:
            plan(self._db, now, self._channels_of)
        lease_s = self._settings().daemon.deadline_seconds + 60
        claimed = deliveries.claim(
            self._db, owner=self._owner, now_ms=now_ms, lease_ms=lease_s * 1000, limit=room
        )
        policy = Policy(self._db, now, reminders.roles(self._db, [d.reminder_id for d in claimed]))
        wanted, unwanted = [], []
        for delivery in claimed:
            objection = policy.objection(delivery)
            if objection is None:
                person, habit = policy.person(delivery.person_id), policy.habit(delivery.habit_id)
                wanted.append((delivery, policy.role(delivery), person, habit))
            else:
                state: DeliveryState = "expired" if objection == "too-late" else "suppressed"
                unwanted.append(Ack(delivery, state, objection, now_ms, now_ms, tried=False))
        deliveries.acknowledge(self._db, self._owner, unwanted)
        for ack in unwanted:
            self._log(ack)
        return wanted

    def _when_next(self, now_ms: int) -> int:
        # What waits only for a free sender is looked at when one is free: its result wakes us.
        if self._busy >= 2 * self._senders.count:
            return now_ms + RESYNC_MS
        waiting = (reminders.first_due(self._db), deliveries.next_try(self._db))
        return min((at for at in waiting if at is not None), default=now_ms + RESYNC_MS)

    def _channels_of(self, reminder: Reminder) -> Sequence[str]:
        return reminder.channels or default_names(self._settings())

    def _hand_over(self, delivery: Delivery, role: str, person: Person, habit: Habit) -> None:
        settings = self._settings()
        try:
            url = url_of(settings, delivery.channel)
        except NotFoundError:
            self._done_at_once(delivery, "no-such-channel")
            return
        except ReconnectError:
            self._done_at_once(delivery, "no-secret")
            return
        shown = self._shown_prompts(person.id, habit.rule)
        message = compose(
            self._registry,
            person,
            habit,
            delivery,
            role=role,
            title=settings.reminders.title,
            shown=shown,
            telling=is_terminal(url),
        )
        message = before_reminder(self._registry, message)
        if message.veto is not None:
            self._done_at_once(delivery, "vetoed")
            return
        if message.prompt is not None:
            shown[message.prompt] = shown.get(message.prompt, 0) + 1
        if self._sender is None:
            self._sender = Sender(self._terminal)
        sender, title, body = self._sender, message.title, message.body

        def send() -> Outcome:
            return sender.send(url, title, body, delivery.idem_key)

        self._senders.submit(Job(delivery, message, send))

    def _done_at_once(self, delivery: Delivery, code: str) -> None:
        now_ms = self._now_ms()
        job = Job(delivery, None, lambda: Outcome(False, code))
        self._senders.put_result(Result(job, Outcome(False, code), now_ms, now_ms))

    def _shown_prompts(self, person_id: int, rule: str) -> dict[str, int]:
        key = (person_id, rule)
        if key not in self._shown:
            self._shown[key] = deliveries.shown_prompts(self._db, person_id, rule)
        return self._shown[key]

    def _tell(self, ack: Ack, message: Message | None) -> None:
        """Log an end, and let the plugins hear of it."""
        self._log(ack)
        if message is not None and ack.state != "pending":
            after_delivery(
                self._registry,
                Delivered(
                    rule=message.rule,
                    habit=message.habit,
                    due=message.due,
                    state=ack.state,
                    outcome=ack.outcome,
                ),
            )

    def _log(self, ack: Ack) -> None:
        delivery = ack.delivery
        log.log(
            logging.INFO if ack.state in ("sent", "suppressed") else logging.WARNING,
            "delivery=%d reminder=%d channel=%s state=%s code=%s attempt=%d",
            delivery.id, delivery.reminder_id, delivery.channel, ack.state, ack.outcome,
            delivery.attempts,
        )  # fmt: skip
