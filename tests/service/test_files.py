"""The service files: what they say, that they can be read back, and what real checkers say."""

from __future__ import annotations

import os
import plistlib
import shlex
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconnect.errors import ReconnectError
from reconnect.paths import find_paths
from reconnect.service import missing
from reconnect.service.calls import Done, call, must
from reconnect.service.files import PLIST, TASK, UNIT, Form
from reconnect.service.program import Program, passing_by, program

FORMS = (UNIT, PLIST, TASK)
NAMESPACE = "{http://schemas.microsoft.com/windows/2004/02/mit/task}"
AWKWARD = "/home/a b/%h $HOME \"quoted\" 'x' back\\slash\\ <&> ü @STAMP@ @COMMAND@ -- ]]>/"


def made(python: str = sys.executable, **environment: str) -> Program:
    return Program(python, environment, "/home/a b/environment", "/home/a b/service.err")


text = st.text(
    st.characters(
        min_codepoint=32, exclude_categories=("Cs", "Cc"), exclude_characters="\ufffe\uffff"
    ),
    min_size=1,
)


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.name)
@given(python=text.map("/{}".format), home=text)
def test_what_was_written_is_read_again(form: Form, python: str, home: str) -> None:
    whole = form.text(made(python, RECONNECT_HOME=home, TZ="Europe/Berlin"))
    written = form.written(whole)
    assert (written.ours, written.whole) == (True, True)
    assert form.is_current(written)
    assert written.python == python
    assert written.environment["RECONNECT_HOME"] == home
    assert written.environment["TZ"] == "Europe/Berlin"
    assert form.written(whole.encode(form.encoding).decode(form.encoding)) == written


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.name)
def test_a_change_by_hand_is_noticed(form: Form) -> None:
    whole = form.text(made())
    assert not form.written(whole.replace("30", "31").replace("PT1M", "PT2M")).whole
    assert not form.written(whole + " ").whole
    other = form.written("something else")
    assert (other.ours, other.whole, other.python) == (False, False, "")


def test_the_unit_says_what_it_should() -> None:
    whole = UNIT.text(made(RECONNECT_HOME="/home/a b/%x"))
    settings = [line.split("=", 1) for line in whole.splitlines() if "=" in line and line[0] != "#"]
    said = dict(settings)
    assert said["Type"] == "notify"
    assert said["NotifyAccess"] == "main"
    assert said["Restart"] == "on-failure"
    assert said["UMask"] == "0077"
    assert said["LimitCORE"] == "0"
    assert said["WantedBy"] == "default.target"
    assert said["Environment"] == '"RECONNECT_HOME=/home/a b/%%x"'
    # A stop takes 10 s at the most, and a third of the watchdog lies between two signs of life.
    assert int(said["TimeoutStopSec"]) > 12
    assert int(said["WatchdogSec"]) >= 3 * 30
    assert int(said["StartLimitBurst"]) * int(said["RestartSec"]) < 3600
    # What would hide the home or the socket of the desktop's notifications is not there.
    hides = {"ProtectHome", "PrivateTmp", "ProtectSystem", "PrivateUsers", "ReadOnlyPaths",
             "MemoryDenyWriteExecute", "PrivateNetwork", "IPAddressDeny"}  # fmt: skip
    assert not hides & said.keys()
    assert "AF_UNIX" in said["RestrictAddressFamilies"]


