"""Print: data to stdout, talk to stderr, JSON with a version, tables without escapes in pipes."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, Any

import click

from reconnect.errors import ReconnectError

if TYPE_CHECKING:
    from collections.abc import Sequence

SCHEMA_VERSION = 1
"""The version of what `--json` prints. A key that is added does not raise it."""

json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON for programs.")


def data(text: str) -> None:
    """Print what the command was asked for, to stdout."""
    if sys.stdout is None:
        raise ReconnectError("standard output is closed: there is nowhere to print to")
    click.echo(text)


def talk(text: str) -> None:
    """Say something about what was done, to stderr."""
    click.echo(text, err=True)


def as_json(kind: str, content: dict[str, Any]) -> None:
    """Print one JSON object: `schema_version`, `kind`, and the content."""
    import msgspec

    whole = {"schema_version": SCHEMA_VERSION, "kind": kind, **content}
    data(msgspec.json.format(msgspec.json.encode(whole), indent=2).decode())


def table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Columns, two blanks apart, the header dim."""
    widths = [
        max(_width(str(line[place])) for line in [header, *rows]) for place in range(len(header))
    ]
    lines = [style("  ".join(_padded(h, w) for h, w in zip(header, widths, strict=True)), dim=True)]
    lines += ["  ".join(_padded(str(c), w) for c, w in zip(r, widths, strict=True)) for r in rows]
    return "\n".join(line.rstrip() for line in lines)


def style(text: str, **how: Any) -> str:
    """Style text for a terminal; click takes the escapes out where there is none."""
    return click.style(text, **how)


def wants_color(choice: str) -> bool | None:
    """What to set `ctx.color` to: click itself does not honour NO_COLOR."""
    if choice == "always":
        return True
    if choice == "never" or os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb":
        return False
    return None


def on_terminal() -> bool:
    """Whether somebody is there to be asked."""
    return bool(sys.stdin and sys.stdin.isatty() and sys.stderr and sys.stderr.isatty())


def _width(text: str) -> int:
    import unicodedata

    plain = click.unstyle(text)
    if plain.isascii():
        return len(plain)
    wide = sum(unicodedata.east_asian_width(c) in "WF" for c in plain)
    none = sum(unicodedata.combining(c) != 0 for c in plain)
    return len(plain) + wide - none


def _padded(text: str, width: int) -> str:
    return text + " " * (width - _width(text))
