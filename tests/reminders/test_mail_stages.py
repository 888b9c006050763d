"""A mail server that refuses, hangs or hangs up, at each stage: only after DATA it may have it."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import pytest
from tests.reminders.script import ANSWERS

from reconnect.reminders.deliver import Sender
from reconnect.reminders.outcomes import kind_of

if TYPE_CHECKING:
    from tests.reminders.script import Script


@pytest.mark.parametrize("stage", [*ANSWERS])
@pytest.mark.parametrize("answer", [None, ""])
def test_one_that_hangs_or_hangs_up(script: Script, stage: str, answer: str | None) -> None:
    script.answers[stage] = answer
    user = "me:secret@" if stage == "auth" else ""
    outcome = Sender(io.StringIO()).send(script.url(user=user), "t", "b", "key")
    if stage == "quit":
        assert outcome.accepted
        return
    after = {None: "timeout", "": "cut-off"}[answer]
    assert outcome.code == (after if stage in ("data", "end") else "no-service")
    assert kind_of(outcome.code) == ("unsure" if stage in ("data", "end") else "down")


@pytest.mark.parametrize("stage", ["greet", "mail", "rcpt", "data", "end"])
@pytest.mark.parametrize(
    ("answer", "code"),
    [
        ("451 4.7.0 Temporary authentication failure", "mail-451"),
        ("421 4.3.2 shutting down, connection closed", "mail-421"),
        ("450 4.7.1 greylisted, connection refused for five minutes", "mail-450"),
        ("554 5.7.1 the policy server timed out, see (450, 'x')", "mail-554"),
        ("530 5.7.0 log in first", "not-allowed"),
    ],
)
def test_its_code_counts_and_not_its_words(
    script: Script, stage: str, answer: str, code: str
) -> None:
    script.answers[stage] = answer
    assert Sender(io.StringIO()).send(script.url(), "t", "b", "key").code == code


@pytest.mark.parametrize(
    ("answer", "code"),
    [("454 later", "mail-454"), ("535 no", "not-allowed"), ("421 b", "mail-421")],
)
def test_what_it_says_of_a_password(script: Script, answer: str, code: str) -> None:
    script.answers["auth"] = answer
    assert Sender(io.StringIO()).send(script.url(user="me:x@"), "t", "b", "key").code == code
