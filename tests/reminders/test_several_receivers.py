"""Several receivers of one address: who took a message does not get it with the next try."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import pytest
from tests.reminders.wire import Ntfy

from reconnect.reminders.deliver import Sender
from reconnect.reminders.outcomes import kind_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.reminders.live import Post
    from tests.reminders.script import Script


class Topics(Ntfy):
    """Answers for the topic `other` with `status` (None: not at all), for each other topic well."""

    status: int | None = 503

    def take(self, post: Post) -> int | None:
        super().take(post)
        return self.status if self.pushed[-1].topic == "other" else 200

    def got(self, topic: str) -> int:
        """How many messages came to a topic."""
        return sum(one.topic == topic for one in self.pushed)


@pytest.fixture
def topics(monkeypatch: pytest.MonkeyPatch) -> Iterator[Topics]:
    # Apprise would wait for some seconds between two topics.
    monkeypatch.setattr("apprise.plugins.ntfy.NotifyNtfy.request_rate_per_sec", 0)
    server = Topics()
    yield server
    server.close()


@pytest.mark.parametrize("order", ["moments/other", "other/moments"])
@pytest.mark.parametrize(
    ("status", "code"), [(503, "http-503"), (404, "http-404"), (None, "cut-off")]
)
def test_topics(topics: Topics, order: str, status: int | None, code: str) -> None:
    sender, topics.status = Sender(io.StringIO()), status
    url = f"ntfy://{topics.host}/{order}"
    for number in range(1, 4):
        assert sender.send(url, "t", "b", "key").code == code
        assert (topics.got("moments"), topics.got("other")) == (1, number)
    # Another message is for all of them, and so is what had no key.
    sender.send(url, "t", "b", "next")
    sender.send(url, "t", "b")
    assert topics.got("moments") == 3
    topics.status = 200
    assert sender.send(url, "t", "b", "key").accepted
    assert topics.got("moments") == 3


def test_who_was_reached_is_known_no_longer_than_it_is_needed(topics: Topics) -> None:
    sender = Sender(io.StringIO())
    url = f"ntfy://{topics.host}/moments/other"
    sender.send(url, "t", "b", "key")
    assert len(sender._reached._kept) == 1
    topics.status = 200
    sender.send(url, "t", "b", "key")
    assert sender._reached._kept == {}


def test_mail(script: Script) -> None:
    script.answers["bad"] = "450 later"
    sender = Sender(io.StringIO())
    url = script.url().replace("to=me@example.org", "to=me@example.org,bad@example.org")
    for _ in range(3):
        assert sender.send(url, "t", "b", "key").code == "mail-450"
    assert len(script.letters) == 1


@pytest.mark.parametrize(
    ("answer", "kind"), [("450 later", "unsure"), ("550 who is that", "permanent")]
)
def test_one_mail_for_two_of_whom_one_is_refused(script: Script, answer: str, kind: str) -> None:
    script.answers["bad"] = answer
    outcome = Sender(io.StringIO()).send(script.url("&cc=bad@example.org"), "t", "b", "key")
    assert kind_of(outcome.code) == kind
    assert len(script.letters) == 1
