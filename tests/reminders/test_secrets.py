"""Twelve secrets, five levels of the log, six ways in which a send ends, over sixteen services.

None may stand in what was logged or printed, in a table, in an answer as JSON, or in what is said
of a fault. What a person wrote for themselves stands in the database, and nowhere else.
"""

from __future__ import annotations

import io
import json
import sys
import threading
from typing import TYPE_CHECKING

import pytest
from tests.reminders.everywhere import Everywhere
from tests.reminders.live import until

from reconnect.logging import log_to

if TYPE_CHECKING:
    from collections.abc import Iterator

    from apprise import URLBase
    from tests.conftest import Clock, Run
    from tests.reminders.keeping import Kept
    from tests.reminders.live import Mailbox

LEVELS = ("debug", "info", "warning", "error", "critical")

USER, PASSWORD, PLACE = "plantedUser", "plantedPassword", "plantedPath"
QUERY, KEY, HEADER = "plantedQuery", "plantedKey", "plantedHeader"
TOPIC, TOKEN, BOX = "plantedTopic", "plantedToken0123456789abcdefghijkl", "plantedbox"
OF_ADDRESSES = (USER, PASSWORD, PLACE, QUERY, KEY, HEADER, TOPIC, TOKEN, BOX)
TITLE = "PlantedTitle"
NOTE, WORDS = "planted in a note", "planted in a private field"
OF_THE_PERSON = (NOTE, WORDS)
assert len({*OF_ADDRESSES, TITLE, NOTE, WORDS}) == 12

MORE = f"-{KEY}={QUERY}&+X-Token={HEADER}&cto=0.5&rto=0.25"
LOGIN = f"{USER}:{PASSWORD}"
LONG = f"{TOKEN}{'x' * 64}"
SERVICES = {
    "json": f"json://{LOGIN}@127.0.0.1:{{port}}/{PLACE}?{MORE}",
    "form": f"form://{LOGIN}@127.0.0.1:{{port}}/{PLACE}?{MORE}",
    "xml": f"xml://{LOGIN}@127.0.0.1:{{port}}/{PLACE}?{MORE}",
    "ntfy": f"ntfy://{LOGIN}@127.0.0.1:{{port}}/{TOPIC}?{MORE}",
    "ntfytoken": f"ntfy://127.0.0.1:{{port}}/{TOPIC}?auth=token&token={TOKEN}&{MORE}",
    "gotify": f"gotify://127.0.0.1:{{port}}/{PLACE}/{TOKEN}?{MORE}",
    "mattermost": f"mmost://{USER}@127.0.0.1:{{port}}/{LONG}?channel={TOPIC}&{MORE}",
    "rocketchat": f"rocket://{LOGIN}@127.0.0.1:{{port}}/%23{TOPIC}?{MORE}",
    "homeassistant": f"hassio://127.0.0.1:{{port}}/{TOKEN}?{MORE}",
    "apprise": f"apprise://{LOGIN}@127.0.0.1:{{port}}/{TOKEN}?{MORE}",
    "kodi": f"kodi://{LOGIN}@127.0.0.1:{{port}}?{MORE}",
    "telegram": f"tgram://123456789:{TOKEN}/12315544?{MORE}",
    "discord": f"discord://{TOPIC}{'i' * 12}/{LONG}?{MORE}",
    "slack": f"slack://{USER}@T1JJ3T3L2/A1BRTD4JD/{TOKEN[:24]}/%23{TOPIC.lower()}?{MORE}",
    "matrix": f"matrix://{LOGIN}@127.0.0.1:{{port}}/%21{TOPIC}?{MORE}",
    "mail": f"mailto://{LOGIN}@127.0.0.1:{{smtp}}/?from={BOX}@example.org&to={BOX}@example.org"
    f"&mode=insecure&{MORE}",
}
ENDS = {
    "ok": 200, "refused": "refuse", "denied": 403, "timeout": "hang", "schema": 200, "raises": 200,
}  # fmt: skip

