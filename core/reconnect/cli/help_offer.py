"""Offer professional help where a rule's condition for it is met: kindly, once a month at most."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reconnect.cli.output import style, talk, wrapped

if TYPE_CHECKING:
    from reconnect.cli.app import App
    from reconnect.model.rule import Rule


def offer_help_for(app: App, rule: Rule) -> bool:
    """Show the rule's help if it is due now; whether it was shown."""
    if not rule.help:
        return False
    from reconnect.habits.helping import offer_help
    from reconnect.habits.looking_back import history_of
    from reconnect.store.database import writing

    window = max(offer.window for offer in rule.help)
    history = history_of(app.db, app.person.id, rule.id, app.today, (), days=window)
    with writing(app.db):
        offered = offer_help(app.db, app.person.id, rule, history, app.now)
    if offered is None:
        return False
    for paragraph in offered.text.strip().split("\n\n"):
        talk("\n" + wrapped(" ".join(paragraph.split())))
    if offered.look_for:
        talk("\n" + style("What to look for:", bold=True))
        for line in offered.look_for:
            talk(f"  - {line}")
    return True
