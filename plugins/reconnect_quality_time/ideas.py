"""`reconnect quality_time idea`: something for the next date, away from what was done lately."""

import random

import click

from reconnect.api import RuleSession, pass_session

RECENT = 56
"""Days within which an activity counts as done lately: eight weeks."""

IDEAS = {
    "film": (
        "An old film that one of you loved at fifteen, with the snacks of that time",
        "The first film you saw together, once more, and see what you had forgotten",
        "A film in a language that neither of you speaks, and you make up the dialogue",
    ),
    "music": (
        "Three songs each from the year you met, played loud, no talking in between",
        "Learn one simple song together, however badly",
        "An evening in the dark with one whole album",
    ),
    "drive": (
        "Drive to a town that you only know from the sign, and have coffee there",
        "A drive at dusk without a goal: at each crossing you take turns to choose",
        "Go back to the street where one of you grew up",
    ),
    "walk": (
        "A walk in the first light, before anybody wants anything of you",
        "Walk for an hour in the rain and warm up afterwards",
        "Walk a way that you both know, the other way round",
    ),
    "meal": (
        "Cook something from a country where neither of you has been",
        "A picnic on the floor, with a cloth and the good glasses",
        "Breakfast for dinner, by candlelight",
    ),
    "game": (
        "A board game from childhood, by the rules of childhood",
        "A deck of cards, a kettle of tea, best of seven",
        "A puzzle that takes more than one evening, left on the table",
    ),
    "concert": (
        "A concert of a kind that you have never been to; the small hall around the corner will do",
        "Street musicians: sit down and stay for three songs",
        "A choir, a band or a school orchestra near you, free of charge",
    ),
    "outing": (
        "A museum for one hour: each shows the other a single thing",
        "A flea market with five coins each: find something for the other",
        "Swim somewhere, whatever the weather allows",
    ),
    "craft": (
        "Repair one thing in the home together that has waited for a year",
        "Draw each other in three minutes, no talent allowed",
        "Make a small box of photographs, and write the place and year on the back of each",
    ),
    "night-away": (
        "One night somewhere else, however near: a friend's spare room counts",
        "Sleep under the open sky, or at least on the balcony",
        "Swap homes with friends for a night",
    ),
}


@click.command("idea")
@click.option("--another", is_flag=True, help="Another one: this does not fit.")
@pass_session
def idea(session: RuleSession, another: bool) -> None:
    """Propose something for the next date. What you did lately comes up less."""
    today = session.today
    done: dict[str, int] = {}
    for entry in session.history().entries:
        activity = entry.fields.get("activity")
        if isinstance(activity, str) and (today - entry.day).days < RECENT:
            done[activity] = done.get(activity, 0) + 1
    key = today.isoformat()
    turned = int(session.get("turned", key).get("times", 0)) + another
    if another:
        session.put("turned", key, {"times": turned})
    draw = random.Random(f"{key}|{turned}")  # noqa: S311 - the same all day, until another is asked
    activities = list(IDEAS)
    weights = [4.0 ** -done.get(activity, 0) for activity in activities]
    activity = draw.choices(activities, weights)[0]
    session.show(f"{activity}: {draw.choice(IDEAS[activity])}")
