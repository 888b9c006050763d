"""What commands of rules do alike: ask for a number, ask part by part, turn on, check a line."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from reconnect.api import Prompt, counted, shortened
from reconnect.errors import UsageError
from reconnect.rules.commands import as_day_ahead, as_line, ask_number, ask_parts, turned

if TYPE_CHECKING:
    from tests.conftest import Clock, Rows

    from reconnect.cli.rule_session import Session


class Answers:
    """Somebody who answers in this order, and hears what is said."""

    interactive = True

    def __init__(self, *answers: str) -> None:
        self.answers, self.heard = list(answers), list[str]()

    def ask(self, question: str, default: str = "") -> str:
        self.heard.append(question)
        return self.answers.pop(0)

    def say(self, text: str) -> None:
        self.heard.append(text)

    show = say


def asked(*answers: str) -> tuple[int | None, list[str]]:
    who: Any = Answers(*answers)
    return ask_number(who, "How far?", 0, 10, again="0 to 10."), who.heard


def test_a_number_is_asked_for_until_it_is_one() -> None:
    assert asked("7") == (7, ["How far?"])
    assert asked("10") == (10, ["How far?"])
    assert asked("") == (None, ["How far?"])
    assert asked("eleven", "11", "-1", "2.5", "0") == (
        0,
        ["How far?", "0 to 10."] * 4 + ["How far?"],
    )


def test_parts_become_sentences_in_their_order() -> None:
    who: Any = Answers("i was late", "", "really?", "אהבה")
    parts = ask_parts(who, {"a": "A?", "b": "B?", "c": "C?", "d": "D?"}, "Begin.")
    assert list(parts.items()) == [("a", "I was late."), ("c", "Really?"), ("d", "אהבה.")]
    assert who.heard == ["Begin.", "A?", "B?", "C?", "D?"]


def test_where_nobody_is_there_the_questions_are_shown() -> None:
    who: Any = Answers()
    who.interactive = False
    assert ask_parts(who, {"a": "A?", "b": "B?"}, "Begin.") == {}
    assert who.heard == ["a: A?", "b: B?"]


def test_turning_on_counts_for_a_day(session: Session, clock: Clock, rows: Rows) -> None:
    before = rows()
    assert turned(session, "idea", on=False) == 0
    assert rows() == before
    assert [turned(session, "idea", on=True) for _ in range(3)] == [1, 2, 3]
    assert turned(session, "other", on=False) == 0
    assert turned(session, "idea", on=False) == 3
    clock.move(days=1)
    assert turned(session, "idea", on=False) == 0
    assert turned(session, "idea", on=True) == 1


def test_a_line() -> None:
    assert as_line("  run\nten \t kilometres 🏃 ") == "run ten kilometres 🏃"
    assert as_line("x" * 200) == "x" * 200
    for wrong in ("", " \n", "x" * 201):
        with pytest.raises(UsageError, match="expected 1 to 200"):
            as_line(wrong)


def test_a_number_of_things_and_a_text_that_fits() -> None:
    assert [counted(n, "day") for n in (0, 1, 2)] == ["0 days", "1 day", "2 days"]
    assert shortened(" The\nlake 🌊 ", 240) == "The lake 🌊"
    assert shortened("x" * 240, 240) == "x" * 240
    cut = shortened("word " * 100, 240)
    assert len(cut) <= 240
    assert cut.endswith("word…")
    assert len(shortened("🌊" * 300, 240)) == 240


def test_what_is_kept_is_found_in_the_history_as_in_the_session(session: Session) -> None:
    session.put("setting", "pace", {"days": 3})
    for one in (session, session.history()):
        assert one.get("setting", "pace") == {"days": 3}
        assert one.get("setting", "other") == {}
        assert one.get("other", "pace") == {}


def test_a_prompt_in_other_words_counts_as_the_same() -> None:
    prompt = Prompt(id="tea-01", text="Tea?", moment="tense", effort=3, habit="cup")
    said = prompt.saying("Tea for two?")
    assert said == Prompt(id="tea-01", text="Tea for two?", moment="tense", effort=3, habit="cup")


def test_a_day_ahead() -> None:
    today = date(2028, 2, 28)
    assert as_day_ahead("2028-02-29", today) == date(2028, 2, 29)
    for passed in ("2028-02-28", "2027-12-31"):
        with pytest.raises(UsageError, match="has passed or is today"):
            as_day_ahead(passed, today)
    for none in ("soon", "2027-02-29", "", "29.2."):
        with pytest.raises(UsageError, match="is no date"):
            as_day_ahead(none, today)
