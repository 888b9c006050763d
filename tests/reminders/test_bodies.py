"""What stands in a message: by role, and by how much may be said on its channel."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from reconnect.habits.record import record
from reconnect.review.digest import digest_text

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.reminders.keeping import Kept, Planted
    from tests.reminders.live import Receiver


def said(kept: Kept, receiver: Receiver, body: str | None = None, **changes: object) -> str:
    """What a reminder of noon says."""
    more = f'body = "{body}"\n' if body else ""
    kept.configure(
        f'[person]\ntimezone = "Europe/Berlin"\n[channels.hook]\nurl = "{receiver.url}"\n{more}'
    )
    kept.remind("12:05", **changes)
    kept.shown.set("2026-11-23T12:05:00+01:00")
    kept.deliver()
    (post,) = receiver.posts
    assert post.title == "A moment for us"
    return post.body


def prompts(kept: Kept) -> set[str]:
    return {prompt.text for prompt in kept.app.rule("listen").prompts}


@pytest.mark.parametrize("body", [None, "prompt"])
def test_a_prompt_and_nothing_that_names_it(kept: Kept, receiver: Receiver, body: str) -> None:
    text, answer = said(kept, receiver, body).split("\n\n")
    assert text in prompts(kept)
    assert answer == "reconnect today"


def test_in_full_it_says_how_to_log_it(kept: Kept, receiver: Receiver) -> None:
    text, answer = said(kept, receiver, "full").split("\n\n")
    assert text in prompts(kept)
    assert answer == "reconnect log listen"


def test_a_nudge_says_only_that_there_is_something(kept: Kept, receiver: Receiver) -> None:
    assert said(kept, receiver, "nudge") == "A small moment is waiting for you.\n\nreconnect today"
    assert kept.deliveries()[0].prompt is None


def test_a_nudge_keeps_a_text_of_ones_own_to_itself(kept: Kept, receiver: Receiver) -> None:
    assert "PlantedText" not in said(kept, receiver, "nudge", text="PlantedText")


def test_no_plugin_makes_a_nudge_tell_more(
    kept: Kept, receiver: Receiver, plant: Callable[..., Planted]
) -> None:
    loud = plant("loud", """
@hookimpl
def reconnect_before_reminder(message):
    return msgspec.structs.replace(message, title="PlantedTitle", body="PlantedBody")
""")  # fmt: skip
    assert "Planted" not in said(kept, receiver, "nudge", habit=loud.habit)


def test_the_evening_asks_whether_it_was_done(kept: Kept, receiver: Receiver) -> None:
    question, prompt, answer = said(kept, receiver, role="log").split("\n\n")
    assert question == "Did you, today? Each answer counts."
    assert prompt in prompts(kept)
    assert answer == "reconnect today"


def test_in_full_the_evening_names_it(kept: Kept, receiver: Receiver) -> None:
    question, _, answer = said(kept, receiver, "full", role="log").split("\n\n")
    assert question == f"Did you? {kept.habit.title}."
    assert answer == "reconnect log listen  or  reconnect skip listen"


def test_the_week_is_counts_alone(kept: Kept, receiver: Receiver) -> None:
    rule = kept.app.rule("listen")
    for minutes in (8, 9):
        record(
            kept.db, kept.person, kept.habit, rule, kept.now, kind="done",
            fields={"minutes": minutes}, note="Sample: PlantedNote",
        )  # fmt: skip
    text = said(kept, receiver, "full", role="digest")
    assert text == digest_text(kept.db, kept.person, kept.app.today)
    assert "Planted" not in text


def test_an_empty_week_is_not_counted(kept: Kept, receiver: Receiver) -> None:
    text = said(kept, receiver, role="digest")
    assert "0" not in text
    assert text.endswith("reconnect review")


def test_a_nudge_does_not_count_the_week(kept: Kept, receiver: Receiver) -> None:
    text = said(kept, receiver, "nudge", role="digest")
    assert text == "Ten minutes to look back?\n\nreconnect review"


def test_late_ones_in_full_are_named(kept: Kept, receiver: Receiver) -> None:
    for minute in range(4):
        kept.remind(f"11:0{minute}")
    kept.configure(f'[channels.hook]\nurl = "{receiver.url}"\nbody = "full"\n')
    kept.shown.set("2026-11-24T13:00:00+01:00")
    kept.deliver()
    (post,) = receiver.posts
    assert f"- {kept.habit.title}" in post.body
