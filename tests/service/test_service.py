"""`service`: the exact calls to real programs that stand in for the managers, and real daemons."""

from __future__ import annotations

import json
import os
import sys
from typing import TYPE_CHECKING, Any

import pytest
from tests.reminders.live import until
from tests.service import fake_manager

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from tests.conftest import Clock, Run
    from tests.reminders.keeping import Kept
    from tests.reminders.live import DaemonProcess, Receiver

pytestmark = pytest.mark.skipif(
    sys.platform != "linux", reason="the stand-ins of the managers look into /proc"
)

SHOW = [
    "systemctl", "--user", "show", "reconnect.service",
    "--property=LoadState,ActiveState,SubState,UnitFileState,Result,ExecMainStatus",
]  # fmt: skip
LINGER = (
    "While you are logged out it rests; what falls due is caught up. To let it run all the same: "
    "`loginctl enable-linger`"
)
UID = getattr(os, "getuid", int)()
TARGET = f"gui/{UID}/local.reconnect.daemon"


class Fake:
    """The managers that stand in: what they were called with, and how they answer."""

    def __init__(self, place: Path, user: Path) -> None:
        self.place, self.user = place, user
        programs = place / "bin"
        programs.mkdir(parents=True)
        for name in ("systemctl", "loginctl", "launchctl", "schtasks"):
            program = programs / name
            program.write_text(
                f"#!/bin/sh\nexec '{sys.executable}' '{fake_manager.__file__}' {name} \"$@\"\n"
            )
            program.chmod(0o755)
        self.path = str(programs)

    def calls(self, *, asking: bool = False) -> list[list[str]]:
        """Each call since the last look; without those that only ask, unless they are wanted."""
        file = self.place / "calls"
        calls = (
            [json.loads(line) for line in file.read_text().splitlines()] if file.exists() else []
        )
        file.unlink(missing_ok=True)
        asks = {"show", "print", "/query", "show-user"}
        return calls if asking else [call for call in calls if not asks & set(call)]

    def refuse(self, start: str) -> None:
        """Let calls that begin like this fail."""
        (self.place / "refuse").write_text(start)

    def files(self) -> dict[str, bytes]:
        """Every file and link under the person's home."""
        return {
            str(path.relative_to(self.user)): b"link" if path.is_symlink() else path.read_bytes()
            for path in sorted(self.user.rglob("*"))
            if path.is_symlink() or path.is_file()
        }


