"""Record what a person did: check it, find the day it counts for, store it."""

from __future__ import annotations

import os
from datetime import UTC, datetime, time
from typing import TYPE_CHECKING

import msgspec

from reconnect.clock import from_ms, local_day, to_ms, zone
from reconnect.errors import NotFoundError, UsageError
from reconnect.habits.fields import expectation, parse
from reconnect.habits.own_choices import with_own_choices
from reconnect.habits.text import checked_note
from reconnect.model.habit import Entry
from reconnect.store import entries as table
from reconnect.store.database import empty_log, writing

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Mapping
    from datetime import date

    from reconnect.model.habit import EntryKind, FieldValue, Habit, Landed, Person
    from reconnect.model.rule import Field, Rule

ID_CHARACTERS = 200


class Recorded(msgspec.Struct, frozen=True, kw_only=True):
    """An entry as stored, and whether it is new (False: its external id was known)."""

    entry: Entry
    new: bool


def record(
    db: sqlite3.Connection,
    person: Person,
    habit: Habit,
    rule: Rule,
    now: datetime,
    *,
    kind: EntryKind,
    day: date | None = None,
    fields: Mapping[str, object] | None = None,
    lapse: str | None = None,
    landed: Landed | None = None,
    note: str | None = None,
    external_id: str | None = None,
) -> Recorded:
    """Store one entry.

    Args:
        db: the open database.
        person: whose entry it is.
        habit: what it belongs to.
        rule: the habit's rule, which says what may be logged.
        now: the present instant.
        kind: done, lapse, skip or no.
        day: the local day it counts for; the person's today when None.
        fields: the answers, by field id.
        lapse: which of the rule's lapses, for a lapse.
        landed: how the act was received.
        note: free text, at most 64 KiB.
        external_id: an id from outside; sent twice, it is one entry.

    Raises:
        UsageError: a day ahead, a field the rule does not have, a value out of range, a note that
            is too long. Nothing is stored then.
        NotFoundError: the rule has no such lapse.
    """
    now = from_ms(to_ms(now))  # as precise as it is stored
    today = local_day(now, person.tzid, person.day_starts)
    day = today if day is None else day
    if day > today:
        raise UsageError(f"{day} lies ahead (today is {today}): log what was, not what will be")
    if kind == "lapse":
        lapse = _checked_lapse(rule, lapse)
    entry = Entry(
        id=0,
        uid=os.urandom(16).hex(),  # what uuid4 draws, without its import: 3 ms
        person_id=person.id,
        habit_id=habit.id,
        kind=kind,
        at=now if day == today else _noon(day, person),
        day=day,
        tzid=person.tzid,
        fields=checked_fields(
            with_own_choices(db, person.id, rule), habit, kind, fields or {}, today
        ),
        lapse=lapse,
        landed=landed,
        note=checked_note(note),
        external_id=_checked_external_id(external_id),
        rule=habit.rule,
        template=habit.template,
        recorded=now,
    )
    with writing(db):
        entry_id, new = table.insert(db, entry, to_ms(now))
    if not new:
        known = table.get(db, entry_id)
        if (known.habit_id, known.kind) != (habit.id, kind):
            raise UsageError(
                f"the id '{external_id}' belongs to another entry (number {known.id}, {known.kind} "
                f"of {known.rule}): give each entry an id of its own"
            )
        return Recorded(entry=known, new=False)
    return Recorded(entry=msgspec.structs.replace(entry, id=entry_id), new=True)


def undo(db: sqlite3.Connection, entry: Entry) -> None:
    """Take an entry back: it is deleted, and what it held is overwritten.

    Raises:
        NotFoundError: somebody else took it back meanwhile.
    """
    with writing(db):
        if not table.delete(db, entry.id):
            raise NotFoundError(f"entry {entry.id} is gone already")
    empty_log(db)


def asked_fields(rule: Rule, habit: Habit) -> tuple[Field, ...]:
    """The fields that are asked when this habit is logged, the defining one first."""
    template = next((h for h in rule.habits if h.id == habit.template), None)
    wanted = None if template is None else template.fields
    asked = [f for f in rule.fields if wanted is None or f.id in wanted]
    return tuple(sorted(asked, key=lambda field: not field.defines))


def checked_fields(
    rule: Rule, habit: Habit, kind: EntryKind, values: Mapping[str, object], today: date
) -> dict[str, FieldValue]:
    """The answers as they are stored; empty ones are left out.

    Raises:
        UsageError: an unknown field, a value it does not allow, or no value for the field that
            defines the act.
    """
    known = {field.id: field for field in rule.fields}
    checked: dict[str, FieldValue] = {}
    for name, value in values.items():
        if name not in known:
            names = ", ".join(known) or "no fields"
            raise UsageError(f"{rule.id} has no field '{name}'; it has: {names}")
        if value is None or value in ("", ()):
            continue
        answer = parse(known[name], value)
        if known[name].ahead and str(answer) < today.isoformat():
            raise UsageError(f"{name}: {answer} has passed, expected today or a day to come")
        if answer != "":  # of blanks alone nothing is left
            checked[name] = answer
    for field in asked_fields(rule, habit):
        if kind == "done" and field.defines and field.id not in checked:
            raise UsageError(f"{field.id}: missing, expected {expectation(field)}")
    return checked


def _checked_lapse(rule: Rule, lapse: str | None) -> str:
    known = [kind.id for kind in rule.lapses]
    if not known:
        raise NotFoundError(f"{rule.id} knows no lapses")
    if lapse is None and len(known) == 1:
        return known[0]
    if lapse is None:
        raise UsageError(f"which lapse of {rule.id}? One of: {', '.join(known)}")
    if lapse not in known:
        from difflib import get_close_matches

        near = get_close_matches(lapse, known, 1)
        hint = f"did you mean {near[0]}?" if near else f"it has: {', '.join(known)}"
        raise NotFoundError(f"{rule.id} has no lapse '{lapse}': {hint}")
    return lapse


def _checked_external_id(text: str | None) -> str | None:
    if text is None:
        return None
    if not 1 <= len(text) <= ID_CHARACTERS or not text.isprintable():
        raise UsageError("an id from outside should be 1 to 200 plain characters")
    return text


def _noon(day: date, person: Person) -> datetime:
    # A past day has no moment of its own: noon lies in the middle of it in every zone.
    return datetime.combine(day, time(12), zone(person.tzid)).astimezone(UTC)
