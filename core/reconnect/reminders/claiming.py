"""Claiming: plan what fell due, and take of it what may be sent now and has room in its lane."""

from __future__ import annotations

import logging
from math import ceil
from typing import TYPE_CHECKING, NamedTuple

from reconnect.clock import to_ms
from reconnect.errors import ReconnectError
from reconnect.reminders.channels import channels, url_of
from reconnect.reminders.deliver import Destination
from reconnect.reminders.lanes import Blocked, Lanes
from reconnect.reminders.late import gather
from reconnect.reminders.plan import plan
from reconnect.reminders.policy import Policy
from reconnect.reminders.prepare import Claimed
from reconnect.store import deliveries, leases, pending, reminders
from reconnect.store.leases import Ack

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Container

    from reconnect.clock import Clock
    from reconnect.config import Settings
    from reconnect.model.habit import Habit
    from reconnect.model.reminder import Delivery, DeliveryState
    from reconnect.reminders.deliver import Sender
    from reconnect.reminders.routes import Router

log = logging.getLogger("reconnect.delivery")

DAMAGED_MS = 3_600_000
"""How long a delivery is left alone whose habit cannot be read."""


_STATES: dict[str, DeliveryState] = {"too-late": "expired", "channel-off": "dead"}


class Claim(NamedTuple):
    """What was claimed at once: to be sent, or refused by policy (and recorded already)."""

    wanted: list[Claimed]
    refused: list[tuple[Ack, Habit]]


class Claimer:
    """Claims for one process.

    Args:
        db: the open database.
        clock: the time.
        settings: asked each time.
        router: where occurrences go.
        sender: what sends; asked for only when something is due.
        off: the names of a person's channels that are off.
        owner: names this process in leases.
    """

    def __init__(
        self,
        db: sqlite3.Connection,
        clock: Clock,
        settings: Callable[[], Settings],
        router: Router,
        *,
        sender: Callable[[], Sender],
        off: Callable[[int], Container[str]],
        owner: str,
    ) -> None:
        """Nothing is claimed yet."""
        self._db = db
        self._clock = clock
        self._settings = settings
        self._router = router
        self._sender = sender
        self._off = off
        self._owner = owner
        self._quiet = settings().quiet
        self._may_claim = False
        self._known: dict[str, Destination] = {}
        self._known_of: Settings | None = None
        self._blocked = Blocked(frozenset(), None)
        self._taken: list[str] = []
        self.lanes = Lanes(self._destination, lambda: clock.now().timestamp())

    def look(self) -> None:
        """See which channels take nothing now. Call it before the transaction, as it may take long.

        With the first delivery it imports Apprise; what falls due is planned before that.
        """
        self._taken.clear()
        settings = self._settings()
        self.lanes.most = settings.daemon.senders
        self._blocked = Blocked(frozenset(), None)
        now_ms = to_ms(self._clock.now())
        waits = deliveries.next_try(self._db)
        if waits is not None and waits <= now_ms:
            self._may_claim = True
        else:
            first = reminders.first_due(self._db)
            if not self._may_claim or first is None or first > now_ms:
                return
        self._blocked = self.lanes.blocked(tuple(channels(settings)))

    def claim(self, room: int) -> Claim:
        """Plan and claim, inside the transaction; what policy objects to is recorded at once."""
        now = self._clock.now()
        now_ms = to_ms(now)
        first = reminders.first_due(self._db)
        if first is not None and first <= now_ms:
            plan(self._db, now, self._router.channels_of)
        settings = self._settings()
        if settings.quiet != self._quiet:
            pending.look_again(self._db)
            self._quiet = settings.quiet
        gather(self._db, now, settings)
        if not self._may_claim:
            return Claim([], [])
        wanted: list[Claimed] = []
        refused: list[tuple[Ack, Habit]] = []
        blocked = set(self._blocked.names)
        lease_s = settings.daemon.deadline_seconds + 60
        while room > len(wanted):
            claimed = leases.claim(
                self._db, owner=self._owner, now_ms=now_ms, lease_ms=lease_s * 1000,
                limit=room - len(wanted), blocked=sorted(blocked),
            )  # fmt: skip
            if not claimed:
                break
            full = self._sort_out(claimed, wanted, refused, now_ms)
            if not full:
                break
            blocked |= full
        self._blocked = Blocked(frozenset(blocked), self._blocked.opens)
        return Claim(wanted, refused)

    def take_back(self) -> None:
        """The transaction of the last claim failed: nothing was claimed."""
        while self._taken:
            self.lanes.take_back(self._taken.pop())

    def next_at(self, now_ms: int) -> int | None:
        """When (UTC ms) there is something to plan or to claim; None where nothing waits.

        What waits for a lane that is full is looked at when a message of it comes to its end.
        """
        waiting = [
            reminders.first_due(self._db),
            deliveries.next_try(self._db, now_ms, sorted(self._blocked.names)),
        ]
        if self._blocked.opens is not None:
            waiting.append(ceil(self._blocked.opens * 1000))
        return min((at for at in waiting if at is not None), default=None)

    def _sort_out(
        self,
        claimed: list[Delivery],
        wanted: list[Claimed],
        refused: list[tuple[Ack, Habit]],
        now_ms: int,
    ) -> set[str]:
        """Let policy and the lanes judge; the names of channels whose lane is full."""
        now = self._clock.now()
        policy = Policy(self._db, now, self._settings(), claimed)
        put_off: list[pending.Deferred] = []
        full: set[str] = set()
        back: list[Delivery] = []
        ended: list[Ack] = []
        for delivery in claimed:
            try:
                habit = policy.habit(delivery.habit_id)
                objection, until = policy.judge(delivery)
            except (ValueError, LookupError, ReconnectError) as error:
                # A habit or person that cannot be read must not keep the others from being sent.
                log.error("delivery=%d cannot be judged: %s", delivery.id, type(error).__name__)
                ended.append(
                    Ack(delivery, "pending", "damaged", now_ms, now_ms, now_ms + DAMAGED_MS)
                )
                continue
            if until is not None:
                put_off.append(policy.put_off(delivery, until))
                continue
            if objection is None and delivery.channel in self._off(delivery.person_id):
                objection = "channel-off"
            if objection is not None:
                late = objection == "too-late"
                state = _STATES.get(objection, "suppressed")
                # Of one that was tried, why it did not go says more than that it is late by now.
                why = (late and delivery.outcome) or objection
                ack = Ack(delivery, state, why, now_ms, now_ms, tried=False)
                ended.append(ack)
                refused.append((ack, habit))
            elif (lane := self.lanes.take(delivery.channel)) is None:
                full.add(delivery.channel)
                back.append(delivery)
            else:
                self._taken.append(lane)
                person = policy.person(delivery.person_id)
                wanted.append(Claimed(delivery, policy.role(delivery), person, habit, lane))
        pending.defer(self._db, put_off, self._owner)
        leases.acknowledge(self._db, self._owner, ended)
        leases.give_back(self._db, back, self._owner)
        return full

    def _destination(self, channel: str) -> Destination:
        settings = self._settings()
        if settings is not self._known_of:
            self._known, self._known_of = {}, settings
        if channel not in self._known:
            try:
                where = self._sender().destination(url_of(settings, channel))
            except ReconnectError:
                # It is refused, or its secret is asked for, when its message is prepared.
                where = Destination(f"channel {channel}", local=True)
            self._known[channel] = where
        return self._known[channel]