@pytest.fixture
def fake(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Fake]:
    """Managers that stand in for real ones on PATH."""
    one = Fake(tmp_path / "fake", tmp_path / "user")
    monkeypatch.setenv("PATH", f"{one.path}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setenv("FAKE_MANAGER", str(one.place))
    yield one
    monkeypatch.setattr(fake_manager, "PLACE", one.place)
    fake_manager.stop()


@pytest.fixture
def service(process: Run) -> Callable[..., Any]:
    """Run `reconnect service …`, of systemd or of the manager that is named."""

    def run(*arguments: str, manager: str = "systemd", **more: Any) -> Any:
        return process("service", "--manager", manager, *arguments, **more)

    return run


def test_from_install_to_uninstall_under_systemd(
    kept: Kept,
    fake: Fake,
    service: Callable[..., Any],
    process: Run,
    receiver: Receiver,
    clock: Clock,
) -> None:
    kept.remind("12:01")
    before = fake.files()
    assert service("status").out.startswith("not installed (systemd)\nnot running")
    fake.calls()
    done = service("install")
    unit = fake.user / ".config/systemd/user/reconnect.service"
    assert done.code == 0, done.err
    assert done.out == ""
    assert done.err.splitlines() == [
        f"installed: {unit}",
        "Reminders run, and are started again at every login.",
        LINGER,
    ]
    assert fake.calls() == [
        ["systemctl", "--user", "daemon-reload"],
        ["systemctl", "--user", "enable", "reconnect.service"],
        ["systemctl", "--user", "restart", "reconnect.service"],
    ]
    assert unit.stat().st_mode & 0o777 == 0o600
    assert (kept.home / "logs" / "daemon.log").exists()
    # What runs is what the unit says: it serves these files, and reminds.
    clock.move(minutes=1)
    until(lambda: receiver.posts)
    told = service("status", "--json").json()
    assert told["kind"] == "service"
    assert (told["installed"], told["enabled"], told["active"], told["lingers"]) == (
        True, True, True, False,
    )  # fmt: skip
    assert (told["drift"], told["unmet"], told["changed_by_hand"]) == ([], [], False)
    assert told["python"] == sys.executable
    assert told["daemon"]["running"] is True
    assert told["daemon"]["pid"] == int((fake.place / "pid").read_text())
    text = service("status").out
    assert "starts at login: yes\n" in text
    assert "systemd: active (running)\n" in text
    assert "runs while you are logged out: no\n" in text
    assert "running since 12:00 (process " in text
    found = {c["name"]: c for c in process("doctor", "--json").json()["checks"]}
    assert (found["service"]["verdict"], found["daemon"]["verdict"]) == ("ok", "ok")
    assert "enable-linger" in found["service"]["todo"]

    # Once more changes nothing, and does not interrupt it.
    fake.calls()
    again = service("install")
    assert again.err.startswith(f"installed already: {unit}\n")
    assert [call[2] for call in fake.calls()] == ["daemon-reload", "enable", "start"]
    assert service("status", "--json").json()["daemon"]["pid"] == told["daemon"]["pid"]

    fake.calls()
    assert service("stop").err == "stopped\n"
    assert fake.calls() == [["systemctl", "--user", "stop", "reconnect.service"]]
    assert service("stop").err == "it does not run\n"
    found = {c["name"]: c for c in process("doctor", "--json").json()["checks"]}
    assert found["service"]["verdict"] == "warn"
    assert "`reconnect service start`" in found["service"]["todo"]
    fake.calls()
    assert service("start").err == "started\n"
    assert [call[2] for call in fake.calls()] == ["reset-failed", "start"]
    assert service("start").err == "it runs already\n"
    logs = service("logs", "-n", "500")
    assert "started version=" in logs.out
    assert "`journalctl --user --unit reconnect`" in logs.err

    fake.calls()
    gone = service("uninstall")
    assert (gone.code, gone.err) == (0, f"uninstalled: {unit}\n")
    assert fake.calls() == [
        ["systemctl", "--user", "disable", "--now", "reconnect.service"],
        ["systemctl", "--user", "daemon-reload"],
        ["systemctl", "--user", "reset-failed", "reconnect.service"],
    ]
    assert fake.files() == before
    assert process("daemon", "status", "--json").json()["running"] is False
    again = service("uninstall")
    assert (again.code, again.err) == (0, "no service is installed\n")
    assert fake.calls() == []


def test_from_install_to_uninstall_under_launchd(
    kept: Kept, fake: Fake, service: Callable[..., Any], process: Run
) -> None:
    before = fake.files()
    done = service("install", manager="launchd")
    assert done.code == 0, done.err
    file = str(fake.user / "Library/LaunchAgents/local.reconnect.daemon.plist")
    assert fake.calls() == [
        ["launchctl", "enable", TARGET],
        ["launchctl", "bootstrap", f"gui/{UID}", file],
    ]
    assert process("daemon", "status", "--json").json()["running"] is True
    assert service("install", manager="launchd").err.startswith("installed already")
    assert fake.calls() == [["launchctl", "enable", TARGET], ["launchctl", "kickstart", TARGET]]
    assert "launchd: running\n" in service("status", manager="launchd").out
    assert service("stop", manager="launchd").err == "stopped\n"
    assert fake.calls() == [["launchctl", "kill", "SIGTERM", TARGET]]
    assert service("start", manager="launchd").err == "started\n"
    assert fake.calls() == [["launchctl", "kickstart", TARGET]]
    # Another file is taken up by letting go of the old one first.
    assert service("install", manager="launchd", env={"TZ": "Asia/Tokyo"}).code == 0
    assert [call[1] for call in fake.calls()] == ["enable", "bootout", "bootstrap"]
    assert service("uninstall", manager="launchd").code == 0
    assert fake.calls() == [["launchctl", "bootout", TARGET]]
    assert fake.files() == before


def test_from_install_to_uninstall_under_the_task_scheduler(
    kept: Kept, fake: Fake, service: Callable[..., Any], process: Run
) -> None:
    one = "task-scheduler"
    done = service("install", manager=one, env={"USERNAME": "ada", "USERDOMAIN": "HOME"})
    assert done.code == 0, done.err
    file = kept.home / "reconnect-task.xml"
    assert fake.calls() == [
        ["schtasks", "/create", "/tn", "reconnect", "/xml", str(file), "/f"],
        ["schtasks", "/run", "/tn", "reconnect"],
    ]
    assert "HOME\\ada" in file.read_text(encoding="utf-16")
    # It got its environment as arguments, and serves these files.
    assert process("daemon", "status", "--json").json()["running"] is True
    assert service("status", "--json", manager=one).json()["enabled"] is True
    # The scheduler would kill it: it is asked to end first, and has recorded its end.
    assert service("stop", manager=one).err == "stopped\n"
    assert kept.db.execute("SELECT count(*) FROM runner WHERE ended IS NULL").fetchone() == (0,)
    assert fake.calls() == [["schtasks", "/end", "/tn", "reconnect"]]
    assert service("start", manager=one).err == "started\n"
    fake.calls()
    assert service("uninstall", manager=one).code == 0
    assert fake.calls() == [
        ["schtasks", "/end", "/tn", "reconnect"],
        ["schtasks", "/delete", "/tn", "reconnect", "/f"],
    ]
    assert not file.exists()
    assert process("daemon", "status", "--json").json()["running"] is False


@pytest.mark.parametrize("verb", ["daemon-reload", "enable", "restart"])
def test_a_manager_that_refuses_leaves_nothing_behind(
    kept: Kept, fake: Fake, service: Callable[..., Any], verb: str
) -> None:
    before = fake.files()
    fake.refuse(f"systemctl --user {verb}")
    done = service("install")
    assert done.code == 1
    assert done.err.count("\n") == 1
    assert f"`systemctl --user {verb}" in done.err
    assert "failed: planted refusal. Nothing was left behind." in done.err
    assert fake.files() == before


def test_a_change_that_is_refused_puts_the_old_file_back(
    kept: Kept, fake: Fake, service: Callable[..., Any]
) -> None:
    assert service("install").code == 0
    before = fake.files()
    fake.refuse("systemctl --user restart")
    assert service("install", env={"TZ": "Asia/Tokyo"}).code == 1
    assert fake.files() == before


def test_a_file_of_somebody_elses_is_left_alone(
    kept: Kept, fake: Fake, service: Callable[..., Any]
) -> None:
    unit = fake.user / ".config/systemd/user/reconnect.service"
    unit.parent.mkdir(parents=True)
    unit.write_text("[Service]\nExecStart=/bin/true\n")
    before = fake.files()
    for verb in ("install", "uninstall"):
        done = service(verb)
        assert done.code == 1
        assert f"{unit} was not written by reconnect: move it away" in done.err
        assert f"`reconnect service {verb} --force`" in done.err
    assert fake.files() == before
    assert fake.calls() == []
    assert service("install", "--force").code == 0
    # And one of ours that was changed.
    unit.write_text(unit.read_text().replace("RestartSec=30", "RestartSec=1"))
    assert "was changed by hand" in service("install").err
    assert "was changed by hand" in service("uninstall").err
    assert service("status", "--json").json()["changed_by_hand"] is True
    assert service("uninstall", "--force").code == 0


def test_that_of_other_files_is_left_alone(
    kept: Kept, fake: Fake, service: Callable[..., Any], tmp_path: Path
) -> None:
    assert service("install").code == 0
    other = {"RECONNECT_HOME": str(tmp_path / "other")}
    done = service("install", env=other)
    assert done.code == 1
    assert f"serves other files than this command (RECONNECT_HOME={kept.home})" in done.err
    drift = service("status", "--json", env=other).json()["drift"]
    assert drift == [f"it serves other files than this command (RECONNECT_HOME={kept.home})"]
    assert not (tmp_path / "other").exists()


def test_a_path_that_moved_is_noticed(
    kept: Kept, fake: Fake, service: Callable[..., Any], process: Run
) -> None:
    assert service("install", "--no-start").code == 0
    assert [call[2] for call in fake.calls()] == ["daemon-reload", "enable"]
    unit = fake.user / ".config/systemd/user/reconnect.service"
    text = unit.read_text()
    for python, said in (
        ("/opt/gone/bin/python", "it starts /opt/gone/bin/python, which is gone: `reconnect ser"),
        ("/bin/sh", f"it starts /bin/sh, and this is {sys.executable}: `reconnect service ins"),
    ):
        unit.write_text(text.replace(sys.executable, python))
        assert f"warning: {said}" in service("status").err
        assert said in service("status", "--json").json()["drift"][0]
        checks = [c for c in process("doctor", "--json").json()["checks"] if c["name"] == "service"]
        assert checks[0]["verdict"] == "warn"
        assert said in checks[0]["text"]
    unit.write_text(text.replace("template ", "template 0"))
    assert "`reconnect service install` brings it up to date" in service("status").err


def test_one_that_was_started_by_hand_must_go_first(
    kept: Kept,
    fake: Fake,
    service: Callable[..., Any],
    daemon: Callable[..., DaemonProcess],
) -> None:
    running = daemon().ready()
    before = fake.files()
    done = service("install")
    assert done.code == 4
    assert "end them with `reconnect daemon stop`" in done.err
    assert fake.files() == before
    assert fake.calls() == []
    assert service("install", "--no-start").code == 0
    assert service("start").code == 4
    assert running.process.poll() is None


def test_a_broken_config_or_program_is_no_service(
    kept: Kept, fake: Fake, service: Callable[..., Any]
) -> None:
    before = fake.files()
    kept.configure("[daemon]\nsenders = 0\n")
    assert service("install").code == 2
    kept.configure("")
    done = service("install", env={"RECONNECT_HOME": f"{kept.home}\nx"})
    assert done.code == 1
    assert "a line break" in done.err
    assert fake.files() == before
    assert fake.calls() == []


def test_a_secret_in_a_variable_is_asked_for(
    kept: Kept, fake: Fake, service: Callable[..., Any], receiver: Receiver, clock: Clock
) -> None:
    kept.remind("12:01")
    kept.configure('[channels.hook]\nurl = "env:HOOK_URL"\n')
    done = service("install", env={"HOOK_URL": receiver.url})
    assert done.code == 0
    assert (
        "the environment variable HOOK_URL, which a service does not have: put it into" in done.err
    )
    unit = fake.user / ".config/systemd/user/reconnect.service"
    assert receiver.url not in unit.read_text()
    assert len(service("status", "--json").json()["unmet"]) == 1
    file = kept.home / "environment"
    file.write_text(f"HOOK_URL={receiver.url}\n")
    assert f"EnvironmentFile=-{file}\n" in unit.read_text()
    assert service("status", "--json").json()["unmet"] == []


def test_printing_changes_nothing(fake: Fake, service: Callable[..., Any], home: Path) -> None:
    for manager, first in (
        ("systemd", "# Written"),
        ("launchd", "<?xml"),
        ("task-scheduler", "<?xml"),
    ):
        shown = service("install", "--print", manager=manager)
        assert (shown.code, shown.err) == (0, "")
        assert shown.out.startswith(first)
    assert fake.calls(asking=True) == []
    assert fake.files() == {}
    assert not home.exists()


@pytest.mark.parametrize("verb", ["start", "stop"])
def test_where_none_is_installed(fake: Fake, service: Callable[..., Any], verb: str) -> None:
    done = service(verb)
    assert done.code == 3
    assert done.err == "reconnect: no service is installed: `reconnect service install` does that\n"


def test_a_manager_that_does_not_answer(
    kept: Kept, fake: Fake, service: Callable[..., Any], process: Run
) -> None:
    before = fake.files()
    fake.refuse("systemctl")
    done = service("install")
    assert done.code == 1
    assert done.err.startswith("reconnect: no service was installed: ")
    assert "`reconnect start` reminds for as long as its terminal is open" in done.err
    assert fake.files() == before
    told = service("status", "--json").json()
    assert (told["available"], told["installed"]) == (False, False)
    assert "`reconnect daemon run`" in told["unavailable_because"]
    # One that is installed already can be taken away all the same, with the link to it.
    (fake.place / "refuse").unlink()
    assert service("install", "--no-start").code == 0
    fake.refuse("systemctl")
    found = {c["name"]: c for c in process("doctor", "--json").json()["checks"]}
    assert "and cannot be used" in found["service"]["text"]
    assert service("uninstall").code == 0
    assert fake.files() == before


def test_a_manager_of_another_name(service: Callable[..., Any]) -> None:
    done = service("status", manager="upstart")
    assert done.code == 2
    assert "there are: systemd, launchd, task-scheduler" in done.err
