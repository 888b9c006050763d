"""The commands that rules bring along: `reconnect RULE COMMAND`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from reconnect.cli.app import App
from reconnect.cli.lazy import LazyGroup
from reconnect.cli.output import traceback_wanted
from reconnect.errors import NotFoundError, ReconnectError, UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from reconnect.rules.catalog import Card


def rule_group(rule_id: str) -> click.Group:
    """The group of one rule's commands; its help needs no plugin, a command only its own."""
    return RuleGroup(rule_id, lazy={})


class RuleGroup(LazyGroup):
    """Commands that the catalog knows by name and help, built by their plugin when they are run."""

    extra_heading = "Commands"

    def extra_commands(self, ctx: click.Context) -> dict[str, str]:
        """Names and help texts, as the plugin gave them."""
        card = self._card(ctx)
        return dict(card.commands) if card else {}

    def extra_command(self, ctx: click.Context, name: str) -> click.Command | None:
        """Let the plugin build the command; where it cannot, one that says why."""
        card = self._card(ctx)
        if card is None or name not in dict(card.commands):
            return None
        from reconnect.cli.rule_session import Session
        from reconnect.rules.catalog import load_registry
        from reconnect.rules.session import put_session

        app = ctx.ensure_object(App)
        # What click hands out as the context's object is the session, too: of the app beside it a
        # plugin knows nothing.
        ctx.obj = Session(app, self.name or "")
        put_session(ctx, ctx.obj)
        registry = load_registry(app.paths, only={card.found.name})
        plugin = registry.owner(self.name or "")
        if plugin is not None:
            for command in registry.commands(plugin):
                if command.name != name:
                    continue
                built = registry.built(plugin, command)
                if built is not None:
                    return built
        why = registry.problems[-1].why if registry.problems else "it is not there any more"
        return _broken(card, name, why)

    def format_help_text(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """What the rule is about."""
        rule = ctx.ensure_object(App).catalog.rule(self.name or "")
        self.help = rule.summary if rule else None
        super().format_help_text(ctx, formatter)

    def invoke(self, ctx: click.Context) -> Any:
        """Run a command; what its plugin does wrong is named as the plugin's."""
        try:
            return super().invoke(ctx)
        except (ReconnectError, click.ClickException, click.exceptions.Exit, click.Abort, OSError):
            raise
        except Exception as error:
            if _is_database(error) or traceback_wanted():
                raise
            from reconnect.rules.isolation import one_line

            card = self._card(ctx)
            raise ReconnectError(
                f"a command of the plugin {_called(card)} failed: {one_line(error)}. Tell its "
                "author; RECONNECT_TRACEBACK=1 shows where."
            ) from error

    def _card(self, ctx: click.Context) -> Card | None:
        cards = ctx.ensure_object(App).catalog.cards
        return next((card for card in cards if card.rule_id == self.name), None)


def explain_missing(cards: Sequence[Card], name: str) -> None:
    """Say why a rule, or the plugin of that name, has no commands; silent where it is unknown.

    Raises:
        NotFoundError: it does not run.
        ReconnectError: it is broken, or could not say which commands it has.
        UsageError: it has none.
    """
    from reconnect.rules.consent import LEFT_OUT
    from reconnect.rules.registry import BROKEN, COMMANDS

    for card in cards:
        plugin = card.found.name
        if name not in (plugin, card.rule_id):
            continue
        if card.off == BROKEN:
            raise ReconnectError(
                f"the plugin {_called(card)} is broken, so that its commands are not there: "
                f"{card.problems[-1].why}. `reconnect plugins disable {plugin}` is the way to live "
                "without it."
            )
        if card.off is not None:
            on = f"`reconnect plugins enable {plugin}`"
            todo = "" if on in card.off or card.off == LEFT_OUT else f": {on} turns it on"
            raise NotFoundError(f"the plugin {_called(card)} does not run ({card.off}){todo}")
        for problem in card.problems:
            if problem.where == COMMANDS:
                raise ReconnectError(
                    f"the plugin {_called(card)} could not say which commands it has: "
                    f"{problem.why}. Tell its author."
                )
        raise UsageError(
            f"{name} has no commands of its own: `reconnect rules {name}` shows what it is about"
        )


def _broken(card: Card, name: str, why: str) -> click.Command:
    def callback() -> None:
        raise ReconnectError(
            f"the command {name} of the plugin {_called(card)} is broken: {why}. See "
            "`reconnect plugins`, and tell its author."
        )

    return click.Command(
        name,
        callback=callback,
        help=f"Broken: {why}",
        context_settings={"ignore_unknown_options": True, "allow_extra_args": True},
    )


def _called(card: Card | None) -> str:
    return f"{card.found.name} {card.found.version}".rstrip() if card else "?"


def _is_database(error: Exception) -> bool:
    import sqlite3

    return isinstance(error, sqlite3.Error)
