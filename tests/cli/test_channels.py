"""`channels`: where reminders go, and whether they arrive."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.conftest import Run
    from tests.reminders.live import Mailbox, Receiver

    Configure = Callable[..., None]


@pytest.fixture
def configure(home: Path) -> Configure:
    """Write config.toml with these channels: `configure(hook="json://…")`."""

    def write(top: str = "", **urls: str) -> None:
        home.mkdir(mode=0o700, exist_ok=True)
        (home / "config.toml").touch(0o600)
        text = "".join(f'[channels.{name}]\nurl = "{url}"\n' for name, url in urls.items())
        (home / "config.toml").write_text(top + text)

    return write


def test_the_terminal_where_none_is_set_up(cli: Run) -> None:
    shown = cli("channels")
    assert shown.code == 0
    assert shown.out.splitlines() == [
        "channel   address      default", "terminal  terminal://  yes",
    ]  # fmt: skip
    assert shown.err == (
        "No channel is set up: reminders appear in the terminal where the daemon runs.\n"
    )


def test_addresses_are_shown_without_their_secrets(cli: Run, configure: Configure) -> None:
    configure(
        top='[reminders]\nchannels = ["mail"]\n',
        mail="mailto://ada:SECRET@mail.example.org/?to=SECRET",
        phone="ntfy://SECRET-topic",
        hook="env:HOOK",
        box="file:/run/hook",
    )
    for shown in (cli("channels"), cli("channels", "list"), cli("channels", "--json")):
        assert shown.code == 0
        assert "SECRET" not in shown.out + shown.err
    rows = {row["channel"]: row for row in cli("channels", "--json").json()["channels"]}
    assert {name: row["address"] for name, row in rows.items()} == {
        "mail": "mailto://mail.example.org/…", "phone": "ntfy://…", "hook": "env:HOOK",
        "box": "file:/run/hook",
    }  # fmt: skip
    assert [name for name, row in rows.items() if row["default"]] == ["mail"]


def test_a_test_that_arrives(
    cli: Run, configure: Configure, receiver: Receiver, smtp: Mailbox
) -> None:
    configure(hook=receiver.url, mail=smtp.url)
    tried = cli("channels", "test")
    assert (tried.code, tried.err) == (0, "")
    assert tried.out.splitlines() == [
        "ok   hook: accepted by the first hop", "ok   mail: accepted by the first hop",
    ]  # fmt: skip
    assert receiver.posts[0].title == smtp.messages[0]["Subject"] == "A moment for us"
    assert receiver.posts[0].body == "This is a test. If you can read it, reminders arrive."


def test_only_those_named(cli: Run, configure: Configure, receiver: Receiver) -> None:
    configure(hook=receiver.url, other="json://127.0.0.1:9")
    assert cli("channels", "test", "hook", "hook").code == 0
    assert len(receiver.posts) == 1


REFUSED = "nobody answers at that address (connection refused)"


@pytest.mark.parametrize(
    ("behaviour", "said"),
    [
        (500, "the receiver is in trouble (500): try again later"),
        (401, "not allowed (401): check the user name, password or token"),
        (404, "not found (404): check the topic, room or path in the address"),
        (429, "too many messages (429): wait a while"),
        (418, "the receiver refused it (418)"),
        ("refuse", f"{REFUSED}: does the service run, is the port right?"),
        ("hang", "no answer in time; it may have been accepted all the same"),
    ],
)
def test_a_test_that_fails_says_what_to_do(
    cli: Run, configure: Configure, receiver: Receiver, behaviour: int | str, said: str
) -> None:
    configure(hook=f"{receiver.url}?rto=0.2")
    receiver.behave(behaviour)
    tried = cli("channels", "test")
    assert (tried.code, tried.out) == (1, f"FAIL hook: {said}\n")


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("nosuch://x", "Apprise does not know this address, or a package for it is missing"),
        ("json://no-such-host.invalid/", "that host is not known"),
    ],
)
def test_addresses_that_lead_nowhere(cli: Run, configure: Configure, url: str, said: str) -> None:
    configure(hook=url)
    tried = cli("channels", "test")
    assert tried.code == 1
    assert said in tried.out


def test_one_that_hangs_holds_up_nobody(
    cli: Run, configure: Configure, receiver: Receiver, smtp: Mailbox
) -> None:
    configure(top="[daemon]\ndeadline_seconds = 1\n", hook=f"{receiver.url}?rto=60", mail=smtp.url)
    receiver.behave("hang")
    tried = cli("channels", "test", "--json")
    assert tried.code == 1
    found = {row["channel"]: row["code"] for row in tried.json()["channels"]}
    assert found == {"hook": "timeout", "mail": "accepted"}


def test_who_waits_is_told_what_for(
    cli: Run, configure: Configure, receiver: Receiver, smtp: Mailbox,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setattr("reconnect.cli.channels._PATIENCE_S", 0.9)
    configure(top="[daemon]\ndeadline_seconds = 1\n", hook=f"{receiver.url}?rto=60", mail=smtp.url)
    assert cli("channels", "test", "mail").err == ""
    receiver.behave("hang")
    assert cli("channels", "test").err == "waiting for hook, 1 s at the most\n"


def test_a_secret_that_is_not_there(
    cli: Run, configure: Configure, receiver: Receiver, tmp_path: Path
) -> None:
    shared = tmp_path / "shared"
    shared.write_text(receiver.url)
    shared.chmod(0o644)
    configure(
        one="env:NOT_SET", two=f"file:{tmp_path}/none", three=f"file:{shared}", hook=receiver.url
    )
    tried = cli("channels", "test")
    assert tried.code == 1
    assert "the environment variable NOT_SET is not set" in tried.err
    assert f"the file {tmp_path}/none cannot be read" in tried.err
    assert f"others can read {shared}: run `chmod 600 {shared}`" in tried.err
    assert tried.out.splitlines()[:3] == [
        f"FAIL {name}: its secret is not there: see `reconnect config check`"
        for name in ("one", "two", "three")
    ]
    assert tried.out.splitlines()[3] == "ok   hook: accepted by the first hop"


def test_a_name_that_is_none(cli: Run, configure: Configure, receiver: Receiver) -> None:
    configure(phone=receiver.url)
    tried = cli("channels", "test", "fone")
    assert (tried.code, tried.out) == (3, "")
    assert tried.err == ("reconnect: no channel 'fone' in config.toml: did you mean phone?\n")
    assert receiver.posts == []


def test_json_stays_json_when_the_terminal_is_tried(process: Run) -> None:
    tried = process("channels", "test", "--json")
    assert tried.code == 0
    (only,) = json.loads(tried.out)["channels"]
    assert (only["channel"], only["accepted"], only["code"]) == ("terminal", True, "accepted")
    assert only["doubt"] is None
    assert "This is a test." in tried.err


def test_a_terminal_that_has_not_every_character(process: Run, home: Path) -> None:
    home.mkdir(mode=0o700)
    (home / "config.toml").write_text('[reminders]\ntitle = "für uns \u2661"\n', encoding="utf-8")
    tried = process("channels", "test", env={"PYTHONIOENCODING": "latin-1"})
    assert tried.code == 0
    assert "* f" in tried.out
    assert "r uns ?" in tried.out
