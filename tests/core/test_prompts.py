"""Prompts come round without a repeat, the same for the same seed."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconnect.model.history import PromptContext
from reconnect.model.prompts import choose, explained, fitting
from reconnect.model.rule import Prompt

TODAY = date(2026, 11, 23)
MOMENTS = ("before", "after", "re-entry", "tense", "celebrate", "on-this-day")


def prompts(count: int, **more: object) -> list[Prompt]:
    return [Prompt(id=f"p{number}", text=f"Text {number}.", **more) for number in range(count)]


def context(seed: object = 0, **more: object) -> PromptContext:
    return PromptContext(day=TODAY, seed=str(seed), **more)


@pytest.mark.parametrize("count", [1, 2, 7, 41])
def test_none_comes_again_before_all_were_shown(count: int) -> None:
    shown: Counter[str] = Counter()
    for number in range(5 * count):
        prompt = choose(prompts(count), context(number, shown=dict(shown)))
        assert prompt is not None
        shown[prompt.id] += 1
        assert max(shown.values()) - min(shown[p.id] for p in prompts(count)) <= 1
    assert set(shown.values()) == {5}


def test_the_same_seed_gives_the_same_prompt() -> None:
    days = [TODAY + timedelta(days=n) for n in range(200)]
    first = [choose(prompts(30), context(f"7|{day}T19:30")) for day in days]
    assert [choose(prompts(30), context(f"7|{day}T19:30")) for day in days] == first
    assert len({prompt.id for prompt in first if prompt}) == 30


def test_a_fixed_draw_stays_what_it_is_on_every_machine() -> None:
    drawn = [choose(prompts(10), context(f"1|2026-11-{day}")) for day in range(10, 20)]
    assert [p.id for p in drawn if p] == DRAWN


DRAWN = ["p3", "p9", "p1", "p8", "p1", "p2", "p3", "p1", "p1", "p2"]


def test_no_prompts_no_choice() -> None:
    assert choose([], context()) is None
    assert explained([], context()) is None


def test_wishes_narrow_the_choice_and_one_that_leaves_none_is_dropped() -> None:
    every = [
        Prompt(id="any", text="A."),
        Prompt(id="tense", text="T.", moment="tense"),
        Prompt(id="meal", text="M.", habit="meal"),
        Prompt(id="long", text="L.", effort=5),
    ]
    ids = lambda **more: {p.id for p in fitting(every, context(**more))}  # noqa: E731
    assert ids() == {"any", "long"}
    assert ids(habit="meal") == {"any", "meal", "long"}
    assert ids(moments=("tense",)) == {"tense"}
    assert ids(moments=("celebrate",)) == {"any", "tense", "long"}
    assert ids(minutes=2) == {"any"}
    assert ids(minutes=0) == {"any", "long"}


def test_an_earlier_moment_weighs_more() -> None:
    every = [Prompt(id="a", text="A.", moment="tense"), Prompt(id="b", text="B.")]
    drawn = Counter(
        prompt.id
        for seed in range(600)
        if (prompt := choose(every, context(seed, moments=("tense", "before"))))
    )
    assert 340 < drawn["a"] < 460
    why = explained(every, context(1, moments=("tense", "before")))
    assert why is not None
    assert (why.fitting, why.fresh, why.times) == (2, 2, 0)
    assert why.chance in (pytest.approx(2 / 3), pytest.approx(1 / 3))


@given(
    st.lists(
        st.builds(
            Prompt,
            id=st.sampled_from([f"p{n}" for n in range(8)]),
            text=st.just("T."),
            moment=st.sampled_from(MOMENTS),
            effort=st.integers(1, 5),
            habit=st.sampled_from([None, "a", "b"]),
        ),
        min_size=1,
        unique_by=lambda prompt: prompt.id,
    ),
    st.lists(st.sampled_from(MOMENTS), max_size=3, unique=True).map(tuple),
    st.sampled_from([None, "a", "c"]),
    st.sampled_from([None, 1, 3]),
    st.dictionaries(st.sampled_from([f"p{n}" for n in range(9)]), st.integers(0, 3)),
    st.text(max_size=5),
)
def test_there_is_always_a_choice_among_those_shown_least(
    every: list[Prompt], moments: tuple[str, ...], habit: str | None, minutes: int | None,
    shown: dict[str, int], seed: str,
) -> None:  # fmt: skip
    asked = context(seed, moments=moments, habit=habit, minutes=minutes, shown=shown)
    chosen = choose(every, asked)
    assert chosen in fitting(every, asked)
    assert chosen is not None
    assert shown.get(chosen.id, 0) == min(shown.get(p.id, 0) for p in fitting(every, asked))
