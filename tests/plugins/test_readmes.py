"""What READMEs and texts say to type can be typed, and every command of a rule is written down."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING

import pytest
from tests.plugins.test_texts import FOLDERS, PLUGINS, RULES, each_rule, texts_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.conftest import Run


def typed(text: str) -> Iterator[list[str]]:
    """The commands that stand in a text between backticks, as words."""
    for found in re.findall(r"`reconnect ([^`]+)`", text):
        yield found.replace("\n", " ").split()


def said(name: str) -> str:
    """README, rule.toml, and what the rule's commands say."""
    parts = [(PLUGINS / name / "README.md").read_text(encoding="utf-8")]
    parts += [text for _, text in texts_of(RULES[name])]
    parts += [look for offer in RULES[name].help for look in offer.look_for]
    for module in (PLUGINS / name).glob("*.py"):
        tree = ast.parse(module.read_text(encoding="utf-8"))
        parts += [
            node.value
            for node in ast.walk(tree)
            if isinstance(node, ast.Constant) and isinstance(node.value, str)
        ]
    return "\n\n".join(parts)


@each_rule
def test_what_is_said_to_type_exists(name: str, cli: Run) -> None:
    for rule in RULES.values():
        for habit in rule.habits:
            cli("adopt", rule.id, habit.id, "--no-reminder")
    checked: set[tuple[str, ...]] = set()
    for words in typed(said(name)):
        command = words[:2] if len(words) > 1 and re.fullmatch(r"[a-z_-]+", words[1]) else words[:1]
        options = {word for word in words if word.startswith("--")}
        if (*command, *options) in checked:
            continue
        checked.add((*command, *options))
        shown = cli(*command, "--help")
        assert shown.code == 0, (words, shown.err)
        for option in options:
            assert option in shown.out, (words, option)


@each_rule
def test_every_command_stands_in_the_readme(name: str, cli: Run) -> None:
    rule = RULES[name]
    readme = (PLUGINS / name / "README.md").read_text(encoding="utf-8")
    (row,) = [p for p in cli("plugins", "--json").json()["plugins"] if p["rule"] == rule.id]
    named = set(re.findall(rf"\| `reconnect {rule.id} ([a-z-]+)", readme))
    assert named == set(row["commands"])


@each_rule
def test_every_source_stands_in_the_readme(name: str) -> None:
    readme = (PLUGINS / name / "README.md").read_text(encoding="utf-8")
    for source in RULES[name].sources:
        author = re.search(r"[A-Za-z]{4,}", source.citation)
        assert author, source
        assert author[0].lower() in readme.lower(), source


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_the_code_of_a_rule_is_small(folder: Path) -> None:
    assert sum(map(lines_of_code, folder.glob("*.py"))) <= 200


def lines_of_code(module: Path) -> int:
    """Without blank lines, docstrings and comments."""
    text = module.read_text(encoding="utf-8")
    texts = {
        line
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.Module | ast.FunctionDef | ast.ClassDef)
        if ast.get_docstring(node) is not None
        for line in range(node.body[0].lineno, (node.body[0].end_lineno or 0) + 1)
    }
    return sum(
        bool(line.strip()) and not line.strip().startswith("#") and number not in texts
        for number, line in enumerate(text.splitlines(), start=1)
    )
