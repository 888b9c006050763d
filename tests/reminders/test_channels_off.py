"""A channel that refuses for good is switched off; another one steps in and says so, once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from reconnect.store import channels

if TYPE_CHECKING:
    from tests.conftest import Run
    from tests.reminders.keeping import Kept
    from tests.reminders.live import Mailbox, Receiver

OFF = "does not take messages any more"


@pytest.fixture
def two(kept: Kept, receiver: Receiver, smtp: Mailbox) -> Kept:
    """The default channel refuses; mail is another one."""
    kept.configure(
        '[person]\ntimezone = "Europe/Berlin"\n[reminders]\nchannels = ["hook"]\n'
        f'fallback = ["mail"]\n[channels.hook]\nurl = "{receiver.url}"\n'
        f'[channels.mail]\nurl = "{smtp.url}"\n'
    )
    return kept


def bodies(smtp: Mailbox) -> list[str]:
    return [str(m.get_body(("plain",)).get_content()) for m in smtp.messages]  # type: ignore[union-attr]


def test_three_refusals_switch_it_off_and_the_other_one_tells_once(
    two: Kept, receiver: Receiver, smtp: Mailbox
) -> None:
    for minute in range(6):
        two.remind(f"12:{minute + 5:02}")
    receiver.behave(401)
    runner = two.runner()
    for _ in range(12):
        two.shown.move(minutes=1)
        two.deliver(runner)
    assert receiver.arrived == 3
    state = channels.states(two.db)[two.person.id, "hook"]
    assert (state.state, state.refusals, state.code, state.told) == ("off", 3, "http-401", True)
    # Nothing is missing: what was refused came by mail, and so does all that follows.
    assert len(smtp.messages) == 6
    assert [OFF in body for body in bodies(smtp)].count(True) == 1
    assert "hook" in next(body for body in bodies(smtp) if OFF in body)
    assert receiver.host not in "".join(bodies(smtp))
    states = [(d.channel, d.state, d.outcome) for d in two.deliveries()]
    assert states.count(("hook", "dead", "http-401")) == 3
    assert states.count(("mail", "sent", "accepted")) == 6


def test_what_still_waits_goes_the_other_way(two: Kept, receiver: Receiver, smtp: Mailbox) -> None:
    two.many(12, "2026-11-23T12:05")
    receiver.behave(404)
    two.shown.move(minutes=5)
    two.deliver()
    assert receiver.arrived == 3
    assert len(smtp.messages) == 12
    assert sum(d.outcome == "channel-off" for d in two.deliveries()) == 9
    keys = [m["Idempotency-Key"] for m in smtp.messages]
    assert len(set(keys)) == 12


def test_it_is_tried_again_after_a_day_and_is_on_again(
    two: Kept, receiver: Receiver, smtp: Mailbox
) -> None:
    two.many(4, "2026-11-23T12:05")
    receiver.behave(403)
    two.shown.move(minutes=5)
    runner = two.deliver()
    assert receiver.arrived == 3
    receiver.behave(200)
    two.shown.move(hours=23)
    two.deliver(runner)
    assert len(receiver.posts) == 0
    two.shown.move(hours=25)
    two.deliver(runner)
    assert len(receiver.posts) > 0
    assert channels.states(two.db)[two.person.id, "hook"].state == "on"


def test_the_only_channel_is_off_and_that_is_recorded(kept: Kept, receiver: Receiver) -> None:
    kept.many(5, "2026-11-23T12:05")
    receiver.behave(401)
    kept.shown.move(minutes=5)
    kept.deliver()
    assert receiver.arrived == 3
    assert sorted(kept.outcomes()) == [("dead", "channel-off")] * 2 + [("dead", "http-401")] * 3


def test_one_message_about_several_goes_the_other_way_whole(
    two: Kept, receiver: Receiver, smtp: Mailbox
) -> None:
    for number in range(5):
        two.remind(f"12:{number + 5:02}", f"FREQ=DAILY;COUNT={number + 1}")
    receiver.behave(410)
    two.shown.move(hours=3)  # all five are late
    two.deliver()
    (mail,) = smtp.messages
    assert "5" in str(mail.get_body(("plain",)).get_content())  # type: ignore[union-attr]
    assert sorted(d.state for d in two.deliveries()) == ["dead", "sent", *["suppressed"] * 5]


@pytest.mark.parametrize("chosen", ['["hook"]', '["hook", "mail"]'])
def test_one_message_about_several_goes_to_each_channel_once(
    kept: Kept, receiver: Receiver, smtp: Mailbox, chosen: str
) -> None:
    kept.configure(
        '[person]\ntimezone = "Europe/Berlin"\n[reminders]\n'
        f'channels = {chosen}\nfallback = ["mail", "hook"]\n'
        f'[channels.hook]\nurl = "{receiver.url}"\n[channels.mail]\nurl = "{smtp.url}"\n'
    )
    for number in range(5):
        kept.remind(f"12:{number + 5:02}", f"FREQ=DAILY;COUNT={number + 1}")
    receiver.behave(413)
    if chosen == '["hook"]':
        smtp.refusal = "552 too long"
    kept.shown.move(hours=3)
    runner = kept.runner()
    for _ in range(4):
        kept.deliver(runner)
    assert receiver.arrived == 1
    assert len(smtp.messages) == (not smtp.refusal)
    about = [d for d in kept.deliveries() if d.state != "suppressed"]
    assert sorted(d.channel for d in about) == ["hook", "mail"]
    assert {s.state for s in channels.states(kept.db).values()} == {"on"}


def test_doctor_says_which_channel_is_off(two: Kept, cli: Run) -> None:
    assert "is off" not in cli("doctor").out
    cli("channels", "off", "hook")
    assert "hook is off: you switched it off" in cli("doctor").out


def test_off_and_on_by_hand(two: Kept, receiver: Receiver, smtp: Mailbox, cli: Run) -> None:
    assert cli("channels", "off", "hook").code == 0
    assert "off already" in cli("channels", "off", "hook").err
    shown = cli("channels")
    assert "you switched it off" in shown.out
    rows = {row["channel"]: row for row in cli("channels", "--json").json()["channels"]}
    assert (rows["hook"]["state"], rows["mail"]["state"]) == ("off", "on")
    two.remind("12:05")
    two.shown.move(days=3, minutes=5)  # by hand it stays off
    two.deliver()
    assert receiver.arrived == 0
    assert len(smtp.messages) == 1
    assert OFF not in bodies(smtp)[0]  # whoever switched it off knows
    assert "is on again" in cli("channels", "on", "hook").err
    two.shown.move(days=1)
    two.deliver()
    assert len(receiver.posts) == 1


def test_what_waits_for_a_channel_that_is_switched_off_goes_the_other_way(
    two: Kept, receiver: Receiver, smtp: Mailbox, cli: Run
) -> None:
    two.remind("12:05")
    receiver.behave(500)
    two.shown.move(minutes=5)
    runner = two.deliver()
    assert cli("channels", "off", "hook").code == 0
    receiver.behave(200)
    two.shown.move(minutes=1)
    two.deliver(runner)
    two.deliver(runner)
    assert (len(receiver.posts), len(smtp.messages)) == (0, 1)
    states = {(d.channel, d.state, d.outcome) for d in two.deliveries()}
    assert states == {("hook", "dead", "channel-off"), ("mail", "sent", "accepted")}


@pytest.mark.parametrize("verb", ["on", "off"])
def test_no_such_channel(cli: Run, two: Kept, verb: str) -> None:
    tried = cli("channels", verb, "hok")
    assert tried.code == 3
    assert "did you mean hook?" in tried.err


def test_routes_by_rule_and_time_of_day(kept: Kept, receiver: Receiver, smtp: Mailbox) -> None:
    base = f'[channels.hook]\nurl = "{receiver.url}"\n[channels.mail]\nurl = "{smtp.url}"\n'
    route = '[[routes]]\nbetween = "22:00-07:00"\nchannels = ["mail"]\n'
    rule = '[[routes]]\nrules = ["listen"]\nchannels = ["hook"]\n'
    kept.configure(f'[person]\ntimezone = "Europe/Berlin"\n{base}{route}{rule}')
    runner = kept.runner()
    kept.remind("12:05")
    kept.remind("23:30")
    kept.remind("06:59")
    kept.remind("07:00")
    kept.remind("12:06", channels=("mail",))  # its own channels come first
    for _ in range(24):
        kept.shown.move(hours=1)
        kept.deliver(runner)
    found = sorted((d.occ_wall.strftime("%H:%M"), d.channel) for d in kept.deliveries())
    assert found == [
        ("06:59", "mail"), ("07:00", "hook"), ("12:05", "hook"), ("12:06", "mail"),
        ("23:30", "mail"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('[[routes]]\nchannels = ["nowhere"]\n', "no [channels.nowhere] in this file"),
        ("[[routes]]\nchannels = []\n", "routes"),
        ('[[routes]]\nbetween = "22-7"\nchannels = ["hook"]\n', "22:00-07:00"),
        ('[reminders]\nfallback = ["gone"]\n', "no [channels.gone] in this file"),
    ],
)
def test_a_route_that_leads_nowhere_is_named(kept: Kept, cli: Run, text: str, said: str) -> None:
    kept.configure(f'[channels.hook]\nurl = "json://localhost"\n{text}')
    tried = cli("config", "check")
    assert tried.code == 2
    assert said in tried.err + tried.out


def test_another_one_carries_what_waited_half_an_hour_for_one_that_is_down(
    two: Kept, receiver: Receiver, smtp: Mailbox
) -> None:
    for minute in (5, 6, 7, 40):
        two.remind(f"12:{minute:02}")
    receiver.behave(503)
    runner = two.runner()
    for _ in range(29):
        two.shown.move(minutes=1)
        two.deliver(runner)
    assert smtp.messages == []
    for _ in range(10):
        two.shown.move(minutes=1)
        two.deliver(runner)
    assert len(smtp.messages) == 3
    moved = [(d.channel, d.state, d.outcome) for d in two.deliveries()]
    assert moved.count(("hook", "dead", "http-503")) == 3
    # What falls due now waits half an hour of its own, and comes where it should.
    receiver.behave(200)
    for _ in range(40):
        two.shown.move(minutes=1)
        two.deliver(runner)
    states = [(d.channel, d.state, d.outcome) for d in two.deliveries()]
    assert states.count(("hook", "sent", "accepted")) == 1
    assert len(smtp.messages) == 3


def test_nor_does_it_wait_longer_for_one_that_wants_to_be_left_alone(
    two: Kept, receiver: Receiver, smtp: Mailbox
) -> None:
    two.remind("12:05", window_s=1200)
    receiver.headers = {"Retry-After": "7200"}
    receiver.behave(429)
    runner = two.runner()
    two.shown.move(minutes=5)
    two.deliver(runner)
    two.deliver(runner)
    assert len(smtp.messages) == 1
    states = [(d.channel, d.state, d.outcome) for d in two.deliveries()]
    assert states == [("hook", "expired", "http-429"), ("mail", "sent", "accepted")]


def test_what_may_have_arrived_goes_no_other_way(
    two: Kept, receiver: Receiver, smtp: Mailbox
) -> None:
    two.many(6, "2026-11-23T12:05")
    receiver.behave("cut")
    runner = two.runner()
    for _ in range(60):
        two.shown.move(minutes=1)
        two.deliver(runner)
    assert smtp.messages == []
