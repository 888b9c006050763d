"""The digest's line: counts, an invitation, and not a word of what it is about."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from tests.review.conftest import SUNDAY
from tests.review.past import Past, app_now

from reconnect.review.digest import LONGEST, digest_text
from reconnect.store.database import writing

if TYPE_CHECKING:
    from reconnect.cli.app import App

END = "reconnect review"


def test_it_counts_the_week_that_the_review_shows(app: App) -> None:
    made = Past(app, SUNDAY - timedelta(days=13))
    with writing(app.db):
        made.adopt("listen")
        quiet = digest_text(app.db, app.person, SUNDAY)
        for back, landed in ((0, "warm"), (0, None), (2, "warm"), (8, "warm")):
            made.log("listen", SUNDAY - timedelta(days=back), fields={"minutes": 9},
                     landed=landed)  # fmt: skip
        made.log("listen", SUNDAY - timedelta(days=1), "lapse", lapse="half-listened")
    assert quiet.startswith("This week was a quiet one")
    text = digest_text(app.db, app.person, SUNDAY)
    assert text.startswith("This week: 3 small acts on 2 days, 2 of them landed warm. ")
    monday = digest_text(app.db, app.person, SUNDAY + timedelta(days=1))
    assert monday.startswith("Last week: 3 small acts on 2 days")
    saturday = digest_text(app.db, app.person, SUNDAY - timedelta(days=1))
    assert saturday.startswith("Last week: 1 small act on 1 day, 1 of them landed warm")
    assert all(one.endswith(END) for one in (quiet, text, monday, saturday))


def test_it_is_short_and_neutral(effort: None) -> None:
    with app_now() as app:
        texts = [
            digest_text(app.db, app.person, SUNDAY - timedelta(days=back)) for back in range(280)
        ]
        titles = {rule.title for rule in app.catalog.rules()}
        titles |= {habit.title for rule in app.catalog.rules() for habit in rule.habits}
    for text in texts:
        assert len(text) <= LONGEST
        assert text.endswith(END)
        assert text.isprintable()
        assert not [title for title in titles if title in text]
        assert "slip" not in text
        assert "orchestra" not in text


def test_before_anything_is_adopted(app: App) -> None:
    assert digest_text(app.db, app.person, SUNDAY).endswith(END)
