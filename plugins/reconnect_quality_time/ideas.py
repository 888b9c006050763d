"""`reconnect quality_time idea`: something for the next date, away from what was done lately."""

import random
import tomllib
from collections import Counter
from pathlib import Path

import click

from reconnect.api import RuleSession, pass_session, turned, windowed

RECENT = 56
"""Days within which an activity counts as done lately: eight weeks."""


@click.command("idea")
@click.option("--another", is_flag=True, help="Another one: this does not fit.")
@pass_session
def idea(session: RuleSession, another: bool) -> None:
    """Propose something for the next date. What you did lately comes up less."""
    done = Counter(
        str(entry.fields["activity"])
        for entry in windowed(session.history(), RECENT)
        if entry.fields.get("activity")
    )
    times = turned(session, "idea", on=another)
    # The same all day, until another is asked for; no idea comes twice on a day.
    draw = random.Random(session.today.isoformat())  # noqa: S311 - the same day, the same idea
    left = [(activity, text) for activity, texts in _ideas().items() for text in texts]
    for _ in range(times % len(left)):
        left.remove(_drawn(draw, left, done))
    activity, text = _drawn(draw, left, done)
    session.show(f"{activity}: {text}")


def _drawn(
    draw: random.Random, ideas: list[tuple[str, str]], done: Counter[str]
) -> tuple[str, str]:
    """One of the ideas; each time its activity was done lately makes it a quarter as likely."""
    return draw.choices(ideas, [4.0 ** -min(done[activity], 50) for activity, _ in ideas])[0]


def _ideas() -> dict[str, list[str]]:
    with Path(__file__).with_name("ideas.toml").open("rb") as file:
        return tomllib.load(file)
