from __future__ import annotations

import os
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import Run

SHELLS = ("bash", "zsh", "fish")
CASES = [
    ("log", "", {"listen", "peace"}),
    ("log", "li", {"listen"}),
    ("log listen", "--p", {"--phone-away"}),
    ("log listen", "--landed", {"--landed"}),
    ("log listen --landed", "", {"warm", "neutral", "cold"}),
    ("log peace", "", {"peaceful", "mixed", "stormy"}),
    ("log peace --day", "st", {"stormy"}),
    ("lapse peace", "", {"argued", "bickered", "flooded"}),
    ("skip", "p", {"peace"}),
    ("undo", "", {"listen", "peace", "old"}),
    ("history", "o", {"old"}),
    ("adopt", "l", {"listen"}),
    ("adopt listen", "", {"undivided", "phone-free-meal"}),
    ("rules", "pe", {"peace"}),
    ("habits", "e", {"edit"}),
    ("habits edit", "", {"listen", "peace"}),
    ("habits restore", "", {"old"}),
    ("remind edit", "", {"1", "2"}),
    ("remind remove", "1", {"1"}),
    ("remind add listen --role", "", {"do", "log", "digest"}),
    ("remind add listen --channel", "", {"default"}),
    ("pause", "", {"listen", "peace"}),
    ("resume", "l", {"listen"}),
    ("snooze", "to", {"tonight", "tomorrow"}),
    ("snooze", "l", {"listen"}),
    ("fade", "", {"listen", "peace"}),
    ("fade listen", "--y", {"--yes"}),
    ("completion", "", set(SHELLS)),
    ("chart", "pe", {"peace"}),
    ("chart", "o", {"old"}),
    ("chart listen --metric", "h", {"heard", "half-listened"}),
    ("chart old --metric", "warm", {"warm-to-conflict"}),
    ("hist", "", set()),  # the word before is no command yet: the top level is offered
    ("log nobody", "--min", set()),
]


@pytest.fixture
def kept(cli: Run) -> None:
    for arguments in (("listen",), ("peace",), ("peace", "pause", "--name", "old")):
        assert cli("adopt", *arguments).code == 0
    assert cli("habits", "archive", "old").code == 0


def offered(process: Run, shell: str, words: str, incomplete: str) -> set[str]:
    """What the program answers to the shell's question, in the form of that shell."""
    line = f"reconnect {words} {incomplete}"
    answer = process(
        env={
            "_RECONNECT_COMPLETE": f"{shell}_complete",
            "COMP_WORDS": line,
            "COMP_CWORD": incomplete if shell == "fish" else str(len(f"reconnect {words}".split())),
        }
    )
    assert answer.err == ""
    lines = [line for line in answer.out.splitlines() if line]
    if shell == "zsh":
        return set(lines[1::3])
    if shell == "fish":
        return {line.split(",", 1)[-1].split("\t")[0] for line in lines}
    return {line.split(",", 1)[-1] for line in lines}


@pytest.mark.usefixtures("kept")
@pytest.mark.parametrize(("words", "incomplete", "wanted"), CASES)
def test_names_are_completed(process: Run, words: str, incomplete: str, wanted: set[str]) -> None:
    found = offered(process, "bash", words, incomplete)
    if words == "hist":
        assert found >= {"history", "log"}
    else:
        assert found == wanted


@pytest.mark.usefixtures("kept")
@pytest.mark.parametrize("shell", SHELLS)
def test_each_shell_is_answered_in_its_form(process: Run, shell: str) -> None:
    assert offered(process, shell, "log", "li") == {"listen"}
    assert offered(process, shell, "adopt listen", "") == {"undivided", "phone-free-meal"}


@pytest.mark.parametrize("shell", SHELLS)
def test_the_script_and_how_to_install_it(cli: Run, shell: str) -> None:
    done = cli("completion", shell)
    assert done.code == 0
    assert "_RECONNECT_COMPLETE" in done.out
    assert done.err.startswith("To install it: put ")
    assert done.err.count("\n") == 1


@pytest.mark.parametrize(
    ("named", "marks"), [("/bin/zsh", "#compdef"), ("/usr/bin/fish", "function")]
)
def test_the_shell_is_the_persons_own(
    cli: Run, monkeypatch: pytest.MonkeyPatch, named: str, marks: str
) -> None:
    monkeypatch.setenv("SHELL", named)
    assert cli("completion").out.startswith(marks)


def test_an_unknown_shell(cli: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHELL", "/bin/tcsh")
    assert "SHELL names tcsh: say which shell, bash, zsh, fish" in cli("completion").err
    monkeypatch.delenv("SHELL")
    done = cli("completion")
    assert done.code == 2
    assert "SHELL is not set" in done.err
    assert cli("completion", "tcsh").code == 2


IN_A_SHELL = {
    "bash": (
        'eval "$(reconnect completion bash 2>/dev/null)"; complete -p reconnect >&2; '
        "COMP_WORDS=(reconnect log li); COMP_CWORD=2; COMPREPLY=(); "
        '_reconnect_completion reconnect li log; printf "%s\\n" "${COMPREPLY[@]}"'
    ),
    # Outside of the line editor zsh's own builtins refuse; what the script calls is what counts.
    "zsh": (
        "compdef() { :; }; _describe() { local -a all; all=(${(P)3}); print -l -- $all; }; "
        'eval "$(reconnect completion zsh 2>/dev/null)"; '
        "words=(reconnect log li); CURRENT=3; _reconnect_completion"
    ),
    "fish": (
        "reconnect completion fish 2>/dev/null | source; complete --do-complete 'reconnect log li'"
    ),
}


@pytest.mark.usefixtures("kept")
@pytest.mark.parametrize("shell", SHELLS)
def test_in_the_shell_itself(shell: str, tmp_path: Path) -> None:
    if shutil.which(shell) is None:
        pytest.skip(f"{shell} is not installed here")
    place = tmp_path / "bin"
    place.mkdir()
    command = place / "reconnect"
    command.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m reconnect "$@"\n', encoding="utf-8")
    command.chmod(0o755)
    plain = {"bash": ["--norc"], "zsh": ["-f"], "fish": ["--no-config"]}[shell]
    done = subprocess.run(
        [shutil.which(shell) or shell, *plain, "-c", IN_A_SHELL[shell]],
        env={**os.environ, "PATH": f"{place}:{os.environ['PATH']}"},
        capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip
    assert done.stdout.split("\t")[0].split(":")[0].strip() == "listen", done
    assert "Traceback" not in done.stderr


def test_trouble_is_silent_while_completing(process: Run, home: Path) -> None:
    home.mkdir()
    (home / "reconnect.db").write_bytes(b"this is no database, it only looks like a file" * 100)
    assert offered(process, "bash", "log", "") == set()
