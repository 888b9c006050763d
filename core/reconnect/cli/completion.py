"""`completion`: print the script that lets a shell complete `reconnect`."""

from __future__ import annotations

import os

import click

from reconnect.cli.output import data, talk
from reconnect.errors import UsageError

_INSTALL = {
    "bash": 'put `eval "$(reconnect completion bash)"` into ~/.bashrc',
    "zsh": 'put `eval "$(reconnect completion zsh)"` into ~/.zshrc, after compinit',
    "fish": "put `reconnect completion fish | source` into ~/.config/fish/config.fish",
}


@click.command("completion")
@click.argument("shell", required=False, type=click.Choice(list(_INSTALL)))
@click.pass_context
def completion_command(ctx: click.Context, shell: str | None) -> None:
    """Print the completion script of your shell: bash, zsh or fish."""
    from click.shell_completion import get_completion_class

    shell = shell or _own_shell()
    kind = get_completion_class(shell)
    if kind is None:
        raise UsageError(f"no completion for {shell}: expected one of {', '.join(_INSTALL)}")
    root = ctx.find_root()
    script = kind(root.command, {}, "reconnect", "_RECONNECT_COMPLETE").source()
    data(script.rstrip())
    talk(f"To install it: {_INSTALL[shell]}")


def _own_shell() -> str:
    name = os.environ.get("SHELL", "").rpartition("/")[2]
    if name in _INSTALL:
        return name
    named = f"SHELL names {name}" if name else "SHELL is not set"
    raise UsageError(f"{named}: say which shell, {', '.join(_INSTALL)}")
