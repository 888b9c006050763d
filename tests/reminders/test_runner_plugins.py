"""What plugins may do to a reminder, and what they cannot: stop it, or the others."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reconnect.rules.catalog import load_registry
from reconnect.rules.consent import read_choices

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.reminders.keeping import Kept, Planted
    from tests.reminders.live import Receiver

    Plant = Callable[..., Planted]

BEFORE = "@hookimpl\ndef reconnect_before_reminder(message):\n    "
TEXT = "A word of an outside author."


def test_a_plugin_speaks_for_its_own_rule_only(
    kept: Kept, receiver: Receiver, plant: Plant
) -> None:
    planted = plant("veto", BEFORE + 'return msgspec.structs.replace(message, veto="not today")')
    kept.remind("12:05", habit=planted.habit)
    kept.remind("12:05")
    kept.shown.move(minutes=5)
    kept.deliver()
    assert kept.outcomes() == [("suppressed", "vetoed"), ("sent", "accepted")]
    assert len(receiver.posts) == 1


def test_a_plugin_changes_what_is_said(kept: Kept, receiver: Receiver, plant: Plant) -> None:
    change = 'return msgspec.structs.replace(message, title="Tea?", body=message.body.upper())'
    planted = plant("loud", BEFORE + change)
    kept.remind("12:05", habit=planted.habit)
    kept.shown.move(minutes=5)
    kept.deliver()
    (post,) = receiver.posts
    assert (post.title, post.body) == ("Tea?", f"{TEXT.upper()}\n\nRECONNECT TODAY")


def test_a_plugin_that_fails_or_answers_junk_changes_nothing(
    kept: Kept, receiver: Receiver, plant: Plant
) -> None:
    raising = plant("raising", BEFORE + "raise ValueError(message.body)")
    junk = plant("junk", BEFORE + "return 42")
    for planted in (raising, junk):
        kept.remind("12:05", habit=planted.habit)
    kept.shown.move(minutes=5)
    kept.deliver()
    assert kept.outcomes() == [("sent", "accepted")] * 2
    assert {post.body for post in receiver.posts} == {f"{TEXT}\n\nreconnect today"}


def test_a_plugin_that_hangs_is_left_behind_and_then_turned_off(
    kept: Kept, receiver: Receiver, plant: Plant
) -> None:
    slow = plant("slow", BEFORE + "time.sleep(60)")
    for _ in range(5):
        kept.remind("12:05", rrule=f"FREQ=DAILY;COUNT={_ + 1}", habit=slow.habit)
    kept.remind("12:05")
    kept.shown.move(minutes=5)
    kept.deliver(kept.runner(seconds=0.1))
    assert kept.outcomes() == [("sent", "accepted")] * 6
    off = read_choices(kept.app.paths.plugin_choices).disabled["slow"]
    assert "turned off after 3 faults" in off
    # In its texts the rule goes on until the next start; then it reminds with the habit's title.
    assert sum(post.body.startswith(TEXT) for post in receiver.posts) == 5


def test_every_end_of_its_own_is_told(kept: Kept, receiver: Receiver, plant: Plant) -> None:
    told = kept.home / "told"
    ears = plant(
        "ears",
        "@hookimpl\ndef reconnect_after_delivery(delivered):\n"
        f"    with Path({str(told)!r}).open('a') as file:\n"
        "        file.write(f'{delivered.rule} {delivered.state} {delivered.outcome}\\n')",
    )
    urls = f'[channels.hook]\nurl = "{receiver.url}"\n[channels.gone]\nurl = "no://x"\n'
    kept.configure(f'[reminders]\nfallback = "none"\n{urls}')
    kept.remind("12:05", habit=ears.habit, channels=("hook",))
    kept.remind("12:05", habit=ears.habit, channels=("gone",))
    late = kept.remind("12:05", "FREQ=WEEKLY", habit=ears.habit, channels=("hook",))
    kept.remind("12:05")  # of another rule, which is not told of
    kept.shown.move(minutes=5)
    runner = kept.runner()
    runner._claimer.claim(0)
    kept.db.execute("UPDATE delivery SET expires_at = due WHERE reminder_id = ?", (late.id,))
    kept.deliver(runner)
    kept.run(runner, lambda: not runner._endings.kept)
    lines = sorted(told.read_text().splitlines())
    assert lines == ["ears dead bad-url", "ears expired too-late", "ears sent accepted"]


def test_other_plugins_can_be_taken_up_while_running(
    kept: Kept, receiver: Receiver, plant: Plant
) -> None:
    runner = kept.runner()
    planted = plant("later")
    kept.remind("12:05", habit=planted.habit)
    runner.take_up(load_registry(kept.app.paths, 5.0))
    kept.shown.move(minutes=5)
    kept.deliver(runner)
    assert receiver.posts[0].body.startswith(TEXT)
