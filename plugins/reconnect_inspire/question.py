"""`reconnect inspire question`: one open question for the evening, the same all evening."""

import random
import re
from itertools import count
from math import gcd

import click

from reconnect.api import RuleSession, pass_session, turned

RECENT = 14
"""A question that was asked within so many days is not offered again."""

KEY = "question"


@click.command("question")
@click.option("--another", is_flag=True, help="Another one: this does not fit tonight.")
@pass_session
def question(session: RuleSession, another: bool) -> None:
    """Offer one open question. Ask it, then listen: `reconnect log inspire asked` keeps it."""
    asked = {
        _plain(str(entry.fields["question"]))
        for entry in session.history().entries
        # What is asked tonight stays tonight's question.
        if entry.fields.get("question") and 0 < (session.today - entry.day).days < RECENT
    }
    every, times = questions(session), turned(session, KEY, on=another)
    fresh = [one for one in every if _plain(one) not in asked] or every
    # One after the other by the day, so that the next days bring others; another lies far from it,
    # and turning on comes by all of them.
    far = next(n for n in count(len(fresh) // 2 + 1) if gcd(n, len(fresh)) == 1)
    session.show(fresh[(session.today.toordinal() + times * far) % len(fresh)])


def questions(session: RuleSession) -> list[str]:
    """What the rule's prompts say to ask, as in `Ask: what gives you energy these days?`."""
    found = set()
    for prompt in session.rule.prompts:
        asked = re.match(r"Ask: ([^?]{8,}\?)", prompt.text)
        if asked and prompt.habit == "open-question":
            found.add(asked[1][:1].upper() + asked[1][1:])
    every = sorted(found)
    random.Random(KEY).shuffle(every)  # noqa: S311 - in no particular order, but always the same
    return every


def _plain(text: str) -> str:
    return re.sub(r"\W+", " ", text.casefold()).strip()
