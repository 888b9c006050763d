"""What commands of several rules do with a session, each in the same way."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from reconnect.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from reconnect.rules.session import RuleSession

LINE = 200
TURNED = "turned"


def ask_number(
    session: RuleSession, question: str, low: int, high: int, *, again: str
) -> int | None:
    """Ask for a whole number until it is one; None where the person presses Enter.

    Args:
        session: who is asked.
        question: what is asked.
        low: the smallest number.
        high: the greatest.
        again: what is said to an answer that is none.
    """
    while answer := session.ask(question):
        if answer.isdecimal() and low <= int(answer) <= high:
            return int(answer)
        session.say(again)
    return None


def ask_parts(session: RuleSession, parts: Mapping[str, str], opening: str) -> dict[str, str]:
    """Ask for a text part by part, and make a sentence of each answer: "We meet." of "we meet".

    Where nobody is there to be asked, the questions are shown instead.

    Args:
        session: who is asked.
        parts: the question for each part.
        opening: what is said before the first question.

    Returns:
        The parts that were answered, in order; Enter leaves one out.
    """
    if not session.interactive:
        for part, question in parts.items():
            session.show(f"{part}: {question}")
        return {}
    session.say(opening)
    answers = ((part, session.ask(question)) for part, question in parts.items())
    return {part: _sentence(answer) for part, answer in answers if answer}


def turned(session: RuleSession, key: str, *, on: bool) -> int:
    """How often the person has asked for another one of something today.

    Args:
        session: whose.
        key: of what.
        on: whether they ask for another one now, which counts from here on.
    """
    today = session.today.isoformat()
    kept = session.get(TURNED, key)
    times = int(kept["times"]) if kept.get("day") == today else 0
    if on:
        times += 1
        session.put(TURNED, key, {"day": today, "times": times})
    return times


def as_line(words: str) -> str:
    """What was typed as one line, with single blanks.

    Raises:
        UsageError: it is empty, or has more than 200 characters.
    """
    words = " ".join(words.split())
    if not 1 <= len(words) <= LINE:
        raise UsageError(f"the text has {len(words)} characters, expected 1 to {LINE}")
    return words


def as_day_ahead(text: str, today: date) -> date:
    """What was typed as a day after today.

    Raises:
        UsageError: it is no date, or one that has come.
    """
    try:
        day = date.fromisoformat(text)
    except ValueError as error:
        raise UsageError(f"'{text}' is no date: expected one such as 2026-12-24") from error
    if day <= today:
        raise UsageError(f"{day} has passed or is today: expected a day to come")
    return day


def _sentence(words: str) -> str:
    words = words[:1].upper() + words[1:]
    return f"{words}." if words[-1:].isalnum() else words
