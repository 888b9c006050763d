"""A service manager for tests: systemctl, launchctl, loginctl or schtasks.

It writes down each call, keeps what it knows in a directory, and starts and stops the real program
of the file that was installed. FAKE_MANAGER names the directory; a file `refuse` in it holds the
start of calls that fail.
"""

from __future__ import annotations

import html
import json
import os
import plistlib
import re
import shlex
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

PLACE = Path(os.environ.get("FAKE_MANAGER", "."))
UNIT = Path.home() / ".config/systemd/user/reconnect.service"
WANTS = UNIT.parent / "default.target.wants" / UNIT.name


def main(name: str, *arguments: str) -> int:
    """Answer one call."""
    with (PLACE / "calls").open("a") as calls:
        calls.write(json.dumps([name, *arguments]) + "\n")
    line = " ".join([name, *arguments])
    refused = PLACE / "refuse"
    if refused.exists() and line.startswith(refused.read_text()):
        sys.stderr.write("planted refusal\n")
        return 1
    return {"systemctl": systemctl, "loginctl": loginctl, "launchctl": launchctl,
            "schtasks": schtasks}[name](*arguments)  # fmt: skip


def say(text: str) -> None:
    sys.stdout.write(text + "\n")


def systemctl(_user: str, verb: str, *rest: str) -> int:
    if verb == "show" and "--property=Version" in rest:
        say("252")
    elif verb == "show":
        say(f"LoadState={'loaded' if UNIT.exists() else 'not-found'}")
        say(f"ActiveState={'active' if pid() else 'inactive'}")
        say(f"SubState={'running' if pid() else 'dead'}")
        say(f"UnitFileState={'enabled' if WANTS.is_symlink() else 'disabled'}")
        say("Result=success\nExecMainStatus=0")
    elif verb == "enable":
        WANTS.parent.mkdir(exist_ok=True)
        if not WANTS.is_symlink():
            WANTS.symlink_to(UNIT)
    elif verb == "disable":
        stop()
        WANTS.unlink(missing_ok=True)
    elif verb == "stop":
        stop()
    elif verb in ("start", "restart"):
        if verb == "restart":
            stop()
        if not pid():
            text = UNIT.read_text()
            assert "\nType=notify\n" in text
            command = re.search(r"^ExecStart=:(.*)$", text, re.MULTILINE)
            assert command is not None
            pairs = re.findall(r"^Environment=(.*)$", text, re.MULTILINE)
            plain = [shlex.split(pair.replace("%%", "%"))[0] for pair in pairs]
            start(shlex.split(command[1].replace("%%", "%")), plain, notify=True)
    return 0


def loginctl(*_rest: str) -> int:
    say("yes" if (PLACE / "lingers").exists() else "no")
    return 0


def launchctl(verb: str, *rest: str) -> int:
    loaded = PLACE / "loaded"
    service = rest[0].count("/") == 2
    if verb == "print" and service:
        if not loaded.exists():
            return 113
        say(f"x = {{\n\tstate = {'running' if pid() else 'not running'}\n\tlast exit code = 0\n}}")
    elif verb == "bootstrap":
        if loaded.exists():
            return 5
        loaded.write_text(rest[1])
        run_plist(rest[1])
    elif verb == "kickstart" and not pid():
        run_plist(loaded.read_text())
    elif verb == "kill":
        stop()
    elif verb == "bootout":
        stop()
        loaded.unlink()
    return 0


def run_plist(path: str) -> None:
    whole = plistlib.loads(Path(path).read_bytes())
    pairs = [f"{name}={value}" for name, value in whole["EnvironmentVariables"].items()]
    start(whole["ProgramArguments"], pairs)


def schtasks(verb: str, *rest: str) -> int:
    task = PLACE / "task.xml"
    if verb == "/query" and "/tn" in rest:
        return 0 if task.exists() else 1
    if verb == "/create":
        task.write_bytes(Path(rest[rest.index("/xml") + 1]).read_bytes())
    elif verb == "/run":
        text = task.read_text(encoding="utf-16")
        command = re.search("<Command>(.*)</Command>", text)
        line = re.search("<Arguments>(.*)</Arguments>", text)
        assert command is not None
        assert line is not None
        start([html.unescape(command[1]), *shlex.split(html.unescape(line[1]))], [])
    elif verb == "/end":
        stop()
    elif verb == "/delete":
        task.unlink()
    return 0


def start(command: list[str], pairs: list[str], *, notify: bool = False) -> None:
    # As little of this shell's environment as a service gets; the clock of the test is part of it.
    kept = ("PATH", "HOME", "RECONNECT_CLOCK")
    environment = {name: os.environ[name] for name in kept if name in os.environ}
    environment |= dict(pair.split("=", 1) for pair in pairs)
    ready = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    if notify:
        address = f"fake-{os.getpid()}"
        ready.bind("\0" + address)
        environment |= {"NOTIFY_SOCKET": "@" + address, "WATCHDOG_USEC": "90000000"}
    with (PLACE / "output").open("ab") as output:
        process = subprocess.Popen(
            command, env=environment, stdin=subprocess.DEVNULL, stdout=output, stderr=output,
            start_new_session=True, cwd="/",
        )  # fmt: skip
    (PLACE / "pid").write_text(str(process.pid))
    if notify:
        ready.settimeout(30)
        assert b"READY=1" in ready.recv(4096)
    ready.close()


def pid() -> int:
    """The process that runs; 0 for none. One that has ended and that nobody waited for is none."""
    try:
        number = int((PLACE / "pid").read_text())
        state = Path(f"/proc/{number}/stat").read_text().rpartition(")")[2].split()[0]
    except (OSError, ValueError):
        return 0
    return 0 if state == "Z" else number


def stop() -> None:
    number = pid()
    if number:
        os.kill(number, signal.SIGTERM)
        for _ in range(3000):
            if not pid():
                return
            time.sleep(0.01)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
