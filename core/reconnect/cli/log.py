"""`log` and `skip`: one sub-command per habit, made from its rule's fields."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from reconnect.cli.app import App
from reconnect.cli.entry_options import entry_options, read_note
from reconnect.cli.lazy import LazyGroup
from reconnect.cli.output import style, talk

if TYPE_CHECKING:
    from collections.abc import Callable

    from reconnect.habits.record import Recorded
    from reconnect.model.habit import Entry, EntryKind, Habit
    from reconnect.model.rule import Field, Rule

HABIT = "HABIT [ARGS]..."
"""What follows the name of such a group, in its usage line."""


class HabitGroup(LazyGroup):
    """A group with one command per active habit of the person."""

    extra_heading = "Your habits"

    def build(self, app: App, habit: Habit, rule: Rule) -> click.Command:
        """The command of one habit."""
        raise NotImplementedError

    def extra_commands(self, ctx: click.Context) -> dict[str, str]:
        """Every habit's name and title."""
        from reconnect.store import habits

        app = ctx.ensure_object(App)
        return {h.name: h.title for h in habits.listed(app.looking, app.person.id)}

    def extra_command(self, ctx: click.Context, name: str) -> click.Command | None:
        """The command of one habit; an unknown name is not found (exit code 3)."""
        app = ctx.ensure_object(App)
        if ctx.resilient_parsing and name not in self.extra_commands(ctx):
            return None  # a word being completed need not be a habit
        habit = app.habit(name)
        return self.build(app, habit, app.rule_of(habit))


def save(app: App, habit: Habit, kind: EntryKind, options: dict[str, Any], **more: Any) -> Recorded:
    """Record an entry from a command's options."""
    from reconnect.habits.days import parse_day
    from reconnect.habits.record import record

    rule = app.rule_of(habit)
    day = parse_day(options["on"], app.today) if options["on"] is not None else app.today
    return record(
        app.db,
        app.person,
        habit,
        rule,
        app.now,
        kind=kind,
        day=day,
        landed=options.get("landed"),
        note=read_note(options["note"]),
        external_id=options["external_id"],
        **more,
    )


def tell_plugins(app: App, entry: Entry, *, taken_back: bool = False) -> None:
    """Let the plugin of the entry's rule hear of it; what it does wrong changes nothing else.

    It hears again of an entry that is sent again: the first time it may not have come to an end.
    """
    what = "taken_back" if taken_back else "recorded"
    if not app.catalog.implements(f"reconnect_entry_{what}", entry.rule):
        return
    from reconnect.cli.rule_session import Session
    from reconnect.rules.catalog import load_registry
    from reconnect.rules.dispatch import entry_recorded, entry_taken_back

    card = next(card for card in app.catalog.cards if card.rule_id == entry.rule)
    registry = load_registry(app.paths, only={card.found.name})
    hear = entry_taken_back if taken_back else entry_recorded
    hear(registry, entry, Session(app, entry.rule))
    stays = "the entry is gone all the same" if taken_back else "the entry is kept"
    for problem in registry.problems:
        talk(f"plugin {problem.plugin}: {problem.where}: {problem.why} ({stays})")


def tell(app: App, habit: Habit, recorded: Recorded, as_json: bool) -> None:
    """Say what was stored, and what the day came to."""
    from reconnect.cli import words
    from reconnect.habits.days import day_state
    from reconnect.store import entries

    entry = recorded.entry
    private = words.private_answers(entry, app.rule_of(habit))
    if as_json:
        from reconnect.cli.output import as_json as print_json

        print_json("entry", {"new": recorded.new, "entry": words.entry_json(entry, habit, private)})
        return
    if not recorded.new:
        talk(f"{habit.name}: this entry was logged before; nothing new was stored")
        return
    of_day = entries.between(app.db, app.person.id, entry.day, entry.day, habit_id=habit.id)
    state = day_state(habit, entry.day, of_day)
    mark = style(words.mark(state.state), fg=words.COLORS.get(state.state))
    talk(f"{mark} {habit.name}: {words.describe_entry(entry, habit, private)}")
    summary = words.day_summary(habit, state, app.today)
    if summary:
        talk(style(f"  {summary}", dim=True))


