"""No message makes a phone, or whoever reads it, fetch something from a third party."""

from __future__ import annotations

import html
import io
import re
from typing import TYPE_CHECKING
from urllib.parse import unquote

import apprise
import pytest
from tests.reminders.everywhere import Everywhere

from reconnect.reminders.deliver import Sender

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.reminders.live import Mailbox

# Every service of Apprise 2.2.0 that sends the address of an icon along, by itself or where the
# address asks for it; found by comparing what its 183 services send with and without one.
ICONS = {
    "bark": "bark://127.0.0.1/device",
    "cliq": "cliq://1001.2798931fdf4905dc5d37806b47d8253a.2d73063dae2ccf4a04810ddb0a1b2c3d/general",
    "discord": f"discord://{'i' * 24}/{'t' * 64}?format=markdown&footer=yes&image=yes",
    "firehydrant": "firehydrant://eyJhbGciOiJIUzI1NiJ9.eyJvcmdhbml6YXRpb25faWQiOiJh.Ab-Cd_EfGhIjKlM"
    "?image=yes",
    "flock": f"flock://{'t' * 24}?image=yes",
    "fluxer": f"fluxer://{'0' * 10}/{'B' * 40}?format=markdown&footer=yes&image=yes",
    "guilded": f"guilded://{'i' * 24}/{'t' * 64}?format=markdown&footer=yes&image=yes",
    "ilert": "ilert://il1api0123456789abcdef0123456789abcdef?image=yes",
    "join": f"join://{'a' * 32}?image=yes",
    "kodi": "kodi://127.0.0.1?image=yes",
    "line": "line://token=/target?image=yes",
    "matrix": f"matrixs://user@{'a' * 64}?mode=t2bot&image=yes",
    "mattermost": "mmost://127.0.0.1/3ccdd113474722377935511fc85d3dd4?image=yes",
    "notifiarr": "notifiarr://apikey/123?image=yes",
    "ntfy": "ntfy://127.0.0.1/topic",
    "onesignal": "onesignal://appid@apikey/playerid?image=yes",
    "pagerduty": "pagerduty://myroutekey@myapikey?image=yes",
    "pingram": "pingram://type@pingram_sk_abc123/user2@example.com",
    "pushward": "pushward://hlk_abc123",
    "revolt": f"revolt://{'i' * 24}/{'t' * 64}?format=markdown&image=yes",
    "rocketchat": "rocket://user:token@127.0.0.1/%23channel?mode=token&avatar=yes",
    "ryver": "ryver://apprise/ckhrjW8w672m6HG?image=yes",
    "slack": "slack://T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ/%23hmm?image=yes",
    "workflows": "workflows://host:443/workflow1b/signature/?image=yes",
    "youlmk": "youlmk://ylk_a1b2c3d4e5f6a7b8c9d0e1f2a3b4c5d6?image=yes",
}
# What people send to else, and what has no icon.
OTHERS = {
    "json": "json://127.0.0.1",
    "form": "form://127.0.0.1",
    "xml": "xml://127.0.0.1",
    "telegram": "tgram://123456789:abcdefg_hijklmnop/12315544/?image=no",
    "gotify": "gotify://127.0.0.1/abcdefghijklmn0",
    "pushover": f"pover://{'u' * 30}@{'a' * 30}",
    "signal": "signal://127.0.0.1/+15551234567",
    "homeassistant": "hassio://127.0.0.1/long-lived-token-of-some-length",
    "nextcloudtalk": "nctalk://user:pass@127.0.0.1/room",
    "webex": f"wxteams://{'a' * 80}",
    "pushbullet": "pbul://aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
    "whatsapp": "signal://127.0.0.1/+15551234567/+15557654321",
    "apprise": "apprise://127.0.0.1/token",
}
# Names of formats, which are read as names: nobody fetches them.
NAMES = (
    "http://schemas.xmlsoap.org/soap/envelope/", "http://www.w3.org/2001/XMLSchema",
    "https://raw.githubusercontent.com/caronc/apprise/master/apprise/assets/NotifyXML-1.1.xsd",
    "http://adaptivecards.io/schemas/adaptive-card.json",
)  # fmt: skip


@pytest.fixture
def everywhere(monkeypatch: pytest.MonkeyPatch) -> Iterator[Everywhere]:
    """Every web service, on loopback."""
    one = Everywhere(monkeypatch)
    yield one
    one.close()


def addresses(texts: list[str]) -> set[str]:
    """Web addresses that stand in what was sent, but the names of formats."""
    found = set()
    for text in texts:
        plain = html.unescape(unquote(text)).replace("\\/", "/")
        found |= set(re.findall(r"https?://[^\s\"'<>\\)]+", plain))
    return {one for one in found if not one.startswith(NAMES)}


@pytest.mark.parametrize("name", [*ICONS, *OTHERS])
def test_no_address_is_sent_along(everywhere: Everywhere, name: str) -> None:
    url = (ICONS | OTHERS)[name]
    sent = Sender(io.StringIO()).send(
        url, "A moment for us", "Eight quiet minutes\n\nreconnect today"
    )
    assert sent.code != "bad-url"
    assert everywhere.requests, "nothing was sent that could be looked at"
    assert any(
        "Eight quiet minutes" in unquote(text).replace("+", " ") for text in everywhere.texts()
    )
    assert addresses(everywhere.texts()) == set()


@pytest.mark.parametrize("name", ICONS)
def test_apprise_by_itself_would_send_one(everywhere: Everywhere, name: str) -> None:
    memory = apprise.PersistentStoreMode.MEMORY
    asset = apprise.AppriseAsset(service_timeout=0, storage_mode=memory)
    service = apprise.Apprise.instantiate(ICONS[name], asset=asset)
    assert service is not None
    service.notify(body="A text.", title="A title", body_format="text")
    assert any("github.com" in one for one in addresses(everywhere.texts()))


def test_a_mail_holds_no_address_either(smtp: Mailbox) -> None:
    assert Sender(io.StringIO()).send(smtp.url, "A moment for us", "A text.").accepted
    (message,) = smtp.messages
    assert addresses([message.as_string()]) == set()
