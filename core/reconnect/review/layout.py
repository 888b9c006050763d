"""The review in parts and words: what every form of it says, in the order in which it says it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple

from reconnect.habits.saying import strength_text
from reconnect.review.wording import week_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reconnect.review.weekly import Ahead, HabitWeek, Review

Kind = Literal["lines", "chosen", "habits", "closeness", "question"]

QUIET = (
    "Nothing is logged for this week. That happens, and it takes nothing away. The smallest thing "
    "is enough to begin again."
)
FOOTER = "Nothing here is a grade. It is what you did, so that you can see it."
SAFETY = "Afraid of your partner? `reconnect help-lines` names who is there for you."


class Line(NamedTuple):
    """A line: what it is about, what it says, and what may be said more softly."""

    lead: str
    text: str
    soft: str = ""

    @property
    def beside(self) -> bool:
        """Whether the lead is so short that the rest may stand beside it."""
        return 0 < len(self.lead) < 12 and bool(self.text)


class Part(NamedTuple):
    """A part of the review; `habits` and `closeness` are drawn from the review itself."""

    kind: Kind
    title: str
    lines: tuple[Line, ...] = ()


def heading(review: Review) -> str:
    """The title of the whole."""
    return f"Your week, {week_text(review.week)}"


def subheading(review: Review) -> str:
    """What else stands below the title; empty for a week that is over."""
    made_up = "Sample data: made up, of nobody." if review.sample else ""
    so_far = "" if review.over else f"So far, up to {review.until:%A}."
    return " ".join(part for part in (made_up, so_far) if part)


def parts(review: Review) -> Iterator[Part]:
    """The parts of a review that have something to say, in order."""
    if review.chosen:
        yield Part("chosen", "What you chose for this week", (Line("", review.chosen),))
    yield Part("habits", "What you kept")
    if review.warm:
        warm = tuple(
            Line(f"{one.day:%A}", one.title, ". ".join(filter(None, (one.said, one.note))))
            for one in review.warm
        )
        yield Part("lines", "What landed warm", warm)
    for _, section in review.sections:
        yield Part("lines", section.title, tuple(Line("", text) for text in section.lines))
    if review.ways_back:
        back = tuple(
            Line(one.lapse, one.next_act or "", f"back on {one.back:%A}" if one.back else "")
            for one in review.ways_back
        )
        yield Part("lines", "The way back", back)
    if review.answers:
        looks = tuple(
            Line(one.question, f"{one.now} ({_number_of(one.before, one.now)} four weeks before)")
            for one in review.answers
        )
        yield Part("lines", "Worth a look", looks)
    yield Part("closeness", "How close, as you feel it", (_closeness(review),))
    if review.question:
        yield Part("question", "A question to take along", (Line("", review.question),))
    if review.ahead:
        yield _ahead(review, review.ahead)


def strength(one: HabitWeek) -> str:
    """A habit's strength and its change over the week, in points: "strength 87 % (up 4)".

    Empty in the first week, and where it is and was nought: that would tell a beginner nothing.
    """
    if one.strength is None or one.change is None:
        return ""
    if not max(round(100 * one.strength), round(100 * (one.strength - one.change))):
        return ""
    text = f"strength {strength_text(one.strength)}"
    points = round(100 * one.strength) - round(100 * (one.strength - one.change))
    if points == 0:
        return f"{text} (as before)"
    return f"{text} ({'up' if points > 0 else 'down'} {abs(points)})"


def went(one: HabitWeek) -> str:
    """How a habit's week went: "kept 5 of 7 days, 96 minutes in all, back after 2 days"."""
    return ", ".join(filter(None, (one.kept, one.back)))


def longer(one: HabitWeek) -> str:
    """How it went for longer than the week."""
    lately = f"{one.lately} lately" if one.lately else ""
    return "; ".join(filter(None, (strength(one), lately, one.streak)))


def _number_of(before: str, now: str) -> str:
    """An earlier answer, without the unit where the one now has said it: "3" beside "6 days"."""
    number, _, unit = before.partition(" ")
    said = now.partition(" ")[2]
    return number if unit.isalpha() and unit.rstrip("s") == said.rstrip("s") else before


def _closeness(review: Review) -> Line:
    if review.circles is not None:
        return Line("", f"You picked pair {review.circles} of 7.")
    return Line("", "No pair of circles is picked for this week.", _command(review, "closeness N"))


def _ahead(review: Review, ahead: Ahead) -> Part:
    if review.choice:
        choice = Line("You chose", review.choice)
    else:
        how = _command(review, "review --choose TEXT")
        choice = Line("One thing", "Nothing is chosen yet.", how)
    lines = [choice]
    if ahead.every:
        lines.append(Line("Every day", "; ".join(ahead.every)))
    lines += [Line(f"{day:%A}", "; ".join(titles)) for day, titles in ahead.days]
    return Part("lines", f"Next week, {week_text(ahead.week)}", tuple(lines))


def _command(review: Review, words: str) -> str:
    name, _, rest = words.partition(" ")
    return f"`reconnect {name} --week {review.week.id} {rest}`"
