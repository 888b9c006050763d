"""What `--json` prints is what the shipped schemas say, for every command and many profiles.

A new command with --json needs a schema in core/reconnect/data/schemas, which names the command
under x-commands, and a line in EXAMPLES below. tests/cli/draft_schema.py makes a first draft.
"""

from __future__ import annotations

import ast
import copy
import json
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import jsonschema
import pytest
import referencing
from tests.cli.test_policy import came

from reconnect.cli.app import App
from reconnect.cli.main import reconnect
from reconnect.cli.schema import COMMON, SCHEMAS, kinds, read_schema, whole_schema

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.conftest import Clock, Run

CORE = Path(__file__).parents[2] / "core" / "reconnect"
WHERE = "core/reconnect/data/schemas"

# What prints each kind; it is run after `everything` was logged.
EXAMPLES: dict[str, str] = {
    "adopted": "adopt listen phone-free-meal",
    "answers": "ask",
    "cancelled": "snooze listen --cancel",
    "channel-test": "channels test",
    "channels": "channels",
    "chart": "chart listen",
    "closeness": "closeness 4",
    "config": "config show",
    "config-check": "config check",
    "daemon": "daemon status",
    "deliveries": "deliveries",
    "delivery": "deliveries show 1",
    "doctor": "doctor",
    "entry": "lapse tone contempt --remind 21:00",
    "fading": "fade",
    "habit": "habits edit listen --target 10",
    "habits": "habits --all",
    "help-lines": "help-lines --all",
    "history": "history --notes",
    "logs": "daemon logs",
    "metrics": "metrics --weeks 3",
    "paths": "config path",
    "pause": "pause --until sunday",
    "plugin": "plugins disable humor",
    "plugins": "plugins",
    "prompt": "prompt listen",
    "reminder": "remind add listen --at 07:45",
    "reminders": "remind",
    "removed": "remind remove 1",
    "resumed": "resume",
    "review": "review",
    "rule": "rules apology",
    "rules": "rules",
    "schemas": "schema",
    "service": "service status",
    "snoozed": "snooze listen 20:30",
    "today": "today",
    "undone": "undo",
    "week": "week",
}
BEFORE = {"cancelled": ["snooze 20m"], "resumed": ["pause"]}
"""What an example needs to have been done before."""

READING = [
    *(EXAMPLES[kind] for kind in (
        "channels", "config", "config-check", "daemon", "deliveries", "doctor", "fading",
        "habits", "help-lines", "history", "logs", "metrics", "paths", "plugins", "prompt",
        "reminders", "review", "rule",
        "rules", "schemas", "service", "today", "week",
    )),
    "rules listen", "metrics peace --on yesterday", "week --ending yesterday",
    "closeness", "review --week last --notes",
    "habits", "help-lines",
]  # fmt: skip

FORMATS = jsonschema.FormatChecker(formats=())


@FORMATS.checks("date", ValueError)
def _is_day(text: object) -> bool:
    return not isinstance(text, str) or (len(text) == 10 and bool(date.fromisoformat(text)))


@FORMATS.checks("date-time", ValueError)
def _is_instant(text: object) -> bool:
    return not isinstance(text, str) or datetime.fromisoformat(text).tzinfo is not None


