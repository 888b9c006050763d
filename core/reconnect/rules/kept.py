"""Dated things that a rule keeps for a person on a numbered list: promises, issues, goals."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from reconnect.errors import NotFoundError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from reconnect.model.habit import Entry
    from reconnect.model.history import History, Record
    from reconnect.rules.session import RuleSession

LATER = timedelta(hours=1)
"""Where the hour of a reminder has passed today, it comes so long from now."""


class KeptItem(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One thing on a list.

    `opened` is the day it was put there, `closed` the day it was settled (None while it is open),
    `outcome` how, in the rule's own word. `due` is the day it is for. `more` is what else the rule
    keeps with it. `number` is its place on the list; the oldest has 1.
    """

    text: str
    opened: date
    closed: date | None = None
    outcome: str | None = None
    due: date | None = None
    more: dict[str, str] = {}
    closed_by: str | None = None  # the uid of the entry that settled it
    reminder: int | None = None  # its number, as `cancel` takes it
    number: int = 0
    key: str = ""

    def open_on(self, day: date) -> bool:
        """Whether it was on the list on a day, and not settled yet."""
        return self.opened <= day and (self.closed is None or self.closed > day)

    def told(self, state: str = "") -> str:
        """The line that shows it: its number, its text, and in brackets how it stands.

        Without a `state` that is its outcome, else the day it is due, else that it is open.
        """
        stands = self.outcome or (f"due {self.due}" if self.due else "open")
        return f"{self.number}  {self.text}  ({state or stands})"


