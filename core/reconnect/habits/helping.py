"""Help: when a rule's condition for suggesting a professional is met, at most once a month."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from reconnect.model.metrics import matches, windowed
from reconnect.store import rule_data

if TYPE_CHECKING:
    import sqlite3
    from datetime import datetime

    from reconnect.model.history import History
    from reconnect.model.rule import Help, Rule

AGAIN = timedelta(days=30)
_KIND = "help-shown"


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
    """The help to show now: its condition is met, and it was not shown for thirty days.

    That it is shown is noted. Call it inside a transaction.
    """
    from reconnect.clock import to_ms

    offer = help_due(rule, history)
    if offer is None:
        return None
    for shown in rule_data.listed(db, person_id, rule.id, _KIND):
        if shown.key == offer.id and now - shown.changed < AGAIN:
            return None
    rule_data.put(db, person_id, rule.id, _KIND, offer.id, {}, to_ms(now))
    return offer
