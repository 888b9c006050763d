"""The options that every command which logs something shares."""

from __future__ import annotations

import sys

import click

from reconnect.cli.output import talk
from reconnect.errors import UsageError

_EDITOR = "\0editor"


def entry_options(command: click.Command, *, landed: bool = True) -> click.Command:
    """Add --on, --landed, --note, --id and --json to a command."""
    received = click.Choice(["warm", "neutral", "cold"])
    options = [
        click.Option(
            ["--on"],
            metavar="DAY",
            help="The day it counts for: yesterday, mon, -3, 2026-11-03.",
        ),
        click.Option(["--landed"], type=received, help="How it was received."),
        click.Option(
            ["--note"],
            is_flag=False,
            flag_value=_EDITOR,
            metavar="[-]",
            help="Add a note: alone it opens your editor, `--note -` reads it from stdin.",
        ),
        click.Option(
            ["--id", "external_id"],
            metavar="ID",
            help="An id from outside: sent twice, it is one entry.",
        ),
        click.Option(["--json", "as_json"], is_flag=True, help="Print the entry as JSON."),
    ]
    command.params += [option for option in options if landed or option.name != "landed"]
    return command


def read_note(given: str | None) -> str | None:
    """The note, from the editor, from stdin, or (with a word of warning) from the command line.

    Raises:
        UsageError: no editor, or stdin holds no text.
    """
    if given is None:
        return None
    if given == _EDITOR:
        return _from_editor()
    if given == "-":
        from reconnect.habits.text import NOTE_BYTES

        if sys.stdin is None:
            raise UsageError("--note -: standard input is closed")
        # One byte more than allowed is enough to refuse it; a gigabyte need not be read.
        given_bytes = sys.stdin.buffer.read(NOTE_BYTES + 1)
        if len(given_bytes) > NOTE_BYTES:
            raise UsageError(f"--note -: more than the {NOTE_BYTES:,} bytes that an entry can hold")
        try:
            text = given_bytes.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            raise UsageError(f"--note -: not UTF-8 text (byte {error.start})") from error
        return text.replace("\r\n", "\n").replace("\r", "\n")
    talk(
        "a note on the command line stays in your shell's history; `--note` alone opens the editor"
    )
    return given


def _from_editor() -> str | None:
    """Edit a private file; vim-like editors are told to leave no copies behind."""
    import os
    import shlex
    import subprocess
    import tempfile

    editor = os.environ.get("VISUAL") or os.environ.get("EDITOR") or "vi"
    words = shlex.split(editor)
    if os.path.basename(words[0]) in ("vi", "vim", "nvim"):
        words += ["-n", "-i", "NONE", "-c", "set nobackup nowritebackup noundofile"]
    with tempfile.TemporaryDirectory(prefix="reconnect-") as folder:
        path = os.path.join(folder, "note.txt")
        os.close(os.open(path, os.O_CREAT | os.O_WRONLY, 0o600))
        try:
            done = subprocess.run([*words, path], check=False)  # noqa: S603 - the person's editor
        except OSError as error:
            raise UsageError(
                f"the editor '{editor}' cannot be started ({error.strerror}): set EDITOR, or use "
                "--note -"
            ) from error
        if done.returncode != 0:
            raise UsageError(f"the editor ended with code {done.returncode}: nothing was logged")
        with open(path, encoding="utf-8", errors="replace") as file:
            return file.read()
