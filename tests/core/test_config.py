"""config.toml: each mistake is one line with file, line, key, expectation; secrets stay secret."""

from __future__ import annotations

from importlib.util import find_spec
from typing import TYPE_CHECKING

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconnect.config import Settings, load_settings, minutes_of
from reconnect.errors import ConfigError, LockedError
from reconnect.faults import faults
from reconnect.reminders.addresses import trouble
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
    "no web address": (
        '[daemon]\nhealth_url = "ftp://SECRET"', 2,
        "daemon.health_url: expected an http or https address, env:NAME or file:PATH",
    ),
    "a table for an address": (
        '[daemon]\nhealth_url = ["SECRET"]', 2, "daemon.health_url: expected text of at most",
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
    assert (checked.code, checked.out) == (2, "")
    third, first, second = checked.err.splitlines()
    assert first == f"warning: others can read {file}: run `chmod 600 {file}`"
    assert second.endswith(
        "env.url: the environment variable NO_SUCH_VARIABLE is not set, or empty"
    )
    assert third == (
        f"reconnect: {file}, line 8: channels.typo.url: Apprise knows no service ntyf://, did you "
        "mean ntfy://?"
    )
    monkeypatch.setenv("NO_SUCH_VARIABLE", "json://localhost")
    told = cli("config", "check", "--json").json()
    assert (len(told["warnings"]), len(told["problems"]), told["ok"]) == (1, 1, False)
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
    (home / "config.toml").chmod(0o600)
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


EVERYTHING = """\
strange = 1
[person]
timezone = "Europe/Berln"
day_starts = "25:00"
zone = "x"
[channels."My Phone"]
url = "json://x"
[channels.mail]
[channels.hook]
url = "hello"
lane = 3
[channels.desk]
url = 7
[channels.push]
url = "ntyf://SECRET"
[channels.fine]
url = "json://localhost"
[reminders]
channels = ["mail", "gone"]
catch_up = "never"
[daemon]
senders = 0
health_url = "SECRET"
deadline_seconds = "long"
"""


def test_every_mistake_is_named_with_its_line(home: Path, cli: Run) -> None:
    home.mkdir()
    file = home / "config.toml"
    file.write_text(EVERYTHING)
    file.chmod(0o600)
    done = cli("config", "check")
    assert (done.code, done.out) == (2, "")
    said = [line.removeprefix(f"reconnect: {file}, line ") for line in done.err.splitlines()]
    expected = [
        "1: strange: unknown key",
        "3: person.timezone: unknown time zone 'Europe/Berln'",
        "4: person.day_starts: expected a time such as 03:00, got '25:00'",
        "5: person.zone: unknown key, did you mean timezone?",
        "6: channels.My Phone: expected a name of",
        "8: channels.mail.url: missing",
        "10: channels.hook.url: expected an Apprise URL",
        "11: channels.hook.lane: unknown key",
        "13: channels.desk.url: expected text",
        "19: reminders.channels: no [channels.gone] in this file; there are: ",
        "20: reminders.catch_up: expected one of",
        "22: daemon.senders: expected a whole number from 1 to 64, got 0",
        "23: daemon.health_url: expected an http or https address",
        "24: daemon.deadline_seconds: expected a whole number",
        "15: channels.push.url: Apprise knows no service ntyf://, did you mean ntfy://?",
    ]
    assert len(said) == len(expected)
    for line, start in zip(said, expected, strict=True):
        assert line.startswith(start)
    assert "SECRET" not in done.err
    assert cli("config", "check", "--json").json()["problems"] == [
        line.removeprefix("reconnect: ") for line in done.err.splitlines()
    ]
    # Elsewhere the first is named, and how many more there are.
    with pytest.raises(
        ConfigError, match=r"line 1: strange: .* \(13 more: see `reconnect config c"
    ):
        load_settings(str(file))


@given(
    values=st.dictionaries(
        st.sampled_from(["senders", "deadline_seconds", "plugin_seconds", "log_level", "zzz"]),
        st.sampled_from([0, 8, "info", 10_000, True, [1], {"a": 1}]),
        min_size=1,
    )
)
def test_each_key_is_judged_as_if_it_stood_alone(values: dict[str, object]) -> None:
    found, rest = faults(Settings, {"daemon": values})
    alone = {key for key, value in values.items() if faults(Settings, {"daemon": {key: value}})[0]}
    assert {fault.path[-1] for fault in found} == alone
    assert len(found) == len(alone)
    msgspec.convert(rest, Settings)
    assert rest["daemon"] == {key: value for key, value in values.items() if key not in alone}


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("SECRET", "no address: it should begin with a service"),
        ("nosuch://SECRET", "Apprise knows no service nosuch://"),
        ("ntyf://SECRET", "Apprise knows no service ntyf://, did you mean ntfy://?"),
        ("ntfy://", "a part is missing or has the wrong form for ntfy; expected ntfys://TOPIC or"),
        ("tgram://SECRET/1", "for Telegram; expected tgram://BOT_TOKEN or tgram://BOT_TOKEN/TARG"),
        ("json://", "for JSON; expected jsons://HOST or"),
        ("xmpp://SECRET:SECRET@host", "XMPP cannot be used here: it needs the Python package slix"),
    ],
)
def test_what_is_wrong_with_an_address(url: str, said: str) -> None:
    if url.startswith("xmpp") and find_spec("slixmpp"):
        pytest.skip("slixmpp is installed: nothing is missing")
    text = trouble(url)
    assert text is not None
    assert said in text
    assert "SECRET" not in text


def test_an_address_that_can_be_used() -> None:
    mail = "mailto://?to=a@example.org&user=a&pass=b&from=a@example.org&smtp=localhost"
    for url in ("json://localhost", "terminal://", "ntfy://topic", "NTFYS://ntfy.sh/topic",
                "syslog://", mail):  # fmt: skip
        assert trouble(url) is None, url
