"""Recurrences at random: every frequency, with all parts that fit beside each other."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

from reconnect.errors import UsageError
from reconnect.recurrence import check

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")


def rules(seed: int) -> Iterator[str]:
    """Rules that may be stored, without end; the same ones for the same seed."""
    chance = random.Random(seed)  # noqa: S311 - no secret
    while True:
        try:
            yield check(_made(chance))
        except UsageError:
            continue


def _made(chance: random.Random) -> str:
    def some(numbers: Iterable[object], most: int) -> str:
        return ",".join(map(str, chance.sample(list(numbers), chance.randint(1, most))))

    freq = chance.choice(("YEARLY", "MONTHLY", "WEEKLY", "DAILY", "HOURLY"))
    number = chance.choice(("", "1", "-1", "2")) if freq in ("YEARLY", "MONTHLY") else ""
    likely = {
        "INTERVAL": (0.5, str(chance.choice((2, 3, 5, 7, 12, 24, 100)))),
        "BYMONTH": (0.4, some(range(1, 13), 3)),
        "BYMONTHDAY": (0.3, some([*range(1, 32), -1, -2], 3)),
        "BYYEARDAY": (0.1, some([*range(1, 367), -1], 3)),
        "BYWEEKNO": (0.1, some(range(2, 52), 3)),
        "BYDAY": (0.4, some([number + day for day in DAYS], 3)),
        "BYHOUR": (0.3, some(range(24), 3)),
        "BYMINUTE": (0.3, some(range(60), 3)),
        "BYSETPOS": (0.2, chance.choice(("1", "-1", "2", "1,-1"))),
    }
    parts = [
        f"{name}={value}" for name, (share, value) in likely.items() if chance.random() < share
    ]
    return ";".join([f"FREQ={freq}", *parts])
