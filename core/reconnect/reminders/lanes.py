"""Lanes: how much may be on its way to each destination, and when.

One lane per destination. It begins with one message at a time and widens with each that is
accepted, so that a destination that hangs holds one sender and no more; a failure makes it narrow
again. Public services get their messages no faster than Apprise says they like them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from reconnect.reminders.outcomes import CHANNEL_FAULTS, kind_of
from reconnect.reminders.window import HELD

if TYPE_CHECKING:
    from collections.abc import Callable

    from reconnect.reminders.deliver import Destination
    from reconnect.reminders.outcomes import Outcome

BURST = 10.0
"""So many messages a public service gets at once before its pace holds."""

PROBE_FIRST_S = 2.0
PROBE_CAP_S = 300.0
"""Without a network one message is tried at a time, no sooner than after the first, and to each
destination after a wait that doubles up to five minutes: the others may be reached all the same."""


class _Rest(NamedTuple):
    """A span of time in which nothing goes. A clock set back before its begin ends it, too."""

    begin: float = 0.0
    end: float = 0.0

    def holds(self, now: float) -> bool:
        return self.begin <= now < self.end


class _Lane:
    """One destination."""

    def __init__(self, pace_s: float, now: float, *, local: bool) -> None:
        self.pace_s = pace_s
        self.local = local
        self.width = 1
        self.under_way = 0
        self.tokens = BURST
        self.filled = now
        self.pause = _Rest()
        self.probe_wait = 0.0

    def room(self, now: float, most: int) -> int:
        if self.pause.holds(now):
            return 0
        # Beyond the first, more wait in memory, so that no sender waits for the store.
        allowed = 1 if self.width == 1 else HELD * min(self.width, most)
        if self.pace_s:
            self.fill(now)
            allowed = min(1, int(self.tokens))
        return allowed - self.under_way

    def found_no_network(self, now: float) -> None:
        self.probe_wait = min(PROBE_CAP_S, self.probe_wait * 2 or PROBE_FIRST_S)
        self.pause = _Rest(now, now + self.probe_wait)

    def probe(self) -> None:
        """Wait no longer for the network."""
        if self.probe_wait:
            self.probe_wait, self.pause = 0.0, _Rest()

    def fill(self, now: float) -> None:
        self.tokens = min(BURST, self.tokens + max(0.0, now - self.filled) / self.pace_s)
        self.filled = now

    def opens(self, now: float) -> float:
        """When (seconds) it may have room again without a message coming to its end."""
        opens = self.pause.end if self.pause.holds(now) else now
        if self.pace_s and self.tokens < 1:
            opens = max(opens, self.filled + (1 - self.tokens) * self.pace_s)
        return opens


class Blocked(NamedTuple):
    """Channels that take nothing now, and when (seconds) the first of them may again."""

    names: frozenset[str]
    opens: float | None


class Lanes:
    """The lanes of one process.

    Args:
        destination: where a channel leads, by its name.
        now: the present instant, in seconds since 1970.
    """

    def __init__(self, destination: Callable[[str], Destination], now: Callable[[], float]) -> None:
        """No destination is known yet."""
        self._destination = destination
        self._now = now
        self._lanes: dict[str, _Lane] = {}
        self._remote = 0
        self._offline = False
        self._until_probe = _Rest()
        self.most = 1

    def take(self, channel: str) -> str | None:
        """Let a message into its channel's lane; the lane's name, or None where it has no room."""
        where = self._destination(channel)
        lane = self._lane(where)
        now = self._now()
        if lane.room(now, self.most) < 1 or (not where.local and not self._remote_room(now)):
            return None
        lane.under_way += 1
        if lane.pace_s:
            lane.tokens -= 1
        self._remote += not where.local
        return where.lane

    def take_back(self, name: str) -> None:
        """A message did not begin its way after all."""
        lane = self._lanes[name]
        lane.under_way -= 1
        if lane.pace_s:
            lane.tokens += 1
        self._remote -= not lane.local

    def leave(self, name: str, outcome: Outcome, pause_ms: int = 0) -> None:
        """A message has come to its end in the lane that it was taken into.

        Not in that of its channel: its address may be another one by now.
        """
        lane = self._lanes[name]
        lane.under_way -= 1
        self._remote -= not lane.local
        now = self._now()
        kind = kind_of(outcome.code)
        if kind == "offline":
            lane.found_no_network(now)
            if not lane.local:
                self._offline, self._until_probe = True, _Rest(now, now + PROBE_FIRST_S)
            return
        lane.probe_wait = 0.0
        if not lane.local and self._offline:
            self._offline = False
            self._probe_all()
        if kind == "accepted":
            lane.width = min(self.most, lane.width + 1)
        elif kind == "throttled":
            lane.pause = _Rest(now, now + pause_ms / 1000)
        if kind in CHANNEL_FAULTS or kind == "throttled":
            lane.width = 1

    def blocked(self, channels: tuple[str, ...]) -> Blocked:
        """Which of the channels take nothing now."""
        now = self._now()
        names: set[str] = set()
        opens: list[float] = []
        for name in channels:
            where = self._destination(name)
            lane = self._lane(where)
            if lane.room(now, self.most) < 1:
                names.add(name)
                if lane.opens(now) > now:
                    opens.append(lane.opens(now))
            elif not where.local and not self._remote_room(now):
                names.add(name)
                if self._until_probe.holds(now):
                    opens.append(self._until_probe.end)
        return Blocked(frozenset(names), min(opens, default=None))

    def wake_up(self) -> None:
        """The machine slept: what was true of the network before need not be true now."""
        self._until_probe = _Rest()
        self._probe_all()

    def _remote_room(self, now: float) -> bool:
        return not self._offline or (not self._until_probe.holds(now) and self._remote < 1)

    def _probe_all(self) -> None:
        for lane in self._lanes.values():
            lane.probe()

    def _lane(self, where: Destination) -> _Lane:
        lane = self._lanes.get(where.lane)
        if lane is None:
            lane = self._lanes[where.lane] = _Lane(where.pace_s, self._now(), local=where.local)
        return lane
