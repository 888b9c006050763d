"""The time zone database changes with the laws: what falls due is reckoned anew then."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from reconnect.clock import read_zone_again, zone_data
from reconnect.digest import sha256
from reconnect.reminders.plan import move_to_zone, reckon_again
from reconnect.store import people, reminders
from reconnect.store.database import writing

if TYPE_CHECKING:
    import sqlite3

log = logging.getLogger("reconnect.zones")


def follow_zone_data(db: sqlite3.Connection) -> list[str]:
    """Reckon anew what falls due by zones whose data is another than when it was reckoned.

    Which data that was is kept as a hash per zone. What was sent is not sent again, as its key is
    made from the wall time. Returns the zones that changed.
    """
    changed = []
    for tzid in reminders.zones(db):
        data = zone_data(tzid)
        if data is None:
            continue
        now, key = sha256(data).hexdigest()[:32], f"zone {tzid}"
        before = people.get_meta(db, key)
        if before == now:
            continue
        with writing(db):
            if before is not None:
                read_zone_again(tzid)
                for person in people.everyone(db):
                    if person.tzid == tzid:
                        move_to_zone(db, person)
                for reminder in reminders.in_zone(db, tzid):
                    reckon_again(db, reminder, tzid)
                changed.append(tzid)
            people.set_meta(db, key, now)
    if changed:
        log.info("other time zone data: zones=%d reckoned anew", len(changed))
    return changed
