"""Print: data to stdout, talk to stderr, JSON with a version, tables without escapes in pipes."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, Any

import click

from reconnect.errors import ReconnectError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import TextIO

    from reconnect.review.charts.look import Look

SCHEMA_VERSION = 1
"""The version of what `--json` prints. A key that is added does not raise it."""

json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON for programs.")


_LEAST_LAST = 20
"""So wide the last column of a table is at least, unless its texts are shorter."""

_ASCII = str.maketrans({"·": "-", "…": "."})
"""What stands for our own signs where the terminal has only ASCII; each as wide as its sign."""


def data(text: str) -> None:
    """Print what the command was asked for, to stdout."""
    if sys.stdout is None:
        raise ReconnectError("standard output is closed: there is nowhere to print to")
    click.echo(encodable(text, sys.stdout))


def talk(text: str, *, nl: bool = True, wrap: bool = False) -> None:
    """Say something about what was done, to stderr; without `nl` the line goes on.

    With `wrap` a terminal shows it broken at blanks.
    """
    if wrap and sys.stderr is not None and sys.stderr.isatty():
        text = wrapped(text)
    click.echo(encodable(text, sys.stderr), nl=nl, err=True)


def encodable(text: str, stream: TextIO | None) -> str:
    """The text with our own signs in ASCII, where the stream is not UTF-8."""
    return text if text.isascii() or speaks_utf8(stream) else text.translate(_ASCII)


def as_json(kind: str, content: dict[str, Any]) -> None:
    """Print one JSON object: `schema_version`, `kind`, and the content."""
    import msgspec

    whole = {"schema_version": SCHEMA_VERSION, "kind": kind, **content}
    text = msgspec.json.format(msgspec.json.encode(whole), indent=2).decode()
    if not speaks_utf8():
        import json

        text = json.dumps(json.loads(text), indent=2)
    data(text)


def table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Columns, two blanks apart, the header dim.

    On a terminal the last column is wrapped within itself, and what has no room at all stands
    below its row; in a pipe each row stays one line.
    """
    widths = [
        max(width_of(str(line[place])) for line in [header, *rows]) for place in range(len(header))
    ]
    before = sum(widths[:-1]) + 2 * len(widths[:-1])
    room = columns()
    if room is not None and before + min(widths[-1], _LEAST_LAST) > room:
        return _stacked(header, rows, widths, room)
    names = "  ".join(padded(name, width) for name, width in zip(header, widths, strict=True))
    lines = [style(names.rstrip(), dim=True)]
    for row in rows:
        cells = "".join(padded(c, w) + "  " for c, w in zip(row[:-1], widths, strict=False))
        last = row[-1]
        if room is not None:
            last = wrapped(row[-1], before).lstrip()
        lines.append(cells + last)
    return "\n".join(line.rstrip() for line in lines)


def _stacked(
    header: Sequence[str], rows: Sequence[Sequence[str]], widths: Sequence[int], room: int
) -> str:
    """As many columns as there is room for, and the others below each row, with their names."""
    beside = 1
    while sum(widths[: beside + 1]) + 2 * beside <= room:
        beside += 1

    def cells(row: Sequence[str]) -> str:
        shown = (padded(cell, width) for cell, width in zip(row[:beside], widths, strict=False))
        return "  ".join(shown).rstrip()

    lines = [style(cells(header), dim=True)]
    for row in rows:
        lines.append(cells(row))
        below = zip(header[beside:], row[beside:], strict=True)
        told = [f"{name}: {cell}" for name, cell in below if click.unstyle(cell) not in ("", "-")]
        lines += _packed(told, text_columns())
    return "\n".join(lines)


def _packed(parts: Sequence[str], room: int) -> list[str]:
    """Parts beside each other where they fit; one that needs more than a line has its own."""
    lines: list[str] = []
    for part in parts:
        if lines and width_of(f"{lines[-1]} · {part}") <= room:
            lines[-1] += f" · {part}"
        else:
            lines.append(f"  {part}")
    return [wrapped(line, 2, hanging=2) for line in lines]