def closed(schema: Any) -> Any:
    """The same, but no key may be there that is not described: ours are all to be described."""
    if isinstance(schema, list):
        return [closed(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    found = {key: closed(value) for key, value in schema.items()}
    return found | ({"unevaluatedProperties": False} if "properties" in schema else {})


def validator(kind: str) -> jsonschema.Draft202012Validator:
    assert kind in kinds(), f"the kind '{kind}' has no schema: write {WHERE}/{kind}.json"
    common = referencing.Resource.from_contents(closed(read_schema(COMMON)))
    registry = referencing.Registry().with_resource(common.contents["$id"], common)
    return jsonschema.Draft202012Validator(
        closed(read_schema(kind)), registry=registry, format_checker=FORMATS
    )


def check(text: str) -> str:
    """Validate what a command printed; its kind."""
    printed = json.loads(text)
    kind = str(printed["kind"])
    errors = validator(kind).iter_errors(printed)
    wrong = [f"{kind}: {error.json_path}: {error.message[:300]}" for error in errors]
    assert not wrong, "\n".join(wrong)
    # The schema as it is shipped, and printed, says the same.
    jsonschema.validate(printed, whole_schema(kind), cls=jsonschema.Draft202012Validator)
    return kind


def commands(cli: Run) -> Iterator[str]:
    """Every command that takes --json, as one types it; habits and the like are left out."""
    cli("adopt", "listen")
    app = App()
    with click.Context(reconnect, obj=app) as top:
        yield from _below(reconnect, top, ())
    app.close()


def _below(command: click.Command, ctx: click.Context, path: tuple[str, ...]) -> Iterator[str]:
    if any(parameter.name == "as_json" for parameter in command.params):
        yield " ".join(word for word in path if word != "listen" or len(path) == 1)
    if isinstance(command, click.Group):
        for name in command.list_commands(ctx):
            inner = command.get_command(ctx, name)
            assert inner is not None, (*path, name)
            with click.Context(inner, parent=ctx, info_name=name) as below:
                yield from _below(inner, below, (*path, name))


def test_every_command_with_json_has_a_schema(cli: Run) -> None:
    taken = {
        " ".join(word for word in command.split() if word.islower() and word[0] != "-")
        for kind in kinds()
        for command in read_schema(kind)["x-commands"]
    }
    there = set(commands(cli))
    assert len(there) > 25
    for command in sorted(there - taken):
        pytest.fail(f"`reconnect {command} --json` stands under x-commands of no schema in {WHERE}")
    assert not taken - there, "named by a schema, but no such command takes --json"


def test_every_kind_that_is_printed_has_a_schema_and_an_example() -> None:
    printed: dict[str, str] = {}
    for module in CORE.rglob("*.py"):
        for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Name)
                and node.func.id in ("print_json", "as_json")
                and isinstance(node.args[0], ast.Constant)
            ):
                printed[str(node.args[0].value)] = str(module.relative_to(CORE))
    for kind, module in printed.items():
        assert kind in kinds(), f"{module} prints the kind '{kind}': write {WHERE}/{kind}.json"
    assert set(EXAMPLES) == set(kinds()), "each kind needs a line in EXAMPLES of this file"


@pytest.mark.parametrize("kind", [*kinds(), COMMON])
def test_a_schema_is_one_and_says_what_everything_is(kind: str) -> None:
    schema = read_schema(kind)
    jsonschema.Draft202012Validator.check_schema(schema)
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert schema["$id"] == f"urn:reconnect:schema:1:{kind}"
    assert schema["title"]
    assert schema["description"].endswith(".")
    assert '"additionalProperties": false' not in json.dumps(schema), "readers allow new keys"
    if kind == "rule":
        del schema["$defs"]  # what a rule.toml may hold: docs/plugins.md has the words
    for path, value in _properties(schema):
        assert "description" in value or "$ref" in value or "allOf" in value, f"{kind}: {path}"
    schema = read_schema(kind)
    written = (Path(SCHEMAS) / f"{kind}.json").read_text(encoding="utf-8")
    assert written == json.dumps(schema, indent=2, ensure_ascii=False) + "\n"


