"""`reconnect`: the table of commands, and the one place where errors become exit codes."""

from __future__ import annotations

import gc
import os
import sys
from io import TextIOWrapper
from typing import NoReturn

import click

from reconnect import __version__
from reconnect.cli.app import App
from reconnect.cli.lazy import LazyGroup
from reconnect.cli.output import talk, traceback_wanted, wants_color
from reconnect.errors import ReconnectError

_CLI = "reconnect.cli"
_COMPLETE = "_RECONNECT_COMPLETE"
_JOINING = "\u200c\u200d\u200e\u200f"
"""Parts of emoji and of right-to-left text, which nobody sees by themselves."""

_HAS_WORK_AT_EXIT = frozenset({"pluggy", "logging", "coverage"})
"""Modules that come with threads, plugins or handlers, which may have something left to do."""

COMMANDS = {
    "start": (f"{_CLI}.start", "Set up, remind, and keep running: the whole thing in one command."),
    "init": (f"{_CLI}.init", "Set up without starting: settings, a channel, first habits."),
    "today": (f"{_CLI}.today", "Show what is due today, what is done, and what comes next."),
    "ask": (f"{_CLI}.ask", "Answer what is open today, a key each."),
    "week": (f"{_CLI}.week", "Show the last seven days as a grid."),
    "log": (f"{_CLI}.log", "Log what you did."),
    "lapse": (f"{_CLI}.lapse", "Log a slip, and see the way back."),
    "skip": (f"{_CLI}.log", "Let a day rest without breaking anything."),
    "undo": (f"{_CLI}.undo", "Take back the entry logged last."),
    "history": (f"{_CLI}.history", "Show what was logged, day by day."),
    "rules": (f"{_CLI}.rules", "Show the rules there are, or one of them whole."),
    "metrics": (f"{_CLI}.metrics", "Answer a rule's questions about what you did."),
    "chart": (f"{_CLI}.chart", "Draw a habit's year, its strength, a metric: here or as SVG."),
    "review": (f"{_CLI}.review", "Look back at a week, and choose one thing for the next."),
    "closeness": (f"{_CLI}.closeness", "Say how close you feel, once a week, with two circles."),
    "prompt": (f"{_CLI}.prompt", "Show a prompt of a rule now, and why this one."),
    "adopt": (f"{_CLI}.adopt", "Take up a habit of a rule."),
    "habits": (f"{_CLI}.habits", "List your habits; edit, archive or restore one."),
    "remind": (f"{_CLI}.remind", "List, add, change or remove reminders."),
    "snooze": (f"{_CLI}.snooze", "Put off the reminder that came last."),
    "pause": (f"{_CLI}.pause", "Let reminders rest, all or one habit's, now or from a day ahead."),
    "resume": (f"{_CLI}.pause", "Let reminders that rest come again."),
    "fade": (f"{_CLI}.fade", "Be reminded less of a habit that runs by itself."),
    "channels": (f"{_CLI}.channels", "List where reminders go; try one, switch one on or off."),
    "deliveries": (f"{_CLI}.deliveries", "Show what became of each reminder, and why."),
    "daemon": (f"{_CLI}.daemon", "Run, look at or stop the process that sends reminders."),
    "service": (f"{_CLI}.service", "Let the system start reminders at every login."),
    "plugins": (f"{_CLI}.plugins", "List plugins and their problems; enable or disable one."),
    "config": (f"{_CLI}.config", "Show where the settings are, and check them."),
    "demo": (f"{_CLI}.demo", "Look at everything with sample data; nothing of yours is touched."),
    "doctor": (f"{_CLI}.doctor", "Check everything, and say what to do."),
    "schema": (f"{_CLI}.schema", "Print the JSON Schema of what --json prints."),
    "help-lines": (f"{_CLI}.help_lines", "Afraid of your partner, or hurt? Who can help."),
    "completion": (f"{_CLI}.completion", "Print the completion script of your shell."),
}


class Reconnect(LazyGroup):
    """The top group: the table above, and what rules bring along."""

    def extra_commands(self, ctx: click.Context) -> dict[str, str]:
        """One group per rule that registers commands."""
        cards = ctx.ensure_object(App).catalog.cards
        return {
            card.rule_id: ", ".join(name for name, _ in card.commands)
            for card in cards
            if card.rule_id and card.commands and card.rule_id not in self.lazy
        }

    def extra_rows(self, ctx: click.Context) -> dict[str, str]:
        """Each command of a rule as it is typed."""
        cards, groups = ctx.ensure_object(App).catalog.cards, self.extra_commands(ctx)
        return {
            f"{card.rule_id} {name}": text
            for card in cards
            if card.rule_id in groups
            for name, text in card.commands
        }

    def extra_command(self, ctx: click.Context, name: str) -> click.Command | None:
        """The group of a rule's commands."""
        from reconnect.cli.rule_commands import explain_missing, rule_group

        if name in self.extra_commands(ctx):
            return rule_group(name)
        if not ctx.resilient_parsing:
            explain_missing(ctx.ensure_object(App).catalog.cards, name)
        return None