def wrapped(text: str, indent: int = 0, *, hanging: int = 0) -> str:
    """Text in paragraphs, each broken into lines of the terminal's width (at most 100).

    `indent` blanks stand before each line, `hanging` more before each but the first. Only blanks
    are broken at: an option or an address that is cut in two cannot be copied.
    """
    room = text_columns()
    return "\n\n".join(
        "\n".join(_lines(part.split(), " " * indent, " " * (indent + hanging), room))
        for part in text.strip().split("\n\n")
    )


def _lines(words: Sequence[str], first: str, later: str, room: int) -> list[str]:
    lines = [first]
    for word in words:
        line = lines[-1]
        begun = len(line) > len(later if len(lines) > 1 else first)
        longer = f"{line} {word}" if begun else line + word
        if begun and width_of(longer) > room:
            lines.append(later + word)
        else:
            lines[-1] = longer
    return lines


def wrapped_parts(parts: Sequence[str], indent: int = 2) -> str:
    """Parts two blanks apart, none of them broken over two lines; `indent` blanks before each."""
    lines: list[str] = []
    for part in parts:
        if lines and width_of(f"{lines[-1]}  {part}") <= text_columns():
            lines[-1] += f"  {part}"
        else:
            lines.append(" " * indent + part)
    return "\n".join(lines)


def columns() -> int | None:
    """How many columns stdout has; None in a pipe, where a line may be of any length."""
    if sys.stdout is None or not sys.stdout.isatty():
        return None
    return _terminal()


def text_columns() -> int:
    """How wide running text may be: the terminal's columns, 100 at the most."""
    return min(_terminal(), 100)


def _terminal() -> int:
    """What shutil.get_terminal_size says, whose import takes 3 ms."""
    told = os.environ.get("COLUMNS", "")
    if told.isdecimal() and 0 < int(told) < 10_000:
        return int(told)
    for stream in (sys.__stdout__, sys.__stderr__):
        try:
            if stream is not None and (found := os.get_terminal_size(stream.fileno()).columns):
                return found
        except (OSError, ValueError):
            continue
    return 80


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


def speaks_utf8(stream: TextIO | None = None) -> bool:
    """Whether a stream (stdout unless told) takes every letter there is."""
    encoding = getattr(stream or sys.stdout, "encoding", None) or "utf-8"
    return encoding.lower().replace("-", "").replace("_", "").startswith("utf")


def look() -> Look:
    """What stdout can show: its width (20 to 120 columns), its colours, and whether it is UTF-8."""
    from reconnect.review.charts.look import Look

    out, context = sys.stdout, click.get_current_context(silent=True)
    chosen = None if context is None else context.color
    colored = chosen if chosen is not None else out is not None and out.isatty()
    known = os.environ.get("TERM", ""), os.environ.get("COLORTERM", "")
    many = (
        "256color" in known[0] or known[1] in ("truecolor", "24bit") or "WT_SESSION" in os.environ
    )
    return Look(
        width=max(20, min(_terminal(), 120)),
        colors=0 if not colored else 256 if many else 16,
        unicode=speaks_utf8(),
    )


def traceback_wanted() -> bool:
    """Whether the person asked for tracebacks, as authors of plugins do."""
    wanted = ("RECONNECT_TRACEBACK", "RECONNECT_PLUGINS_STRICT")
    return any(os.environ.get(name) == "1" for name in wanted)


def on_terminal() -> bool:
    """Whether somebody is there to be asked."""
    return bool(sys.stdin and sys.stdin.isatty() and sys.stderr and sys.stderr.isatty())


def width_of(text: str) -> int:
    """How many columns a text takes, its styles left out."""
    from reconnect.textfit import columns

    return columns(click.unstyle(text))


def padded(text: str, width: int) -> str:
    """The text with blanks after it, up to a width in columns."""
    return text + " " * (width - width_of(text))
