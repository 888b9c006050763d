"""docs/plugins.md says what the code does: every key, every signature, and examples that run."""

from __future__ import annotations

import inspect
import json
import re
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
import msgspec.inspect as types
import pytest

import reconnect.api
from reconnect.api import Message, PromptContext
from reconnect.explain import words
from reconnect.model import rule as model
from reconnect.rules import hookspecs
from reconnect.rules.consent import Agreed, Choices
from reconnect.rules.discovery import find_plugins
from reconnect.rules.dispatch import before_reminder
from reconnect.rules.kept import KeptList
from reconnect.rules.registry import Registry
from reconnect.rules.session import RuleSession

if TYPE_CHECKING:
    from collections.abc import Callable

PAGE = (Path(__file__).parents[2] / "docs" / "plugins.md").read_text(encoding="utf-8")
STRUCTS = [
    model.Rule, model.HabitTemplate, model.Field, model.Lapse, model.Prompt, model.Metric,
    model.Selector, model.Help, model.FullWeek, model.Source,
]  # fmt: skip
HOOKS = [name for name in vars(hookspecs) if name.startswith("reconnect_")]
SHORT = {
    "an id of at most 40 lower-case letters and digits, with - or _ between": "id",
    "one line of text, at most 200 characters": "line",
}


def section(title: str) -> str:
    """The part of the page under a heading that ends with these words."""
    found = re.search(
        rf"^###? (?:.*: )?`?{title}`?\n(.*?)(?=^##|\Z)", PAGE, re.MULTILINE | re.DOTALL
    )
    assert found, title
    return found[1]


def signature(function: Callable[..., object]) -> str:
    """Its first line, as it stands in the code."""
    shown = re.sub(r"'|\b[a-z_.]+\.(?=[A-Z])", "", str(inspect.signature(function)))
    return f"def {function.__name__}{shown}"


def blocks(language: str, text: str = PAGE) -> list[str]:
    """The fenced blocks of one language."""
    return re.findall(rf"^```{language}\n(.*?)^```", text, re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize("struct", STRUCTS, ids=lambda struct: struct.__name__)
def test_every_key_is_there_with_its_type_and_default(struct: type[msgspec.Struct]) -> None:
    info = types.type_info(struct)
    assert isinstance(info, types.StructType)
    expected = []
    for field in info.fields:
        default = field.default
        if field.default_factory is not msgspec.NODEFAULT:
            default = field.default_factory()
        if field.required:
            shown = "needed"
        elif default is None:
            shown = "none"
        elif isinstance(default, model.Selector):
            assert default == model.Selector()
            shown = '`{ kind = "done" }`'
        else:
            shown = f"`{json.dumps(msgspec.to_builtins(default))}`"
        kind = words(field.type)
        expected.append((f"`{field.encode_name}`", SHORT.get(kind, kind), shown))
    rows = re.findall(
        r"^\| (`.*?`) \| (.*?) \| (.*?) \| .+ \|$", section(struct.__name__), re.MULTILINE
    )
    assert rows == expected


@pytest.mark.parametrize("name", HOOKS)
def test_every_hook_is_there_with_its_signature(name: str) -> None:
    assert blocks("python", section(name)) == [f"{signature(getattr(hookspecs, name))}\n"]


def test_no_hook_is_there_that_does_not_exist() -> None:
    assert re.findall(r"^### `(reconnect_\w+)`$", PAGE, re.MULTILINE) == HOOKS


@pytest.mark.parametrize("name", ["choose_prompt", "measure", "due", "review"])
def test_the_methods_of_a_rule_are_there_with_their_signatures(name: str) -> None:
    shown = signature(getattr(model.Rule, name)).removeprefix("def ").replace("(self, ", "(")
    assert f"- `{shown}`" in section("Behaviour")


def test_all_that_a_command_gets_is_there() -> None:
    public = [name for name in vars(RuleSession) if not name.startswith("_")]
    assert all(f"`{name}`" in section("reconnect_register_commands") for name in public)


HELPERS = [
    *(one for name, one in vars(KeptList).items() if inspect.isfunction(one) and name[0] != "_"),
    *(getattr(reconnect.api, name) for name in (
        "ask_number", "ask_parts", "turned", "as_line", "as_day_ahead", "on_this_day", "counted",
        "shortened",
    )),
]  # fmt: skip


@pytest.mark.parametrize("helper", HELPERS, ids=lambda one: one.__name__)
def test_the_helpers_are_there_with_their_signatures(helper: Callable[..., object]) -> None:
    shown = signature(helper).removeprefix("def ").replace("(self, ", "(")
    assert f"`{shown}`" in " ".join(section("What many rules do").split())


def test_all_of_the_api_is_there() -> None:
    named = set(
        re.findall(r"`(\w+)`", section("Everything in `reconnect.api`").partition("Import")[0])
    )
    assert named == set(reconnect.api.__all__)


@pytest.fixture
def letters(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, readme_rule: str) -> Registry:
    """The page's package, installed by hand and enabled, with the README's rule as its data."""
    place = tmp_path / "site"
    package = place / "reconnect_letter"
    package.mkdir(parents=True)
    (package / "__init__.py").write_text(blocks("python")[1], encoding="utf-8")
    (package / "rule.toml").write_text(readme_rule, encoding="utf-8")
    metadata = place / "reconnect_letter-1.0.dist-info"
    metadata.mkdir()
    (metadata / "METADATA").write_text("Name: reconnect-letter\nVersion: 1.0\n")
    toml = blocks("toml")[0]
    assert 'letter = "reconnect_letter"' in toml
    (metadata / "entry_points.txt").write_text("[reconnect]\nletter = reconnect_letter\n")
    monkeypatch.syspath_prepend(str(place))
    agreed = Agreed(distribution="reconnect_letter", version="1.0")
    found = find_plugins(str(tmp_path / "none"), [str(place)])
    return Registry(found, Choices(enabled={"letter": agreed}), strict=True)


def test_the_example_of_a_package_runs(letters: Registry) -> None:
    (plugin,) = letters.plugins
    assert plugin.running
    assert plugin.hooks == (
        "reconnect_before_reminder", "reconnect_register_commands", "reconnect_register_rule",
    )  # fmt: skip
    (command,) = letters.commands(plugin)
    assert command.build().name == "write"
    rule = letters.rules["letter"]
    sunday = PromptContext(day=date(2026, 11, 22), seed="a")
    assert rule.choose_prompt(sunday) == rule.prompts[0]
    message = Message(
        rule="letter", habit="letter", role="do", due=datetime(2026, 11, 22, tzinfo=UTC),
        title="A moment for us", body="Begin.",
    )  # fmt: skip
    assert before_reminder(letters, message).body == "Begin.\n\nA pencil will do."


def test_the_smallest_package_runs(
    letters: Registry, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    init = tmp_path / "site" / "reconnect_letter" / "__init__.py"
    namespace = {"__file__": str(init), "__name__": "reconnect_smallest"}
    exec(blocks("python")[0], namespace)  # noqa: S102 - the page's own example
    register = namespace["reconnect_register_rule"]
    assert callable(register)
    assert register().id == "letter"
