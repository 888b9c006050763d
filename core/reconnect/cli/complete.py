"""Names for the shell's completion: rules, their habits, and the habits that are kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

from click.shell_completion import CompletionItem

from reconnect.cli.app import App

if TYPE_CHECKING:
    import click


def rules(ctx: click.Context, _param: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Rules that can be adopted, with what they are about."""
    known = ctx.ensure_object(App).catalog.rules()
    return _fitting({rule.id: rule.summary for rule in known}, incomplete)


def templates(ctx: click.Context, _param: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """The habits that the rule named before teaches."""
    rule = ctx.ensure_object(App).catalog.rule(ctx.params.get("rule") or "")
    return _fitting({t.id: t.title for t in rule.habits} if rule else {}, incomplete)


def active(ctx: click.Context, _param: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Habits that are kept."""
    return _habits(ctx, incomplete, (False,))


def archived(ctx: click.Context, _param: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Habits that were put away."""
    return _habits(ctx, incomplete, (True,))


def every(ctx: click.Context, _param: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """All habits, those put away too."""
    return _habits(ctx, incomplete, (False, True))


def habits_and_rules(
    ctx: click.Context, param: click.Parameter, incomplete: str
) -> list[CompletionItem]:
    """Habits that are kept or put away, and the other rules there are."""
    own = every(ctx, param, incomplete)
    names = {item.value for item in own}
    return own + [item for item in rules(ctx, param, incomplete) if item.value not in names]


def metrics(ctx: click.Context, _param: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """The metrics of the rule, or of the habit's rule, named before."""
    from reconnect.store import habits

    app = ctx.ensure_object(App)
    # Where the line ends in an option without its value, click leaves the words before unnamed.
    name = ctx.params.get("name") or next(iter(ctx.args), "")
    known = habits.listed(app.looking, app.person.id, archived=True)
    rule = app.catalog.rule(next((h.rule for h in known if h.name == name), name))
    return _fitting({m.id: m.title for m in rule.metrics} if rule else {}, incomplete)


def reminders(ctx: click.Context, _param: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """The numbers of reminders that will come again, with what they are about."""
    from reconnect.cli.remind_words import when
    from reconnect.store import habits, reminders

    app = ctx.ensure_object(App)
    names = {h.id: h.name for h in habits.listed(app.looking, app.person.id, archived=True)}
    known = reminders.listed(app.looking, app.person.id)
    texts = {str(r.id): f"{names[r.habit_id]}, {when(r, app.person)}" for r in known}
    return _fitting(texts, incomplete)


def channels(ctx: click.Context, _param: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """The channels of config.toml, by name."""
    names = ctx.ensure_object(App).settings.channels
    return _fitting(dict.fromkeys([*names, "default"], ""), incomplete)


def snooze(ctx: click.Context, _param: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Until when; before that the habits that are kept."""
    until = {"20m": "", "1h": "", "tonight": "at 21:00", "tomorrow": "at the same time"}
    which = [] if ctx.params.get("what") else active(ctx, _param, incomplete)
    return [*which, *_fitting(until, incomplete)]


def _habits(ctx: click.Context, incomplete: str, wanted: tuple[bool, ...]) -> list[CompletionItem]:
    from reconnect.store import habits

    app = ctx.ensure_object(App)
    known = habits.listed(app.looking, app.person.id, archived=True)
    fitting = {h.name: h.title for h in known if (h.archived is not None) in wanted}
    return _fitting(fitting, incomplete)


def _fitting(texts: dict[str, str], incomplete: str) -> list[CompletionItem]:
    return [CompletionItem(n, help=text) for n, text in texts.items() if n.startswith(incomplete)]
