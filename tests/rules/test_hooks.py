"""What the hooks mean, what junk does, and what three faults lead to."""

from __future__ import annotations

import logging
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

import msgspec
import pytest
from tests.rules.conftest import GOOD, HEAD

from reconnect.model.habit import Entry
from reconnect.model.history import History, PromptContext
from reconnect.paths import find_paths
from reconnect.rules.catalog import load_registry
from reconnect.rules.dispatch import after_delivery, before_reminder, choose_prompt, measure
from reconnect.rules.events import Delivered, Message

if TYPE_CHECKING:
    from tests.conftest import Run
    from tests.rules.conftest import Site

    from reconnect.rules.registry import Registry

NOON = datetime(2026, 11, 23, 11, tzinfo=UTC)
TODAY = date(2026, 11, 23)
MESSAGE = Message(
    rule="tea", habit="tea", role="do", due=NOON, title="A moment for us", body="Put it on.",
    prompt="tea-01",
)  # fmt: skip
BEFORE = "\n@hookimpl\ndef reconnect_before_reminder(message):\n    "


def loaded(seconds: float | None = None) -> Registry:
    registry = load_registry(find_paths(), seconds)
    assert not registry.problems
    return registry


def why(registry: Registry) -> list[str]:
    return [f"{problem.where}: {problem.why}" for problem in registry.problems]


def test_none_lets_a_reminder_pass(site: Site) -> None:
    site.install("tea", f"{GOOD}{BEFORE}return None")
    assert before_reminder(loaded(), MESSAGE) == MESSAGE


def test_a_changed_copy_is_sent_instead(site: Site) -> None:
    site.install(
        "tea",
        f"import msgspec\n{GOOD}{BEFORE}return msgspec.structs.replace("
        "message, body='Green tea.', title='Now', prompt=None, rule='peace', habit='x')",
    )
    changed = before_reminder(loaded(), MESSAGE)
    assert changed == msgspec.structs.replace(MESSAGE, body="Green tea.", title="Now", prompt=None)


def test_a_veto_says_why(site: Site) -> None:
    site.install(
        "tea", f"import msgspec\n{GOOD}{BEFORE}return msgspec.structs.replace(message, veto='full')"
    )
    assert before_reminder(loaded(), MESSAGE).veto == "full"


def test_a_plugin_is_asked_only_of_its_own_rule(site: Site) -> None:
    site.install("tea", f"{GOOD}{BEFORE}raise RuntimeError")
    registry = loaded()
    other = msgspec.structs.replace(MESSAGE, rule="listen")
    assert before_reminder(registry, other) == other
    assert not registry.problems


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("raise RuntimeError('lost')", "RuntimeError: lost"),
        ("raise SystemExit(2)", "tried to end the program (SystemExit: 2)"),
        ("return 'no'", "returned str, expected a Message or None"),
        ("return Message(rule='tea', habit='', role='', due=None, title='', body=3)",
         "returned a Message whose body is int, expected text"),
        ("return Message(rule='tea', habit='', role='', due=None, title='', body=' ')",
         "returned a Message without a body"),
        ("while True: pass", "took longer than 0.3 s"),
    ],
)  # fmt: skip
def test_a_faulty_hook_changes_nothing_and_is_recorded(
    site: Site, body: str, expected: str
) -> None:
    site.install("tea", f"{GOOD}{BEFORE}{body}")
    registry = loaded(0.3)
    assert before_reminder(registry, MESSAGE) == MESSAGE
    (problem,) = registry.problems
    assert (problem.plugin, problem.version) == ("tea", "1.0")
    assert problem.where == "reconnect_before_reminder"
    assert problem.why.startswith(expected)


def test_three_faults_turn_a_plugin_off_for_good(
    site: Site, cli: Run, caplog: pytest.LogCaptureFixture
) -> None:
    site.install("tea", f"{GOOD}{BEFORE}raise RuntimeError('a secret note')")
    seen = []
    registry = load_registry(
        find_paths(), 1.0, on_fault=lambda plugin, _: seen.append(plugin.turned_off)
    )
    with caplog.at_level(logging.ERROR, "reconnect.plugins"):
        for _ in range(5):
            assert before_reminder(registry, MESSAGE) == MESSAGE
    assert seen == [False, False, True]
    assert len(registry.problems) == 3
    assert "plugin=tea is turned off" in caplog.text
    assert "a secret note" not in caplog.text
    assert registry.owner("tea") is None
    # The rule's data stays at hand, so that its reminders go on, with the standard prompts.
    assert choose_prompt(registry, "tea", PromptContext(day=TODAY, seed="1")) is not None
    assert load_registry(find_paths()).owner("tea") is None
    row = next(r for r in cli("plugins", "--json").json()["plugins"] if r["plugin"] == "tea")
    assert row["state"] == "off"
    assert row["why"].startswith("turned off after 3 faults, the last in reconnect_before_reminder")
    assert "turned off after 3 faults" in cli("doctor").out
    assert cli("plugins", "enable", "tea", "--yes").code == 0
    assert load_registry(find_paths()).owner("tea") is not None


