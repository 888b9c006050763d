"""Choices that a person made themselves: a goal from the list that they keep."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    import sqlite3

    from reconnect.model.history import Record
    from reconnect.model.rule import Field, Rule


def with_own_choices(db: sqlite3.Connection, person_id: int, rule: Rule) -> Rule:
    """The rule, with the choices of each `choices_from` field filled in.

    They are the `text` of each record of that kind that is not `closed`.
    """
    if not any(field.choices_from for field in rule.fields):
        return rule
    from reconnect.store import rule_data

    def filled(field: Field) -> Field:
        if field.choices_from is None:
            return field
        kept = rule_data.listed(db, person_id, rule.id, field.choices_from)
        texts = tuple(str(r.value["text"]) for r in kept if _is_choice(r))
        return msgspec.structs.replace(field, choices=texts)

    return msgspec.structs.replace(rule, fields=tuple(filled(field) for field in rule.fields))


def _is_choice(record: Record) -> bool:
    return bool(record.value.get("text")) and not record.value.get("closed")
