"""`prompt`: one prompt of a rule, now, and why this one."""

from __future__ import annotations

from typing import TYPE_CHECKING, get_args

import click

from reconnect.cli.app import App, pass_app
from reconnect.cli.complete import rules as complete_rules
from reconnect.cli.output import as_json as print_json
from reconnect.cli.output import data, json_option, talk
from reconnect.model.rule import Moment

if TYPE_CHECKING:
    from reconnect.model.history import PromptContext
    from reconnect.model.rule import Rule


@click.command("prompt")
@click.argument("rule", shell_complete=complete_rules)
@click.option("--moment", type=click.Choice(get_args(Moment)), help="For which moment.")
@click.option("--minutes", type=click.IntRange(1, 60), metavar="N", help="The time you have.")
@click.option("--why", is_flag=True, help="Say why this one was chosen.")
@json_option
@pass_app
def prompt_command(
    app: App, rule: str, moment: str | None, minutes: int | None, why: bool, as_json: bool
) -> None:
    """Show a prompt of a rule now; none comes twice until all that fit have been shown."""
    from reconnect.clock import to_ms
    from reconnect.errors import NotFoundError, ReconnectError
    from reconnect.model.prompts import explained
    from reconnect.rules.catalog import load_registry
    from reconnect.rules.dispatch import choose_prompt
    from reconnect.store import deliveries
    from reconnect.store.database import writing

    registry = load_registry(app.paths)
    if rule not in registry.rules:
        from reconnect.cli.lazy import unknown

        raise NotFoundError(unknown(rule, list(registry.rules), "rule"))
    known = registry.rules[rule]
    context = _context(app, known, list(registry.rules.values()), moment, minutes)
    chosen = choose_prompt(registry, rule, context)
    if chosen is None:
        raise ReconnectError(f"{rule} has no prompt for this")
    with writing(app.db):
        deliveries.count_shown(app.db, app.person.id, rule, chosen.id, to_ms(app.now))
    standard = explained(known.prompts, context)
    reasons = [f"moment: {' or '.join(context.moments)}"]
    if minutes is not None:
        reasons.append(f"at most {minutes} min")
    if standard is not None and standard.prompt.id == chosen.id:
        reasons.append(f"{standard.fitting} of {len(known.prompts)} fit")
        reasons.append(f"{standard.fresh} of those were shown {standard.times} times, the least")
        reasons.append(f"chance among them: {standard.chance:.0%}")
    else:
        reasons.append("chosen by the rule itself")
    if as_json:
        told = {"id": chosen.id, "text": chosen.text, "moment": chosen.moment}
        print_json("prompt", {"rule": rule, "prompt": told, "why": reasons})
        return
    data(chosen.text)
    if why:
        talk(f"{chosen.id}: {'; '.join(reasons)}")


def _context(
    app: App, rule: Rule, rules: list[Rule], moment: str | None, minutes: int | None
) -> PromptContext:
    from reconnect.habits.looking_back import history_of
    from reconnect.model.history import PromptContext, Signals
    from reconnect.reminders.moments import moments
    from reconnect.store import deliveries

    history = history_of(app.looking, app.person.id, rule.id, app.today, rules)
    shown = deliveries.shown_prompts(app.looking, app.person.id, rule.id)
    return PromptContext(
        day=app.today,
        # Asked again, it is another: what was shown is part of the seed.
        seed=f"{rule.id}|{app.today}|{sum(shown.values())}",
        moments=(moment,) if moment else moments(history, "do", app.today, None),
        minutes=minutes,
        shown=shown,
        signals=history.signals.get(app.today, Signals()),
        history=history,
        private=True,
    )
