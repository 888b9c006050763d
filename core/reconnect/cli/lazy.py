"""A group whose commands are imported when they are run, and whose help needs none of them."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from collections.abc import Mapping


class LazyGroup(click.Group):
    """A click group with a table: name -> (module, short help)."""

    extra_heading = "Commands of rules"

    def __init__(self, *args: Any, lazy: Mapping[str, tuple[str, str]], **kwargs: Any) -> None:
        """Know the commands by name, where they are, and what they are for."""
        super().__init__(*args, **kwargs)
        self.lazy = lazy

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Names, in the order of the table."""
        return [*self.lazy, *self.extra_commands(ctx)]

    def extra_commands(self, ctx: click.Context) -> dict[str, str]:
        """More commands and their short help, known only at run time."""
        return {}

    def extra_rows(self, ctx: click.Context) -> dict[str, str]:
        """How these are listed in the help."""
        return self.extra_commands(ctx)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import the command's module."""
        if cmd_name in self.lazy:
            module = import_module(self.lazy[cmd_name][0])
            command: click.Command = getattr(module, f"{cmd_name.replace('-', '_')}_command")
            return command
        return self.extra_command(ctx, cmd_name)

    def extra_command(self, ctx: click.Context, name: str) -> click.Command | None:
        """Build a command known only at run time."""
        return None

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands by what the table says of them."""
        own = {name: text for name, (_, text) in self.lazy.items()}
        extra = self.extra_rows(ctx)
        for heading, texts in (("Commands", own), (self.extra_heading, extra)):
            if texts:
                with formatter.section(heading):
                    formatter.write_dl(list(texts.items()))

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[Any]:
        """Complete names without importing what they name."""
        from click.shell_completion import CompletionItem

        texts = {name: text for name, (_, text) in self.lazy.items()} | self.extra_commands(ctx)
        items = [
            CompletionItem(name, help=text)
            for name, text in texts.items()
            if name.startswith(incomplete)
        ]
        return [*items, *click.Command.shell_complete(self, ctx, incomplete)]

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command; suggest the nearest name where there is none."""
        name = args[0] if args else ""
        command = self.get_command(ctx, name)
        if command is not None:
            return name, command, args[1:]
        if not name.startswith("-") and not ctx.resilient_parsing:
            ctx.fail(unknown(name, self.list_commands(ctx), "command"))
        return super().resolve_command(ctx, args)


def unknown(name: str, known: list[str], what: str) -> str:
    """In words: no command 'lgo', did you mean log?"""
    from difflib import get_close_matches

    near = get_close_matches(name, known, 2, cutoff=0.5)
    return f"no {what} '{name}'" + (f", did you mean {' or '.join(near)}?" if near else "")
