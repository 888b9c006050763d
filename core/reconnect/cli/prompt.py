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
    from collections.abc import Sequence

    from reconnect.model.history import PromptContext
    from reconnect.model.rule import Prompt, Rule


@click.command("prompt")
@click.argument("rule", shell_complete=complete_rules)
@click.option("--moment", type=click.Choice(get_args(Moment)), help="For which moment.")
@click.option("--habit", metavar="HABIT", help="For which of its habits; yours if left out.")
@click.option("--minutes", type=click.IntRange(1, 60), metavar="N", help="The time you have.")
@click.option("--why", is_flag=True, help="Say why this one was chosen.")
@json_option
@pass_app
def prompt_command(
    app: App,
    rule: str,
    moment: str | None,
    habit: str | None,
    minutes: int | None,
    why: bool,
    as_json: bool,
) -> None:
    """Show a prompt of a rule now; none comes twice until all that fit have been shown."""
    from reconnect.clock import to_ms
    from reconnect.errors import NotFoundError, ReconnectError
    from reconnect.rules.catalog import load_registry
    from reconnect.rules.dispatch import choose_prompt
    from reconnect.store import prompts_shown
    from reconnect.store.database import writing

    registry = load_registry(app.paths)
    if rule not in registry.rules:
        from reconnect.cli.lazy import unknown

        raise NotFoundError(unknown(rule, list(registry.rules), "rule"))
    known = registry.rules[rule]
    template = _template(app, known, habit)
    context = _context(app, known, list(registry.rules.values()), template, moment, minutes)
    chosen = choose_prompt(registry, rule, context)
    if chosen is None:
        raise ReconnectError(f"{rule} has no prompt for this")
    with writing(app.db):
        prompts_shown.count_shown(app.db, app.person.id, rule, chosen.id, to_ms(app.now))
    offered = registry.ask(rule, "prompts_for", lambda r: r.prompts_for(context), known.prompts)
    reasons = _reasons(known, offered, context, chosen)
    if as_json:
        told = {"id": chosen.id, "text": chosen.text, "moment": chosen.moment}
        print_json("prompt", {"rule": rule, "prompt": told, "why": reasons})
        return
    data(chosen.text)
    if why:
        talk(f"{chosen.id}: {'; '.join(reasons)}")


def _reasons(
    rule: Rule, offered: Sequence[Prompt], context: PromptContext, chosen: Prompt
) -> list[str]:
    """Why this one: what fits now, how often it was shown, and by what chance it was drawn."""
    from reconnect.model.prompts import explained

    reasons = [f"moment: {chosen.moment}", f"habit: {context.habit}"]
    if context.minutes is not None:
        reasons.append(f"at most {context.minutes} min")
    standard = explained(offered, context)
    if standard is None or standard.prompt.id != chosen.id:
        return [*reasons, "the rule itself had one for today"]
    return [
        *reasons,
        f"{standard.fitting} of {len(rule.prompts)} fit",
        f"{standard.fresh} of those were shown least, {_times(standard.times)}",
        f"its chance among them was {standard.chance:.0%}",
    ]


def _times(count: int) -> str:
    return {0: "never", 1: "once"}.get(count, f"{count} times")


def _template(app: App, rule: Rule, wanted: str | None) -> str:
    """The habit it is for, as the id of its template: the one that is named, or kept, or first."""
    from reconnect.habits.adopt import template_of
    from reconnect.store import habits

    kept = [h for h in habits.listed(app.looking, app.person.id) if h.rule == rule.id]
    starter = template_of(rule).id
    if wanted is None:
        own = [habit.template for habit in kept]
        return starter if starter in own or not own else own[0]
    named = next((habit.template for habit in kept if habit.name == wanted), wanted)
    return template_of(rule, named).id


def _context(
    app: App,
    rule: Rule,
    rules: list[Rule],
    habit: str,
    moment: str | None,
    minutes: int | None,
) -> PromptContext:
    from reconnect.habits.looking_back import history_of
    from reconnect.model.history import PromptContext, Signals
    from reconnect.reminders.moments import moment_for
    from reconnect.store import prompts_shown

    history = history_of(app.looking, app.person.id, rule.id, app.today, rules)
    shown = prompts_shown.shown_prompts(app.looking, app.person.id, rule.id)
    last = prompts_shown.last_shown(app.looking, app.person.id, rule.id)
    fitting = moment or moment_for(rule.prompts, habit, history, "do", app.today, last)
    return PromptContext(
        day=app.today,
        # Asked again, it is another: what was shown is part of the seed.
        seed=f"{rule.id}|{app.today}|{sum(shown.values())}",
        moments=(fitting,),
        habit=habit,
        minutes=minutes,
        shown=shown,
        signals=history.signals.get(app.today, Signals()),
        history=history,
        private=True,
    )
