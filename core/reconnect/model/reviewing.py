"""What a rule is shown for the weekly review, and what it may add to it."""

from datetime import date

import msgspec

from reconnect.model.history import History


class ReviewContext(msgspec.Struct, frozen=True, kw_only=True):
    """The week that is looked back at: from the Monday `first` to the Sunday `last`.

    `history` is the rule's own, all of it up to `history.day`: the last day, or the day before it
    that the week has come to. Only where `private` is true may notes and private answers be said.
    """

    first: date
    last: date
    history: History
    private: bool = False


class ReviewSection(msgspec.Struct, frozen=True, kw_only=True):
    """A part of the weekly review: a title of one line, and lines of plain text below it."""

    title: str
    lines: tuple[str, ...]