@click.group(
    cls=Reconnect,
    lazy=COMMANDS,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.version_option(__version__, prog_name="reconnect")
@click.option(
    "--color",
    type=click.Choice(["auto", "always", "never"]),
    default="auto",
    help="Colour the output.",
)
@click.option("--no-input", is_flag=True, help="Never ask; take defaults or fail.")
@click.pass_context
def reconnect(ctx: click.Context, color: str, no_input: bool) -> None:
    """Small acts that bring two people close again: adopt, be reminded, log, see."""
    ctx.color = wants_color(color)
    app = ctx.ensure_object(App)
    app.no_input = no_input
    ctx.call_on_close(app.close)


def main() -> NoReturn:
    """Run the command line and leave with its exit code."""
    os.umask(0o077)
    # Little of what a command makes is ever garbage: looking for it less often saves 3 ms of 70.
    gc.set_threshold(20_000)
    if isinstance(sys.stdout, TextIOWrapper) and sys.stdout.errors == "strict":
        # A letter that the terminal does not know becomes a question mark, and no error.
        sys.stdout.reconfigure(errors="replace")
    code = run(sys.argv[1:])
    try:
        if sys.stdout is not None:
            sys.stdout.flush()
    except OSError as error:
        code = _cannot_print(error)
    if _HAS_WORK_AT_EXIT & sys.modules.keys():
        sys.exit(code)
    # Taking the interpreter apart costs a short command a seventh of its time, and frees what the
    # system frees anyway: the output is written, the database is closed.
    os._exit(code)


def run(arguments: list[str]) -> int:
    """Run one command; every foreseen trouble becomes one line on stderr and an exit code."""
    if os.environ.get(_COMPLETE):
        return _complete()
    try:
        result = reconnect.main(arguments, prog_name="reconnect", standalone_mode=False)
        return result if isinstance(result, int) else 0
    except ReconnectError as error:
        talk(f"reconnect: {_one_line(str(error))}")
        return error.exit_code
    except click.ClickException as error:
        return _usage(error)
    except (click.Abort, KeyboardInterrupt):
        talk("\nstopped")
        return 130
    except OSError as error:
        return _cannot_print(error)
    except Exception as error:  # noqa: BLE001 - no traceback ever reaches a person unasked
        return _unforeseen(error)


def _complete() -> int:
    """Answer the shell. Whatever is wrong, its line is not the place to say so."""
    try:
        reconnect.main([], prog_name="reconnect", complete_var=_COMPLETE, standalone_mode=False)
    except SystemExit as answered:
        return answered.code if isinstance(answered.code, int) else 0
    except Exception:  # noqa: BLE001 - see above
        return 1
    return 0


def _one_line(text: str) -> str:
    """What a message quotes may hold line breaks and escapes: they stay out of the terminal."""
    return "".join(
        c if c.isprintable() or c in _JOINING else "\N{REPLACEMENT CHARACTER}"
        for c in " ".join(text.split())
    )


def _usage(error: click.ClickException) -> int:
    if isinstance(error, click.exceptions.NoArgsIsHelpError):
        talk(error.format_message())
        return error.exit_code
    context = getattr(error, "ctx", None)
    path = context.command_path if context else "reconnect"
    text = _one_line(error.format_message())
    talk(f"{path}: {text[:1].lower()}{text[1:].removesuffix('.')} (see `{path} --help`)")
    return error.exit_code


def _cannot_print(error: OSError) -> int:
    # What could not be flushed would be flushed once more at exit, and complain there.
    if isinstance(sys.stdout, TextIOWrapper):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    if not isinstance(error, BrokenPipeError):
        where = f"{error.filename}: " if error.filename else ""
        talk(f"reconnect: {where}{error.strerror or error}")
    return 1


def _unforeseen(error: Exception) -> int:
    import sqlite3

    if isinstance(error, sqlite3.Error):
        from reconnect.paths import find_paths
        from reconnect.store.database import translated

        known = translated(error, find_paths().database)
        talk(f"reconnect: {known}")
        return known.exit_code
    if traceback_wanted():
        raise error
    # Not what it says: that may quote an address, or what a person wrote.
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    where = trace and f" ({os.path.basename(trace.tb_frame.f_code.co_filename)}, {trace.tb_lineno})"
    talk(
        f"reconnect: unexpected {type(error).__name__}{where or ''}. This is a bug: report it. Run "
        "again with RECONNECT_TRACEBACK=1 to see more; that may show what you wrote."
    )
    return 1
