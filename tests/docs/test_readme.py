"""What the README says is what happens: its commands, its rule, its screen, its promise."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.conftest import Clock, Run

ROOT = Path(__file__).parents[2]
PROMISE = (
    "At least once to the first hop; at most one row per occurrence and channel; a duplicate only "
    "after a crash or an unknown outcome, at most as many as were in flight. A reminder missed "
    "while the machine was off is caught up once, within its window, or recorded as missed: never "
    "silently lost."
)


def in_one_line(text: str) -> str:
    """Markdown without its line breaks and quote marks."""
    return " ".join(text.replace("\n>", "\n").split())


def commands(readme: str) -> list[list[str]]:
    """Every command under a $ in the order of the page."""
    return [
        shlex.split(line, comments=True)
        for block in re.findall(r"^```console\n(.*?)^```", readme, re.MULTILINE | re.DOTALL)
        for line in block.replace("$ ", "").splitlines()
    ]


def test_it_gives_two_commands_to_begin_with(readme: str) -> None:
    blocks = re.findall(r"<!-- command: (\w+) -->\n```sh\n(.+)\n```", readme)
    assert [name for name, _ in blocks] == ["start", "test"]
    assert readme.count("```sh\n") == 2
    start, test = (command.split(" && ") for _, command in blocks)
    assert start[0] == test[0] == "python3 -m venv .venv"
    assert start[-1] == ".venv/bin/reconnect start"
    assert test[-1] == ".venv/bin/python -m pytest -n 4"


def test_its_commands_and_its_rule_work_in_the_order_of_the_page(
    readme: str,
    readme_rule: str,
    home: Path,
    cli: Run,
    clock: Clock,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)  # one of them writes a picture
    assert cli("--no-input", "init").code == 0
    place = home / "rules" / "letter"
    place.mkdir(parents=True)
    (place / "rule.toml").write_text(readme_rule, encoding="utf-8")
    given = commands(readme)
    assert len(given) > 12
    for program, *arguments in given:
        assert program == "reconnect"
        clock.move(minutes=1)
        done = cli("--no-input", *arguments)
        assert done.code == 0, f"{arguments}: {done.err}"
    assert "letter" in cli("today").out
    (day,) = cli("history", "letter", "--json").json()["days"]
    assert [entry["kind"] for entry in day["entries"]] == ["done"]


@pytest.mark.parametrize("page", ["README.md", "docs/architecture.md"])
def test_the_promise_stands_there_word_for_word(page: str) -> None:
    assert PROMISE in in_one_line((ROOT / page).read_text(encoding="utf-8"))


def test_every_link_leads_somewhere() -> None:
    for page in [*ROOT.glob("*.md"), *ROOT.glob("docs/*.md"), *ROOT.glob("plugins/*/*.md")]:
        for target in re.findall(r"\]\(([^)#]+)\)", page.read_text(encoding="utf-8")):
            if "://" not in target:
                assert (page.parent / target).exists(), f"{page.name}: {target}"


@pytest.mark.skipif(sys.platform == "win32", reason="a pseudo-terminal needs a POSIX system")
def test_its_screen_is_what_a_run_shows_today() -> None:
    script = ROOT / "docs" / "screens" / "make.py"
    done = subprocess.run(
        [sys.executable, str(script), "--check"],
        capture_output=True, text=True, check=False, timeout=120,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
