"""config.toml: each mistake is one line with file, line, key, expectation; secrets stay secret."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from reconnect.config import Settings, load_settings, minutes_of
from reconnect.errors import ConfigError, LockedError
from reconnect.secrets import masked, resolve

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import Run

WRONG = {
    "unknown key": (
        '[person]\nname = "A"\nzone = "x"', 3, "person.zone: unknown key, did you mean timezone?",
    ),
    "unknown section": ('[persn]\nname = "A"', 1, "persn: unknown key, did you mean person?"),
    "key outside": ('name = "A"', 1, "name: unknown key; known here: person, channels"),
    "a dash": ('[daemon]\nlog-level = "info"', 2, "daemon.log-level: unknown key, did you"),
    "wrong type": (
        '[daemon]\nsenders = "eight"', 2,
        "daemon.senders: expected a whole number from 1 to 64, got 'eight'",
    ),
    "out of range": (
        "[daemon]\n\n# more\nsenders = 900", 4,
        "daemon.senders: expected a whole number from 1 to 64, got 900",
    ),
    "a bool for a number": ("[daemon]\nsenders = true", 2, "daemon.senders: expected a whole"),
    "no number": (
        "[daemon]\nplugin_seconds = nan", 2,
        "daemon.plugin_seconds: expected a number from 0.1 to 60, got nan",
    ),
    "none of the choices": (
        '[reminders]\ncatch_up = "never"', 2,
        "reminders.catch_up: expected one of all, latest, skip, got 'never'",
    ),
    "no time": (
        '[person]\nday_starts = "25:00"', 2,
        "person.day_starts: expected a time such as 03:00, got '25:00'",
    ),
    "no zone": (
        '[person]\ntimezone = "Europe/Berln"', 2,
        "person.timezone: unknown time zone 'Europe/Berln': expected an IANA name such as",
    ),
    "a path as zone": (
        '[person]\ntimezone = "../../etc/passwd"', 2, "person.timezone: unknown time zone",
    ),
    "no channel": (
        '[reminders]\nchannels = ["phone"]\n[channels.mail]\nurl = "json://x"', 2,
        "reminders.channels: no [channels.phone] in this file; there are: mail",
    ),
    "no channel at all": (
        '[reminders]\nchannels = [\n "phone",\n]', 2,
        "reminders.channels: no [channels.phone] in this file; there are: none yet",
    ),
    "a number in a list": (
        '[reminders]\nchannels = ["a", 3]', 2, "reminders.channels[1]: expected a name of",
    ),
    "channel name": (
        '[channels."My Phone"]\nurl = "json://x"', 1,
        "channels.My Phone: expected a name of lower-case letters, digits, - and _ for a key",
    ),
    "channel key": (
        '[channels.a]\nurl = "json://x"\n[channels.b]\nurl = "json://y"\nlane = 3', 5,
        "channels.b.lane: unknown key; known here: url",
    ),
    "no url": ("[channels.a]", 1, "channels.a.url: missing, expected text of 1 to"),
    "inline": ("channels = { a = { url = 3 } }", 1, "channels.a.url: expected text"),
    "dotted": ("channels.a.url = 3", 1, "channels.a.url: expected text"),
    "no address": (
        '[channels.a]\nurl = "hello"', 2,
        "channels.a.url: expected an Apprise URL, env:NAME or file:PATH",
    ),
    "no table": ("person = 3", 1, "person: expected a table, got 3"),
    "many tables": ('[[person]]\nname = "A"', 1, "person: expected a table, got a list of 1"),
    "after a long text": (
        '[reminders]\ntitle = """\n[daemon]\nsenders = 3\n"""\n[daemon]\nsenders = "x"', 7,
        "daemon.senders: expected a whole number",
    ),
    "with a mark and carriage returns": (
        "\ufeff[person]\r\n\r\nname = 3", 3,
        "person.name: expected text of at most 100 characters, got 3",
    ),
}  # fmt: skip


def told(home: Path, text: str) -> str:
    home.mkdir(exist_ok=True)
    file = home / "config.toml"
    file.write_bytes(text.encode())
    with pytest.raises(ConfigError) as caught:
        load_settings(str(file))
    assert "\n" not in str(caught.value)
    return str(caught.value).removeprefix(str(file))


@pytest.mark.parametrize("kind", WRONG)
def test_a_mistake_is_answered_with_file_line_key_and_expectation(kind: str, home: Path) -> None:
    text, line, expected = WRONG[kind]
    assert told(home, text).startswith(f", line {line}: {expected}")


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ('[person]\nname = "A', 2), ("[person\n", 1), ('[person]\nname="a"\nname="b"\n', 3),
        ('[channels.phone]\nurl = "json://x"\n[channels.ph', 3), ("[person]\nname", 2),
    ],
)  # fmt: skip
def test_a_half_written_file_is_answered_with_the_place(text: str, line: int, home: Path) -> None:
    said = told(home, text)
    assert said.startswith(": not valid TOML: ")
    assert f"(at line {line}, " in said or "(at end of document)" in said


def test_no_address_is_ever_repeated(home: Path) -> None:
    for text in ('[channels]\nphone = "ntfys://host/SECRET"', '[channels.phone]\nurl = "SECRET"',
                 f'[channels.phone]\nurl = "{"SECRET" * 1000}"'):  # fmt: skip
        assert "SECRET" not in told(home, text)


def test_other_than_text(home: Path) -> None:
    home.mkdir()
    file = home / "config.toml"
    file.write_bytes(b"[person]\nname = '\xff'")
    with pytest.raises(ConfigError, match=r"not UTF-8 text \(byte 17\)"):
        load_settings(str(file))
    file.unlink()
    file.mkdir()
    with pytest.raises(ConfigError, match=r"cannot be read \(Is a directory\)"):
        load_settings(str(file))


def test_nothing_is_needed(home: Path) -> None:
    assert load_settings(str(home / "config.toml")) == Settings()
    home.mkdir()
    (home / "config.toml").write_text("")
    assert load_settings(str(home / "config.toml")) == Settings()
    assert minutes_of("03:00") == 180
    assert minutes_of("23:59") == 1439


def test_a_secret_comes_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MY_URL", "  json://host/x\n")
    assert resolve("env:MY_URL", "channels.a.url") == "json://host/x"
    assert resolve("json://host", "channels.a.url") == "json://host"
    assert resolve("file://host", "channels.a.url") == "file://host"
    for value in ("", "  "):
        monkeypatch.setenv("MY_URL", value)
        with pytest.raises(
            LockedError, match=r"channels.a.url: the environment variable MY_URL is"
        ):
            resolve("env:MY_URL", "channels.a.url")


def test_a_secret_comes_from_a_file_that_nobody_else_can_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "url"
    file.write_text("json://host/x\n")
    file.chmod(0o640)
    with pytest.raises(ConfigError, match=r"others can read .*: run `chmod 600 "):
        resolve(f"file:{file}", "what")
    file.chmod(0o600)
    assert resolve(f"file:{file}", "what") == "json://host/x"
    monkeypatch.setenv("HOME", str(tmp_path))
    assert resolve("file:~/url", "what") == "json://host/x"
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ConfigError, match="the path url should begin with / or ~"):
        resolve("file:url", "what")
    for text, expected in (("\n", "is empty"), ("a://b\nc://d", "should hold one line"),
                           ("x" * 9000, "should hold one line")):  # fmt: skip
        file.write_text(text)
        with pytest.raises(ConfigError, match=expected):
            resolve(f"file:{file}", "what")
    file.write_bytes(b"\xff")
    with pytest.raises(LockedError, match=r"cannot be read \(not UTF-8 text\)"):
        resolve(f"file:{file}", "what")
    with pytest.raises(LockedError, match=r"what: the file .*gone cannot be read \(No such file"):
        resolve(f"file:{tmp_path}/gone", "what")
    tmp_path.chmod(0o700)
    with pytest.raises(LockedError, match=r"cannot be read \(Is a directory\)"):
        resolve(f"file:{tmp_path}", "what")


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("ntfys://ntfy.sh/my-topic", "ntfys://ntfy.sh/…"),
        ("ntfy://my-topic", "ntfy://…"),
        ("json://localhost:8080/hook", "json://localhost/…"),
        ("json://192.168.1.7/hook", "json://192.168.1.7/…"),
        ("json://[::1]:80/x", "json://…"),
        ("mailto://me:pass@mail.example.org?to=x", "mailto://mail.example.org/…"),
        ("mailtos://me:p/ss@mail.example.org", "mailtos://…"),
        ("tgram://123456:AAF-secret/77", "tgram://…"),
        ("slack://T0/B0/secret", "slack://…"),
        ("x://eyJhbGciOi.eyJzdWIiOi.c2lnbmF0dXJl/y", "x://…"),
        ("x://0123456789abcdef0123456789abcdef.host", "x://…"),
        ("json://host.example#token", "json://…"),
        ("terminal://", "terminal://"),
        ("no url at all", "…"),
    ],
)
def test_what_is_shown_of_an_address(url: str, shown: str) -> None:
    assert masked(url) == shown


def test_the_commands_around_it(home: Path, cli: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    file = home / "config.toml"
    path = cli("config", "path")
    assert (path.code, path.out) == (0, f"{file}\n")
    assert cli("config", "path", "--json").json()["paths"]["database"] == f"{home}/reconnect.db"
    assert cli("config", "check").out == f"{file}: not there, defaults hold\n"
    assert not home.exists()
    home.mkdir()
    file.write_text(
        '[channels.good]\nurl = "json://user:SECRET@localhost/x"\n'
        '[channels.env]\nurl = "env:NO_SUCH_VARIABLE"\n'
        f'[channels.file]\nurl = "file:{home}/url"\n'
        '[channels.typo]\nurl = "ntyf://SECRET"\n'
    )
    file.chmod(0o644)
    (home / "url").write_text("json://localhost")
    (home / "url").chmod(0o600)
    checked = cli("config", "check")
    assert (checked.code, checked.out) == (0, f"{file}: ok\n")
    first, second, third = checked.err.splitlines()
    assert first == f"warning: others can read {file}: run `chmod 600 {file}`"
    assert second.endswith(
        "env.url: the environment variable NO_SUCH_VARIABLE is not set, or empty"
    )
    assert third.startswith("warning: channels.typo.url: Apprise cannot use this address here")
    monkeypatch.setenv("NO_SUCH_VARIABLE", "json://localhost")
    assert len(cli("config", "check", "--json").json()["warnings"]) == 2
    shown = cli("config", "show", "--json")
    assert "SECRET" not in shown.out + cli("config", "show").out + checked.err
    assert shown.json()["settings"]["channels"] == {
        "good": {"url": "json://localhost/…"}, "env": {"url": "env:NO_SUCH_VARIABLE"},
        "file": {"url": f"file:{home}/url"}, "typo": {"url": "ntyf://…"},
    }  # fmt: skip
    assert shown.json()["settings"]["person"]["day_starts"] == "03:00"
    assert 'channels.good.url = "json://localhost/…"' in cli("config", "show").out


@pytest.mark.parametrize("command", [["config", "check"], ["today"], ["config", "show"]])
def test_a_wrong_file_ends_with_code_2(home: Path, cli: Run, command: list[str]) -> None:
    home.mkdir()
    (home / "config.toml").write_text("[daemon]\nsenders = 0")
    done = cli(*command)
    assert done.code == 2
    assert done.out == ""
    assert done.err == (
        f"reconnect: {home}/config.toml, line 2: daemon.senders: expected a whole number from 1 to "
        "64, got 0\n"
    )


def test_a_wrong_file_as_json(home: Path, cli: Run) -> None:
    home.mkdir()
    (home / "config.toml").write_text("[daemon]\nsenders = 0")
    done = cli("config", "check", "--json")
    assert done.code == 2
    assert done.json()["ok"] is False
    assert "line 2: daemon.senders" in done.json()["problems"][0]
    assert done.json()["file"] == f"{home}/config.toml"
