"""The examples of docs/automation.md do what the page says."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from reconnect.cli.output import SCHEMA_VERSION

if TYPE_CHECKING:
    from tests.conftest import Run

PAGE = (Path(__file__).parents[2] / "docs" / "automation.md").read_text(encoding="utf-8")
pytestmark = [
    pytest.mark.skipif(sys.platform == "win32", reason="the examples are for POSIX shells"),
    pytest.mark.skipif(shutil.which("jq") is None, reason="the examples need jq"),
]


def blocks(marker: str) -> list[str]:
    """What stands in the fences under a marker."""
    found = re.findall(rf"<!-- {marker} -->\n```\w+\n(.*?)^```", PAGE, re.DOTALL | re.MULTILINE)
    assert found, marker
    return found


@pytest.fixture
def shell(tmp_path: Path, cli: Run) -> Run:
    """Run a line of shell, with `reconnect` on the path, and `ssh HOST` leading to this machine."""
    for rule in ("listen", "peace", "tone"):
        cli("adopt", rule)
    cli("log", "tone", "4")
    tools = tmp_path / "bin"
    tools.mkdir()
    (tools / "reconnect").write_text(
        f'#!/bin/sh\nexec {sys.executable} -m reconnect "$@"\n', encoding="utf-8"
    )
    # As ssh does it: the words become one line for a shell there.
    (tools / "ssh").write_text('#!/bin/sh\nshift\nexec sh -c "$*"\n', encoding="utf-8")
    for tool in tools.iterdir():
        tool.chmod(0o755)
    (tmp_path / "note.txt").write_text("A sample note.", encoding="utf-8")
    path = f"{tools}:{os.environ['PATH']}"

    def run(line: str, **environment: str) -> str:
        bash = shutil.which("bash") or "/bin/bash"
        done = subprocess.run(
            [bash, "-euo", "pipefail", "-c", line], cwd=tmp_path, check=False, timeout=60,
            capture_output=True, text=True, stdin=subprocess.DEVNULL,
            env={**os.environ, "PATH": path, **environment},
        )  # fmt: skip
        assert done.returncode == 0, f"{line}\n{done.stdout}{done.stderr}"
        return done.stdout

    return run


@pytest.mark.parametrize("number", range(len(blocks("run"))))
def test_a_block_runs_as_it_stands(number: int, shell: Run) -> None:
    block = blocks("run")[number]
    told = shell(block)
    assert told or "ssh" in block or "ask" in block or "> " in block


def test_what_is_open_and_what_an_id_does(shell: Run, cli: Run) -> None:
    first, *_ = blocks("run")
    assert shell(first).splitlines() == ["Eight undivided minutes", "Evening check-in"]
    (log,) = (block for block in blocks("run") if "timer-" in block)
    assert shell(log).splitlines()[:2] == ["true", "false"]
    (phone,) = (block for block in blocks("run") if "phone-" in block)
    shell(phone.replace("$(date +%Y%m%dT%H%M)", "20261123T1200"))
    shell(phone.replace("$(date +%Y%m%dT%H%M)", "20261123T1200"))
    habits = {habit["habit"]: habit for habit in cli("today", "--json").json()["habits"]}
    assert habits["listen"]["amount"] == 30
    assert habits["peace"]["state"] == "yes"
    (walk,) = (block for block in blocks("run") if "reconnect ask" in block)
    shell(walk)
    assert cli("history", "listen", "--json").out.count('"minutes": 12') == 1


def test_a_key_of_the_phone_may_only_log(shell: Run, tmp_path: Path) -> None:
    (script,) = blocks("file: reconnect-log")
    place = tmp_path / "reconnect-log"
    place.write_text(script, encoding="utf-8")
    place.chmod(0o755)
    asked = "reconnect --no-input log listen 10 --id phone-1 --json"
    assert json.loads(shell(str(place), SSH_ORIGINAL_COMMAND=asked))["new"] is True
    for wrong in ("reconnect history --notes", "cat /etc/passwd", "", "reconnect config show"):
        with pytest.raises(AssertionError, match="only log, skip and lapse"):
            shell(str(place), SSH_ORIGINAL_COMMAND=wrong)
    with pytest.raises(AssertionError):
        shell(str(place), SSH_ORIGINAL_COMMAND="reconnect log listen 10;touch broken")
    assert not (tmp_path / "broken").exists()


def test_cron_and_systemd_run_what_stands_there(shell: Run, home: Path) -> None:
    (line,) = (one.strip() for one in blocks("cron"))
    assert "%" not in line, "cron reads a % as the end of the line"
    assert "Eight undivided minutes" in shell(line.split(maxsplit=5)[5])
    (unit,) = blocks("unit")
    (command,) = re.findall(r"^ExecStart=(.+)$", unit, re.MULTILINE)
    shell(command)
    assert home.exists()
    kept = Path(os.environ["HOME"]) / "reconnect-week.json"
    assert json.loads(kept.read_text(encoding="utf-8"))["kind"] == "history"
    assert kept.stat().st_mode & 0o777 == 0o600


def test_home_assistant_finds_what_it_reads(shell: Run) -> None:
    (settings,) = blocks("home-assistant")
    commands = re.findall(r'command: "(.+)"', settings)
    today, daemon = (json.loads(shell(command)) for command in commands)
    assert all("open" in habit for habit in today["habits"])
    assert {"day", "habits"} <= today.keys()
    assert daemon["running"] is False
    (log,) = re.findall(r'listened: "(.+)"', settings)
    shell(log.replace("{{ minutes | int }}", "10").replace("{{ id }}", "button-1"))


def test_status_bars_show_how_much_is_open(shell: Run) -> None:
    (waybar,) = (json.loads(block) for block in blocks("waybar"))
    shown = json.loads(shell(waybar["custom/reconnect"]["exec"]))
    assert (shown["text"], shown["class"]) == ("2", "open")
    assert shown["tooltip"].splitlines() == ["Eight undivided minutes", "Evening check-in"]
    (block,) = blocks("i3blocks")
    assert shell(re.findall(r"^command=(.+)$", block, re.MULTILINE)[0]) == "2\n"
    (tmux,) = blocks("tmux")
    assert shell(re.findall(r"#\((.+)\)", tmux)[0]) == "2\n"


def test_the_table_of_exit_codes_and_the_version_are_those_of_the_program() -> None:
    from reconnect import errors

    told = {int(code) for code in re.findall(r"^\| (\d+) \|", PAGE, re.MULTILINE)}
    known = {one.exit_code for one in vars(errors).values() if hasattr(one, "exit_code")}
    assert told == known | {0, 130}
    assert f"While `schema_version` is {SCHEMA_VERSION}," in PAGE
