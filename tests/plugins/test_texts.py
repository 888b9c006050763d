"""The texts of every built-in rule: enough of them, short, all different, and free of guilt."""

from __future__ import annotations

import re
from itertools import combinations
from pathlib import Path
from typing import get_args

import pytest

from reconnect.model.rule import Moment, Rule
from reconnect.rules.rulefile import load_rule

PLUGINS = Path(__file__).parents[2] / "plugins"
FOLDERS = sorted(path for path in PLUGINS.iterdir() if (path / "__init__.py").exists())
RULES = {folder.name: load_rule(folder / "rule.toml") for folder in FOLDERS}

# Words that make a person feel judged, hurried or counted. A reminder has no use for any of them.
GUILT = re.compile(
    r"\b(you (should have|failed|forgot|never|always|haven't|did not even|must|ought)|"
    r"(your|own) (fault|failure|laziness|streak)|guilty|ashamed|shame on|lazy|excuses?|no excuse|"
    r"disappoint(ed|ing|s)?|bad (partner|husband|wife)|blame|pathetic|worthless|selfish|"
    r"try harder|do better|last chance|or else|too late now|don't forget|"
    r"(missed|lost) (a|your|the) (day|streak))\b",
    re.IGNORECASE,
)
# What is about the partner's faults instead of one's own acts.
THEIRS = re.compile(
    r"\b(they|your partner) (always|never|should|must|failed|forgot)\b|\b(make|get) them\b",
    re.IGNORECASE,
)

# Where such words may stand, and why.
EXEMPT = {
    ("sincerity", "why"): "says that no answer makes anybody a bad partner",
    ("tone", "prompts.tone-08"): "quotes the words in order to turn them round",
}

each_rule = pytest.mark.parametrize("name", RULES)


def words(text: str) -> frozenset[str]:
    return frozenset(re.findall(r"[a-z']{3,}", text.lower()))


def texts_of(rule: Rule) -> list[tuple[str, str]]:
    """Every text that is shown to a person, with its key."""
    found = [("summary", rule.summary), ("asks", rule.asks), ("why", rule.why)]
    found += [(f"prompts.{p.id}", p.text) for p in rule.prompts]
    found += [(f"lapses.{s.id}", t) for s in rule.lapses
              for t in (s.antidote, s.next_act) if t]  # fmt: skip
    found += [(f"fields.{f.id}", t) for f in rule.fields for t in (f.ask, f.help) if t]
    found += [(f"metrics.{m.id}", m.question) for m in rule.metrics]
    found += [(f"help.{h.id}", h.text) for h in rule.help]
    found += [(f"questions.{n}", question) for n, question in enumerate(rule.questions)]
    if rule.full_week:
        found.append(("full_week", rule.full_week.words))
    return found


def test_there_are_rules() -> None:
    assert {"reconnect_listen", "reconnect_peace"} <= RULES.keys()
    assert [f"reconnect_{rule.id.replace('-', '_')}" for rule in RULES.values()] == list(RULES)
    assert len({rule.order for rule in RULES.values()}) == len(RULES)


@each_rule
def test_there_are_enough_prompts_for_every_moment(name: str) -> None:
    rule = RULES[name]
    assert len(rule.prompts) >= 30
    assert {prompt.moment for prompt in rule.prompts} == set(get_args(Moment))
    assert all(len(prompt.text) <= 240 for prompt in rule.prompts)
    for habit in rule.habits:
        fitting = [p for p in rule.prompts if p.moment == "before" and p.habit in (None, habit.id)]
        assert fitting, f"nothing to say before {habit.id}"


@each_rule
def test_ids_name_their_rule(name: str) -> None:
    for prompt in RULES[name].prompts:
        assert prompt.id.startswith(RULES[name].id), prompt.id


def test_no_id_and_no_text_is_there_twice() -> None:
    prompts = [prompt for rule in RULES.values() for prompt in rule.prompts]
    assert len({prompt.id for prompt in prompts}) == len(prompts)
    assert len({prompt.text.casefold() for prompt in prompts}) == len(prompts)


def test_no_two_prompts_say_nearly_the_same() -> None:
    said = [(p.id, words(p.text)) for rule in RULES.values() for p in rule.prompts]
    near = [
        (one, other)
        for (one, a), (other, b) in combinations(said, 2)
        if len(a & b) >= 0.6 * len(a | b)
    ]
    assert not near


@each_rule
def test_nothing_accuses(name: str) -> None:
    bad = {
        key: found[0]
        for key, text in texts_of(RULES[name])
        for pattern in (GUILT, THEIRS)
        if (found := pattern.search(text))
    }
    exempt = {key for rule, key in EXEMPT if rule == RULES[name].id}
    assert bad.keys() == exempt, bad


@each_rule
def test_texts_are_clean(name: str) -> None:
    for key, text in texts_of(RULES[name]):
        assert text == text.strip(), key
        assert "  " not in text, key
        assert not re.search(r"[!]{2,}|\bTODO\b|[\u2018\u2019\u201c\u201d]|http", text), key
        assert text.isprintable() or "\n" in text, key
    for prompt in RULES[name].prompts:
        assert prompt.text[-1] in '.?!:"', prompt.id


@each_rule
def test_there_are_metrics_that_ask_what_a_person_would(name: str) -> None:
    rule = RULES[name]
    assert len(rule.metrics) >= 4
    for metric in rule.metrics:
        assert metric.question.endswith("?"), metric.id
        assert metric.unit, metric.id


@each_rule
def test_there_are_questions_for_the_weekly_review(name: str) -> None:
    questions = RULES[name].questions
    assert len(questions) >= 5
    assert all(question.endswith("?") for question in questions)


def test_no_question_is_asked_by_two_rules() -> None:
    asked = [question for rule in RULES.values() for question in rule.questions]
    assert len({question.casefold() for question in asked}) == len(asked)


@each_rule
def test_every_lapse_has_a_way_back(name: str) -> None:
    for lapse in RULES[name].lapses:
        assert len(lapse.antidote) >= 20, lapse.id


@each_rule
def test_the_folder_is_as_a_plugin_should_be(name: str) -> None:
    folder, rule = PLUGINS / name, RULES[name]
    assert len((folder / "__init__.py").read_text(encoding="utf-8").splitlines()) < 60
    assert (folder / "py.typed").exists()
    readme = (folder / "README.md").read_text(encoding="utf-8")
    assert readme.startswith(f"# {rule.title}")
    for thing in (*rule.habits, *rule.metrics):
        assert f"`{thing.id}`" in readme, f"README.md says nothing of {thing.id}"
    assert not rule.sources or "## Sources" in readme
