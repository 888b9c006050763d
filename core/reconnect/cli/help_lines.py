"""`help-lines`: who helps people that are afraid, and how to leave no trace. It writes nothing."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

import click

from reconnect.cli.app import App, pass_app
from reconnect.cli.output import as_json as print_json
from reconnect.cli.output import data, json_option, style, wrapped
from reconnect.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from click.shell_completion import CompletionItem

    from reconnect.help_lines import Country, HelpLine
    from reconnect.paths import Paths

WRONG_TOOL = (
    "If you are afraid of your partner, this program is the wrong tool: it is made for two people "
    "who are safe with each other. What is done to you is not your fault, and no habit of yours "
    "will stop it. The people listed here are there for exactly this; many lines are free and do "
    "not ask for your name. In danger right now: call the police."
)
SEEN = (
    "Somebody who can see this computer can see what you look at on it. The phone of a friend or a "
    "computer in a library is safer."
)
NOT_CALLED = (
    "Not checked by us by calling: each number and address was taken from the page named with it, "
    "on the day that stands there, and was not called by us. What we read were stored copies of "
    "these pages, some of them years old. If one does not answer, try the next."
)
_ERASE = (
    "To erase everything that Reconnect keeps: stop it with `reconnect daemon stop`, then "
    "delete the directories named below; there is no command for it yet. The program itself "
    "goes with `pip uninstall reconnect`. Messages that it sent are still on the phone or in "
    "the mailbox. Think first whether somebody would notice that it is gone."
)
_NOT_THEIRS = "on a page of somebody else than the line: look it up first"
_HISTORY = {
    "bash": "your shell keeps the lines that you type: `history` shows them with their numbers, "
    "`history -d NUMBER` takes one out (look into ~/.bash_history too).",
    "zsh": "your shell keeps the lines that you type, in ~/.zsh_history: take this one out there, "
    "with an editor.",
    "fish": "your shell keeps the lines that you type: `history delete --contains help-lines`, "
    "typed with a blank before it, takes this one out.",
}
_POWERSHELL = (
    "PowerShell keeps the lines that you type, in the file that "
    "`(Get-PSReadLineOption).HistorySavePath` names: take this one out there, with an editor."
)
_SOME_SHELL = "your shell may keep the lines that you type: look with the arrow-up key."


def _countries(
    _ctx: click.Context, _param: click.Parameter, incomplete: str
) -> list[CompletionItem]:
    from click.shell_completion import CompletionItem

    from reconnect.help_lines import load_help_lines

    return [
        CompletionItem(country.code, help=country.name)
        for country in load_help_lines().countries
        if country.code.startswith(incomplete.upper())
    ]


@click.command("help-lines")
@click.argument("country", required=False, shell_complete=_countries)
@click.option("--all", "every", is_flag=True, help="Every country there is.")
@json_option
@pass_app
def help_lines_command(app: App, country: str | None, every: bool, as_json: bool) -> None:
    """Say who helps people who are afraid of their partner, or hurt.

    COUNTRY is a code such as NZ, or a name; without it, the country of this computer's time zone.
    Nothing is asked of the network, and nothing is written down.
    """
    from reconnect.help_lines import guess_country, load_help_lines

    if every and country is not None:
        raise UsageError("say either a country or --all, not both")
    known = load_help_lines()
    guessed = None
    if every:
        shown = known.countries
    elif country is not None:
        shown = (known.find(country),)
    else:
        guessed = guess_country()
        shown = tuple(one for one in known.countries if one.code == guessed)
    notes = safety_notes(app.paths)
    if as_json:
        import msgspec

        print_json(
            "help-lines",
            {
                "note": notes,
                "directories": _places(app.paths),
                "not_called": NOT_CALLED,
                "guessed": guessed,
                "countries": msgspec.to_builtins(shown),
                "elsewhere": msgspec.to_builtins(known.elsewhere),
                "known": [one.code for one in known.countries],
            },
        )
        return
    data("\n\n".join(_page(notes, shown, known.elsewhere, guessed, _places(app.paths))))


def safety_notes(paths: Paths) -> list[str]:
    """What somebody who is afraid should know first, a paragraph each."""
    clear, close = ("cls", "Alt+F4") if os.name == "nt" else ("clear", "Ctrl+D")
    if sys.platform == "darwin":
        close = "Cmd+W"
    hide = (
        f"To hide this page: type {clear} and press Enter. What was above may still come back by "
        f"scrolling up: closing the window ({close}) is surer."
    )
    seen = f"{SEEN} This command writes nothing down, but {_shell_history()}"
    return [WRONG_TOOL, seen, hide, _ERASE]


def _shell_history() -> str:
    if os.name == "nt":
        return _POWERSHELL
    return _HISTORY.get(os.environ.get("SHELL", "").rpartition("/")[2], _SOME_SHELL)


def _places(paths: Paths) -> list[str]:
    """The directories that hold anything, none of them twice or within another."""
    found = sorted(set(paths), key=lambda path: (len(path), path))
    return [
        place
        for number, place in enumerate(found)
        if not any(place.startswith(outer + os.sep) for outer in found[:number])
    ]


def _page(
    notes: Sequence[str],
    shown: Sequence[Country],
    elsewhere: Sequence[HelpLine],
    guessed: str | None,
    places: Sequence[str],
) -> Iterator[str]:
    yield from (wrapped(note) for note in notes)
    yield "\n".join(f"  {place}" for place in places)
    if guessed and shown:
        yield f"For {guessed}; others: reconnect help-lines CODE, or --all"
    for country in shown:
        yield style(f"{country.name} ({country.code})", bold=True)
        yield from (_entry(line) for line in country.lines)
    if not shown:
        named = f"There is no list for {guessed} here." if guessed else "Which country are you in?"
        yield wrapped(f"{named} Say one with `reconnect help-lines CODE`, or look at --all.")
    yield style("Elsewhere", bold=True)
    yield from (_entry(line) for line in elsewhere)
    yield wrapped(NOT_CALLED)


def _entry(line: HelpLine) -> str:
    written = f"text {line.text}" if line.text else None
    reached = [part for part in (line.number, written, line.web) if part]
    when = [part for part in (line.hours, ", ".join(line.languages)) if part]
    read = f"read on {line.checked}" + ("" if line.verified else f", {_NOT_THEIRS}")
    texts = [line.purpose, "; ".join(when), read]
    head = [f"  {style(line.name, bold=True)}", *(f"    {part}" for part in reached)]
    body = [wrapped(text, 4) for text in texts if text]
    return "\n".join([*head, *body, f"    {line.source}"])
