"""One walk through what is open: the questions on the screen, and what becomes of the answers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from reconnect.cli import words
from reconnect.cli.daily import logged_since
from reconnect.cli.output import style, talk, text_columns, width_of, wrapped, wrapped_parts
from reconnect.errors import NotFoundError, UsageError
from reconnect.habits.asking import Question, Reply, question_for, read_reply, read_value
from reconnect.habits.fields import expectation

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date

    from reconnect.cli.answers import Answers
    from reconnect.cli.app import App
    from reconnect.habits.outlook import Outlook
    from reconnect.model.habit import Entry, EntryKind
    from reconnect.model.rule import Rule

_KEYS = (
    ("y", "yes, done"),
    ("n", "not this time"),
    ("s", "it rests: a skip breaks nothing"),
    ("l", "later: nothing is stored, and it is asked again"),
    ("Enter", "what stands in brackets; later where nothing does"),
    ("t, -", "add a note to the answer that follows"),
    ("u", "take the last answer back"),
    ("q", "stop; what was answered is kept"),
)
_WIDE = 40
"""From so many columns on a prompt says it in words."""

_BRIEF = "y yes · n no · s skip · l later · ? more"


class Step(NamedTuple):
    """A question of the walk, of which rule, and how its habit stood."""

    question: Question
    rule: Rule
    outlook: Outlook


class Walk:
    """The questions of a day in their order, and the answers so far."""

    def __init__(self, app: App, day: date, wanted: Sequence[Outlook], *, named: bool) -> None:
        """Prepare the questions; a habit whose rule is not there is named and left out.

        Args:
            app: the run of the command.
            day: the day that is asked about, today or before.
            wanted: the habits, in the order in which they are asked.
            named: whether the person named them, and is told where nothing can be asked.
        """
        self.app, self.day = app, day
        self.steps = list(self._steps(wanted, named))
        self.entries: dict[int, Entry] = {}
        self._at = 0
        self._note: str | None = None

    def heading(self) -> str:
        """Which day, and how much is open."""
        number = len(self.steps)
        day = style(words.long_day(self.day), bold=True)
        return f"{wrapped(f'{day}: {number} open')}\n{style(wrapped(_BRIEF), dim=True)}"

    def go(self, answers: Answers) -> None:
        """Ask until all is answered, or nobody answers any more."""
        asked = -1
        while self._at < len(self.steps):
            step = self.steps[self._at]
            if asked != self._at:
                if logged_since(self.app, step.outlook, self.day):
                    talk(f"\n{step.question.habit.name} was logged meanwhile")
                    del self.steps[self._at]
                    continue
                self._show(step)
                asked = self._at
            try:
                reply = self._reply(step, answers)
            except EOFError:
                talk("")
                return
            if reply is None:
                continue
            if reply.verb == "stop":
                talk("stop")
                return
            if reply.verb == "back":
                self._take_back()
                asked = -1
            elif reply.verb == "later":
                talk(style("later", dim=True))
                self._drop_note()
                self._at += 1
            elif self._store(step, reply):
                self._at += 1
            else:
                self._drop_note()
                asked = -1

    def summary(self) -> str:
        """How many were answered, and how many are left."""
        if not self.steps:
            whose = "today" if self.day == self.app.today else f"on {self.day}"
            return f"Nothing is open {whose}."
        left = len(self.steps) - len(self.entries)
        parts = [f"{len(self.entries)} answered"] if self.entries else []
        if left:
            parts.append(f"{left} left for later")
        return style(", ".join(parts), dim=True)

    def rules_answered(self) -> list[Rule]:
        """The rules of which something was answered, each once."""
        found = {self.steps[at].rule.id: self.steps[at].rule for at in self.entries}
        return list(found.values())

    def json(self) -> dict[str, Any]:
        """What was stored, and what is left, for programs."""
        stored = [
            words.entry_json(
                entry,
                self.steps[at].question.habit,
                words.private_answers(entry, self.steps[at].rule),
            )
            for at, entry in sorted(self.entries.items())
        ]
        left = [
            step.question.habit.name for at, step in enumerate(self.steps) if at not in self.entries
        ]
        return {"day": self.day.isoformat(), "entries": stored, "left": left}

    def _steps(self, wanted: Sequence[Outlook], named: bool) -> Iterator[Step]:
        from reconnect.habits.own_choices import with_own_choices

        for outlook in wanted:
            habit = outlook.habit
            try:
                rule = self.app.rule_of(habit)
            except NotFoundError as error:
                talk(f"{habit.name} is left out: {error}")
                continue
            rule = with_own_choices(self.app.looking, self.app.person.id, rule)
            question = question_for(habit, rule, outlook.tally.amount)
            if question is not None:
                yield Step(question, rule, outlook)
            elif named:
                talk(
                    f"{habit.name}: there is nothing to ask; `reconnect lapse {habit.name}` logs a "
                    "slip when it happens"
                )

    def _show(self, step: Step) -> None:
        habit, question = step.question.habit, step.question
        until = words.countdown(step.outlook, self.day) if self.day == self.app.today else ""
        about = [habit.title] if question.field else []
        about += [until] if until and until != "today" else []
        talk("\n" + wrapped(" · ".join([style(habit.name, bold=True), *about]), hanging=2))
        talk(wrapped(question.text, 2))
        values = question.values
        if question.field and question.field.choices:
            listed = [f"{number} {value}" for number, value in enumerate(values, start=1)]
            talk(wrapped_parts(listed))

    def _prompt(self, question: Question) -> str:
        field, wide = question.field, text_columns() >= _WIDE
        if field is None or field.type == "boolean":
            hint = "y/n"
        elif question.values:
            first, last = question.values[0], question.values[-1]
            hint = f"1-{len(question.values)}" if field.choices else f"{first}-{last}"
        elif question.enter is not None:
            usual = words.field_text(field.id, question.enter, question.habit)
            hint = f"[{usual if wide else question.enter}]"
        elif question.yes is not None:
            hint = f"y = {question.yes}, or a number" if wide else "y/number"
        else:
            hint = "a number" if question.numeric else "y, then say it"
        return f"  {hint} > "

    def _reply(self, step: Step, answers: Answers) -> Reply | None:
        """An answer that can be acted on; None where the question is to be asked once more."""
        question = step.question
        text = answers.key(self._prompt(question), question)
        try:
            reply = read_reply(question, text)
            if reply.verb == "which":
                return self._which(question, answers)
        except UsageError as error:
            if answers.alone:
                talk("")
                raise UsageError(f"line {answers.number} of the answers: {error}") from None
            talk(f"\n  {error}" if text else f"  {error}")
            return None
        if reply.verb == "help":
            talk("?")
            self._help(question)
            return None
        if reply.verb == "note":
            talk("note")
            self._note = answers.line("  note > ") or self._note
            return None
        return reply

    def _which(self, question: Question, answers: Answers) -> Reply | None:
        """What a yes leaves open: words are asked for, of anything else the key is."""
        field = question.field
        if question.values or question.numeric or field is None:
            expected = f"which one, or how many? {expectation(field)}" if field else ""
            if answers.alone:
                raise UsageError(expected)
            talk(f"y\n{wrapped(expected, 2)}")
            return None
        talk("y")
        given = answers.line("  in a few words > " if field.type == "text" else "  > ")
        return Reply("done", read_value(question, given)) if given else None

    def _help(self, question: Question) -> None:
        """Every key, and what this question takes."""
        for key, meaning in _KEYS:
            # wrapped() keeps no two blanks in a row.
            kept = key + "\0" * (6 - len(key)) + meaning
            talk(wrapped(kept, 2, hanging=6).replace("\0", " "))
        if question.field is not None:
            about = [expectation(question.field), question.field.help]
            talk(wrapped(f"{question.field.title}: {'. '.join(filter(None, about))}", 2, hanging=6))

    def _store(self, step: Step, reply: Reply) -> bool:
        """Store an answer; False where that of somebody else came first."""
        from reconnect.cli.log import tell_plugins
        from reconnect.habits.record import record
        from reconnect.store.database import writing

        kinds: dict[str, EntryKind] = {"done": "done", "no": "no", "skip": "skip"}
        with writing(self.app.db):
            if logged_since(self.app, step.outlook, self.day):
                return False
            recorded = record(
                self.app.db,
                self.app.person,
                step.question.habit,
                step.rule,
                self.app.now,
                kind=kinds[reply.verb],
                day=self.day,
                fields=reply.fields,
                note=self._note,
            )
        self._note = None
        self.entries[self._at] = entry = recorded.entry
        state = {"done": "yes", "no": "no", "skip": "skip"}[reply.verb]
        private = words.private_answers(entry, step.rule)
        told = words.describe_entry(entry, step.question.habit, private)
        if width_of(self._prompt(step.question) + told) > text_columns():
            told = f"\n{wrapped(told, 2)}"
        talk(style(told, fg=words.COLORS[state]))
        tell_plugins(self.app, entry)
        return True

    def _take_back(self) -> None:
        from reconnect.cli.log import tell_plugins
        from reconnect.habits.record import undo

        if not self._at:
            talk("nothing to take back yet")
            return
        self._at -= 1
        name = self.steps[self._at].question.habit.name
        talk(f"back to {name}")
        entry = self.entries.pop(self._at, None)
        if entry is not None:
            try:
                undo(self.app.db, entry)
            except NotFoundError:
                return  # somebody else took it back: what was wanted is so
            tell_plugins(self.app, entry, taken_back=True)

    def _drop_note(self) -> None:
        if self._note:
            talk("  the note was not kept: it needs an answer to go with")
        self._note = None
