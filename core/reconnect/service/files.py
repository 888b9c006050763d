"""The files that describe a service: made from templates, stamped, and read again."""

from __future__ import annotations

import html
import os
import plistlib
import re
import subprocess
from typing import TYPE_CHECKING, NamedTuple

from reconnect import __version__
from reconnect.digest import sha256

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from reconnect.service.program import Program

LABEL = "reconnect"
APPLE_LABEL = "local.reconnect.daemon"

_STAMP = re.compile(r"Written by reconnect (\S+), template (\w+), checksum (\w+)")


class Written(NamedTuple):
    """What stands in a service file.

    `ours` is whether this program wrote it, `whole` whether nobody changed it since, `template`
    names the form it was made from.
    """

    ours: bool
    whole: bool
    version: str
    template: str
    python: str
    environment: dict[str, str]


class Form(NamedTuple):
    """One kind of service file: its template, how to fill it and how to read it."""

    name: str
    encoding: str
    fill: Callable[[Program], dict[str, str]]
    read: Callable[[str], tuple[str, dict[str, str]]]

    def text(self, program: Program) -> str:
        """The file for a program."""
        template, values = self._template(), self.fill(program)
        text = re.sub(r"@([A-Z_]+)@", lambda mark: values.get(mark[1], mark[0]), template)
        stamp = f"Written by reconnect {__version__}, template {_short(template)}, checksum "
        return text.replace("@STAMP@", self._comment(stamp + _short(text)), 1)

    def written(self, text: str) -> Written:
        """What stands in such a file."""
        found = _STAMP.search(text)
        try:
            python, environment = self.read(text)
        except (ValueError, LookupError, TypeError, AttributeError):
            python, environment = "", {}
        if found is None:
            return Written(False, False, "", "", python, environment)
        bare = text.replace(self._comment(found[0]), "@STAMP@", 1)
        return Written(True, _short(bare) == found[3], found[1], found[2], python, environment)

    def is_current(self, written: Written) -> bool:
        """Whether the file was made from the template that this version has."""
        return written.template == _short(self._template())

    def _comment(self, text: str) -> str:
        return f"# {text}" if self.name.endswith(".service") else text

    def _template(self) -> str:
        place = os.path.join(os.path.dirname(__file__), "templates", self.name)
        with open(place, encoding="utf-8") as file:
            return file.read()


def _short(text: str) -> str:
    return sha256(text.encode()).hexdigest()[:12]


# systemd


def _fill_unit(program: Program) -> dict[str, str]:
    pairs = [_quoted(f"{name}={value}") for name, value in program.environment.items()]
    # systemd takes no program with such a character in its name, and no offence at an argument.
    through = "/usr/bin/env " if set(program.python) & set("'\"\\") else ""
    return {
        "COMMAND": through + " ".join(map(_quoted, program.command)),
        "ENVIRONMENT": "\n".join(f"Environment={pair}" for pair in pairs),
        "ENVIRONMENT_FILE": program.environment_file.replace("%", "%%"),
    }


def _read_unit(text: str) -> tuple[str, dict[str, str]]:
    command = re.search(r"^ExecStart=(.*)$", text, re.MULTILINE)
    pairs = re.findall(r'^Environment=("(?:[^"\\]|\\.)*")$', text, re.MULTILINE)
    parts = re.findall(r'"(?:[^"\\]|\\.)*"', command[1]) if command else [""]
    named = (_unquoted(pair).partition("=") for pair in pairs)
    return _unquoted(parts[0]), {name: value for name, _, value in named}


def _quoted(text: str) -> str:
    inner = text.replace("\\", "\\\\").replace('"', '\\"').replace("%", "%%")
    return f'"{inner}"'


def _unquoted(text: str) -> str:
    return re.sub(r"\\(.)", r"\1", text[1:-1]).replace("%%", "%")


# launchd


def _fill_plist(program: Program) -> dict[str, str]:
    string = "\t\t<string>{}</string>"
    pairs = [
        f"\t\t<key>{_xml(name)}</key>\n" + string.format(_xml(value))
        # launchd gives a service almost no PATH: helpers of desktop notifications lie elsewhere.
        for name, value in {
            "PATH": os.environ.get("PATH", os.defpath),
            **program.environment,
        }.items()
    ]
    return {
        "LABEL": APPLE_LABEL,
        "COMMAND": "\n".join(string.format(_xml(part)) for part in program.command),
        "ENVIRONMENT": "\n".join(pairs),
        "STDERR": _xml(program.stderr),
    }


def _read_plist(text: str) -> tuple[str, dict[str, str]]:
    from xml.parsers.expat import ExpatError

    try:
        whole = plistlib.loads(text.encode())
    except ExpatError as error:
        raise ValueError("no property list") from error
    environment: Mapping[str, str] = whole.get("EnvironmentVariables", {})
    return str(whole["ProgramArguments"][0]), dict(environment)


# Task Scheduler


def _fill_task(program: Program) -> dict[str, str]:
    name = os.environ.get("USERNAME") or os.environ.get("USER", "")
    user = "\\".join(filter(None, (os.environ.get("USERDOMAIN"), name)))
    python, *arguments = program.command
    # A task has no environment of its own: it is handed over as arguments.
    pairs = [f"{name}={value}" for name, value in program.environment.items()]
    module = arguments.index("reconnect")
    arguments[module : module + 1] = ["reconnect.service.with_environment", *pairs, "--"]
    return {
        "LABEL": LABEL,
        "USER": _xml(user),
        "COMMAND": _xml(_without_window(python)),
        "ARGUMENTS": _xml(subprocess.list2cmdline(arguments)),
    }


def _read_task(text: str) -> tuple[str, dict[str, str]]:
    command = re.search(r"<Command>(.*?)</Command>", text)
    line = re.search(r"<Arguments>(.*?)</Arguments>", text)
    if command is None or line is None:
        raise ValueError("no task")
    words = _split(html.unescape(line[1]))
    named = (word.partition("=") for word in words[: words.index("--")])
    return html.unescape(command[1]), {name: value for name, found, value in named if found}


def _split(line: str) -> list[str]:
    """A command line of Windows as its arguments: what subprocess.list2cmdline made."""
    found = [""]
    inside = False
    for slashes, mark in re.findall(r'(\\*)("|[^\\]|$)', line):
        if mark == '"':
            # Before a quotation mark each two backslashes are one, and one left over is the mark's.
            found[-1] += "\\" * (len(slashes) // 2) + '"' * (len(slashes) % 2)
            inside ^= len(slashes) % 2 == 0
        elif mark in (" ", "\t") and not inside:
            found[-1] += slashes
            found.append("")
        else:
            found[-1] += slashes + mark
    return found


def _without_window(python: str) -> str:
    """pythonw.exe beside python.exe, where there is one: no window opens at each login."""
    windowless = re.sub(r"python\.exe$", "pythonw.exe", python, flags=re.IGNORECASE)
    return windowless if os.path.exists(windowless) else python


def _xml(text: str) -> str:
    return html.escape(text, quote=False)


UNIT = Form("reconnect.service", "utf-8", _fill_unit, _read_unit)
PLIST = Form("reconnect.plist", "utf-8", _fill_plist, _read_plist)
TASK = Form("reconnect.xml", "utf-16", _fill_task, _read_task)