def test_faults_of_two_plugins_are_counted_apart(site: Site) -> None:
    hook = "\n@hookimpl\ndef reconnect_after_delivery(delivered):\n    raise RuntimeError"
    site.install("tea", f"{GOOD}{hook}")
    site.install("coffee", f"{GOOD}{hook}\n    return 1")
    registry = loaded()
    for rule in ("tea", "coffee") * 2:
        after_delivery(
            registry, Delivered(rule=rule, habit=rule, due=NOON, state="sent", outcome="accepted")
        )
    assert len(registry.problems) == 4
    assert all(plugin.running for plugin in registry.plugins)


def test_events_reach_those_who_listen(site: Site, tmp_path: object) -> None:
    site.install(
        "tea",
        f"{GOOD}\nheard = []\n@hookimpl\ndef reconnect_after_delivery(delivered):\n"
        "    heard.append(delivered.state)\n"
        "@hookimpl\ndef reconnect_entry_recorded(entry):\n    heard.append(entry.kind)\n",
    )
    registry = loaded()
    for rule, state in (("peace", "sent"), ("tea", "dead")):
        after_delivery(
            registry, Delivered(rule=rule, habit="h", due=NOON, state=state, outcome="x")
        )
    import reconnect_tea

    assert reconnect_tea.heard == ["dead"]
    entry = Entry(
        id=1, uid="u", person_id=1, habit_id=1, kind="done", at=NOON, day=TODAY, tzid="UTC"
    )
    for rule in ("tea", "listen"):
        registry.call("reconnect_entry_recorded", rule_id=rule, entry=entry, session=None)
    assert reconnect_tea.heard == ["dead", "done"]


def test_a_failing_hook_keeps_the_entry(site: Site, cli: Run, process: Run) -> None:
    site.install(
        "tea",
        f"{GOOD}\n@hookimpl\ndef reconnect_entry_recorded(entry):\n    print('x')\n    1 / 0",
    )
    assert cli("adopt", "tea").code == 0
    done = process("log", "tea", "2", "--json")
    assert done.code == 0
    assert done.json()["entry"]["fields"] == {"cups": 2}
    assert "ZeroDivisionError: division by zero" in done.err
    assert "the entry is kept" in done.err


CUSTOM = f"""
import msgspec
{HEAD}
class Tea(Rule, frozen=True, kw_only=True):
    def choose_prompt(self, context):
        CHOOSE
    def measure(self, history):
        MEASURE

@hookimpl
def reconnect_register_rule():
    return load_rule(Path(__file__).with_name("rule.toml"), Tea)
"""


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("raise ValueError", "choose_prompt: ValueError (reconnect_tea/__init__.py, line 10)"),
        ("return 'tea-01'", "choose_prompt: returned str, expected a Prompt or None"),
        ("return Prompt(id='x y', text='T')", "choose_prompt: returned a Prompt that is none: "),
        ("return Prompt(id='x', text=object())", "choose_prompt: returned a Prompt that is none: "),
    ],
)
def test_a_bad_choice_gives_the_standard_one(site: Site, body: str, expected: str) -> None:
    site.install("tea", CUSTOM.replace("CHOOSE", body).replace("MEASURE", "return ()"))
    registry = loaded()
    prompt = choose_prompt(registry, "tea", PromptContext(day=TODAY, seed="1"))
    assert prompt is not None
    assert prompt.id in ("tea-01", "tea-02")
    (said,) = why(registry)
    assert said.startswith(expected)


def test_a_rule_may_choose_itself_or_want_none(site: Site) -> None:
    body = "return None if context.seed == '0' else Prompt(id='own', text='A walk instead?')"
    site.install("tea", CUSTOM.replace("CHOOSE", body).replace("MEASURE", "return ()"))
    registry = loaded()
    own = choose_prompt(registry, "tea", PromptContext(day=TODAY, seed="1"))
    assert own is not None
    assert own.text == "A walk instead?"
    assert choose_prompt(registry, "tea", PromptContext(day=TODAY, seed="0")) is None
    assert choose_prompt(registry, "gone", PromptContext(day=TODAY, seed="0")) is None
    assert not registry.problems


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("raise ValueError", "measure: ValueError"),
        ("return [1]", "measure: returned list, expected a tuple of MetricValue"),
        ("return (1,)", "measure: returned int in the tuple, expected MetricValue"),
        ("return (MetricValue(metric='no', value=1, entries=0),)",
         "measure: answered 'no', which is no metric of the rule"),
        ("return (MetricValue(metric='cups-week', value=float('nan'), entries=0),)",
         "measure: answered nan for 'cups-week', expected a finite number or None"),
    ],
)  # fmt: skip
def test_a_bad_measure_gives_the_standard_one(site: Site, body: str, expected: str) -> None:
    site.install("tea", CUSTOM.replace("CHOOSE", "return None").replace("MEASURE", body))
    registry = loaded()
    (value,) = measure(registry, "tea", History(rule="tea", day=TODAY, first=TODAY))
    assert (value.metric, value.value) == ("cups-week", 0.0)
    assert why(registry)[0].startswith(expected)
    assert measure(registry, "gone", History(rule="gone", day=TODAY)) == ()
