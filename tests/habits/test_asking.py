"""What is asked of a habit, and what an answer means, for whatever a rule may ask."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.habits.progressing import habit

from reconnect.errors import UsageError
from reconnect.habits.asking import may_go_on, question_for, read_reply
from reconnect.habits.record import checked_fields
from reconnect.model.rule import Field, HabitTemplate, Lapse, Prompt, Rule

if TYPE_CHECKING:
    from reconnect.model.habit import Habit

LAPSE = Lapse(id="sighed", title="I sighed", antidote="Say what you wish for.")


def rule(*fields: Field, goal: Any = "at-least") -> Rule:
    return Rule(
        api=1, id="sample", title="Sample", summary="One act.", why="To see.", asks="One act.",
        habits=(HabitTemplate(id="sample", title="Sample", goal=goal),), fields=fields,
        lapses=(LAPSE,), prompts=(Prompt(id="sample-01", text="Now."),),
    )  # fmt: skip


def field(**of: Any) -> Field:
    return Field(**{"id": "amount", "title": "It", "ask": "How was it?", "defines": True, **of})


FIELDS = st.one_of(
    st.builds(
        lambda low, size: field(type="integer", minimum=low, maximum=low + size),
        st.integers(-3, 12), st.integers(0, 500),
    ),
    st.sampled_from([
        field(type="integer"), field(type="integer", minimum=0), field(type="number", minimum=0.5),
        field(type="percent"), field(type="boolean"), field(type="date"), field(type="text"),
        field(type="choice", choices=("no", "yes", "y", "12")),
        field(type="choices", choices=("a", "b", "c")),
    ]),
    st.builds(
        lambda number: field(type="choice", choices=tuple(f"way {n}" for n in range(number))),
        st.integers(2, 14),
    ),
)  # fmt: skip
HABITS = st.builds(
    lambda target, goal: habit(target=target, goal=goal),
    st.one_of(st.none(), st.integers(1, 600), st.floats(0.1, 20)),
    st.sampled_from(["at-least", "at-most"]),
)
TYPED = st.one_of(
    st.sampled_from(["", "y", "n", "s", "l", "t", "-", "u", "q", "?", "yes", "No", "1", "10"]),
    st.integers(-5, 700).map(str),
    st.text(max_size=12),
)


@given(HABITS, FIELDS, TYPED)
def test_an_answer_is_stored_refused_or_leads_on(of: Habit, asked: Field, text: str) -> None:
    kept = rule(asked, goal=of.goal)
    question = question_for(of, kept)
    assert question is not None
    try:
        reply = read_reply(question, text)
    except UsageError:
        return
    if reply.verb == "done":
        assert checked_fields(kept, of, "done", reply.fields, date(2026, 11, 23)) == reply.fields
        assert reply.fields.keys() == {"amount"}
    else:
        assert not reply.fields


@given(HABITS, FIELDS)
def test_enter_takes_the_target_or_nothing(of: Habit, asked: Field) -> None:
    question = question_for(of, rule(asked, goal=of.goal))
    assert question is not None
    reply = read_reply(question, "")
    if of.goal == "at-most" or of.target is None:
        assert reply.verb == "later"
    if reply.verb == "done":
        assert reply.fields == {"amount": of.target}


@given(HABITS, FIELDS)
def test_no_key_is_beyond_reach(of: Habit, asked: Field) -> None:
    """Each of the listed values can be typed: what it begins with is not taken for all of it."""
    question = question_for(of, rule(asked, goal=of.goal))
    assert question is not None
    values = question.values
    typed = range(1, len(values) + 1) if asked.choices else values
    for keys, value in zip(map(str, typed), values, strict=True):
        assert all(may_go_on(question, keys[:end]) for end in range(1, len(keys)))
        (answer,) = read_reply(question, keys).fields.values()
        assert value in (str(answer), *(answer if isinstance(answer, tuple) else ()))


def test_a_plain_habit() -> None:
    question = question_for(habit(), rule())
    assert question is not None
    assert question.text == "Sample?"
    assert read_reply(question, "").verb == "later"
    assert read_reply(question, "Y").verb == "done"


def test_an_at_most_habit_is_asked_only_what_its_rule_asks() -> None:
    assert question_for(habit(goal="at-most"), rule(goal="at-most")) is None
    asked = field(type="integer", minimum=1, maximum=5, ask="How did your voice sound?")
    question = question_for(habit(goal="at-most"), rule(asked, goal="at-most"))
    assert question is not None
    assert question.text == "How did your voice sound?"


@pytest.mark.parametrize(("so_far", "left"), [(None, 8), (0, 8), (3, 5), (8, 8), (20, 8)])
def test_what_is_left_of_the_target(so_far: float | None, left: int) -> None:
    asked = field(type="integer", minimum=1, maximum=480)
    question = question_for(habit(target=8), rule(asked), so_far)
    assert question is not None
    assert (question.enter, question.yes) == (left, left)
