"""`reconnect inspire question`: one open question for the evening, the same all evening."""

import random
import re

import click

from reconnect.api import RuleSession, pass_session

RECENT = 14
"""A question that was asked within so many days is not offered again."""


@click.command("question")
@click.option("--another", is_flag=True, help="Another one: this does not fit tonight.")
@pass_session
def question(session: RuleSession, another: bool) -> None:
    """Offer one open question. Ask it, then listen: `reconnect log inspire asked` keeps it."""
    asked = {
        str(entry.fields["question"]).casefold()
        for entry in session.history().entries
        if entry.fields.get("question") and (session.today - entry.day).days < RECENT
    }
    questions = [q for q in _questions(session) if q.casefold() not in asked]
    order = random.Random(session.today.isoformat())  # noqa: S311 - the same all evening
    order.shuffle(questions)
    turned = int(session.get("turned", session.today.isoformat()).get("times", 0))
    if another:
        turned += 1
        session.put("turned", session.today.isoformat(), {"times": turned})
    session.show(questions[turned % len(questions)])


def _questions(session: RuleSession) -> list[str]:
    """What the rule's prompts say to ask, as in `Ask: what gives you energy these days?`."""
    found = set()
    for prompt in session.rule.prompts:
        asked = re.search(r"\b[Aa]sk\b[^:.]{0,40}: ([^?]{8,}\?)", prompt.text)
        if asked and prompt.moment == "before":
            found.add(asked[1][:1].upper() + asked[1][1:])
    return sorted(found)
