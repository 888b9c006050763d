"""Each mistake in a rule.toml is answered with the file, the key, and what was expected."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from tests.rules.conftest import RULE

from reconnect.errors import RuleFileError
from reconnect.model.rule import Rule
from reconnect.rules.rulefile import load_rule

if TYPE_CHECKING:
    from tests.conftest import Run
    from tests.rules.conftest import Site

TEA = RULE.format(id="tea")
METRIC = """
[[metrics]]
id = "more"
title = "More"
question = "More?"
kind = "count"
unit = "times"
direction = "more"
"""
CHOICE = """
[[fields]]
id = "kind"
title = "Kind"
ask = "Which kind?"
type = "choice"
choices = ["green", "black"]
"""


def replaced(old: str, new: str) -> str:
    assert old in TEA, old
    return TEA.replace(old, new, 1)


WRONG = {
    # the whole file
    "half written": (TEA[: TEA.index("[[prompts]]") + 5], "not valid TOML: "),
    "a key twice": (TEA.replace("api = 1", "api = 1\napi = 1"), "not valid TOML: Cannot overwrite"),
    "newer": (replaced("api = 1", "api = 7"), "written for plugin API 7, this program speaks 1"),
    "api as text": (replaced("api = 1", 'api = "1"'), "api: expected a whole number of 1 or more"),
    "no api": (replaced("api = 1", ""), "api: missing, expected a whole number of 1 or more"),
    "no id": (replaced('id = "tea"', ""), "id: missing, expected an id of at most 40"),
    "no prompts": (TEA[: TEA.index("[[prompts]]")], "prompts: missing, expected a list of 1 or"),
    "habits as table": (
        replaced("[[habits]]", "[habits]"), "habits: expected a list of 1 to 9 items, got a table",
    ),
    # single values
    "unknown key": (replaced("asks =", "ask ="), "ask: unknown key, did you mean asks?"),
    "strange key": (replaced("api = 1", "api = 1\nzzz = 1"), "zzz: unknown key; known here: api"),
    "bad id": (replaced('id = "tea"', 'id = "My Tea"'), "id: expected an id of at most 40"),
    "two lines": (replaced('"Tea"', '"Tea\\nTime"'), "title: expected one line of text"),
    "empty": (replaced('"Tea"', '""'), "title: expected one line of text"),
    "a long prompt": (
        replaced("Put the kettle on.", "x" * 241),
        "prompts.tea-01.text: expected one line of text, at most 240 characters, got 241",
    ),
    "type": (
        replaced('type = "integer"', 'type = "int"'),
        "fields.cups.type: expected one of boolean, choice, choices, date, integer, number, ",
    ),
    "moment": (
        replaced('text = "Put', 'moment = "later"\ntext = "Put'),
        "prompts.tea-01.moment: expected one of after, before",
    ),
    "effort": (
        replaced('text = "Put', 'effort = 9\ntext = "Put'),
        "prompts.tea-01.effort: expected a whole number from 1 to 5, got 9",
    ),
    "a question of two lines": (
        replaced("api = 1", 'api = 1\nquestions = ["one\\ntwo?"]'),
        "questions[0]: expected one line of text",
    ),
    "days of a full week": (
        replaced("api = 1", 'api = 1\nfull_week = { days = 8, words = "tea" }'),
        "full_week.days: expected a whole number from 1 to 7, got 8",
    ),
    "entries of a full week": (
        replaced("api = 1", 'api = 1\nfull_week = { days = 2, words = "tea", of = { has = "x" } }'),
        "full_week.of.has: no field 'x', expected one of cups",
    ),
    "time": (
        replaced("starter = true", 'starter = true\ntime = "25:00"'),
        "habits.cup.time: expected a time such as 19:30, got '25:00'",
    ),
    "target": (replaced("target = 1", "target = 0"), "habits.cup.target: expected a number above"),
    "window": (
        replaced("window = 7", "window = 0"),
        "metrics.cups-week.window: expected a whole number from 1 to 3660, got 0",
    ),
    "recurrence": (
        replaced("starter = true", 'starter = true\nrecurrence = "FREQ=MINUTELY"'),
        "habits.cup.recurrence: ",
    ),
    "range": (
        replaced("minimum = 1", "minimum = 30"),
        "fields.cups: field 'cups' has a minimum above its maximum",
    ),
    "no choices": (
        TEA + CHOICE.replace('choices = ["green", "black"]', ""),
        "fields.kind: field 'kind' of type choice needs two or more `choices`",
    ),
    "needs a field": (
        TEA + METRIC.replace('"count"', '"mean"'),
        "metrics.more: metric 'more' of kind mean needs the key `field`",
    ),
    "selector key": (
        f"{TEA}{METRIC}of = {{ lapse = 'cold' }}", "metrics.more.of.lapse: unknown key",
    ),
    # what belongs together
    "an id twice": (replaced("tea-02", "tea-01"), "prompts.tea-01: the id is there twice"),
    "an option twice": (
        TEA + CHOICE.replace('"kind"', '"note"'), "fields.note: the id is an option of every",
    ),
    "two defining": (f"{TEA}{CHOICE}defines = true", "fields: more than one `defines` the act"),
    "amount of nothing": (
        replaced('amount = "cups"', 'amount = "mugs"'),
        "habits.cup.amount: no field 'mugs', expected one of cups",
    ),
    "amount no number": (
        replaced('amount = "cups"', 'amount = "kind"') + CHOICE,
        "habits.cup.amount: 'kind' is of type choice, expected a field that is a number",
    ),
    "target of nothing": (
        replaced('amount = "cups"', ""), "habits.cup.target: needs `amount`, the field it adds up",
    ),
    "asked for nothing": (
        replaced("starter = true", 'starter = true\nfields = ["cups", "mugs"]'),
        "habits.cup.fields: no field 'mugs', expected one of cups",
    ),
    "two starters": (
        TEA + '\n[[habits]]\nid = "pot"\ntitle = "A pot"\nstarter = true\n',
        "habits: more than one is the `starter`",
    ),
    "prompt of nothing": (
        replaced('text = "Put', 'habit = "pot"\ntext = "Put'),
        "prompts.tea-01.habit: no habit 'pot', expected one of cup",
    ),
    "metric of nothing": (
        replaced('field = "cups"', 'field = "mugs"'),
        "metrics.cups-week.field: no field 'mugs', expected one of cups",
    ),
    "a lapse that is none": (
        f'{TEA}{METRIC}of = {{ kind = "lapse", lapses = ["hot"] }}',
        "metrics.more.of.lapses: no lapse 'hot', expected one of cold",
    ),
    "a lapse of done": (
        f'{TEA}{METRIC}of = {{ lapses = ["cold"] }}',
        "metrics.more.of.lapses: matches nothing, expected `kind = \"lapse\"` beside it",
    ),
    "a value that never occurs": (
        f'{TEA}{CHOICE}{METRIC}of = {{ where = {{ kind = "red" }} }}',
        "metrics.more.of.where.kind: 'red' never occurs, expected one of green, black",
    ),
    "where of nothing": (
        f"{TEA}{METRIC}of = {{ where = {{ mugs = 1 }} }}",
        "metrics.more.of.where: no field 'mugs', expected one of cups",
    ),
    "has nothing": (
        f'{TEA}{METRIC}of = {{ has = "mugs" }}',
        "metrics.more.of.has: no field 'mugs', expected one of cups",
    ),
    "no checklist": (
        TEA + METRIC.replace('"count"', '"checklist"') + 'field = "cups"',
        "metrics.more.field: 'cups' is no checklist, expected a field of type choices",
    ),
    "help of nothing": (
        f'{TEA}\n[[help]]\nid = "h"\ntimes = 1\nwindow = 7\ntext = "T"\nof = {{ habits = ["x"] }}',
        "help.h.of.habits: no habit 'x', expected one of cup",
    ),
}  # fmt: skip


@pytest.mark.parametrize("kind", WRONG)
def test_a_mistake_is_answered_with_file_key_and_expectation(kind: str, tmp_path: Path) -> None:
    text, expected = WRONG[kind]
    file = tmp_path / "rule.toml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(RuleFileError) as caught:
        load_rule(file)
    said = str(caught.value)
    assert said.startswith(f"{file}: {expected}"), said
    assert "\n" not in said
    assert caught.value.exit_code == 1


def test_the_template_itself_is_right(tmp_path: Path) -> None:
    file = tmp_path / "rule.toml"
    file.write_bytes(b"\xef\xbb\xbf" + TEA.replace("\n", "\r\n").encode())
    rule = load_rule(str(file))
    assert type(rule) is Rule
    assert rule.habits[0].recurrence == "FREQ=DAILY"
    assert load_rule(Path(file)) == rule


@pytest.mark.parametrize(
    ("data", "expected"),
    [(b"title = '\xff'", "not UTF-8 text (byte 9)"), (None, "cannot be read (No such file")],
)
def test_what_cannot_be_read(data: bytes | None, expected: str, tmp_path: Path) -> None:
    file = tmp_path / "rule.toml"
    if data is not None:
        file.write_bytes(data)
    with pytest.raises(RuleFileError, match=r".*rule.toml: ") as caught:
        load_rule(file)
    assert expected in str(caught.value)


def test_a_mistake_in_a_folder_of_ones_own_is_shown(site: Site, cli: Run) -> None:
    site.folder("mine", WRONG["effort"][0])
    done = cli("plugins")
    assert done.code == 0
    assert f"{site.home}/rules/mine/rule.toml: prompts.tea-01.effort: expected a whole" in done.out


def test_it_lies_beside_the_plugins_own_file(tmp_path: Path) -> None:
    (tmp_path / "rule.toml").write_text(TEA, encoding="utf-8-sig")
    rule = load_rule(tmp_path / "rule.toml")
    for given in ("__init__.py", "__init__.pyc", "rule.toml"):
        assert load_rule(str(tmp_path / given)) == rule
    (tmp_path / "rule.toml").unlink()
    with pytest.raises(RuleFileError, match=r"rule\.toml: cannot be read \(No such file"):
        load_rule(str(tmp_path / "__init__.py"))
