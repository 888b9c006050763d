"""Help: when a rule's condition for suggesting a professional is met, once a month at most."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from reconnect.clock import from_ms, to_ms
from reconnect.model.metrics import matches, windowed
from reconnect.store import people

if TYPE_CHECKING:
    import sqlite3
    from datetime import datetime

    from reconnect.model.history import History
    from reconnect.model.rule import Help, Rule

AGAIN = timedelta(days=30)
_SHOWN = "help_shown:{}"


def help_due(rule: Rule, history: History) -> Help | None:
    """The first of the rule's helps whose condition the history meets on its day."""
    for offer in rule.help:
        recent = windowed(history, offer.window)
        if offer.in_a_row:
            kind = offer.of.kind
            recent = [e for e in recent if kind in ("any", e.kind)][-offer.times :]
        if sum(matches(entry, offer.of) for entry in recent) >= offer.times:
            return offer
    return None


def offer_help(
    db: sqlite3.Connection, person_id: int, rule: Rule, history: History, now: datetime
) -> Help | None:
    """The help to show now: its condition is met, and none was shown for thirty days.

    Of any rule: a hard month may meet several conditions, and three offers in a week would nag.
    That it is shown is noted. Call it inside a transaction.
    """
    offer = help_due(rule, history)
    if offer is None:
        return None
    last = people.get_meta(db, _SHOWN.format(person_id))
    if last is not None and timedelta(0) <= now - from_ms(int(last)) < AGAIN:
        return None
    people.set_meta(db, _SHOWN.format(person_id), str(to_ms(now)))
    return offer