def _properties(schema: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    if isinstance(schema, list):
        for one in schema:
            yield from _properties(one, path)
    elif isinstance(schema, dict):
        named = schema.get("properties")
        for name, value in named.items() if isinstance(named, dict) else ():
            yield f"{path}.{name}", value
            yield from _properties(value, f"{path}.{name}")
        for key, value in schema.items():
            if key != "properties":
                yield from _properties(value, path)


def read_all(cli: Run) -> set[str]:
    seen = set()
    for command in READING:
        done = cli(*command.split(), "--json")
        assert done.code in (0, 1), f"{command}: {done.err}"
        seen.add(check(done.out))
    return seen


def everything(cli: Run) -> None:
    """All ten rules, and entries of every kind."""
    from reconnect.cli.words import log_example

    app = App()
    rules = app.catalog.rules()
    app.close()
    assert len(rules) == 10
    cli("--no-input", "init")
    cli("support", "goals", "add", "Learn the cello")
    for rule in rules:
        cli("adopt", rule.id)
        kept = App()
        example = log_example(kept.habit(rule.id), rule).split(maxsplit=3)[1:]
        kept.close()
        for on in ("today", "yesterday", "-9"):
            words = [word.strip('"') for word in example]
            done = cli(*words, "--on", on, "--landed", "warm", "--json")
            assert check(done.out) == "entry", done.err
        for lapse in rule.lapses:
            assert check(cli("lapse", rule.id, lapse.id, "--on", "-3", "--json").out) == "entry"
        assert check(cli("skip", rule.id, "--on", "-2", "--json").out) == "entry"
        assert check(cli("log", rule.id, "--no", "--on", "-4", "--json").out) == "entry"
    cli("log", "honesty", "need-named", "--issue", "the keys", "--note", "-", stdin="a sample note")
    cli("log", "apology", "apology", "--parts", "regret,repair", "--id", "from-a-script")
    cli("adopt", "listen", "phone-free-meal", "--name", "meal", "--no-reminder")
    assert check(cli("habits", "archive", "meal", "--json").out) == "habit"
    assert check(cli("habits", "restore", "meal", "--json").out) == "habit"
    cli("habits", "archive", "meal")
    cli("habits", "edit", "peace", "--days", "mon,wed", "--cue", "")


def test_before_anything_is_there(cli: Run) -> None:
    read_all(cli)
    assert check(cli("ask", "--json").out) == "answers"


def test_one_habit_day_by_day(cli: Run, clock: Clock) -> None:
    cli("adopt", "listen")
    read_all(cli)
    for command in ("log listen 5 --phone-away", "skip listen", "lapse listen looked-at-phone"):
        assert check(cli(*command.split(), "--json").out) == "entry"
        read_all(cli)
        clock.move(days=1)
    assert check(cli("history", "listen", "--json").out) == "history"
    for options in ("", "--strength", "--weekday", "--metric heard", "--year 2026"):
        assert check(cli("chart", "listen", *options.split(), "--json").out) == "chart"


def test_only_skips(cli: Run) -> None:
    cli("adopt", "peace")
    for day in range(5):
        cli("skip", "peace", "--on", f"-{day}")
    read_all(cli)


def test_all_ten_rules_with_everything(cli: Run, clock: Clock) -> None:
    everything(cli)
    read_all(cli)
    clock.move(days=40)
    read_all(cli)


def test_on_a_leap_day(cli: Run, clock: Clock) -> None:
    clock.set("2028-02-29T23:30:00+01:00")
    cli("adopt", "listen")
    cli("adopt", "peace", "seven-minute-view")
    cli("log", "listen", "8")
    assert cli("today", "--json").json()["day"] == "2028-02-29"
    read_all(cli)
    clock.set("2029-02-28T12:00:00+01:00")
    read_all(cli)


def test_a_rule_that_is_gone_and_a_rule_of_ones_own(cli: Run, letter: Path) -> None:
    cli("adopt", "letter")
    cli("log", "letter", "--words-for-them", "under the cup", "--drafts", "3")
    read_all(cli)
    letter.write_text("api = 1\nid = 7", encoding="utf-8")
    read_all(cli)


@pytest.mark.parametrize("kind", kinds())
def test_the_example_of_a_kind_prints_it(kind: str, cli: Run, home: Path, clock: Clock) -> None:
    for rule in ("listen", "tone"):
        cli("adopt", rule)
    came(home)
    clock.set("2026-11-23T20:31:00+01:00")
    for before in BEFORE.get(kind, ()):
        assert cli(*before.split()).code == 0
    cli("log", "listen", "8", "--note", "-", stdin="a sample note")
    answers = "4\n" if kind == "answers" else ""
    done = cli(*EXAMPLES[kind].split(), "--json", stdin=answers)
    assert check(done.out) == kind, done.err


def test_a_key_that_no_schema_names_is_found(cli: Run) -> None:
    printed = cli("today", "--json").json()
    wrong = copy.deepcopy(printed) | {"score_of_your_partner": 7}
    with pytest.raises(AssertionError, match="score_of_your_partner"):
        check(json.dumps(wrong))


def test_the_command_prints_a_schema_that_needs_no_other(cli: Run) -> None:
    for kind in kinds():
        shown = cli("schema", kind).json()
        assert shown["$id"].endswith(f":{kind}")
        jsonschema.Draft202012Validator.check_schema(shown)
    wrong = cli("schema", "tody")
    assert (wrong.code, wrong.out) == (3, "")
    assert "did you mean today" in wrong.err
    assert "today --json" in cli("schema").out


def test_half_a_year_of_sample_data(cli: Run) -> None:
    for command in (
        "today", "week", "habits --all", "history --days 200 --notes", "metrics --weeks 26",
        "closeness --compare", "review --week last", "chart listen", "fade", "remind",
    ):  # fmt: skip
        check(cli("demo", *command.split(), "--json").out)
    assert cli("demo", "closeness", "--json").json()["compared"]["comparisons"]
