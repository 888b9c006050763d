"""What a plugin's command may do: look at its own rule's entries, record, remind, ask and wait."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Concatenate, NamedTuple, ParamSpec, Protocol, TypeVar

from click.decorators import pass_meta_key

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from contextlib import AbstractContextManager
    from datetime import date, datetime, time

    import click

    from reconnect.model.habit import Entry, EntryKind, Landed
    from reconnect.model.history import History, Record
    from reconnect.model.rule import Rule

P = ParamSpec("P")
R = TypeVar("R")

SESSION = "reconnect.rules.session"
"""The key in click's `ctx.meta` under which a command finds its session."""


class Once(NamedTuple):
    """A reminder that comes once: its number, and the naive time on the person's clock."""

    number: int
    wall: datetime


class RuleSession(Protocol):
    """One run of a rule's command. It sees the entries of its own rule, and no other's.

    Every method that needs an adopted habit raises NotFoundError (exit code 3) without one.
    """

    @property
    def now(self) -> datetime:
        """The present instant (UTC), asked anew each time."""

    @property
    def wall(self) -> datetime:
        """The naive time that the person's clock shows now."""

    @property
    def today(self) -> date:
        """The person's day that is now."""

    @property
    def person_name(self) -> str:
        """What the person is called; may be empty."""

    @property
    def adopted(self) -> bool:
        """Whether the person keeps a habit of this rule."""

    @property
    def rule(self) -> Rule:
        """The rule itself, as data."""

    @property
    def templates(self) -> frozenset[str]:
        """The template ids of the rule's habits that the person keeps."""

    @property
    def interactive(self) -> bool:
        """Whether somebody is there to be asked."""

    def require(self, habit: str | None = None) -> None:
        """Go no further unless the rule (or its habit of that template id) is adopted.

        Raises:
            NotFoundError: it is not; the text says how to adopt it.
        """

    def history(self) -> History:
        """Everything logged of this rule so far, oldest first."""

    def record(
        self,
        *,
        kind: EntryKind = "done",
        fields: Mapping[str, object] | None = None,
        lapse: str | None = None,
        note: str | None = None,
        landed: Landed | None = None,
        habit: str | None = None,
    ) -> Entry:
        """Store an entry for today, and say so.

        Args:
            kind: done, lapse, skip or no.
            fields: the answers, by field id.
            lapse: which of the rule's lapses.
            note: free text.
            landed: how it was received.
            habit: the template id of the habit it belongs to; the rule's first one when None.

        Raises:
            UsageError: a value that cannot be.
            NotFoundError: no such habit is adopted, or the rule has no such lapse.
        """

    def next_at(self, clock: time) -> datetime:
        """The next instant (UTC) at which the person's clock shows so."""

    def remind_at(self, when: datetime, text: str, *, habit: str | None = None) -> Once:
        """Remind the person once.

        Args:
            when: an aware instant, which stays where it is; or a naive time on the person's clock,
                which goes with them into another zone.
            text: what the reminder says; one line of at most 200 characters.
            habit: the template id of the habit it belongs to, if that is adopted; else the first.

        Returns:
            Its number, and the naive time on the person's clock at which it comes, to the second.
        """

    def cancel(self, number: int) -> bool:
        """Take back a reminder of this rule's; False where it is gone or another rule's."""

    def records(self, kind: str) -> tuple[Record, ...]:
        """What the rule keeps of a kind, oldest first."""

    def pick(self, kind: str, number: int, command: str) -> Record:
        """The record of that number: as `records` has them, the first is 1.

        Args:
            kind: what the rule keeps.
            number: what the person typed.
            command: the rule's command that lists them with their numbers, for who needs it.

        Raises:
            NotFoundError: there is none of that number.
        """

    def get(self, kind: str, key: str) -> dict[str, Any]:
        """What is kept under a kind and key; empty where there is nothing."""

    def put(self, kind: str, key: str, value: Mapping[str, object]) -> None:
        """Keep something for the person, in this rule's own part of the store.

        Raises:
            UsageError: it is larger than 64 KiB.
        """

    def drop(self, kind: str, key: str) -> bool:
        """Delete what is kept under a kind and key; False where there was nothing."""

    def together(self) -> AbstractContextManager[object]:
        """Of what is stored inside of it, all is, or nothing: `with session.together(): ...`.

        Nobody else can write meanwhile, so ask nothing in it, and do not wait.
        """

    def show(self, text: str) -> None:
        """Print what the command was asked for, to stdout."""

    def say(self, text: str) -> None:
        """Say what is going on, to stderr."""

    def progress(self, text: str) -> None:
        """On a terminal, show a line that the next one overwrites; empty text ends it."""

    def ask(self, question: str, default: str = "") -> str:
        """Ask for a line of text; the default where nobody is there."""

    def confirm(self, question: str, default: bool | None) -> bool | None:
        """Ask for a yes or no; on Enter, or where nobody is there, the default (None: open)."""

    def wait(self, seconds: float) -> None:
        """Let time pass. Ctrl-C raises KeyboardInterrupt."""


def pass_session(command: Callable[Concatenate[RuleSession, P], R]) -> Callable[P, R]:
    """Decorate a click command's function: its session comes as the first argument."""
    give: Callable[[Callable[Concatenate[Any, P], R]], Callable[P, R]] = pass_meta_key(SESSION)
    return give(command)


def put_session(ctx: click.Context, session: RuleSession) -> None:
    """Let the commands under a click context find their session."""
    ctx.meta[SESSION] = session