class KeptList(NamedTuple):
    """A numbered list of such things. Those that are closed keep their place on it.

    `kind` is the kind of record that it is made of, `command` the rule's command that shows it. A
    thing with a date is reminded of with the text `remind`, if there is one, on that day at the
    time `at` of the person's clock.
    """

    kind: str
    command: str
    remind: str = ""
    at: time = time(8)

    def items(self, session: RuleSession) -> tuple[KeptItem, ...]:
        """Everything on the list, the oldest first."""
        return _items(session.records(self.kind))

    def known(self, history: History) -> list[KeptItem]:
        """What had been put on the list by the history's day, open or closed."""
        items = _items(one for one in history.records if one.kind == self.kind)
        return [one for one in items if one.opened <= history.day]

    def waits(self, history: History, field: str) -> list[tuple[int, KeptItem]]:
        """What was open on the history's day, and for how many days without an act for it.

        An act is an entry that is done and has the item's text for an answer to `field`. Without
        one the days since it was put on the list count. What waited longest stands first.
        """
        items = [one for one in self.known(history) if one.open_on(history.day)]
        missing, last = {one.text for one in items}, dict[str, date]()
        for entry in reversed(history.entries):
            if not missing:
                break
            answer = entry.fields.get(field)
            if answer in missing and entry.kind == "done" and entry.day <= history.day:
                last[str(answer)] = entry.day
                missing.discard(str(answer))
        since = (max(one.opened, last.get(one.text, date.min)) for one in items)
        days = [(history.day - day).days for day in since]
        return sorted(zip(days, items, strict=True), key=lambda wait: -wait[0])

    def find(self, session: RuleSession, number: int) -> KeptItem:
        """The item of that number, open or closed.

        Raises:
            NotFoundError: there is none; the text names the command that lists them.
        """
        return _item(session.pick(self.kind, number, self.command), number)

    def find_open(self, session: RuleSession, number: int) -> KeptItem:
        """The open item of that number.

        Raises:
            NotFoundError: there is none, or it was closed.
        """
        item = self.find(session, number)
        if item.closed:
            raise NotFoundError(
                f"{self.kind} {number} is {item.outcome or 'closed'}: "
                f"`reconnect {session.rule.id} {self.command}` shows the list"
            )
        return item

    def named(self, session: RuleSession, text: str) -> KeptItem | None:
        """The open item of the same words; capital letters make no difference."""
        same = text.casefold()
        known = (one for one in self.items(session) if one.closed is None)
        return next((one for one in known if one.text.casefold() == same), None)

    def show(
        self,
        session: RuleSession,
        *,
        every: bool = False,
        state: Callable[[KeptItem], str] | None = None,
        otherwise: str,
    ) -> None:
        """Print the list, a line for each.

        Args:
            session: whose list.
            every: also what is closed.
            state: how a thing stands, in the rule's own words.
            otherwise: what is said where nothing is shown.
        """
        shown = [one for one in self.items(session) if every or one.closed is None]
        for item in shown:
            session.show(item.told(state(item) if state else ""))
        if not shown:
            session.say(otherwise)

    def knows(self, session: RuleSession, entry: Entry) -> bool:
        """Whether an entry has put something on the list, or settled it, before."""
        return any(entry.uid in (one.key, one.closed_by) for one in self.items(session))

    def add(
        self,
        session: RuleSession,
        text: str,
        *,
        entry: Entry | None = None,
        due: date | None = None,
        more: Mapping[str, str] | None = None,
    ) -> KeptItem:
        """Put something on the list, and remind of it on its date.

        Args:
            session: whose list.
            text: what it is called.
            entry: where it comes from, and of which day it is; today otherwise.
            due: the day it is for. Where the time of the reminder has passed, it comes in an hour.
            more: what else is kept with it.

        Raises:
            NotFoundError: it has a date, and no habit of the rule is adopted.
        """
        number = len(self.items(session)) + 1
        item = KeptItem(
            text=text,
            opened=entry.day if entry else session.today,
            due=due,
            more=dict(more or {}),
            number=number,
            key=entry.uid if entry else f"{number:04d}",
        )
        with session.together():
            return self._kept(session, self._reminded(session, item))

    def change(self, session: RuleSession, item: KeptItem, more: Mapping[str, str]) -> KeptItem:
        """Keep something else with it, or instead of what was kept under the same name."""
        return self._kept(session, msgspec.structs.replace(item, more=item.more | dict(more)))

    def close(
        self,
        session: RuleSession,
        item: KeptItem,
        *,
        entry: Entry | None = None,
        outcome: str | None = None,
    ) -> KeptItem:
        """Settle it: on the day of an entry, else today. Its reminder goes."""
        closed = max(item.opened, entry.day if entry else session.today)
        by = entry.uid if entry else None
        with session.together():
            self._cancelled(session, item)
            return self._kept(
                session,
                msgspec.structs.replace(
                    item, closed=closed, closed_by=by, outcome=outcome, reminder=None
                ),
            )

    def take_back(self, session: RuleSession, entry: Entry) -> None:
        """Undo what an entry did to the list, as it is taken back.

        What it put there goes, with its reminder, unless another entry has settled it. What it
        settled is open again, and reminded of if its time has not passed.
        """
        for item in self.items(session):
            with session.together():
                if item.key == entry.uid and item.closed_by in (None, entry.uid):
                    self._cancelled(session, item)
                    session.drop(self.kind, item.key)
                elif item.closed_by == entry.uid:
                    opened = msgspec.structs.replace(
                        item, closed=None, closed_by=None, outcome=None
                    )
                    self._kept(session, self._reminded(session, opened, again=True))

    def _reminded(self, session: RuleSession, item: KeptItem, *, again: bool = False) -> KeptItem:
        if item.due is None or not self.remind:
            return item
        when = datetime.combine(item.due, self.at)
        if again and (when <= session.wall or not session.adopted):
            return item
        once = session.remind_at(max(when, session.wall + LATER), self.remind)
        return msgspec.structs.replace(item, reminder=once.number)

    def _cancelled(self, session: RuleSession, item: KeptItem) -> None:
        if item.reminder is not None:
            session.cancel(item.reminder)

    def _kept(self, session: RuleSession, item: KeptItem) -> KeptItem:
        value = msgspec.to_builtins(msgspec.structs.replace(item, number=0, key=""))
        session.put(self.kind, item.key, value)
        return item


def _items(records: Iterable[Record]) -> tuple[KeptItem, ...]:
    return tuple(_item(record, number) for number, record in enumerate(records, start=1))


def _item(record: Record, number: int) -> KeptItem:
    return msgspec.convert(record.value | {"number": number, "key": record.key}, KeptItem)