# The mail server wants no password, and the answers that these two look for are of their own kind.
PARTICULAR = {"mail", "rocketchat", "slack"}


@pytest.fixture
def everywhere(monkeypatch: pytest.MonkeyPatch) -> Iterator[Everywhere]:
    """Every web service, on loopback."""
    one = Everywhere(monkeypatch)
    yield one
    one.close()


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """Where this process logs to, once `log_to` was told so."""
    import logging

    root, reconnect = logging.getLogger(), logging.getLogger("reconnect")
    before = [(one, list(one.handlers), one.level, one.propagate) for one in (root, reconnect)]
    yield io.StringIO()
    for one, handlers, level, propagate in before:
        one.handlers[:], one.propagate = handlers, propagate
        one.setLevel(level)


def planted(kept: Kept, everywhere: Everywhere, smtp: Mailbox, end: str) -> None:
    """A config.toml full of secrets, and an entry with some."""
    ports = {"port": everywhere.host.rpartition(":")[2], "smtp": smtp.port}
    if end == "refused":
        ports["smtp"] = 9
    elif end == "timeout":
        ports["smtp"] = int(ports["port"])
    urls = {name: url.format(**ports) for name, url in SERVICES.items()}
    if end == "schema":
        urls = {name: f"no{url}" for name, url in urls.items()}
    channels = "".join(f'[channels.{name}]\nurl = "{url}"\n' for name, url in urls.items())
    kept.configure(
        f'[reminders]\ntitle = "{TITLE}"\n[daemon]\nsenders = 16\ndeadline_seconds = 20\n{channels}'
    )


def hits(texts: dict[str, str | bytes], words: tuple[str, ...]) -> set[tuple[str, str]]:
    """Where one of the words stands, in whatever case."""
    return {
        (where, word)
        for where, text in texts.items()
        for word in words
        if word.lower() in (text.decode("latin-1") if isinstance(text, bytes) else text).lower()
    }


def answers(cli: Run) -> dict[str, str | bytes]:
    """What the commands that read say, for people and as JSON."""
    commands = (
        "channels", "config show", "config check", "remind", "today", "daemon status", "habits",
        "doctor",
    )  # fmt: skip
    found: dict[str, str | bytes] = {}
    for command in commands:
        for more in ((), ("--json",)):
            said = cli(*command.split(), *more)
            found[" ".join((command, *more))] = said.out + said.err
    return found


@pytest.mark.parametrize("end", ENDS)
def test_no_secret_is_told(
    kept: Kept,
    everywhere: Everywhere,
    smtp: Mailbox,
    cli: Run,
    clock: Clock,
    log: io.StringIO,
    capfd: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    end: str,
) -> None:
    planted(kept, everywhere, smtp, end)
    everywhere.behave(ENDS[end])
    if end == "raises":
        raises(monkeypatch)
    kept.remind("12:05")
    clock.move(minutes=5)
    texts: dict[str, str | bytes] = {}
    for level in LEVELS:
        start = log.tell()
        log_to(log, level)
        known = {one.id for one in kept.deliveries()}
        kept.deliver()
        new = {one.channel: one for one in kept.deliveries() if one.id not in known}
        assert new.keys() == SERVICES.keys()
        sent = {name for name, one in new.items() if one.state == "sent"}
        assert sent >= SERVICES.keys() - PARTICULAR if end == "ok" else not sent
        tried = cli("channels", "test", "--json")
        assert any(row["accepted"] for row in tried.json()["channels"]) == (end == "ok")
        texts[f"tried at {level}"] = tried.out + tried.err
        told = log.getvalue()[start:]
        assert ("channel=json state=" in told) == (
            level in ("debug", "info") or (level == "warning" and end != "ok")
        )
        clock.move(days=1)

    answered = answers(cli)
    texts["out"], texts["err"] = capfd.readouterr()
    texts["log"] = log.getvalue()
    prompts = tuple(prompt.text for prompt in kept.app.rule("listen").prompts)
    assert hits(texts | answered, (*OF_ADDRESSES, *OF_THE_PERSON, *prompts)) == set()
    # The title is a setting, and shown as such.
    for command in ("config show", "config show --json"):
        answered.pop(command)
    assert hits(texts | answered, (TITLE,)) == set()
    tables: dict[str, str | bytes] = {
        path.name: path.read_bytes() for path in kept.home.glob("*.db*")
    }
    assert hits(tables, (*OF_ADDRESSES, TITLE, *prompts)) == set()
    if end in ("ok", "denied", "timeout"):
        # They were on the wire, so that there was something to tell.
        wire = "".join([*everywhere.texts(), *(path for path, _, _ in everywhere.requests)])
        wanted = (PLACE, QUERY, HEADER, TOPIC, TOKEN, TITLE)
        assert [word for word in wanted if word.lower() not in wire.lower()] == []


