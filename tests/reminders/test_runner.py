"""One step after the other, in this process, to a real receiver on loopback."""

from __future__ import annotations

import os
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from tests.reminders.live import plain_text

from reconnect.habits.adopt import archive
from reconnect.habits.record import record
from reconnect.model.history import PromptContext
from reconnect.model.prompts import fitting
from reconnect.reminders import manage

if TYPE_CHECKING:
    from pathlib import Path

    from tests.reminders.keeping import Kept
    from tests.reminders.live import Mailbox, Receiver


def texts(kept: Kept) -> dict[str, str]:
    """The prompts of listen, by id."""
    return {prompt.id: prompt.text for prompt in kept.app.rule("listen").prompts}


def test_it_says_a_prompt_and_nothing_that_tells(kept: Kept, receiver: Receiver) -> None:
    kept.remind("12:05")
    kept.shown.move(minutes=5)
    kept.deliver()
    (post,), (sent,) = receiver.posts, kept.deliveries()
    assert (sent.state, sent.outcome, sent.sent_at) == ("sent", "accepted", kept.now)
    assert post.key == sent.idem_key
    assert post.title == "A moment for us"
    text, answer = post.body.split("\n\n")
    assert text == texts(kept)[sent.prompt or ""]
    assert answer == "reconnect today"
    assert kept.habit.name not in post.title + answer
    assert kept.habit.title not in post.body


def test_a_title_of_ones_own(kept: Kept, receiver: Receiver) -> None:
    kept.configure(f'[channels.hook]\nurl = "{receiver.url}"\n[reminders]\ntitle = "Tea?"\n')
    kept.remind("12:05")
    kept.shown.move(minutes=5)
    kept.deliver()
    assert [post.title for post in receiver.posts] == ["Tea?"]


def test_by_mail(kept: Kept, smtp: Mailbox) -> None:
    kept.configure(f'[channels.mail]\nurl = "{smtp.url}"\n')
    kept.remind("12:05")
    kept.once("2026-11-23T12:05", text="Tea < coffee & cake?")
    kept.shown.move(minutes=5)
    kept.deliver()
    assert kept.outcomes() == [("sent", "accepted")] * 2
    keys = {d.idem_key for d in kept.deliveries()}
    assert {message["Idempotency-Key"] for message in smtp.messages} == keys
    assert {message["Subject"] for message in smtp.messages} == {"A moment for us"}
    mine = next(m for m in smtp.messages if "Tea" in plain_text(m))
    assert plain_text(mine).split() == ["Tea", "<", "coffee", "&", "cake?", "reconnect", "today"]
    # As HTML it would lose its line breaks, and what comes after "<".
    assert mine.get_content_type() == "text/plain"


def test_two_channels_say_the_same(kept: Kept, receiver: Receiver, smtp: Mailbox) -> None:
    kept.channels(hook=receiver.url, mail=smtp.url)
    kept.remind("12:05")
    kept.shown.move(minutes=5)
    kept.deliver()
    one, other = kept.deliveries()
    assert one.prompt == other.prompt
    assert plain_text(smtp.messages[0]).split() == receiver.posts[0].body.split()
    shown = kept.db.execute("SELECT prompt, times FROM prompt_shown").fetchall()
    assert shown == [(one.prompt, 1)]


def test_prompts_do_not_repeat_until_they_are_used_up(kept: Kept) -> None:
    kept.remind("12:05")
    runner = kept.runner()
    context = PromptContext(day=kept.app.today, seed="", habit=kept.habit.template, shown={})
    fit = {prompt.id for prompt in fitting(kept.app.rule("listen").prompts, context)}
    for _ in fit:
        kept.shown.move(days=1, minutes=5)
        kept.deliver(runner)
    assert len(fit) > 10
    assert {d.prompt for d in kept.deliveries() if d.state == "sent"} == fit


def test_many_at_one_instant_say_different_things(kept: Kept, receiver: Receiver) -> None:
    kept.many(12, "2026-11-23T12:05")
    kept.shown.move(minutes=5)
    kept.deliver()
    assert len({post.body for post in receiver.posts}) == 12


def test_another_try_says_the_same(kept: Kept, receiver: Receiver) -> None:
    kept.remind("12:05")
    kept.remind("12:10")
    receiver.behave(500)
    runner = kept.runner()
    kept.shown.move(minutes=5)
    kept.deliver(runner)
    first = kept.deliveries()[0]
    assert (first.state, first.outcome, first.attempts) == ("pending", "http-500", 1)
    assert timedelta(seconds=1) <= first.not_before - kept.now <= timedelta(seconds=15)
    receiver.behave(200)
    # Another occurrence, sent in between, gets another prompt.
    kept.shown.move(minutes=5)
    kept.deliver(runner)
    again, other = kept.deliveries()
    assert (again.state, again.prompt, again.attempts) == ("sent", first.prompt, 2)
    assert other.prompt != again.prompt
    assert [row[0] for row in kept.db.execute("SELECT code FROM attempt ORDER BY n, 1")] == [
        "accepted", "http-500", "accepted",
    ]  # fmt: skip
    times = kept.db.execute("SELECT times FROM prompt_shown").fetchall()
    assert times == [(1,), (1,)]


@pytest.mark.parametrize(
    ("behaviour", "code"), [(500, "http-500"), (503, "http-503"), ("refuse", "no-connection")]
)
def test_what_is_refused_is_sent_later(
    kept: Kept, receiver: Receiver, behaviour: int | str, code: str
) -> None:
    kept.remind("12:05")
    receiver.behave(behaviour)
    kept.shown.move(minutes=5)
    runner = kept.deliver()
    (one,) = kept.deliveries()
    assert (one.state, one.outcome) == ("pending", code)
    receiver.behave(200)
    kept.deliver(runner)
    assert kept.outcomes() == [("pending", code)]  # not before its time
    kept.shown.move(seconds=15)
    kept.deliver(runner)
    assert kept.outcomes() == [("sent", "accepted")]
    assert len(receiver.posts) == 1