def _build_log(app: App, habit: Habit, rule: Rule) -> click.Command:
    from reconnect.habits.own_choices import with_own_choices
    from reconnect.habits.record import asked_fields

    rule = with_own_choices(app.looking, app.person.id, rule)
    fields = asked_fields(rule, habit)
    defining = next((field for field in fields if field.defines), None)

    def callback(as_json: bool, no: bool, value: str | None = None, **options: Any) -> None:
        answers = {field.id: options.pop(_parameter(field)) for field in rule.fields}
        if defining is not None and value is not None:
            if answers[defining.id] is not None:
                raise click.UsageError(f"{defining.id} is given twice")
            answers[defining.id] = value
        if not no and app.may_ask:
            # A list that is still empty leaves nothing to choose from.
            asked = [f for f in fields if f.choices or f.choices_from is None]
            answers |= _ask([field for field in asked if answers[field.id] is None])
        kind: EntryKind = "no" if no else "done"
        recorded = save(app, habit, kind, options, fields=answers)
        tell(app, habit, recorded, as_json)
        tell_plugins(app, recorded.entry)
        if rule.help and recorded.new and not as_json:
            from reconnect.cli.help_offer import offer_help_for

            offer_help_for(app, rule)

    parameters: list[click.Parameter] = [_option(field) for field in rule.fields]
    if defining is not None:
        complete = _choices_of(defining)
        value = click.Argument(
            ["value"], required=False, metavar=_metavar(defining), shell_complete=complete
        )
        parameters.insert(0, value)
    command = click.Command(
        habit.name,
        callback=callback,
        params=parameters,
        help=f"Log: {habit.title}.",
        epilog=f"Your cue: {habit.cue}" if habit.cue else None,
    )
    no_option = click.option("--no", is_flag=True, help="Record that it did not happen.")
    return no_option(entry_options(command))


def _build_skip(app: App, habit: Habit, rule: Rule) -> click.Command:
    def callback(as_json: bool, **options: Any) -> None:
        recorded = save(app, habit, "skip", options)
        tell(app, habit, recorded, as_json)
        tell_plugins(app, recorded.entry)

    text = f"Let {habit.name} rest for a day."
    return entry_options(click.Command(habit.name, callback=callback, help=text), landed=False)


def _option(field: Field) -> click.Option:
    from reconnect.habits.fields import expectation

    name = field.id.replace("_", "-")
    text = field.help or f"{field.ask} ({expectation(field)})"
    if field.type == "boolean":
        declared = [f"--{name}/--no-{name}", _parameter(field)]
        return click.Option(declared, default=None, help=field.help or field.ask)

    return click.Option(
        [f"--{name}", _parameter(field)], metavar=_metavar(field), help=text,
        shell_complete=_choices_of(field),
    )  # fmt: skip


def _choices_of(field: Field) -> Callable[[click.Context, click.Parameter, str], list[Any]]:
    def complete(_ctx: click.Context, _param: click.Parameter, incomplete: str) -> list[Any]:
        return [choice for choice in field.choices if choice.startswith(incomplete)]

    return complete


def _parameter(field: Field) -> str:
    return f"field_{field.id.replace('-', '_')}"


def _metavar(field: Field) -> str:
    if field.type in ("choice", "choices", "date", "text"):
        return field.type.removesuffix("s").upper()
    return (field.unit or ("PERCENT" if field.type == "percent" else "NUMBER")).upper()


def _ask(fields: list[Field]) -> dict[str, object]:
    from reconnect.errors import UsageError
    from reconnect.habits.fields import expectation, parse

    if fields:
        talk(style("Enter leaves a question out.", dim=True))
    answers: dict[str, object] = {}
    for field in fields:
        while True:
            question = f"{field.ask} [{expectation(field)}]"
            text = click.prompt(question, default="", show_default=False, err=True)
            if not text.strip():
                if not field.defines:
                    break
                talk(f"this one is needed: {expectation(field)}")
                continue
            try:
                answers[field.id] = parse(field, text)
            except UsageError as error:
                talk(str(error))
            else:
                break
    return answers


class _LogGroup(HabitGroup):
    def build(self, app: App, habit: Habit, rule: Rule) -> click.Command:
        return _build_log(app, habit, rule)


class _SkipGroup(HabitGroup):
    def build(self, app: App, habit: Habit, rule: Rule) -> click.Command:
        return _build_skip(app, habit, rule)


@click.group("log", cls=_LogGroup, lazy={}, subcommand_metavar=HABIT)
def log_command() -> None:
    """Log what you did: `reconnect log HABIT`, with the fields of its rule as options."""


@click.group("skip", cls=_SkipGroup, lazy={}, subcommand_metavar=HABIT)
def skip_command() -> None:
    """Let a day rest: a skip breaks nothing and counts for nothing."""