def raises(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let every service raise, with all that it knows in what it says."""
    from apprise.plugins.base import NotifyBase

    def notify(self: URLBase, *_arguments: object, **more: object) -> bool:
        raise RuntimeError(
            f"{self.url()} {' '.join(SERVICES.values())} {json.dumps(more, default=str)}"
        )

    monkeypatch.setattr(NotifyBase, "notify", notify)


BAD = {
    "key": '[channels.one]\nurl = "{url}"\ntokens = "{url}"\n',
    "type": '[channels.one]\nurl = ["{url}"]\n',
    "no scheme": '[channels.one]\nurl = "plantedTopic/{token}"\n',
    "long": '[channels.one]\nurl = "{url}{long}"\n',
    "syntax": '[channels.one]\nurl = "{url}\n',
    "unquoted": "[channels.one]\nurl = {url}\n",
    "top": 'url = "{url}"\n',
    "name": '[channels."{url}"]\nurl = "{url}"\n',
    "title": '[reminders]\ntitle = "{long}{url}"\n',
    "env": '[channels.one]\nurl = "env:{token} {url}"\n',
}


@pytest.mark.parametrize("how", BAD)
def test_a_settings_file_that_is_wrong_tells_no_value(
    kept: Kept, cli: Run, log: io.StringIO, capfd: pytest.CaptureFixture[str], how: str
) -> None:
    url = SERVICES["json"].format(port=9, smtp=9)
    kept.configure(BAD[how].format(url=url, token=TOKEN, long="x" * 4000))
    texts = answers(cli)
    for level in LEVELS:
        log_to(log, level)
        for command in ("channels test", "today") if how == "env" else ("daemon run", "start"):
            said = cli(*command.split())
            texts[f"{command} at {level}"] = said.out + said.err
            assert said.code != 0 or command == "today"
    texts["out"], texts["err"] = capfd.readouterr()
    texts["log"] = log.getvalue()
    assert hits(texts, OF_ADDRESSES) == set()


@pytest.mark.parametrize("where", ["command", "thread"])
def test_a_fault_of_the_program_tells_none(
    cli: Run,
    kept: Kept,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
    where: str,
) -> None:
    from reconnect.reminders import channels

    def fails(*_arguments: object) -> None:
        raise RuntimeError(SERVICES["json"])

    if where == "command":
        monkeypatch.setattr(channels, "shown_url", fails)
        said = cli("channels")
    else:
        from reconnect.reminders.deliver import Sender

        monkeypatch.setattr(Sender, "send", fails)
        said = cli("channels", "test")
    assert said.code == 1
    texts: dict[str, str | bytes] = {"said": said.out + said.err, "fd": "".join(capfd.readouterr())}
    assert hits(texts, OF_ADDRESSES) == set()
    until(lambda: threading.active_count() < 50)
    assert sys.exc_info() == (None, None, None)
