"""The commands that rules bring along: `reconnect RULE COMMAND`."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

import click

from reconnect.cli.app import App
from reconnect.cli.lazy import LazyGroup
from reconnect.errors import ReconnectError

if TYPE_CHECKING:
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
                built = registry.attempt(plugin, f"building the command {name}", command.build)
                if isinstance(built, click.Command):
                    return built
                if not plugin.problems:
                    kind = type(built).__name__
                    return _broken(card, name, f"gave {kind}, expected a click command")
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
            if _is_database(error) or os.environ.get("RECONNECT_TRACEBACK") == "1":
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


def _broken(card: Card, name: str, why: str) -> click.Command:
    def callback() -> None:
        raise ReconnectError(
            f"the command {name} of the plugin {_called(card)} is broken: {why}. See "
            "`reconnect plugins`."
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