def test_it_expires_when_nobody_ever_takes_it(kept: Kept, receiver: Receiver) -> None:
    kept.remind("12:05", window_s=3600)
    receiver.behave("refuse")
    runner = kept.runner()
    waits = []
    for _ in range(200):
        kept.shown.move(minutes=1)
        kept.deliver(runner)
        (one,) = kept.deliveries() or [None]
        if one is not None:
            waits.append(one.not_before - kept.now)
        if one is not None and one.state != "pending":
            break
    assert one is not None
    assert (one.state, one.outcome) == ("expired", "no-connection")
    assert kept.now <= one.expires_at + timedelta(minutes=30)  # at the latest, its rest over
    assert max(waits) <= timedelta(minutes=30)
    assert 3 <= one.attempts <= 40
    receiver.behave(200)
    kept.deliver(runner)
    assert receiver.posts == []


def test_what_comes_too_late_is_recorded(kept: Kept, receiver: Receiver) -> None:
    kept.remind("12:05", window_s=3600)
    receiver.behave(500)
    kept.shown.move(minutes=5)
    runner = kept.deliver()
    receiver.behave(200)
    kept.shown.move(hours=2)
    kept.deliver(runner)
    assert kept.outcomes() == [("expired", "http-500")]  # why it did not go in time
    assert receiver.posts == []


def test_what_is_done_is_not_asked_for(kept: Kept, receiver: Receiver) -> None:
    kept.remind("12:05")
    kept.once("2026-11-23T12:05", text="Come back now")
    rule = kept.app.rule("listen")
    record(kept.db, kept.person, kept.habit, rule, kept.now, kind="done", fields={"minutes": 20})
    kept.shown.move(minutes=5)
    kept.deliver()
    assert sorted(kept.outcomes()) == [("sent", "accepted"), ("suppressed", "done")]
    # A text of its own is a promise that logging does not keep.
    assert receiver.posts[0].body.startswith("Come back now\n")


def test_an_archived_habit_is_left_in_peace(kept: Kept, receiver: Receiver) -> None:
    kept.remind("12:05")
    kept.shown.move(minutes=5)
    receiver.behave(500)
    runner = kept.deliver()
    archive(kept.db, kept.habit, kept.now)
    receiver.behave(200)
    kept.shown.move(minutes=1)
    kept.deliver(runner)
    assert kept.outcomes() == [("suppressed", "archived")]


def test_a_removed_reminder_is_not_sent(kept: Kept, receiver: Receiver) -> None:
    reminder = kept.remind("12:05")
    kept.shown.move(minutes=5)
    receiver.behave(500)
    runner = kept.deliver()
    manage.remove(kept.db, reminder)
    receiver.behave(200)
    kept.shown.move(minutes=1)
    kept.deliver(runner)
    assert kept.outcomes() == [("suppressed", "removed")]
    assert receiver.posts == []


@pytest.mark.parametrize("url", ["nosuch://host/x", "json://", "mailto://127.0.0.1:1/?to=nobody"])
def test_an_address_that_cannot_be_used_is_given_up(kept: Kept, url: str) -> None:
    kept.configure(f'[channels.hook]\nurl = "{url}"\n')
    kept.remind("12:05")
    kept.shown.move(minutes=5)
    kept.deliver()
    assert kept.outcomes() == [("dead", "bad-url")]


def test_a_channel_that_is_gone_is_given_up(kept: Kept, receiver: Receiver) -> None:
    kept.remind("12:05", channels=("hook",))
    kept.configure(f'[channels.other]\nurl = "{receiver.url}"\n')
    kept.shown.move(minutes=5)
    kept.deliver()
    # Another one carries it.
    assert sorted(kept.outcomes()) == [("dead", "no-such-channel"), ("sent", "accepted")]


def test_a_channel_that_is_gone_may_have_no_other_instead(kept: Kept, receiver: Receiver) -> None:
    kept.remind("12:05", channels=("hook",))
    kept.configure(f'[reminders]\nfallback = "none"\n[channels.other]\nurl = "{receiver.url}"\n')
    kept.shown.move(minutes=5)
    kept.deliver()
    assert kept.outcomes() == [("dead", "no-such-channel")]


def test_a_secret_that_comes_later(
    kept: Kept, receiver: Receiver, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    secret = tmp_path / "url"
    kept.configure(f'[channels.a]\nurl = "env:HOOK"\n[channels.b]\nurl = "file:{secret}"\n')
    kept.remind("12:05")
    kept.shown.move(minutes=5)
    runner = kept.deliver()
    assert kept.outcomes() == [("pending", "no-secret")] * 2
    monkeypatch.setenv("HOOK", receiver.url)
    secret.touch(0o600)
    secret.write_text(receiver.url)
    kept.shown.move(seconds=15)
    kept.deliver(runner)
    assert kept.outcomes() == [("sent", "accepted")] * 2


def test_a_rule_that_is_gone_still_reminds(
    kept: Kept, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept.remind("12:05")
    kept.shown.move(minutes=5)
    monkeypatch.setenv("RECONNECT_PLUGINS", "")
    kept.deliver()
    assert receiver.posts[0].body == f"{kept.habit.title}\n\nreconnect today"
    assert os.environ["RECONNECT_PLUGINS"] == ""