@pytest.mark.e2e
@pytest.mark.parametrize("place", ["plain", 'a "b" %h $HOME c\\d ü'])
def test_systemd_finds_nothing_to_say_against_the_unit(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    if shutil.which("systemd-analyze") is None:
        pytest.skip("systemd-analyze is not installed: apt-get install systemd")
    python = tmp_path / place / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.symlink_to(sys.executable)
    unit = tmp_path / "reconnect.service"
    one = Program(
        str(python), {"RECONNECT_HOME": str(tmp_path / place)}, str(tmp_path / place / "env"), "/x"
    )
    unit.write_text(UNIT.text(one), encoding="utf-8")
    runtime = tmp_path / "run"
    runtime.mkdir(mode=0o700)
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(runtime))
    command = ["systemd-analyze", "--user", "verify", str(unit)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    # It does look: a setting that is none is named, and a program that is not there.
    unit.write_text(UNIT.text(one).replace("WatchdogSec", "WatchdgSec"), encoding="utf-8")
    assert (
        "WatchdgSec" in subprocess.run(command, capture_output=True, text=True, check=False).stderr
    )
    if place == "plain":
        python.unlink()
        assert subprocess.run(command, capture_output=True, check=False).returncode != 0


def test_the_property_list_says_what_it_should(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/opt/a:/usr/bin")
    whole = plistlib.loads(PLIST.text(made(AWKWARD, RECONNECT_HOME=AWKWARD)).encode())
    assert whole == {
        "Label": "local.reconnect.daemon",
        "ProgramArguments": [AWKWARD, "-P", "-m", "reconnect", "daemon", "run", "--log-to", "file"],
        "EnvironmentVariables": {"PATH": "/opt/a:/usr/bin", "RECONNECT_HOME": AWKWARD},
        "RunAtLoad": True,
        "KeepAlive": {"SuccessfulExit": False},
        "ThrottleInterval": 30,
        "ExitTimeOut": 20,
        "ProcessType": "Background",
        "Umask": 0o077,
        "HardResourceLimits": {"Core": 0},
        "StandardOutPath": "/dev/null",
        "StandardErrorPath": "/home/a b/service.err",
    }


def tree(element: ET.Element) -> Any:
    """An element as names and texts."""
    inner = {child.tag.removeprefix(NAMESPACE): tree(child) for child in element}
    return inner or element.text


def test_the_task_says_what_it_should(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("USERNAME", "ada & co")
    monkeypatch.setenv("USERDOMAIN", "HOME")
    raw = TASK.text(made("C:\\a b\\python.exe", RECONNECT_HOME="D:\\my files")).encode(
        TASK.encoding
    )
    assert raw.startswith(b"\xff\xfe")  # UTF-16 with its mark, as schtasks wants it
    root = ET.fromstring(raw)  # noqa: S314 - our own
    assert root.tag == f"{NAMESPACE}Task"
    said = tree(root)
    user = "HOME\\ada & co"
    assert said["Triggers"] == {"LogonTrigger": {"Enabled": "true", "UserId": user}}
    assert said["Principals"]["Principal"] == {
        "UserId": user, "LogonType": "InteractiveToken", "RunLevel": "LeastPrivilege",
    }  # fmt: skip
    assert said["Actions"]["Exec"] == {
        "Command": "C:\\a b\\python.exe",
        "Arguments": '-P -m reconnect.service.with_environment "RECONNECT_HOME=D:\\my files" -- '
        "daemon run --log-to file",
    }
    settings = said["Settings"]
    assert settings["MultipleInstancesPolicy"] == "IgnoreNew"
    assert settings["ExecutionTimeLimit"] == "PT0S"
    assert settings["StartWhenAvailable"] == "true"
    assert settings["RestartOnFailure"] == {"Interval": "PT1M", "Count": "20"}
    assert settings["StopIfGoingOnBatteries"] == settings["DisallowStartIfOnBatteries"] == "false"
    # The order is that in which the Task Scheduler itself writes a task; its schema asks for an
    # order in triggers and actions alone.
    assert list(said) == ["RegistrationInfo", "Triggers", "Principals", "Settings", "Actions"]
    assert root.find(f"{NAMESPACE}Actions").get("Context") == root.find(  # type: ignore[union-attr]
        f"{NAMESPACE}Principals/{NAMESPACE}Principal"
    ).get("id")  # type: ignore[union-attr]


@pytest.mark.e2e
def test_the_task_holds_to_its_schema(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    if shutil.which("xmllint") is None:
        pytest.skip("xmllint is not installed: apt-get install libxml2-utils")
    monkeypatch.setenv("USERNAME", "ada")
    task = tmp_path / "task.xml"
    command = [
        "xmllint",
        "--noout",
        "--nonet",
        "--schema",
        str(Path(__file__).with_name("task.xsd")),
    ]
    whole = TASK.text(made("C:\\<python>.exe", RECONNECT_HOME=AWKWARD))
    for changed, code in ((whole, 0), (whole.replace("<Count>20", "<Count>0"), 3),
                          (whole.replace("IgnoreNew", "Ignore"), 3)):  # fmt: skip
        task.write_bytes(changed.encode("utf-16"))
        done = subprocess.run([*command, str(task)], capture_output=True, text=True, check=False)
        assert done.returncode == code, done.stderr


def test_the_environment_as_arguments(tmp_path: Path) -> None:
    home = tmp_path / 'a "b" c'
    arguments = ET.fromstring(  # noqa: S314 - our own
        TASK.text(made(RECONNECT_HOME=str(home))).encode("utf-16")
    ).findtext(f".//{NAMESPACE}Arguments")
    assert arguments is not None
    given = shlex.split(arguments)
    given = [*given[: given.index("--") + 1], "config", "path"]
    environment = {n: v for n, v in os.environ.items() if n != "RECONNECT_HOME"}
    done = subprocess.run(
        [sys.executable, *given], env=environment, capture_output=True, text=True, check=True
    )
    assert done.stdout == f"{home}/config.toml\n"


def test_what_of_the_environment_is_carried(home: Path) -> None:
    given = {
        "RECONNECT_HOME": "~/x", "TZ": "Asia/Tokyo", "HOME": "/home/ada", "SECRET_TOKEN": "SECRET",
        "http_proxy": "http://proxy:3128", "HTTPS_PROXY": "http://ada:SECRET@proxy:3128",
        "XDG_DATA_HOME": "", "RECONNECT_CLOCK": "/srv/clock", "no_proxy": "localhost",
    }  # fmt: skip
    one = program(find_paths(), given)
    assert one.environment == {
        "RECONNECT_HOME": str(home), "TZ": "Asia/Tokyo", "http_proxy": "http://proxy:3128",
        "no_proxy": "localhost",
    }  # fmt: skip
    assert one.environment_file == f"{home}/environment"
    assert one.command[0] == sys.executable
    for form in FORMS:
        assert "SECRET" not in form.text(one)


def test_a_line_break_is_in_no_file(home: Path) -> None:
    with pytest.raises(ReconnectError, match="a line break"):
        program(find_paths(), {"TZ": "a\nExecStartPre=/bin/sh"})


@pytest.mark.parametrize(
    ("python", "passes"),
    [
        ("/home/a/.cache/uv/archive-v0/Yx/bin/python", True),
        ("/home/a/.local/share/uv/tools/reconnect/bin/python", False),
        ("/home/a/.local/share/pipx/venvs/reconnect/bin/python", False),
        ("C:\\Users\\a\\AppData\\Local\\uv\\cache\\archive-v0\\Yx\\Scripts\\python.exe", True),
    ],
)
def test_a_python_that_may_be_gone_tomorrow(python: str, passes: bool) -> None:
    assert passing_by(python) is passes


NO_BUS = Done(1, "", "Failed to connect to bus: No medium found")


@pytest.mark.parametrize(
    ("files", "runtime", "done", "said"),
    [
        (["run/systemd/system/"], "", NO_BUS, "as after `su` or `sudo`: log in as yourself"),
        (["run/systemd/system/"], "/run/user/1", NO_BUS, "(Failed to connect to bus: No medium"),
        ([".dockerenv"], "", NO_BUS, "this is a container"),
        (
            ["run/.containerenv"],
            "/run/user/1",
            Done(-1, "", "systemctl is not installed"),
            "contai",
        ),
        (["wsl"], "", NO_BUS, "put `systemd=true` under [boot] in /etc/wsl.conf"),
        (["wsl", "run/systemd/system/"], "", NO_BUS, "XDG_RUNTIME_DIR is not set"),
        ([], "", NO_BUS, "this machine was not started by systemd"),
        ([], "", Done(-1, "", "systemctl is not installed"), "systemd is not installed here"),
    ],
)
def test_what_is_said_where_systemd_does_not_answer(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    files: list[str],
    runtime: str,
    done: Done,
    said: str,
) -> None:
    monkeypatch.setenv("XDG_RUNTIME_DIR", runtime)
    for name in files:
        path = tmp_path / ("proc/sys/kernel/osrelease" if name == "wsl" else name)
        if name.endswith("/"):
            path.mkdir(parents=True)
        else:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text("5.15.1-microsoft-standard-WSL2\n" if name == "wsl" else "")
    told = missing.without_systemd(done, str(tmp_path))
    assert said in told
    assert told.endswith(missing.INSTEAD)


def test_calls_of_programs(tmp_path: Path) -> None:
    assert call("no-such-program-anywhere").code == -1
    assert call(sys.executable, "-c", "import time; time.sleep(60)", seconds=0.2) == Done(
        -1, "", "no answer after 0 seconds"
    )
    (tmp_path / "x").write_text("not a program")
    (tmp_path / "x").chmod(0o755)
    assert call(str(tmp_path / "x")).code != 0
    with pytest.raises(ReconnectError, match="failed: exit code 7"):
        must(sys.executable, "-c", "import sys; sys.exit(7)")
